// What in a fly.toml will hurt at launch although fly may accept it (facts/flyctl.md §3.11, §4, §5.2, §7).
import type { FlyToml, Mount } from './fly-toml.ts';

interface Hazard {
  readonly code:
    | 'shared-mount'
    | 'path-without-mount'
    | 'unknown-group'
    | 'two-mounts'
    | 'no-region'
    | 'strategy'
    | 'service-without-group'
    | 'nanoseconds';
  readonly says: string;
  readonly remedy: string;
  /** Fly refuses it, or data goes apart: not to be launched with. The others are told. */
  readonly stops: boolean;
}

/** All hazards of the file, those of each mount first. */
export function hazardsOf(config: FlyToml): readonly Hazard[] {
  const { groups, mounts, region, strategy, servicesWithoutGroup, nanoseconds } = config;
  const crowded = groups.filter((group) => mounts.filter((mount) => mount.groups.includes(group)).length > 1);
  const hazards: (Hazard | false)[] = [
    ...mounts.flatMap((mount) => [sharedMount(mount), pathWithoutMount(mount, config), unknownGroup(mount, config)]),
    ...crowded.map((group) =>
      stop('two-mounts', `the group ${group} has more than one mount`, 'a machine has at most one volume'),
    ),
    mounts.length > 0 &&
      !region &&
      stop(
        'no-region',
        'there are mounts but no primary_region',
        'say primary_region: the deploy fails or hangs without it',
      ),
    mounts.length > 0 &&
      (strategy === 'canary' || strategy === 'bluegreen') &&
      stop('strategy', `the strategy ${strategy} cannot be used with volumes`, 'use rolling'),
    servicesWithoutGroup &&
      stop(
        'service-without-group',
        'there is a [processes], but a service names no process group',
        'add `processes = ["…"]` to it: fly refuses the file otherwise',
      ),
    nanoseconds.length > 0 &&
      stop(
        'nanoseconds',
        `bare numbers are nanoseconds there: ${nanoseconds.join(', ')}`,
        'write durations as text with a unit: "10s"',
      ),
  ];
  return hazards.filter((hazard) => hazard !== false);
}

const stop = (code: Hazard['code'], says: string, remedy: string): Hazard => ({ code, says, remedy, stops: true });

/** Two groups are two machines, and a volume belongs to one machine: what they write goes apart. */
function sharedMount({ source, destination, groups }: Mount): Hazard | false {
  if (groups.length < 2) return false;
  return stop(
    'shared-mount',
    `the mount ${source} at ${destination} belongs to ${groups.length} process groups (${groups.join(', ')}): two machines with a volume each, which can never share one file`,
    'one SQLite file needs one machine: run both programs in one process group, or use a database server (`own-volumes: true` where separate data is meant)',
  );
}

function pathWithoutMount({ destination, groups: mounting }: Mount, { groups, env }: FlyToml): Hazard | false {
  const without = groups.filter((group) => !mounting.includes(group));
  const pointing = Object.keys(env).filter((name) => isBelow(env[name] ?? '', destination));
  if (without.length === 0 || pointing.length === 0) return false;
  return {
    code: 'path-without-mount',
    says: `${pointing.join(', ')} points below ${destination}, which only ${mounting.join(', ')} mounts`,
    remedy: `${without.join(', ')} writes to a folder of its own there, which is lost at its next restart`,
    stops: false,
  };
}

function unknownGroup({ source, groups: mounting }: Mount, { groups }: FlyToml): Hazard | false {
  const unknown = mounting.filter((group) => !groups.includes(group));
  return (
    unknown.length > 0 &&
    stop(
      'unknown-group',
      `the mount ${source} names a process group that is not there: ${unknown.join(', ')}`,
      'fly ignores it silently: correct the name',
    )
  );
}

/** `/data/x.db`, also as `file:/data/x.db` or `sqlite:///data/x.db`. */
function isBelow(value: string, folder: string): boolean {
  const path = value.replace(/^[a-z0-9+]+:(\/\/)?/i, '');
  return folder !== '' && `${path}/`.startsWith(`${folder.replace(/\/+$/, '')}/`);
}
