// What a fly.toml says, with the spellings that fly itself accepts brought to one. Values of a wrong shape are left out: `fly-shape.ts` tells them.
import { isTable, readSettings, type SettingsFile, type Table, type Unreadable } from '../../src/text/settings-file.ts';
import type { TomlPath } from '../../src/text/toml-places.ts';

export interface Mount {
  readonly at: TomlPath;
  readonly source: string;
  readonly destination: string;
  /** Process groups that mount it: each of their machines has a volume of its own. */
  readonly groups: readonly string[];
  /** It names its groups; else it belongs to the default one. */
  readonly named: boolean;
}

export interface Check {
  readonly at: TomlPath;
  readonly type?: string;
  readonly path?: string;
  readonly port?: number;
  /** As written. */
  readonly interval?: unknown;
  readonly timeout?: unknown;
}

/** A check of its own, `[checks.NAME]`. */
export interface GroupCheck extends Check {
  readonly groups: readonly string[];
  readonly named: boolean;
}

export interface Port {
  readonly at: TomlPath;
  readonly from: number;
  readonly to: number;
  readonly handlers: readonly string[];
  readonly forceHttps: boolean;
}

export interface Service {
  readonly at: TomlPath;
  /** `[http_service]`: ports 80 and 443. */
  readonly isHttp: boolean;
  readonly port?: number;
  readonly ports: readonly Port[];
  /** Empty where there are groups and it names none: fly refuses that. */
  readonly groups: readonly string[];
  readonly stops: boolean;
  readonly startsAgain: boolean;
  /** `min_machines_running`. */
  readonly running: number;
  readonly checks: readonly Check[];
}

export interface Size {
  readonly at: TomlPath;
  /** undefined: all groups. */
  readonly groups?: readonly string[];
  readonly megabytes?: number;
}

export interface FlyToml {
  readonly app?: string;
  readonly region?: string;
  readonly groups: readonly string[];
  /** There is a [processes]. */
  readonly grouped: boolean;
  /** What a group runs; '' and left out: the command of the image. */
  readonly commands: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  readonly services: readonly Service[];
  readonly checks: readonly GroupCheck[];
  readonly sizes: readonly Size[];
  readonly env: Readonly<Record<string, string>>;
  readonly strategy?: string;
  readonly releaseCommand?: string;
  readonly dockerfile?: string;
  readonly ignorefile?: string;
  readonly image?: string;
  /** Every `processes = […]`, also those of [[vm]], [[restart]], [[files]] and [[metrics]]. */
  readonly namedGroups: readonly { readonly at: TomlPath; readonly name: string; readonly refused: boolean }[];
}

export function readFlyToml(text: string, path: string): FlyToml | Unreadable {
  const file = readSettings(path, text);
  return 'fault' in file ? file : simplify(file);
}

export function simplify({ root }: SettingsFile): FlyToml {
  const processes = isTable(root.processes) ? root.processes : undefined;
  const groups = processes === undefined ? ['app'] : Object.keys(processes);
  // Without `processes` a mount or a check belongs to the default group: `app`, else the alphabetically first (facts/flyctl.md §4.5).
  const byDefault = groups.includes('app') ? 'app' : (groups.toSorted()[0] ?? 'app');
  const ownGroups = (table: Table) => {
    const names = textsOf(table.processes);
    return { groups: names.length > 0 ? names : [byDefault], named: names.length > 0 };
  };
  const deploy = isTable(root.deploy) ? root.deploy : {};
  const build = isTable(root.build) ? root.build : {};
  return {
    app: text(root.app),
    region: text(root.primary_region),
    groups,
    grouped: processes !== undefined,
    commands: Object.fromEntries(Object.entries(processes ?? {}).map(([name, command]) => [name, text(command) ?? ''])),
    mounts: tables(root, 'mounts', 'mount').map(({ at, table }) => ({
      at,
      source: text(table.source) ?? '',
      destination: text(table.destination) ?? '',
      ...ownGroups(table),
    })),
    services: [
      ...tables(root, 'http_service').map(({ at, table }) => serviceOf(at, table, processes ? [] : groups)),
      ...tables(root, 'services').map(({ at, table }) => serviceOf(at, table, processes ? [] : groups)),
    ],
    checks: Object.entries(isTable(root.checks) ? root.checks : {}).flatMap(([name, table]) =>
      isTable(table) ? [{ ...checkOf(['checks', name], table), ...ownGroups(table) }] : [],
    ),
    sizes: tables(root, 'vm', 'compute', 'computes').map(({ at, table }) => {
      const names = textsOf(table.processes);
      return { at, ...(names.length > 0 && { groups: names }), megabytes: megabytesOf(table) };
    }),
    env: Object.fromEntries(
      Object.entries(isTable(root.env) ? root.env : {}).flatMap(([name, value]) =>
        ['string', 'number', 'boolean', 'bigint'].includes(typeof value) ? [[name, String(value)]] : [],
      ),
    ),
    strategy: text(deploy.strategy),
    releaseCommand: text(deploy.release_command),
    dockerfile: text(build.dockerfile),
    ignorefile: text(build.ignorefile),
    image: text(build.image),
    namedGroups: namedGroups(root),
  };
}

