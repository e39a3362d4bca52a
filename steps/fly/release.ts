// Back to an earlier release. fly has no rollback: its image is deployed again, which makes a new release (facts/flyctl.md §3.18).
import { z } from 'zod';
import { type Acted, defineStep, type Look } from '../../src/step.ts';
import type { Use } from '../../src/system/ports.ts';
import { actFly, flyLogin, flyTool, notSeen, notTried, readFly } from './client.ts';
import { deployFailures } from './deploy-failures.ts';
import { appName, imageRef } from './fields.ts';
import { releaseToGoBackTo } from './go-back.ts';
import { locate } from './place.ts';
import { type Release, releasesShape } from './shapes.ts';

const wanted = z.strictObject({
  app: appName,
  config: z
    .string()
    .min(1)
    .describe('The fly.toml that is deployed with the image; the configuration does not come back by itself'),
  to: z
    .union([z.literal('last'), z.int().min(1), imageRef])
    .default('last')
    .describe('last: the complete release before the newest one; a number of `fly releases`; or an image'),
  'release-command': z
    .enum(['run', 'skip'])
    .default('skip')
    .describe('skip: what it did to a database stays, and is not done again'),
});
type Want = z.output<typeof wanted>;

const sinceShape = z.object({ version: z.number(), image: z.string().default('') });
const anHour = 60 * 60_000;

export const release = defineStep({
  name: 'fly/release',
  summary: 'An earlier release runs again, by its image',
  example: 'with: { app: solserver-prod, config: fly.prod.toml, to: last }',
  with: wanted,
  outputs: z.object({ version: z.string(), image: z.string() }),
  requires: [flyTool],
  login: flyLogin,
  checkedAgainst: 'source',
  takes: '1–5 min',
  settles: '15s',
  describe: (want) => `${want.app} runs ${nameOf(want)} again, as a new release`,
  commands: (want) => [
    ['fly', ...command(want, want.config, typeof want.to === 'string' && want.to !== 'last' ? want.to : 'IMAGE')],
  ],
  verify: async (want, ports, { since }) => {
    const expected = `${want.app} runs ${nameOf(want)} again, complete`;
    const list = await releasesOf(want.app, ports);
    if (!list.ok) return notSeen(list.problem, { app: want.app, expected });
    const before = sinceShape.safeParse(since).data;
    return before ? compare(list.value, before, expected) : firstLook(want, list.value, expected);
  },
  act: async (want, ports, { since }): Promise<Acted> => {
    const list = await releasesOf(want.app, ports);
    if (!list.ok) return notTried(list.problem);
    const image = sinceShape.safeParse(since).data?.image || imageOf(want, list.value);
    if (typeof image !== 'string') return { ended: 'failed', why: image.why, hint: image.hint };
    const place = await locate({ config: want.config }, ports);
    if ('why' in place) return { ended: 'failed', why: place.why };
    ports.tell(`back to ${image}; secrets, volumes and databases stay as they are`);
    const { acted } = await actFly(command(want, place.config, image), ports, {
      timeout: anHour,
      known: deployFailures(want.app, 'the release before still stands in `fly releases --image`'),
    });
    return acted;
  },
});

function command({ app, 'release-command': releases }: Want, config: string, image: string): string[] {
  const skip = releases === 'skip' ? ['--skip-release-command'] : [];
  return ['deploy', '-a', app, '-c', config, '--image', image, '--deploy-retries=1', ...skip];
}

async function releasesOf(app: string, ports: Use<'processes'>) {
  const list = await readFly(['releases', '-a', app, '--json'], releasesShape, ports);
  return list.ok ? { ok: true as const, value: list.value.toSorted((a, b) => b.Version - a.Version) } : list;
}

/** The image to deploy, by what stands in the list now. */
function imageOf({ to }: Want, list: readonly Release[]): string | { readonly why: string; readonly hint: string } {
  if (to === 'last') {
    const target = releaseToGoBackTo(list, undefined);
    return 'why' in target ? target : target.ImageRef;
  }
  if (typeof to === 'string') return to;
  const found = list.find(({ Version }) => Version === to);
  if (!found)
    return {
      why: `there is no release ${to} among the last ${list.length}`,
      hint: '`fly releases --image` lists 25 at most',
    };
  if (found.Status !== 'complete')
    return {
      why: `release ${to} was never complete: it is ${found.Status}`,
      hint: `those that were: ${complete(list)}`,
    };
  return found.ImageRef;
}

/** Nothing has been done yet: what there is, and what it is measured against. */
function firstLook(want: Want, list: readonly Release[], expected: string): Look {
  const [newest] = list;
  const seen =
    list
      .slice(0, 5)
      .map(({ Version, Status, ImageRef }) => `${Version} ${Status} ${ImageRef}`)
      .join('; ') || 'no release';
  const image = imageOf(want, list);
  if (typeof image !== 'string')
    return { is: 'not-so', expected, seen: `${image.why} (${seen})`, hint: image.hint, final: true };
  if (newest?.Status === 'complete' && newest.ImageRef === image && want.to !== 'last')
    return { is: 'so', seen: `release ${newest.Version} runs it`, outputs: { version: String(newest.Version), image } };
  return { is: 'not-so', expected, seen, since: { version: newest?.Version ?? 0, image } };
}

function compare(list: readonly Release[], before: z.output<typeof sinceShape>, expected: string): Look {
  const [newest] = list;
  if (!newest || newest.Version <= before.version)
    return { is: 'not-so', expected, seen: `no release since ${before.version}` };
  const seen = `release ${newest.Version} is ${newest.Status}, ${newest.ImageRef}`;
  if (newest.Status !== 'complete')
    return { is: 'not-so', expected, seen, ...(newest.Status === 'running' ? {} : { final: true }) };
  if (newest.ImageRef !== before.image)
    return {
      is: 'not-so',
      expected,
      seen,
      hint: `another deploy came between; asked for was ${before.image}`,
      final: true,
    };
  return { is: 'so', seen, outputs: { version: String(newest.Version), image: newest.ImageRef } };
}

const nameOf = ({ to }: Want): string =>
  to === 'last' ? 'the release before the newest' : typeof to === 'number' ? `release ${to}` : to;
const complete = (list: readonly Release[]): string =>
  list
    .filter(({ Status }) => Status === 'complete')
    .map(({ Version }) => Version)
    .join(', ') || 'none';
