// Volumes: a volume belongs to one machine, and only to machines; so data goes apart, is lost, or a deploy cannot work.
import type { Mount } from '../fly-toml.ts';
import type { Hazard } from './hazard.ts';
import { unfold } from './started.ts';
import type { View } from './view.ts';

const sharedMount: Hazard = {
  code: 'shared-mount',
  why: 'each group has machines of its own and each machine a volume of its own, so they can never share one file: what one writes the other never sees',
  remedy:
    'one SQLite file needs one machine: run both programs in one process group, or use a database server (`accept` says that separate data is meant)',
  stops: true,
  find: ({ config: { mounts } }) =>
    mounts
      .filter(({ groups }) => groups.length > 1)
      .map(({ at, source, destination, groups }) => ({
        at,
        says: `the mount ${source} at ${destination} belongs to ${groups.length} process groups (${groups.join(', ')})`,
      })),
};

const manyMachines: Hazard = {
  code: 'many-machines',
  why: 'each machine has a volume of its own and nothing is copied between them: with one database file per machine, requests see one or the other',
  remedy: 'keep one machine, or use a database server (`accept` says that separate data is meant)',
  stops: true,
  find: (view) => {
    const { mounts, services } = view.config;
    const held = mounts.filter((mount) => databasesBelow(mount, view).length > 0);
    const running = services
      .filter(({ running, groups }) => running > 1 && held.some((mount) => overlap(groups, mount.groups)))
      .map(({ at, running }) => ({
        at: [...at, 'min_machines_running'],
        says: `${running} machines are kept running`,
      }));
    const counted = view.runbook.steps.flatMap(({ kind, want, spot, id }) => {
      const counts = kind === 'fly/machines' ? Object.entries(countsOf(want, view)) : [];
      return counts
        .filter(([group, count]) => count > 1 && held.some(({ groups }) => groups.includes(group)))
        .map(([group, count]) => ({ at: spot, says: `the step ${id} wants ${count} machines of ${group}` }));
    });
    return [...running, ...counted].map(({ at, says }) => ({
      at,
      says: `${says}, and ${held.flatMap((mount) => databasesBelow(mount, view)).join(', ')} is a database file on a volume`,
    }));
  },
};

const pathWithoutMount: Hazard = {
  code: 'path-without-mount',
  why: 'a group without the mount writes to a folder of its own there, which is lost at its next restart',
  remedy: 'let all that uses the file run in the group that mounts it',
  stops: false,
  find: ({ config: { mounts, groups, env } }) =>
    mounts.flatMap(({ destination, groups: mounting }) => {
      const without = groups.filter((group) => !mounting.includes(group));
      if (without.length === 0) return [];
      return Object.keys(env)
        .filter((name) => isBelowFolder(env[name] ?? '', destination))
        .map((name) => ({
          at: ['env', name],
          says: `${name} points below ${destination}, which only ${mounting.join(', ')} mounts: ${without.join(', ')} writes to a folder of its own`,
        }));
    }),
};

const twoMounts: Hazard = {
  code: 'two-mounts',
  why: 'a machine has at most one volume: fly refuses the file',
  remedy: 'keep one mount a group, and put both kinds of data into folders below it',
  stops: true,
  find: ({ config: { mounts, groups } }) =>
    groups.flatMap((group) => {
      const [, second] = mounts.filter((mount) => mount.groups.includes(group));
      return second ? [{ at: second.at, says: `the group ${group} has more than one mount` }] : [];
    }),
};

const noRegion: Hazard = {
  code: 'no-region',
  why: 'volumes are made in primary_region; without it the deploy fails or hangs',
  remedy: 'say primary_region, the region of the volume',
  stops: true,
  find: ({ config: { mounts, region } }) =>
    mounts[0] && !region ? [{ at: mounts[0].at, says: 'there are mounts but no primary_region' }] : [],
};

