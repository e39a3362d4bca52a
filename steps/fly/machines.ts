// Exactly so many machines a process group, and how much memory they use. `scale count` with absolute numbers can be repeated.
import { z } from 'zod';
import { type Acted, defineStep, type Look } from '../../src/step.ts';
import type { Use } from '../../src/system/ports.ts';
import { actFly, flyLogin, flyTool, notSeen, notTried, readFly } from './client.ts';
import { appName, groupName, regionCode } from './fields.ts';
import { memoryInUse } from './memory.ts';
import { type Machine, machinesShape } from './shapes.ts';
import { groupOf } from './standing.ts';
import type { Known } from './trouble.ts';

const amount = z.int().min(0).max(200);
const wanted = z
  .strictObject({
    app: appName,
    count: amount.optional().describe('For an app with one process group'),
    groups: z.record(groupName, amount).optional().describe('How many for each process group'),
    region: regionCode.optional().describe('Only machines there are counted and made'),
    'memory-below': z
      .int()
      .min(1)
      .optional()
      .describe('MB in use on each started machine, at most: asked in the machine (/proc/meminfo)'),
  })
  .refine(({ count, groups }) => (count === undefined) !== (groups === undefined), 'say either `count` or `groups`');
type Want = z.output<typeof wanted>;

export const machines = defineStep({
  name: 'fly/machines',
  summary: 'The app has exactly so many machines, by process group',
  example: 'with: { app: solserver-prod, groups: { app: 1 } }',
  with: wanted,
  requires: [flyTool],
  login: flyLogin,
  checkedAgainst: 'source',
  takes: '1 min',
  costs: (want) =>
    `${phrase(want)}, each billed while it runs; a new machine of a group with a mount gets a new, empty volume`,
  describe: (want) => `${want.app} has ${phrase(want)}`,
  commands: (want) => [['fly', ...scale(want, want.groups ?? { app: want.count ?? 0 })]],
  verify: async (want, ports) => {
    const list = await machinesOf(want, ports);
    if (!list.ok) return notSeen(list.problem, { app: want.app, expected: phrase(want) });
    const look = compare(want, list.value);
    const below = want['memory-below'];
    return look.is === 'so' && below !== undefined ? withMemory(want, look, list.value, below, ports) : look;
  },
  act: async (want, ports): Promise<Acted> => {
    const list = await machinesOf(want, ports);
    if (!list.ok) return notTried(list.problem);
    const before = compare(want, list.value);
    if (before.is === 'so') return { ended: 'ok', seen: before.seen };
    if (before.is === 'unknown') return { ended: 'failed', why: `nothing was changed: ${before.why}` };
    const groups = groupsOf(want, managed(list.value));
    if (!groups) return { ended: 'failed', why: before.seen, hint: whichGroups };
    const { acted } = await actFly(scale(want, groups), ports, { known: refusals, timeout: 15 * 60_000 });
    return acted;
  },
});

async function machinesOf({ app }: Want, ports: Use<'processes'>) {
  const list = await readFly(['machine', 'list', '-a', app, '--json'], machinesShape, ports);
  if (!list.ok) return list;
  return { ok: true as const, value: list.value.filter(({ state }) => !['destroying', 'destroyed'].includes(state)) };
}

/** Those that deploys make and update (§3.7). One whose host does not answer may be one of them. */
const managed = (list: readonly Machine[]): readonly Machine[] =>
  list.filter(
    ({ config }) =>
      !config || (config.metadata?.fly_platform_version === 'v2' && !isTemporary(config) && !config.schedule),
  );

/** Of a release command or a console: gone by itself. */
const isTemporary = (config: NonNullable<Machine['config']>): boolean =>
  (config.metadata?.fly_process_group ?? '').startsWith('fly_app_');

function scale({ app, region }: Want, groups: Readonly<Record<string, number>>): string[] {
  const counts = Object.entries(groups).map(([group, count]) => `${group}=${count}`);
  return ['scale', 'count', ...counts, '-a', app, ...(region ? ['-r', region] : []), '--yes'];
}

/** A bare count means the one group there is; with none yet it is fly's default group, `app`. */
function groupsOf({ count, groups }: Want, list: readonly Machine[]): Readonly<Record<string, number>> | undefined {
  if (groups) return groups;
  const [group = 'app', ...others] = new Set(list.map(groupOf));
  return others.length === 0 ? { [group || 'app']: count ?? 0 } : undefined;
}

