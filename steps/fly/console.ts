// A command in a machine of the app. fly cannot say later whether it ran: after a crash the person is asked.
import { z } from 'zod';
import { type Acted, defineStep } from '../../src/step.ts';
import type { Use } from '../../src/system/ports.ts';
import { type ActingFly, actFly, flyLogin, flyTool, notTried, readFly } from './client.ts';
import { type InMachine, notRunning, ofConsole, ofExec } from './exec.ts';
import { appName, groupName } from './fields.ts';
import { type Machine, machinesShape } from './shapes.ts';
import { groupOf } from './standing.ts';

const wanted = z.strictObject({
  app: appName,
  command: z.string().min(1).describe('No shell over there: for pipes write `sh -c "…"`'),
  group: groupName.optional().describe('In a machine of this process group'),
  machine: z
    .string()
    .regex(/^[0-9a-f]{8,20}$/, 'a machine is named by its id, as in `fly machine list`')
    .optional(),
  via: z
    .enum(['ssh', 'exec'])
    .default('ssh')
    .describe('ssh: output live, through the WireGuard tunnel; exec: by the API, for short commands, without a tunnel'),
  minutes: z.int().min(1).max(240).default(15).describe('Ended after so many minutes'),
  exit: z.int().min(0).max(255).default(0).describe('The status it must end with'),
});
type Want = z.output<typeof wanted>;

export const console = defineStep({
  name: 'fly/console',
  summary: 'Run a command in a machine of the app',
  example: 'with: { app: altcontext, command: node dist/scripts/rollups-run.js }',
  with: wanted,
  outputs: z.object({ machine: z.string(), last_line: z.string().describe('Of what the command printed') }),
  requires: [flyTool],
  login: flyLogin,
  checkedAgainst: 'source',
  describe: ({ app, command }) => `runs \`${command}\` in a machine of ${app}`,
  commands: (want) => [['fly', ...callOf(want, want.machine ?? 'MACHINE')]],
  act: async (want, ports): Promise<Acted> => {
    const chosen = await choose(want, ports);
    return 'ended' in chosen ? chosen : run(want, chosen.id, ports);
  },
});

/** The machine is always named: without it fly takes one, and says so among the output (§3.19). */
function callOf({ app, command, via, minutes }: Want, machine: string): string[] {
  return via === 'ssh'
    ? ['ssh', 'console', '-a', app, '--machine', machine, '-q', '-C', command]
    : ['machine', 'exec', machine, command, '-a', app, '--timeout', String(minutes * 60)];
}

async function choose(want: Want, ports: Use<'processes'>): Promise<Machine | Acted> {
  const list = await readFly(['machine', 'list', '-a', want.app, '--json'], machinesShape, ports);
  if (!list.ok) return notTried(list.problem);
  const able = list.value.filter((one) => isOne(want, one));
  const started = able.find(({ state }) => state === 'started');
  if (started) return started;
  const seen = able.map(({ id, state }) => `${id} is ${state}`).join(', ');
  return {
    ended: 'failed',
    why: `nothing was run: ${able.length === 0 ? `${want.app} has no such machine` : `no machine is started (${seen})`}`,
    hint: able[0] ? `wake one: \`fly machine start ${able[0].id} -a ${want.app}\`` : 'deploy the app first',
  };
}

function isOne({ machine, group }: Want, one: Machine): boolean {
  if (machine !== undefined) return one.id === machine;
  const theirs = groupOf(one);
  return group === undefined ? theirs !== '' && !theirs.startsWith('fly_app_') : theirs === group;
}

async function run(want: Want, machine: string, ports: ActingFly): Promise<Acted> {
  const exec = want.via === 'exec';
  const { acted, ended } = await actFly(callOf(want, machine), ports, {
    known: notRunning,
    // Half a minute more than the command has over there.
    timeout: want.minutes * 60_000 + 30_000,
    env: exec ? { FLY_JSON: '1' } : {},
  });
  if (!ended) return acted;
  const said: InMachine = exec ? ofExec(ended) : ofConsole(ended);
  // No status of its own: whether it ran is for the judge of all calls to say.
  if ('problem' in said) return acted;
  if (said.status === want.exit)
    return {
      ended: 'ok',
      seen: `ended with ${said.status} in machine ${machine}`,
      outputs: { machine, last_line: lastLine(said.stdout) },
    };
  const what = lastLine(said.stderr.replace(/^Error: ssh shell: .*$/m, '')) || lastLine(said.stdout);
  return {
    ended: 'failed',
    why: `the command ended with ${said.status}, not ${want.exit}${what === '' ? '' : `: ${what}`}`,
  };
}

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1)?.trim().slice(0, 300) ?? '';
