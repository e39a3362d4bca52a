// Exactly so many machines a process group. `scale count` with absolute numbers can be repeated.
import { z } from 'zod';
import { type Acted, defineStep, type Look } from '../../src/step.ts';
import type { Use } from '../../src/system/ports.ts';
import { actFly, flyLogin, flyTool, notSeen, notTried, readFly } from './client.ts';
import { appName, groupName, regionCode } from './fields.ts';
import { type Machine, statusShape } from './shapes.ts';
import { groupOf } from './standing.ts';
import type { Known } from './trouble.ts';

const amount = z.int().min(0).max(200);
const wanted = z
  .strictObject({
    app: appName,
    count: amount.optional().describe('For an app with one process group'),
    groups: z.record(groupName, amount).optional().describe('How many for each process group'),
    region: regionCode.optional().describe('Only machines there are counted and made'),
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
    const status = await statusOf(want, ports);
    return status.ok ? compare(want, status.value) : notSeen(status.problem, { app: want.app, expected: phrase(want) });
  },
  act: async (want, ports): Promise<Acted> => {
    const status = await statusOf(want, ports);
    if (!status.ok) return notTried(status.problem);
    const before = compare(want, status.value);
    if (before.is === 'so') return { ended: 'ok', seen: before.seen };
    const groups = groupsOf(want, status.value);
    if (!groups)
      return {
        ended: 'failed',
        why: before.is === 'not-so' ? before.seen : 'the groups cannot be seen',
        hint: whichGroups,
      };
    const { acted } = await actFly(scale(want, groups), ports, { known: refusals, timeout: 15 * 60_000 });
    return acted;
  },
});

async function statusOf({ app }: Want, ports: Use<'processes'>) {
  const status = await readFly(['status', '-a', app, '--json'], statusShape, ports);
  return status.ok ? { ok: true as const, value: status.value.Machines } : status;
}

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

function compare(want: Want, list: readonly Machine[]): Look {
  const expected = phrase(want);
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
  const seen = Object.keys(groups)
    .map((group) => `${group} ${has(group)}`)
    .join(', ');
  const right = Object.entries(groups).every(([group, count]) => has(group) === count);
  const where = want.region ? ` in ${want.region}` : '';
  return right
    ? { is: 'so', seen: `machines of ${want.app}${where}: ${seen}` }
    : { is: 'not-so', expected, seen: `machines of ${want.app}${where}: ${seen}` };
}

function phrase({ count, groups, region }: Want): string {
  const parts = groups ? Object.entries(groups).map(([group, n]) => `${n} of group ${group}`) : [String(count ?? 0)];
  return `exactly these machines${region ? ` in ${region}` : ''}: ${parts.join(', ')}`;
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
