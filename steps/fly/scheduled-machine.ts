// One machine that Fly starts by the hour, day, week or month. `machine run` makes another one each time: the name is what it is known by.
import { z } from 'zod';
import { type Acted, defineStep, type Look } from '../../src/step.ts';
import type { Use } from '../../src/system/ports.ts';
import { actFly, flyLogin, flyTool, goneWithApp, notSeen, notThere, notTried, readFly } from './client.ts';
import { appName, imageRef, regionCode, vmSize } from './fields.ts';
import { type Machine, machinesShape } from './shapes.ts';
import type { Known } from './trouble.ts';

const wanted = z.strictObject({
  app: appName,
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/, 'a machine name has lower-case letters, digits and dashes')
    .describe('By this name it is known: a second one of that name is never made'),
  image: imageRef,
  schedule: z.enum(['hourly', 'daily', 'weekly', 'monthly']).describe('Fly chooses the time; there is no cron syntax'),
  region: regionCode,
  command: z.array(z.string().min(1)).default([]).describe('Words of the command; none: that of the image'),
  env: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/), z.string())
    .default({})
    .describe('No secrets: these of the app are there anyway'),
  'vm-size': vmSize.optional(),
  'vm-memory': z.int().min(256).optional().describe('MB'),
});
type Want = z.output<typeof wanted>;

/** fly itself waits five minutes for the start (facts/flyctl.md §3.15). */
const patience = 7 * 60_000;

export const scheduledMachine = defineStep({
  name: 'fly/scheduled-machine',
  summary: 'One machine runs on a schedule',
  example:
    'with: { app: clawtriage, name: hourly-scan, image: "curlimages/curl:8.10.1", schedule: hourly, region: sjc, command: [sh, -c, "curl -fsS https://clawtriage.fly.dev/api/health"] }',
  with: wanted,
  outputs: z.object({ id: z.string() }),
  requires: [flyTool],
  login: flyLogin,
  checkedAgainst: 'source',
  takes: '1 min',
  costs: () => 'a machine that is billed while it runs',
  describe: ({ app, name, schedule, image }) => `${app} has one machine ${name} that runs ${image} ${schedule}`,
  commands: (want) => [['fly', ...run(want)]],
  verify: async (want, ports) => {
    const list = await named(want, ports);
    return list.ok ? compare(want, list.value) : notSeen(list.problem, { app: want.app, expected: phrase(want) });
  },
  act: async (want, ports): Promise<Acted> => {
    const list = await named(want, ports);
    if (!list.ok) return notTried(list.problem);
    const before = compare(want, list.value);
    if (before.is === 'so') return { ended: 'ok', seen: before.seen, outputs: before.outputs };
    if (list.value.length > 0 && before.is === 'not-so')
      return { ended: 'failed', why: `nothing was run: ${before.seen}`, hint: before.hint };
    const { acted } = await actFly(run(want), ports, { known: refusals, timeout: patience });
    return acted;
  },
  undo: {
    describe: ({ app, name }) => `destroys the machine ${name} of ${app}; a run of it that goes on is cut off`,
    act: async (want, ports) => {
      const list = await named(want, ports);
      if (!list.ok) return notThere(list.problem, want.app);
      for (const { id } of list.value) {
        const { acted } = await actFly(['machine', 'destroy', id, '--force', '-a', want.app], ports);
        if (acted.ended !== 'ok') return acted;
      }
      return {
        ended: 'ok',
        seen: `destroyed ${list.value.map(({ id }) => id).join(' and ') || 'nothing: it is not there'}`,
      };
    },
    verify: async (want, ports) => {
      const list = await named(want, ports);
      if (!list.ok) return goneWithApp(list.problem, want.app);
      if (list.value.length === 0) return { is: 'so', seen: `${want.app} has no machine ${want.name}` };
      return { is: 'not-so', expected: `no machine ${want.name}`, seen: several(list.value) };
    },
  },
});

function run(want: Want): string[] {
  const { app, name, image, schedule, region, command, env, 'vm-size': size, 'vm-memory': memory } = want;
  return [
    ...['machine', 'run', '-a', app, '--name', name, '--schedule', schedule, '--region', region],
    ...Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    ...(size ? ['--vm-size', size] : []),
    ...(memory ? ['--vm-memory', String(memory)] : []),
    image,
    ...(command.length > 0 ? ['--', ...command] : []),
  ];
}

/** All machines of the app: `status` does not show those that deploys do not manage. */
async function named({ app, name }: Want, ports: Use<'processes'>) {
  const list = await readFly(['machine', 'list', '-a', app, '--json'], machinesShape, ports);
  if (!list.ok) return list;
  return { ok: true as const, value: list.value.filter((one) => one.name === name && !gone.includes(one.state)) };
}

function compare(want: Want, list: readonly Machine[]): Look {
  const expected = phrase(want);
  const [machine, second] = list;
  if (!machine) return { is: 'not-so', expected, seen: `${want.app} has no machine ${want.name}` };
  const destroy = (id: string): string => `\`fly machine destroy ${id} --force -a ${want.app}\``;
  if (second)
    return {
      is: 'not-so',
      expected,
      seen: `${list.length} machines of that name: ${several(list)}`,
      hint: `keep one: ${destroy(second.id)}`,
      final: true,
    };
  if (!machine.config)
    return { is: 'unknown', why: `the host of ${machine.id} does not answer: what it runs is not known` };
  const other = [
    ...(machine.config.schedule === want.schedule ? [] : [`its schedule is ${machine.config.schedule || 'none'}`]),
    ...(sameImage(want.image, machine.config.image) ? [] : [`it runs ${machine.config.image}`]),
    ...(machine.region === want.region ? [] : [`it is in ${machine.region}`]),
  ];
  if (other.length > 0)
    return {
      is: 'not-so',
      expected,
      seen: `the machine ${want.name} (${machine.id}) is there, but ${other.join(', ')}`,
      hint: `deploys do not touch it: ${destroy(machine.id)}, then try again; or another name`,
      final: true,
    };
  return {
    is: 'so',
    seen: `${several([machine])}, ${want.schedule}`,
    outputs: { id: machine.id },
    ...lastRun(machine),
  };
}

/** How its last run ended, where Fly still knows. */
function lastRun({ name, events }: Machine): { readonly warning?: string } {
  const code = events.find(({ type }) => type === 'exit')?.request?.exit_event?.exit_code;
  return code ? { warning: `the last run of ${name} ended with exit code ${code}` } : {};
}

/** `image` of a machine may have the registry and a digest that the one asked for lacks. */
const sameImage = (asked: string, runs: string): boolean => {
  const bare = runs.replace(/@sha256:[0-9a-f]+$/, '');
  return [runs, bare].some((one) => one === asked || one.endsWith(`/${asked}`));
};

const phrase = ({ app, name, image, schedule }: Want): string =>
  `one machine ${name} of ${app} that runs ${image} ${schedule}`;
const several = (list: readonly Machine[]): string =>
  list.map(({ id, name, state }) => `${name} (${id}, ${state})`).join(', ');
const gone: readonly string[] = ['destroying', 'destroyed'];

/** Without the app it wants to make one, and asks; nothing says so (§3.15). */
const refusals: readonly Known[] = [
  {
    says: 'prompt: non interactive',
    sort: 'refused',
    why: 'fly wanted to ask: there is no such app for this login',
    hint: 'make the app first; `fly apps list` shows those there are',
  },
];
