// The keys that fly knows and the shapes it takes (facts/flyctl.md §4): what it would ignore, refuse or read otherwise than it is meant.
import { z } from 'zod';
import { closest } from '../../src/text/closest.ts';
import type { SettingsFile } from '../../src/text/settings-file.ts';
import type { TomlPath } from '../../src/text/toml-places.ts';

export interface Misshapen {
  readonly code: 'unknown-key' | 'wrong-shape' | 'bare-duration';
  readonly at: TomlPath;
  readonly says: string;
  readonly remedy?: string;
}

export function misshapenIn({ root }: SettingsFile): readonly Misshapen[] {
  const parsed = fileShape.safeParse(root);
  return parsed.success ? [] : parsed.error.issues.flatMap((issue) => told(issue, root));
}

function told(issue: z.core.$ZodIssue, root: unknown): readonly Misshapen[] {
  const at = issue.path.map((piece) => (typeof piece === 'symbol' ? String(piece) : piece));
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, at));
  if (issue.code === 'custom' && issue.params?.bare === true)
    return [{ code: 'bare-duration', at, says: `${name(at)} = ${written(root, at)} ${issue.message}` }];
  const message = issue.message.replace(/^Invalid (?:input|option): /, '');
  return [{ code: 'wrong-shape', at, says: `${name(at)}: ${message}` }];
}

function unknownKey(key: string, at: TomlPath): Misshapen {
  const table = name(at);
  const near = closest(key, KEYS.get(at.filter((piece) => typeof piece === 'string').join('.')) ?? []);
  return {
    code: 'unknown-key',
    at: [...at, key],
    says: `fly knows no ${key}${table === '' ? '' : ` in ${table}`}`,
    ...(near !== undefined && { remedy: `did you mean "${near}"?` }),
  };
}

const name = (at: TomlPath): string => at.filter((piece) => typeof piece === 'string').join('.');

function written(root: unknown, at: TomlPath): string {
  let value = root;
  for (const piece of at) value = typeof value === 'object' && value !== null ? stepInto(value, piece) : undefined;
  return JSON.stringify(value) ?? '';
}

/** A table where a list is expected is a list of one. */
const stepInto = (value: object, piece: string | number): unknown =>
  piece === 0 && !Array.isArray(value) ? value : Reflect.get(value, piece);

const oneOrMore = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (Array.isArray(value) || value === undefined ? value : [value]), z.array(item).optional());

