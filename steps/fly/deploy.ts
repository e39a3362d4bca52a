// A new release is deployed: complete, on every machine, started, checks passing. A deploy makes a new release each time it is run.
import { z } from 'zod';
import { type Acted, defineStep, type Look } from '../../src/step.ts';
import type { ActPorts, Use } from '../../src/system/ports.ts';
import { actFly, findJson, flyLogin, flyTool, goneWithApp, notSeen, notTried, readFly } from './client.ts';
import { deployFailures } from './deploy-failures.ts';
import { appName } from './fields.ts';
import { goBack, releaseToGoBackTo, wentBack } from './go-back.ts';
import { type Release, releasesShape, statusShape } from './shapes.ts';
import { lookAtMachines } from './standing.ts';

const wanted = z.strictObject({
  app: appName,
  config: z.string().min(1).describe('The fly.toml'),
  ha: z
    .boolean()
    .default(true)
    .describe('A spare machine for new process groups, as fly does unless told; false: one machine each'),
  image: z
    .string()
    .regex(/^[^-\s]\S*$/, 'a reference of an image, as in `fly releases --image`')
    .optional()
    .describe('Deploy this image, build nothing'),
  strategy: z.enum(['rolling', 'immediate', 'canary', 'bluegreen']).optional(),
  directory: z.string().min(1).optional().describe('The folder that is built; default: the project folder'),
});
type Want = z.output<typeof wanted>;

const emitted = z.object({ version: z.number(), image_ref: z.string() });
const sinceShape = z.object({ version: z.number(), image: z.string().default('') });
type Since = z.output<typeof sinceShape>;
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
  takes: '2–10 min',
  describe: ({ app, config, image }) =>
    `${app} runs a new release of ${image ?? 'the project'} with ${config}, healthy`,
  commands: (want) => [['fly', ...command(want, want.config)]],
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
      return run({ ...want, image: target.ImageRef }, ports);
    },
    verify: async ({ app }, ports) => {
      const releases = await releasesOf(app, ports);
      return releases.ok ? wentBack(releases.value) : goneWithApp(releases.problem, app);
    },
  },
});

/** `--deploy-retries=1`: the engine that skips machines already right and does not end with a silent 127 (facts §2.11, §3.11.4). */
function command({ app, ha, image, strategy }: Want, config: string): string[] {
  const more = [...(image ? ['--image', image] : []), ...(strategy ? ['--strategy', strategy] : [])];
  return ['deploy', '-a', app, '-c', config, `--ha=${ha}`, '--deploy-retries=1', ...more];
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
  const { acted, stdout } = await actFly(command(want, place.config), ports, {
    cwd: place.directory,
    env: { FLY_EMIT_RELEASE_JSON: '1' },
    timeout: anHour,
    known: deployFailures(
      want.app,
      before?.image ? goBack(want, before.image) : 'there is no earlier release to go back to',
    ),
  });
  const made = findJson(stdout, emitted);
  if (acted.ended !== 'ok' || !made) return acted;
  return {
    ended: 'ok',
    seen: `release ${made.version}, ${made.image_ref}`,
    outputs: { version: String(made.version), image: made.image_ref },
  };
}

interface Place {
  readonly config: string;
  readonly directory?: string;
}

/** Absolute paths: fly resolves a relative one against the folder that is built. */
async function locate({ config, directory }: Want, { files }: Use<'files'>): Promise<Place | { readonly why: string }> {
  try {
    // Without a file fly would deploy the configuration of the release that runs (§2.3).
    if ((await files.read(config)) === undefined) return { why: `there is no ${config}` };
    if (directory === undefined) return { config: await files.resolve(config) };
    if ((await files.list(directory)).length === 0) return { why: `there is nothing in ${directory}` };
    return { config: await files.resolve(config), directory: await files.resolve(directory) };
  } catch (error) {
    // The port refuses a path outside the project with a sentence.
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

/** Is the newest release the one we wait for, and does it run? */
async function lookAtNewest(
  want: Want,
  releases: readonly Release[],
  { since, expected }: { readonly since?: Since; readonly expected: string },
  ports: Use<'processes'>,
): Promise<Look> {
  const [newest] = releases;
  if (!newest) return { is: 'not-so', expected, seen: `${want.app} has no release` };
  if (since && newest.Version <= since.version)
    return { is: 'not-so', expected, seen: `no release since ${since.version}` };
  const seen = `release ${newest.Version} is ${newest.Status}, ${newest.ImageRef}`;
  const theOne = isComplete(newest) && (want.image ? sameImage(want.image, newest.ImageRef) : since !== undefined);
  if (!theOne) return { is: 'not-so', expected, seen, ...(since && wayOn(want, newest, releases)) };
  const status = await readFly(['status', '-a', want.app, '--json'], statusShape, ports);
  if (!status.ok) return notSeen(status.problem, { app: want.app, expected });
  const look = lookAtMachines(status.value.Machines, { app: want.app, expected, release: newest.Version });
  if (look.is !== 'so') return look;
  return {
    ...look,
    seen: `${seen}; ${look.seen}`,
    outputs: { version: String(newest.Version), image: newest.ImageRef },
  };
}

/** What to do about a new release that is not complete. */
function wayOn(
  want: Want,
  { Status }: Release,
  releases: readonly Release[],
): { readonly final?: true; readonly hint?: string } {
  if (Status === 'running')
    return {
      hint: 'a deploy that was killed leaves its release `running` for ever; its hold on the machines ends after 15 s: then deploy again',
    };
  if (Status !== 'failed' && Status !== 'interrupted') return {};
  const good = releases.find(isComplete);
  return {
    final: true,
    hint: `\`fly logs -a ${want.app}\` may say why; ${good ? goBack(want, good.ImageRef) : 'there is no earlier release to go back to'}`,
  };
}

const isComplete = ({ Status }: Release): boolean => Status === 'complete';

/** `ImageRef` is a full reference; the one asked for may lack the registry, or have a digest the other lacks. */
function sameImage(asked: string, runs: string): boolean {
  const [a, b] = [asked, runs].map((image) => image.replace(/(?<=:[^/]*)@sha256:[0-9a-f]+$/, ''));
  return a === b || (b ?? '').endsWith(`/${a}`);
}
