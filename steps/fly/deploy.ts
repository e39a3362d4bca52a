// A new release is deployed: complete, on every machine, started, checks passing. A deploy makes a new release each time it is run.
import { z } from 'zod';
import { type Acted, defineStep } from '../../src/step.ts';
import type { ActPorts, Use } from '../../src/system/ports.ts';
import { actFly, findJson, flyLogin, flyTool, goneWithApp, notSeen, notTried, readFly } from './client.ts';
import { deployFailures } from './deploy-failures.ts';
import { isComplete, lookAtNewest } from './deploy-look.ts';
import { appName, flyDuration, groupName, imageRef } from './fields.ts';
import { goBack, releaseToGoBackTo, wentBack } from './go-back.ts';
import { locate, type Place } from './place.ts';
import { releasesShape, statusShape } from './shapes.ts';
import { groupOf, releaseOf } from './standing.ts';
import type { Problem } from './trouble.ts';

const wanted = z
  .strictObject({
    app: appName,
    config: z.string().min(1).describe('The fly.toml'),
    ha: z
      .boolean()
      .default(true)
      .describe('A spare machine for new process groups, as fly does unless told; false: one machine each'),
    image: imageRef.optional().describe('Deploy this image, build nothing'),
    strategy: z.enum(['rolling', 'immediate', 'canary', 'bluegreen']).optional(),
    groups: z
      .array(groupName)
      .min(1)
      .optional()
      .describe(
        'Process groups one after another, in this order: the image is built once, the release command is run once',
      ),
    builder: z.enum(['remote', 'local']).optional().describe('Where the image is built; without it fly chooses'),
    'build-args': z
      .record(z.string().regex(/^[A-Za-z_]\w*$/), z.string())
      .default({})
      .describe('No secrets: they stay in the image'),
    'release-command': z.enum(['run', 'skip']).default('run'),
    'release-command-timeout': flyDuration.optional(),
    'wait-timeout': flyDuration
      .optional()
      .describe('How long fly waits for each machine; 5m unless the file says otherwise'),
    'max-unavailable': z.number().positive().optional().describe('Rolling: machines at a time, or a part below 1'),
    'public-ips': z.boolean().default(true).describe('false: a first deploy gives the app no public address'),
    flycast: z.boolean().default(false).describe('A first deploy gives the app a private address'),
    directory: z.string().min(1).optional().describe('The folder that is built; default: the project folder'),
  })
  .refine(({ groups }) => new Set(groups).size === (groups ?? []).length, 'a group stands twice in `groups`');
export type Want = z.output<typeof wanted>;

const emitted = z.object({ version: z.number(), image_ref: z.string() });
const sinceShape = z.object({ version: z.number(), image: z.string().default('') });
/** What was there before: a release, and the image of the last complete one. */
export type Since = z.output<typeof sinceShape>;
const anHour = 60 * 60_000;

export const deploy = defineStep({
  name: 'fly/deploy',
  summary: 'A new release is deployed and healthy',
  example: 'with: { app: solserver-prod, config: fly.prod.toml, ha: false }',
  with: wanted,
  outputs: z.object({ version: z.string(), image: z.string() }),
  requires: [flyTool],
  login: flyLogin,
  checkedAgainst: 'source',
  reads: ({ config }) => [config],
  takes: '2–10 min',
  settles: '15s',
  describe: ({ app, config, image }) =>
    `${app} runs a new release of ${image ?? 'the project'} with ${config}, healthy`,
  commands: (want) =>
    turnsOf(want).map((turn, at) => [
      'fly',
      ...command(want, want.config, at === 0 ? turn : { ...turn, image: 'IMAGE' }),
    ]),
  verify: async (want, ports, { since }) => {
    const anew = sinceShape.safeParse(since).data;
    const expected =
      want.image && !anew
        ? `${want.app} runs ${want.image}`
        : `${want.app} runs a new release, complete on every machine`;
    const releases = await releasesOf(want.app, ports);
    if (!releases.ok) return notSeen(releases.problem, { app: want.app, expected, since: { version: 0, image: '' } });
    const before = { version: releases.value[0]?.Version ?? 0, image: releases.value.find(isComplete)?.ImageRef ?? '' };
    const look = await lookAtNewest(want, releases.value, { since: anew, expected }, ports);
    return look.is === 'not-so' ? { ...look, since: before } : look;
  },
  act: (want, ports, { since }) => run(want, ports, sinceShape.safeParse(since).data),
  undo: {
    describe: ({ app }) =>
      `deploys the image of the last complete release of ${app} again; secrets, volumes and what was done to a database stay as they are now`,
    act: async (want, ports, { outputs }) => {
      const releases = await releasesOf(want.app, ports);
      if (!releases.ok) return notTried(releases.problem);
      const target = releaseToGoBackTo(releases.value, outputs.version);
      if ('why' in target) return { ended: 'failed', ...target };
      ports.tell(`back to release ${target.Version}: ${target.ImageRef}`);
      return run({ ...want, image: target.ImageRef, groups: undefined, 'release-command': 'skip' }, ports);
    },
    verify: async ({ app }, ports) => {
      const releases = await releasesOf(app, ports);
      return releases.ok ? wentBack(releases.value) : goneWithApp(releases.problem, app);
    },
  },
});