/** Go's durations. `bare`: what a number without a unit is taken for there (facts/flyctl.md §4.1); seconds are as people mean them. */
const duration = (bare: 'seconds' | 'milliseconds' | 'nanoseconds') =>
  z
    .union([z.string(), z.number()], { error: 'expected a duration like "10s"' })
    .superRefine((value, context) => {
      const isBare = typeof value === 'number' ? meansLess(value, bare) : /^\s*\d+\s*$/.test(value);
      const message = typeof value === 'number' ? `means ${value} ${bare} here` : 'has no unit';
      if (isBare) context.addIssue({ code: 'custom', message, params: { bare: true } });
      else if (typeof value === 'string' && !/^-?(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$|^0$/.test(value.trim()))
        context.addIssue({ code: 'custom', message: `"${value}" is no duration like "10s" or "1m30s"` });
    })
    .optional();

/** 10000 in a place of milliseconds is the old way to say ten seconds, and right. */
const meansLess = (value: number, bare: 'seconds' | 'milliseconds' | 'nanoseconds'): boolean =>
  value > 0 && (bare === 'nanoseconds' || (bare === 'milliseconds' && value < 1000));

const text = z.string().optional();
const whole = z.int().optional();
const yes = z.boolean().optional();
const names = z.array(z.string()).optional();
const scalar = z.union([z.string(), z.number(), z.boolean(), z.bigint()], {
  error: 'expected text, a number or true/false',
});
const gigabytes = z.union([z.number(), z.string()], { error: 'expected GB, like "10gb" or 10' }).optional();
const anything = z.unknown().optional();

const checkKeys = (bare: 'milliseconds' | 'nanoseconds') => ({
  type: z.enum(['http', 'tcp']).optional(),
  port: whole,
  interval: duration(bare),
  timeout: duration(bare),
  grace_period: duration(bare),
  restart_limit: whole,
  method: text,
  path: text,
  protocol: z.enum(['http', 'https']).optional(),
  tls_skip_verify: yes,
  tls_server_name: text,
  headers: z
    .union([z.record(z.string(), scalar), z.array(z.unknown())], { error: 'expected a table of headers' })
    .optional(),
});
const machineChecks = oneOrMore(
  z.strictObject({
    command: anything,
    image: text,
    entrypoint: anything,
    kill_signal: text,
    kill_timeout: duration('seconds'),
  }),
);
const concurrency = z
  .union(
    [
      z.string(),
      z.strictObject({ type: z.enum(['connections', 'requests']).optional(), hard_limit: whole, soft_limit: whole }),
    ],
    { error: 'expected type ("connections" or "requests"), hard_limit and soft_limit' },
  )
  .optional();
const serviceKeys = {
  internal_port: z.int().min(1).max(65535).optional(),
  auto_stop_machines: z
    .union([z.boolean(), z.enum(['off', 'stop', 'suspend'])], { error: 'expected "off", "stop" or "suspend"' })
    .optional(),
  auto_start_machines: yes,
  min_machines_running: z.int().min(0).optional(),
  processes: names,
  concurrency,
  machine_checks: machineChecks,
};
const port = z.strictObject({
  port: whole,
  start_port: whole,
  end_port: whole,
  handlers: names,
  force_https: yes,
  tls_options: anything,
  http_options: anything,
  proxy_proto_options: anything,
});
const vmKeys = {
  size: text,
  memory: z.union([z.string(), z.number()], { error: 'expected memory like "512mb"' }).optional(),
  memory_mb: whole,
  cpus: whole,
  cpu_kind: z.enum(['shared', 'performance']).optional(),
  gpus: whole,
  gpu_kind: text,
  kernel_args: anything,
  host_dedication_id: text,
  persist_rootfs: text,
  processes: names,
};
const mountKeys = {
  source: z.string(),
  destination: z.string(),
  initial_size: gigabytes,
  snapshot_retention: z.int().min(1).max(60).optional(),
  scheduled_snapshots: yes,
  auto_extend_size_threshold: z.int().min(50).max(99).optional(),
  auto_extend_size_increment: gigabytes,
  auto_extend_size_limit: gigabytes,
  processes: names,
};
const deployKeys = {
  strategy: z.enum(['rolling', 'canary', 'bluegreen', 'immediate']).optional(),
  max_unavailable: z.number().positive().optional(),
  wait_timeout: duration('nanoseconds'),
  release_command: text,
  release_command_timeout: duration('nanoseconds'),
  release_command_vm: z.strictObject(vmKeys).optional(),
  seed_command: text,
};
const buildKeys = {
  image: text,
  dockerfile: text,
  ignorefile: text,
  'build-target': text,
  build_target: text,
  args: z.record(z.string(), scalar).optional(),
  builder: text,
  buildpacks: names,
  builtin: text,
  settings: anything,
  compression: z.enum(['gzip', 'zstd']).optional(),
  compression_level: whole,
  compose: anything,
};
const httpKeys = {
  ...serviceKeys,
  force_https: yes,
  checks: oneOrMore(z.strictObject(checkKeys('nanoseconds'))),
  http_checks: anything,
  tls_options: anything,
  http_options: anything,
};
const servicesKeys = {
  ...serviceKeys,
  protocol: z.enum(['tcp', 'udp']).optional(),
  script_checks: anything,
  ports: oneOrMore(port),
  tcp_checks: oneOrMore(z.strictObject(checkKeys('milliseconds'))),
  http_checks: oneOrMore(z.strictObject(checkKeys('milliseconds'))),
};
const mounts = oneOrMore(z.strictObject(mountKeys));
const vm = oneOrMore(z.strictObject(vmKeys));
const restart = oneOrMore(
  z.strictObject({ policy: z.enum(['always', 'on-failure', 'never']).optional(), retries: whole, processes: names }),
);
const metrics = oneOrMore(z.strictObject({ port: whole, path: text, https: yes, processes: names }));
const topKeys = {
  app: text,
  primary_region: text,
  kill_signal: text,
  kill_timeout: duration('seconds'),
  swap_size_mb: whole,
  console_command: text,
  host_dedication_id: text,
  machine_config: text,
  container: text,
  experimental: anything,
  build: z.strictObject(buildKeys).optional(),
  deploy: z.strictObject(deployKeys).optional(),
  env: z.record(z.string(), scalar).optional(),
  processes: z.record(z.string(), z.string()).optional(),
  mounts,
  mount: mounts,
  http_service: z.strictObject(httpKeys).optional(),
  services: oneOrMore(z.strictObject(servicesKeys)),
  checks: z.record(z.string(), z.strictObject({ ...checkKeys('milliseconds'), processes: names })).optional(),
  vm,
  compute: vm,
  computes: vm,
  restart,
  metrics,
  metric: metrics,
  files: oneOrMore(
    z.strictObject({ guest_path: z.string(), local_path: text, secret_name: text, raw_value: text, processes: names }),
  ),
  statics: oneOrMore(z.strictObject({ guest_path: text, url_prefix: text, tigris_bucket: text, index_document: text })),
};
const fileShape = z.strictObject(topKeys);

/** For "did you mean", by table. */
const KEYS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    '': topKeys,
    build: buildKeys,
    deploy: deployKeys,
    mounts: mountKeys,
    mount: mountKeys,
    http_service: httpKeys,
    'http_service.checks': checkKeys('nanoseconds'),
    services: servicesKeys,
    vm: vmKeys,
  }).map(([table, keys]) => [table, Object.keys(keys)]),
);
