// A new release is deployed: complete, on every machine, started, checks passing. A deploy makes a new release each time it is run.
import { z } from 'zod';
import { type Acted, defineStep, type Json, type Look } from '../../src/step.ts';
import type { ActPorts, Use } from '../../src/system/ports.ts';
import {
  actFly,
  findJson,
  flyEnvironment,
  flyLogin,
  flyTool,
  goneWithApp,
  notSeen,
  notTried,
  readFly,
} from './client.ts';
import { deployFailures } from './deploy-failures.ts';
import { appName } from './fields.ts';
import { goBack, releaseToGoBackTo, wentBack } from './go-back.ts';
import { type Release, releasesShape, statusShape } from './shapes.ts';
import { count, standingOf, warningOf } from './standing.ts';

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
const sinceShape = z.object({ version: z.number() });
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
    const expected =
      want.image && !since
        ? `${want.app} runs ${want.image}`
        : `${want.app} runs a new release, complete on every machine`;
    const releases = await releasesOf(want.app, ports);
    if (!releases.ok) return notSeen(releases.problem, { app: want.app, expected, since: { version: 0 } });
    const [newest] = releases.value;
    const before = { version: newest?.Version ?? 0, image: releases.value.find(isComplete)?.ImageRef ?? '' };
    const old = notYet(want, newest, since);
    if (old || !newest)
      return {
        is: 'not-so',
        expected,
        seen: old ?? 'no release',
        since: before,
        ...wayOn(want, newest, releases.value, since),
      };
    const running = await runs(want, newest, expected, ports);
    return running.is === 'not-so' ? { ...running, since: before } : running;
  },
  act: run,
  undo: {
    describe: ({ app }) =>
      `deploys the image of the last complete release of ${app} again; secrets, volumes and what was done to a database stay as they are now`,
    act: async (want, ports, { outputs }) => {
      const releases = await releasesOf(want.app, ports);
      if (!releases.ok) return notTried(releases.problem);
      const target = releaseToGoBackTo(releases.value, outputs.version);
      if (!target)
        return {
          ended: 'failed',
          why: `${want.app} has no earlier release to go back to`,
          hint: `\`fly scale count 0 -a ${want.app}\` stops it, \`fly apps destroy\` takes it away`,
        };
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

async function run(want: Want, ports: ActPorts): Promise<Acted> {
  const config = await locate(want.config, ports);
  // Without a file fly would deploy the configuration of the release that runs (§2.3).
  if ('why' in config) return { ended: 'failed', why: config.why };
  const { acted, stdout } = await actFly(command(want, config.path), ports, {
    cwd: want.directory,
    env: { ...flyEnvironment, FLY_EMIT_RELEASE_JSON: '1' },
    timeout: anHour,
    known: deployFailures(want.app),
  });
  const made = findJson(stdout, emitted);
  if (acted.ended !== 'ok' || !made) return acted;
  return {
    ended: 'ok',
    seen: `release ${made.version}, ${made.image_ref}`,
    outputs: { version: String(made.version), image: made.image_ref },
  };
}

/** The absolute path: fly resolves a relative one against the folder that is built. */
async function locate(
  file: string,
  { files }: Use<'files'>,
): Promise<{ readonly path: string } | { readonly why: string }> {
  try {
    if ((await files.read(file)) === undefined) return { why: `there is no ${file}` };
    return { path: await files.resolve(file) };
  } catch (error) {
    // The port refuses a path outside the project with a sentence.
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

/** What speaks against the newest release before any machine is looked at; undefined when nothing does. */
function notYet(want: Want, newest: Release | undefined, since: Json | undefined): string | undefined {
  if (!newest) return `${want.app} has no release`;
  const what = `release ${newest.Version} is ${newest.Status}, ${newest.ImageRef}`;
  const before = sinceShape.safeParse(since);
  if (!before.success)
    return want.image && isComplete(newest) && sameImage(want.image, newest.ImageRef) ? undefined : what;
  if (newest.Version <= before.data.version) return `no release since ${before.data.version}`;
  if (!isComplete(newest)) return what;
  return want.image && !sameImage(want.image, newest.ImageRef) ? what : undefined;
}

function wayOn(
  { app }: Want,
  newest: Release | undefined,
  releases: readonly Release[],
  since: Json | undefined,
): { final?: boolean; hint?: string } {
  if (since === undefined || !newest) return {};
  if (newest.Status === 'failed' || newest.Status === 'interrupted') {
    const good = releases.find(isComplete);
    return {
      final: true,
      hint: `\`fly logs -a ${app}\` may say why; ${good ? goBack(app, good) : 'there is no earlier complete release to go back to'}`,
    };
  }
  if (newest.Status === 'running')
    return {
      hint: 'a deploy that was killed leaves its release `running` for ever; its hold on the machines ends after 15 s, then deploy again',
    };
  return {};
}

async function runs({ app }: Want, newest: Release, expected: string, ports: Use<'processes'>): Promise<Look> {
  const status = await readFly(['status', '-a', app, '--json'], statusShape, ports);
  if (!status.ok) return notSeen(status.problem, { app, expected });
  const standing = standingOf(status.value.Machines, newest.Version);
  const hint = `\`fly status -a ${app}\` and \`fly logs -a ${app}\` say more`;
  if (standing.total === 0)
    return { is: 'not-so', expected, seen: `release ${newest.Version} is complete, but ${app} has no machine`, hint };
  if (standing.wrong.length > 0) return { is: 'not-so', expected, seen: standing.wrong.join('; '), hint };
  if (standing.unseen.length > 0) return { is: 'unknown', why: standing.unseen.join('; ') };
  const outputs = { version: String(newest.Version), image: newest.ImageRef };
  return {
    is: 'so',
    seen: `release ${newest.Version} is complete (${newest.ImageRef}); ${count(standing)}`,
    outputs,
    warning: warningOf(standing),
  };
}

const isComplete = ({ Status }: Release): boolean => Status === 'complete';

/** `ImageRef` is a full reference; the one asked for may lack the registry, or have a digest the other lacks. */
function sameImage(asked: string, runs: string): boolean {
  const [a, b] = [asked, runs].map((image) => image.replace(/(?<=:[^/]*)@sha256:[0-9a-f]+$/, ''));
  return a === b || runs === asked || (b ?? '').endsWith(`/${a}`);
}