/** One call of fly: all groups, or one of them. After the first the image is there and the release command has run. */
interface Turn {
  readonly group?: string;
  readonly image?: string;
  readonly first: boolean;
}

const turnsOf = ({ groups, image }: Want): readonly Turn[] =>
  (groups ?? [undefined]).map((group, at) => ({ first: at === 0, ...(image && { image }), ...(group && { group }) }));

/** `--deploy-retries=1`: the engine that skips machines already right and does not end with a silent 127 (facts §2.11, §3.11.4). */
function command(want: Want, config: string, { group, image, first }: Turn): string[] {
  const skip = want['release-command'] === 'skip' || !first;
  const valued: readonly (readonly [string, string | number | undefined])[] = [
    ['--image', image],
    ['--strategy', want.strategy],
    ['--process-groups', group],
    ['--wait-timeout', want['wait-timeout']],
    ['--release-command-timeout', want['release-command-timeout']],
    ['--max-unavailable', want['max-unavailable']],
  ];
  return [
    ...['deploy', '-a', want.app, '-c', config, `--ha=${want.ha}`, '--deploy-retries=1'],
    ...valued.flatMap(([flag, value]) => (value === undefined ? [] : [flag, String(value)])),
    ...(want.builder && !image ? [`--${want.builder}-only`] : []),
    ...(image
      ? []
      : Object.entries(want['build-args']).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`])),
    ...(skip ? ['--skip-release-command'] : []),
    ...(want['public-ips'] ? [] : ['--no-public-ips']),
    ...(want.flycast ? ['--flycast'] : []),
  ];
}

/** Newest first; failed and unfinished ones too. */
async function releasesOf(app: string, ports: Use<'processes'>) {
  const releases = await readFly(['releases', '-a', app, '--json'], releasesShape, ports);
  return releases.ok
    ? { ok: true as const, value: releases.value.toSorted((a, b) => b.Version - a.Version) }
    : releases;
}

async function run(want: Want, ports: ActPorts, before?: Since): Promise<Acted> {
  const place = await locate(want, ports);
  if ('why' in place) return { ended: 'failed', why: place.why };
  const done = want.groups && before ? await groupsDone(want, before, ports) : { groups: [] };
  if ('why' in done) return notTried(done);
  let last: Acted = { ended: 'ok', ...(done.image && { seen: `every group runs ${done.image} already` }) };
  let image = want.image ?? done.image;
  for (const turn of turnsOf(want).filter(({ group }) => group === undefined || !done.groups.includes(group))) {
    if (turn.group) ports.tell(`process group ${turn.group}`);
    last = await deployOnce(want, { ...turn, ...(image && { image }) }, place, ports, before);
    if (last.ended !== 'ok') return last;
    image = last.outputs?.image ?? image;
    // Without the image of the first the next group would build another one.
    if (want.groups && !image)
      return { ended: 'unclear', why: 'fly ended well but did not say which image it deployed' };
  }
  return last;
}

async function deployOnce(want: Want, turn: Turn, place: Place, ports: ActPorts, before?: Since): Promise<Acted> {
  const { acted, stdout, ended } = await actFly(command(want, place.config, turn), ports, {
    cwd: place.directory,
    env: { FLY_EMIT_RELEASE_JSON: '1' },
    timeout: anHour,
    known: deployFailures(
      want.app,
      before?.image ? goBack(want, before.image) : 'there is no earlier release to go back to',
    ),
  });
  // Only a message, with exit 0 (§3.11.3): the app would be there and not reached.
  if (ended?.stderr.includes('Failed to provision IP addresses'))
    ports.tell(`fly could not give ${want.app} its addresses: a step fly/ips makes up for it`);
  const made = findJson(stdout, emitted);
  if (acted.ended !== 'ok' || !made) return acted;
  return {
    ended: 'ok',
    seen: `release ${made.version}, ${made.image_ref}`,
    outputs: { version: String(made.version), image: made.image_ref },
  };
}

/** After an interruption between two groups: which run something newer than what was there before, and its image. */
async function groupsDone(
  want: Want,
  before: Since,
  ports: Use<'processes'>,
): Promise<{ readonly groups: readonly string[]; readonly image?: string } | Problem> {
  const status = await readFly(['status', '-a', want.app, '--json'], statusShape, ports);
  if (!status.ok) return status.problem.sort === 'no-app' ? { groups: [] } : status.problem;
  const releases = await releasesOf(want.app, ports);
  if (!releases.ok) return releases.problem;
  const complete = releases.value.filter((one) => isComplete(one) && one.Version > before.version);
  const groups = (want.groups ?? []).filter((group) => {
    const members = status.value.Machines.filter((machine) => groupOf(machine) === group);
    return (
      members.length > 0 &&
      members.every((machine) => complete.some(({ Version }) => releaseOf(machine) === String(Version)))
    );
  });
  const image = complete[0]?.ImageRef;
  return { groups, ...(groups.length > 0 && image && { image }) };
}
