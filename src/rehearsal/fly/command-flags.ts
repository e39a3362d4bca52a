// The flags that commands share, and the long lists (facts/flyctl.md §3).
import type { FlagSpec } from './flags.ts';

export const bool = (name: string, short?: string): FlagSpec => ({ name, short, type: 'bool' });
export const value = (name: string, short?: string): FlagSpec => ({ name, short, type: 'text' });
export const int = (name: string, short?: string): FlagSpec => ({ name, short, type: 'int' });
export const on = (name: string): FlagSpec => ({ name, type: 'bool', on: true });
export const slice = (name: string, short?: string): FlagSpec => ({ name, short, type: 'slice' });
export const hidden = (name: string, short?: string): FlagSpec => ({ name, short, type: 'array', secret: true });

export const app = [value('app', 'a'), value('config', 'c')];
export const json = bool('json', 'j');
export const yes: FlagSpec = { name: 'yes', short: 'y', type: 'bool', alias: 'auto-confirm' };
export const org = value('org', 'o');
export const region = value('region', 'r');
export const vm: FlagSpec[] = [
  value('vm-size'),
  { name: 'vm-cpus', type: 'int', alias: 'cpus' },
  { name: 'vm-memory', type: 'text', alias: 'memory' },
  value('vm-cpu-kind'),
];
export const many = Number.POSITIVE_INFINITY;
export const secretFlags = [...app, bool('stage'), bool('detach'), on('dns-checks')];
export const deployFlags = [
  ...app,
  value('image', 'i'),
  bool('remote-only'),
  bool('local-only'),
  bool('build-only'),
  bool('push'),
  value('dockerfile'),
  value('ignorefile'),
  value('build-target'),
  hidden('build-arg'),
  hidden('build-secret'),
  value('image-label'),
  bool('no-cache'),
  value('depot'),
  value('depot-scope'),
  bool('recreate-builder'),
  bool('nixpacks'),
  bool('buildkit'),
  value('compression'),
  int('compression-level'),
  value('strategy'),
  { name: 'max-unavailable', type: 'float' } as const,
  int('max-concurrent'),
  on('ha'),
  bool('detach'),
  on('smoke-checks'),
  on('dns-checks'),
  on('wg'),
  value('wait-timeout'),
  value('release-command-timeout'),
  value('lease-timeout'),
  value('deploy-retries'),
  hidden('env', 'e'),
  ...vm,
  value('primary-region'),
  { name: 'regions', type: 'slice', alias: 'only-regions' } as const,
  slice('exclude-regions'),
  slice('only-machines'),
  slice('exclude-machines'),
  slice('process-groups'),
  bool('update-only'),
  bool('skip-release-command'),
  bool('no-public-ips'),
  bool('flycast'),
  int('volume-initial-size'),
  hidden('file-local'),
  hidden('file-literal'),
  hidden('file-secret'),
  bool('now'),
  yes,
  value('signal', 's'),
  value('export-manifest'),
  value('from-manifest'),
];
export const volumeFlags = [
  ...app,
  region,
  int('size', 's'),
  int('count', 'n'),
  int('snapshot-retention'),
  on('scheduled-snapshots'),
  on('require-unique-zone'),
  bool('unique-zone-app-wide'),
  bool('no-encryption'),
  value('snapshot-id'),
  ...vm,
  yes,
  json,
];
export const scaleFlags = [
  ...app,
  yes,
  { name: 'process-group', short: 'g', type: 'text', alias: 'group' } as const,
  { name: 'region', short: 'r', type: 'slice' } as const,
  int('max-per-region'),
  bool('with-new-volumes'),
  value('from-snapshot'),
  ...vm,
  hidden('env', 'e'),
];

export const machineRunFlags = [
  ...app,
  region,
  value('name', 'n'),
  value('schedule'),
  value('restart'),
  bool('rm'),
  hidden('env', 'e'),
  hidden('file-local'),
  hidden('file-literal'),
  hidden('file-secret'),
  slice('volume', 'v'),
  slice('port', 'p'),
  value('autostop'),
  bool('autostart'),
  ...vm,
  { name: 'metadata', short: 'm', type: 'array' } as const,
  bool('detach'),
  value('entrypoint'),
  value('machine-config'),
  slice('standby-for'),
  bool('skip-dns-registration'),
  value('dockerfile'),
  hidden('build-arg'),
  value('build-target'),
];
export const consoleFlags = [
  ...app,
  value('command', 'C'),
  value('machine'),
  bool('select', 's'),
  region,
  { name: 'process-group', short: 'g', type: 'text', alias: 'group' } as const,
  value('container'),
  value('address', 'A'),
  value('user', 'u'),
  bool('quiet', 'q'),
  bool('pty'),
  org,
];
export const postgresFlags = [
  region,
  org,
  bool('detach'),
  value('name', 'n'),
  bool('generate-name'),
  { name: 'password', short: 'p', type: 'text', secret: true } as const,
  value('vm-size'),
  int('initial-cluster-size'),
  int('volume-size'),
  value('snapshot-id'),
  value('fork-from'),
  value('image-ref'),
  bool('enable-backups'),
  bool('autostart'),
  bool('flex'),
  bool('stolon'),
];
export const clusterFlags = [
  ...app,
  region,
  org,
  value('name', 'n'),
  value('plan'),
  int('volume-size'),
  int('pg-major-version'),
  bool('enable-postgis-support'),
];
const named = [value('name', 'n'), value('expiry', 'x'), json];
export const appTokenFlags = [...app, ...named];
export const orgTokenFlags = [org, ...named];
export const redisFlags = [
  org,
  region,
  value('name', 'n'),
  bool('no-replicas'),
  slice('replica-regions'),
  bool('enable-eviction'),
  bool('disable-eviction'),
  value('plan'),
  bool('enable-prodpack'),
  bool('enable-auto-upgrade'),
];
