// What a fly.toml means: groups, and what applies to which (facts/flyctl.md §4).
import {
  type Definition,
  gigabytes,
  isTable,
  megabytes,
  milliseconds,
  number,
  tables,
  text,
  texts,
  type Value,
} from './definition.ts';
import type { MachineConfig } from './model.ts';

export interface Mount {
  readonly source: string;
  readonly destination: string;
  readonly initialSize?: number;
}

export interface Check {
  readonly name: string;
  readonly type: string;
  readonly port: number;
  readonly path?: string;
}

/** The text of `[deploy] strategy`, or rolling. */
export const strategyOf = (config: Definition): string => text(table(config.deploy).strategy) ?? 'rolling';

/** The process groups, in their order. Without `[processes]` there is one, `app`. */
export function groupsOf(config: Definition): string[] {
  const names = Object.keys(table(config.processes));
  return names.length > 0 ? names : ['app'];
}

export function defaultGroup(config: Definition): string {
  const groups = groupsOf(config);
  return groups.includes('app') ? 'app' : ([...groups].sort()[0] ?? 'app');
}

/** Mounts of a group; one without `processes` belongs to the default group only. */
export function mountsOf(config: Definition, group: string): Mount[] {
  return tables(config.mounts)
    .filter((mount) => appliesTo(mount, group, group === defaultGroup(config)))
    .map((mount) => ({
      source: text(mount.source) ?? '',
      destination: text(mount.destination) ?? '',
      initialSize: gigabytes(mount.initial_size),
    }));
}

/** Services of a group in the shape that machines have; `[http_service]` is expanded to ports 80 and 443. */
export function servicesOf(config: Definition, group: string): Definition[] {
  const http: Definition[] = isTable(config.http_service) ? [{ ...config.http_service, http: true }] : [];
  return [...http, ...tables(config.services)]
    .filter((service) => appliesTo(service, group, groupsOf(config).length === 1))
    .map((service) => ({
      protocol: text(service.protocol) ?? 'tcp',
      internal_port: number(service.internal_port) ?? 8080,
      ports: service.http === true ? httpPorts(service) : tables(service.ports),
      autostop: autostop(service.auto_stop_machines),
      ...(service.auto_start_machines === undefined ? {} : { autostart: service.auto_start_machines }),
      min_machines_running: number(service.min_machines_running) ?? 0,
      checks: serviceChecks(service),
      force_instance_key: null,
    }));
}

/** Everything that health is made of, with the names that checks get. */
export function checksOf(config: Definition, group: string): Check[] {
  const named = Object.entries(table(config.checks))
    .map(([name, check]) => ({ name, check: table(check) }))
    .filter(({ check }) => appliesTo(check, group, group === defaultGroup(config)))
    .map(({ name, check }) => ({
      name,
      type: text(check.type) ?? '',
      port: number(check.port) ?? number(table(config.http_service).internal_port) ?? 0,
      path: text(check.path),
    }));
  const ofServices = servicesOf(config, group).flatMap((service, at) =>
    tables(service.checks).map((check) => ({
      name: `servicecheck-${String(at).padStart(2, '0')}-${text(check.type)}-${text(service.internal_port)}`,
      type: text(check.type) ?? '',
      port: number(service.internal_port) ?? 0,
      path: text(check.path),
    })),
  );
  return [...ofServices, ...named];
}

/** Do all ports go without a dedicated address? UDP, other ports and other handlers need one. */
export function isPlainHttp(config: Definition): boolean {
  const services = groupsOf(config).flatMap((group) => servicesOf(config, group));
  return services.every(
    (service) =>
      service.protocol === 'tcp' &&
      tables(service.ports).every((port) => {
        const handlers = (texts(port.handlers) ?? []).join(',');
        return (
          (port.port === 80 && handlers === 'http') ||
          (port.port === 443 && ['tls,http', 'http,tls', 'tls'].includes(handlers))
        );
      }),
  );
}

/** What a new machine of this group is made with, save for its release. */
export function machineConfig(
  config: Definition,
  group: string,
  image: string,
  extra: Record<string, string>,
): MachineConfig {
  const region = text(config.primary_region);
  const services = servicesOf(config, group);
  const checks = checksOf(config, group).filter(({ name }) => !name.startsWith('servicecheck-'));
  const command = text(table(config.processes)[group]);
  return {
    env: { ...envOf(config), ...extra, FLY_PROCESS_GROUP: group, ...(region ? { PRIMARY_REGION: region } : {}) },
    init: command ? { cmd: command.split(/\s+/) } : {},
    guest: guestOf(config, group) ?? { cpu_kind: 'shared', cpus: 1, memory_mb: 256 },
    metadata: {},
    ...(services.length > 0 ? { services } : {}),
    ...(checks.length > 0
      ? { checks: Object.fromEntries(checks.map(({ name, type, port }) => [name, { type, port }])) }
      : {}),
    image,
    restart: restartOf(config, group),
  };
}

/** Values that are not text become text. */
const envOf = (config: Definition): Record<string, string> =>
  Object.fromEntries(
    Object.entries(table(config.env)).map(([name, value]) => [name, text(value) ?? JSON.stringify(value)]),
  );

/** undefined without a `[[vm]]` for the group: machines then keep their size. The most specific entry is used, none are merged. */
export function guestOf(config: Definition, group: string): MachineConfig['guest'] | undefined {
  const entries = tables(config.vm);
  const entry =
    entries.find((one) => texts(one.processes)?.includes(group)) ?? entries.find((one) => one.processes === undefined);
  if (!entry) return undefined;
  const [, kind, cpus] = /^(shared|performance)(?:-cpu)?-(\d+)x$/.exec(text(entry.size) ?? 'shared-cpu-1x') ?? [];
  const count = number(entry.cpus) ?? Number(cpus ?? 1);
  const sort = text(entry.cpu_kind) ?? kind ?? 'shared';
  return {
    cpu_kind: sort,
    cpus: count,
    memory_mb: megabytes(entry.memory ?? entry.memory_mb) ?? count * (sort === 'shared' ? 256 : 2048),
  };
}

/** Milliseconds of `[deploy] wait_timeout`; a bare number there counts nanoseconds. */
export const waitTimeout = (config: Definition): number =>
  milliseconds(table(config.deploy).wait_timeout, 1e-6) ?? 300_000;

export const table = (value: Value | undefined): Definition => (isTable(value) ? value : {});

function restartOf(config: Definition, group: string): MachineConfig['restart'] {
  const entry = tables(config.restart).find((one) => appliesTo(one, group, group === defaultGroup(config)));
  const policy = text(entry?.policy) ?? 'on-failure';
  return { policy: policy === 'never' ? 'no' : policy, max_retries: number(entry?.retries) ?? 10 };
}

function serviceChecks(service: Definition): Definition[] {
  const http = [...(service.http === true ? tables(service.checks) : []), ...tables(service.http_checks)];
  return [
    ...tables(service.tcp_checks).map((check) => ({ ...check, type: 'tcp' })),
    ...http.map((check) => ({ ...check, type: 'http' })),
  ];
}

const httpPorts = (service: Definition): Definition[] => [
  { port: 80, handlers: ['http'], ...(service.force_https === true ? { force_https: true } : {}) },
  { port: 443, handlers: ['tls', 'http'] },
];

/** As machines store it: true, false or `"suspend"`. */
export const autostop = (value: Value | undefined): Value =>
  value === 'suspend' ? 'suspend' : value === 'stop' || value === true;

const appliesTo = (section: Definition, group: string, otherwise: boolean): boolean =>
  texts(section.processes)?.includes(group) ?? otherwise;