const strategyWithMount: Hazard = {
  code: 'strategy-with-mount',
  why: 'it needs a second machine beside the first, and the volume belongs to the first',
  remedy: 'use rolling, the default',
  stops: true,
  find: ({ config: { mounts, strategy } }) =>
    mounts.length > 0 && (strategy === 'canary' || strategy === 'bluegreen')
      ? [{ at: ['deploy', 'strategy'], says: `the strategy ${strategy} cannot be used with volumes` }]
      : [],
};

const releaseCommand: Hazard = {
  code: 'release-command-volume',
  why: 'a release command runs in a machine of its own, without volumes: it changes a file that is thrown away, or fails before anything is deployed',
  remedy: 'do it where the program starts, before it listens',
  stops: true,
  find: (view) => {
    const { mounts, releaseCommand: command, env } = view.config;
    if (command === undefined) return [];
    const runs = unfold(command, view.project.scripts, new Set());
    const at = ['deploy', 'release_command'];
    return mounts.flatMap((mount) => {
      const names = databasesBelow(mount, view);
      const direct =
        isMentioned(mount.destination, runs) ||
        Object.keys(env).some((name) => isBelowFolder(env[name] ?? '', mount.destination) && runs.includes(name));
      if (direct)
        return [{ at, says: `the release command \`${command}\` uses ${mount.destination}, which is a volume` }];
      return names.length > 0 && /migrat|prisma|drizzle|knex|alembic|sequelize|typeorm|\bdb[:\s]|seed/i.test(runs)
        ? [
            {
              at,
              says: `the release command \`${command}\` changes the database, and ${names.join(', ')} is a file on the volume ${mount.source}`,
            },
          ]
        : [];
    });
  },
};

/** Settings that name a database file below the mount; SQLite in the dependencies makes any file there one. */
function databasesBelow({ destination }: Mount, { config: { env }, project, runbook }: View): readonly string[] {
  const embedded = ['better-sqlite3', 'sqlite3', '@libsql/client', 'sqlite'].some((name) =>
    project.dependencies.has(name),
  );
  const stated = runbook.steps.flatMap(({ want }) => Object.entries(textsIn(want.env)));
  const all = new Map([...Object.entries(env), ...stated]);
  return [...all]
    .filter(
      ([name, value]) =>
        isBelowFolder(value, destination) && (DATABASE.test(value) || (embedded && /DB|DATABASE|SQLITE/.test(name))),
    )
    .map(([name]) => name);
}
const DATABASE = /^(?:file|sqlite3?):|\.(?:db|sqlite3?|sqlite-?db)(?:$|\?)/i;

/** `/data/x.db`, also as `file:/data/x.db` or `sqlite:///data/x.db`. */
function isBelowFolder(value: string, folder: string): boolean {
  const path = value.replace(/^[a-z0-9+]+:(\/\/)?/i, '');
  return folder !== '' && `${path}/`.startsWith(`${folder.replace(/\/+$/, '')}/`);
}

const isMentioned = (folder: string, command: string): boolean =>
  folder !== '' &&
  new RegExp(`(?:^|[\\s"'=:(])${folder.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?:$|[/\\s"';)])`, 'm').test(command);

/** How many machines a fly/machines step wants, by group. */
export function countsOf(want: Readonly<Record<string, unknown>>, { config }: View): Readonly<Record<string, number>> {
  const all = typeof want.count === 'number' && config.groups[0] ? { [config.groups[0]]: want.count } : want.groups;
  const entries = Object.entries(typeof all === 'object' && all !== null ? all : {});
  return Object.fromEntries(entries.flatMap(([group, count]) => (typeof count === 'number' ? [[group, count]] : [])));
}

const textsIn = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(typeof value === 'object' && value !== null ? value : {}).flatMap(([key, one]) =>
      typeof one === 'string' ? [[key, one]] : [],
    ),
  );

const overlap = (a: readonly string[], b: readonly string[]): boolean => a.some((one) => b.includes(one));

export const volumeHazards: readonly Hazard[] = [
  sharedMount,
  manyMachines,
  pathWithoutMount,
  twoMounts,
  noRegion,
  strategyWithMount,
  releaseCommand,
];