function compare(want: Want, all: readonly Machine[]): Look {
  const expected = phrase(want);
  const list = managed(all);
  const silent = list.filter(({ config }) => !config);
  if (silent.length > 0)
    return {
      is: 'unknown',
      why: `the host of ${silent.map(({ id }) => id).join(', ')} does not answer: the group of that machine is not known`,
    };
  const groups = groupsOf(want, list);
  if (!groups)
    return {
      is: 'not-so',
      expected,
      seen: `${want.app} has several process groups: ${[...new Set(list.map(groupOf))].join(', ')}`,
      hint: whichGroups,
      final: true,
    };
  const has = (group: string): number =>
    list.filter((machine) => groupOf(machine) === group && (!want.region || machine.region === want.region)).length;
  const counted = Object.keys(groups)
    .map((group) => `${group} ${has(group)}`)
    .join(', ');
  const seen = `machines of ${want.app}${want.region ? ` in ${want.region}` : ''}: ${counted}${besides(all)}`;
  const right = Object.entries(groups).every(([group, count]) => has(group) === count);
  return right ? { is: 'so', seen, ...strays(all) } : { is: 'not-so', expected, seen };
}

const scheduled = (list: readonly Machine[]): readonly Machine[] => list.filter(({ config }) => config?.schedule);

/** Machines with a schedule are there on purpose. */
const besides = (all: readonly Machine[]): string =>
  scheduled(all).length === 0 ? '' : ` (and with a schedule, not counted: ${names(scheduled(all))})`;

/** Others that deploys do not manage keep their image and their secrets, and are billed. */
function strays(all: readonly Machine[]): { readonly warning?: string } {
  const known = new Set([...managed(all), ...scheduled(all)]);
  const others = all.filter((one) => !known.has(one) && one.config && !isTemporary(one.config));
  if (others.length === 0) return {};
  return { warning: `also there, outside of deploys: ${names(others)}; they keep their old image and secrets` };
}

const names = (list: readonly Machine[]): string =>
  list.map(({ id, name }) => (name ? `${name} (${id})` : id)).join(', ');

/** Too much memory does not become less by scaling: only a look, never a reason to act. */
async function withMemory(
  want: Want,
  look: Extract<Look, { is: 'so' }>,
  list: readonly Machine[],
  below: number,
  ports: Use<'processes'>,
): Promise<Look> {
  const started = managed(list).filter(
    ({ state, region }) => state === 'started' && (!want.region || region === want.region),
  );
  if (started.length === 0)
    return { is: 'unknown', why: `no machine of ${want.app} is started: nothing to ask for its memory` };
  const used: string[] = [];
  for (const { id } of started) {
    const memory = await memoryInUse(want.app, id, ports);
    if ('why' in memory) return { is: 'unknown', why: memory.why, hint: memory.hint };
    const seen = `${id} uses ${memory.used} of ${memory.total} MB`;
    if (memory.used >= below)
      return {
        is: 'not-so',
        expected: `less than ${below} MB in use on each machine`,
        seen,
        hint: `\`fly logs -a ${want.app}\`; more memory: [[vm]] of the fly.toml`,
        final: true,
      };
    used.push(seen);
  }
  return { ...look, seen: `${look.seen}; ${used.join(', ')}` };
}

function phrase({ count, groups, region, 'memory-below': below }: Want): string {
  const parts = groups ? Object.entries(groups).map(([group, n]) => `${n} of group ${group}`) : [String(count ?? 0)];
  const memory = below === undefined ? '' : `, less than ${below} MB in use on each`;
  return `exactly these machines${region ? ` in ${region}` : ''}: ${parts.join(', ')}${memory}`;
}

const whichGroups = 'say `groups:` with a number for each process group';
const refusals: readonly Known[] = [
  {
    says: 'has no complete releases',
    sort: 'refused',
    why: 'the app has no complete release to make machines of',
    hint: 'deploy it first',
  },
  {
    says: 'unknown process groups',
    sort: 'refused',
    why: 'the release that runs has no such process group',
    hint: 'groups come with [processes] of the fly.toml that was deployed',
  },
];
