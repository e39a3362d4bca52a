// Back to the last release. fly has no rollback: an earlier image is deployed again, which makes a new release (facts/flyctl.md §3.18).
import type { Look } from '../../src/step.ts';
import type { Release } from './shapes.ts';

/** `releases` newest first. `version`: the release to get away from; without it the newest, whether it failed or not. */
export function releaseToGoBackTo(releases: readonly Release[], version: string | undefined): Release | undefined {
  const from = version === undefined ? (releases[0]?.Version ?? 0) : Number(version);
  return releases.find(({ Version, Status, ImageRef }) => Version < from && Status === 'complete' && ImageRef !== '');
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
export function goBack(app: string, { Version, ImageRef }: Release): string {
  return `back to release ${Version}: \`fly deploy -a ${app} -c FILE --image ${ImageRef}\` (secrets, volumes and databases stay as they are)`;
}
