// What flyctl finds wrong in a fly.toml: the errors it refuses for, and the unknown keys that only --strict reports (§3.12, §4).
import { groupsOf, mountsOf, strategyOf, table } from './app-config.ts';
import {
  type Definition,
  gigabytes,
  isTable,
  milliseconds,
  number,
  tables,
  text,
  texts,
  type Value,
} from './definition.ts';

/** One sentence each; empty where deploy would go on. */
export function problemsOf(config: Definition): string[] {
  return [...serviceProblems(config), ...deployProblems(config), ...mountProblems(config), ...checkProblems(config)];
}

function serviceProblems(config: Definition): string[] {
  const groups = groupsOf(config);
  const hasProcesses = Object.keys(table(config.processes)).length > 0;
  const http = isTable(config.http_service) ? [config.http_service] : [];
  return [...http, ...tables(config.services)].flatMap((service) => {
    const names = texts(service.processes);
    const stop = service.auto_stop_machines;
    const badStop =
      stop !== undefined && typeof stop !== 'boolean' && !['off', 'stop', 'suspend'].includes(text(stop) ?? '');
    return [
      ...(hasProcesses && !names?.length
        ? [
            "Service has no processes set but app has 'processes' defined; update fly.toml to set processes for each service",
          ]
        : []),
      ...(names ?? [])
        .filter((name) => !groups.includes(name))
        .map(
          (name) => `Service specifies '${name}' as one of its processes, but no processes are defined with that name`,
        ),
      ...(badStop ? [`invalid auto_stop_machines value '${text(stop)}'`] : []),
    ];
  });
}

function deployProblems(config: Definition): string[] {
  const strategy = strategyOf(config);
  if (!['rolling', 'canary', 'bluegreen', 'immediate'].includes(strategy))
    return [`unsupported deployment strategy '${strategy}'`];
  if (strategy === 'canary' && tables(config.mounts).length > 0)
    return ['error canary deployment strategy is not supported when using mounted volumes'];
  return [];
}

function mountProblems(config: Definition): string[] {
  const many = groupsOf(config).filter((group) => mountsOf(config, group).length > 1);
  return [
    ...many.map((group) => `group '${group}' has more than one [[mounts]] section defined`),
    ...tables(config.mounts).flatMap((mount) => {
      const size = mount.initial_size === undefined ? 1 : gigabytes(mount.initial_size);
      const days = number(mount.snapshot_retention) ?? 5;
      return [
        ...(size === undefined || size < 1
          ? [
              `mount '${text(mount.source)}' with initial_size '${text(mount.initial_size)}' will fail because the volume has to be at least 1 GB`,
            ]
          : []),
        ...(days < 1 || days > 60
          ? [`mount '${text(mount.source)}' with snapshot_retention '${days}' must be between 1 and 60`]
          : []),
      ];
    }),
  ];
}

function checkProblems(config: Definition): string[] {
  return Object.entries(table(config.checks)).flatMap(([name, value]) => {
    const check = table(value);
    const interval = milliseconds(check.interval, 1);
    const timeout = milliseconds(check.timeout, 1);
    return [
      ...(['http', 'tcp'].includes(text(check.type) ?? '')
        ? []
        : [`Top level check '${name}' has invalid type '${text(check.type) ?? ''}'; must be 'http' or 'tcp'`]),
      ...(interval !== undefined && interval < 2000
        ? [`Check '${name}' interval is too short: ${interval}ms, minimum is 2 seconds`]
        : []),
      ...(timeout !== undefined && timeout > 60_000
        ? [`Check '${name}' timeout is too long: ${timeout}ms, maximum is 60 seconds`]
        : []),
    ];
  });
}

/** Keys and sections that nothing reads. Plain parsing ignores them silently. */
export function unknownKeys(config: Definition): string[] {
  return Object.entries(config).flatMap(([key, value]) => {
    if (!known.top.includes(key)) return [key];
    const keys = known.sections[key];
    return keys ? within(key, value, keys) : [];
  });
}

function within(path: string, value: Value | undefined, keys: readonly string[]): string[] {
  return tables(value).flatMap((section) =>
    Object.entries(section).flatMap(([key, inner]) => {
      const below = known.inner[key];
      return keys.includes(key) ? (below ? within(`${path}.${key}`, inner, below) : []) : [`${path}.${key}`];
    }),
  );
}

const words = (list: string): string[] => list.trim().split(/\s+/);
const size = 'size memory memory_mb cpus cpu_kind kernel_args host_dedication_id gpus gpu_kind persist_rootfs';
const service =
  'internal_port auto_stop_machines auto_start_machines min_machines_running processes concurrency machine_checks';
const check = words(
  'type port interval timeout grace_period method path protocol tls_skip_verify tls_server_name headers processes',
);

const known = {
  top: words(`app primary_region kill_signal kill_timeout swap_size_mb console_command host_dedication_id machine_config container experimental
    build deploy env processes mounts http_service services checks vm restart metrics files statics`),
  sections: {
    build: words(
      'image dockerfile ignorefile build-target args builder buildpacks builtin settings compression compression_level compose',
    ),
    deploy: words(
      'strategy max_unavailable wait_timeout release_command release_command_timeout release_command_vm release_command_compute seed_command',
    ),
    mounts:
      words(`source destination initial_size snapshot_retention scheduled_snapshots auto_extend_size_threshold auto_extend_size_increment
      auto_extend_size_limit processes`),
    http_service: words(`${service} force_https checks tls_options http_options`),
    services: words(`${service} protocol ports tcp_checks http_checks`),
    vm: words(`${size} processes`),
    restart: words('policy retries processes'),
    metrics: words('port path https processes'),
    files: words('guest_path local_path secret_name raw_value processes'),
    statics: words('guest_path url_prefix tigris_bucket index_document'),
  } as Readonly<Record<string, readonly string[]>>, // looked up by any key
  inner: {
    concurrency: words('type hard_limit soft_limit'),
    ports: words('port start_port end_port handlers force_https tls_options http_options proxy_proto_options'),
    checks: check,
    tcp_checks: check,
    http_checks: check,
    machine_checks: words('command image entrypoint kill_signal kill_timeout'),
  } as Readonly<Record<string, readonly string[]>>,
};
