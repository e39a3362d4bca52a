// Back to the last release. fly has no rollback: an earlier image is deployed again, which makes a new release (facts/flyctl.md §3.18).
import type { Look } from '../../src/step.ts';
import type { Release } from './shapes.ts';

/**
 * `releases` newest first. `version`: the release to get away from; without it the newest, whether it failed or not. Only an image can
 * be brought back: where it is the same, what changed is the fly.toml.
 */
export function releaseToGoBackTo(
  releases: readonly Release[],
  version: string | undefined,
): Release | { readonly why: string; readonly hint: string } {
  const from = releases.find(({ Version }) => version === undefined || Version === Number(version));
  const target = releases.find(
    ({ Version, Status, ImageRef }) => Version < (from?.Version ?? 0) && Status === 'complete' && ImageRef !== '',
  );
  if (!target)
    return {
      why: 'there is no earlier complete release to go back to',
      hint: '`fly scale count GROUP=0` stops the app',
    };
  if (target.ImageRef !== from?.ImageRef) return target;
  return {
    why: `release ${target.Version} has the same image as release ${from.Version}`,
    hint: 'what changed is the fly.toml or a secret: bring the earlier one back and deploy',
  };
}

/** The newest release is complete and runs an image that an older release had, before another came between. */
export function wentBack(releases: readonly Release[]): Look {
  const [newest, ...older] = releases;
  const expected = 'an earlier image runs again, as a new release';
  if (!newest) return { is: 'not-so', expected, seen: 'no release' };
  const seen = `release ${newest.Version} is ${newest.Status}, ${newest.ImageRef}`;
  const first = older.findIndex(({ ImageRef, Status }) => ImageRef === newest.ImageRef && Status === 'complete');
  const between = older.slice(0, Math.max(first, 0)).some(({ ImageRef }) => ImageRef !== newest.ImageRef);
  return newest.Status === 'complete' && between ? { is: 'so', seen } : { is: 'not-so', expected, seen };
}

/** How a person does it by hand. */
export function goBack({ app, config }: { readonly app: string; readonly config: string }, image: string): string {
  return `back to the last release: \`fly deploy -a ${app} -c ${config} --image ${image} --skip-release-command\` (secrets, volumes and databases stay as they are)`;
}