function serviceOf(at: TomlPath, table: Table, byDefault: readonly string[]): Service {
  const isHttp = at[0] === 'http_service';
  const named = textsOf(table.processes);
  const stops = table.auto_stop_machines;
  const checks = ['checks', 'http_checks', 'tcp_checks'].flatMap((key) =>
    tables(table, key).map(({ at: inner, table: check }) => checkOf([...at, ...inner], check)),
  );
  return {
    at,
    isHttp,
    port: integer(table.internal_port),
    ports: isHttp ? httpPorts(at, table) : tables(table, 'ports').flatMap((one) => portOf(at, one)),
    groups: named.length > 0 ? named : byDefault,
    stops: stops === true || stops === 'stop' || stops === 'suspend',
    startsAgain: table.auto_start_machines !== false,
    running: integer(table.min_machines_running) ?? 0,
    checks,
  };
}

/** What `[http_service]` always expands to (facts/flyctl.md §4.7). */
const httpPorts = (at: TomlPath, table: Table): readonly Port[] => [
  { at, from: 80, to: 80, handlers: ['http'], forceHttps: table.force_https === true },
  { at, from: 443, to: 443, handlers: ['tls', 'http'], forceHttps: false },
];

function portOf(service: TomlPath, { at, table }: Found): readonly Port[] {
  const from = integer(table.port) ?? integer(table.start_port);
  if (from === undefined) return [];
  const to = integer(table.port) ?? integer(table.end_port) ?? from;
  const forceHttps = table.force_https === true;
  return [{ at: [...service, ...at], from, to, handlers: textsOf(table.handlers), forceHttps }];
}

function checkOf(at: TomlPath, table: Table): Check {
  const { interval, timeout } = table;
  return { at, type: text(table.type), path: text(table.path), port: integer(table.port), interval, timeout };
}

/** The size of a machine names its memory where nothing else does (facts/flyctl.md §3.13). */
function megabytesOf(table: Table): number | undefined {
  const written = table.memory_mb ?? table.memory;
  if (typeof written === 'number') return written;
  const [, amount, unit = 'mb'] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text(written) ?? '') ?? [];
  if (amount !== undefined) return Number(amount) * (/^g/i.test(unit) ? 1024 : 1);
  const [, kind, cpus] = /^(shared-cpu|performance)-(\d+)x$/.exec(text(table.size) ?? '') ?? [];
  return cpus === undefined ? undefined : Number(cpus) * (kind === 'performance' ? 2048 : 256);
}

/** In a service or [[restart]] fly refuses a name that is no group; elsewhere it silently matches nothing (facts/flyctl.md §4.5). */
function namedGroups(root: Table): FlyToml['namedGroups'] {
  const named = (keys: readonly string[], refused: boolean) =>
    keys.flatMap((key) =>
      tables(root, key).flatMap(({ at, table }) =>
        textsOf(table.processes).map((name, index) => ({ at: [...at, 'processes', index], name, refused })),
      ),
    );
  const checks = Object.entries(isTable(root.checks) ? root.checks : {}).flatMap(([check, table]) =>
    textsOf(isTable(table) ? table.processes : undefined).map((name, index) => ({
      at: ['checks', check, 'processes', index],
      name,
      refused: false,
    })),
  );
  return [
    ...named(['http_service', 'services', 'restart'], true),
    ...named(['mounts', 'mount', 'vm', 'compute', 'computes', 'files', 'metrics', 'metric'], false),
    ...checks,
  ];
}

interface Found {
  readonly at: TomlPath;
  readonly table: Table;
}

/** A table where fly expects a list is a list of one (facts/flyctl.md §4.1). */
function tables(from: Table, ...keys: readonly string[]): readonly Found[] {
  return keys.flatMap((key) => {
    const value = from[key];
    if (isTable(value)) return [{ at: [key], table: value }];
    return Array.isArray(value)
      ? value.flatMap((table, index) => (isTable(table) ? [{ at: [key, index], table }] : []))
      : [];
  });
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const integer = (value: unknown): number | undefined => (Number.isInteger(value) ? Number(value) : undefined);
const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
