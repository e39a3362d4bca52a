// A run is aimed at one world from its first event on (`LAUNCH_FLY` and its like, DESIGN §8).
import { StateError } from '../engine/store.ts';

/** Throws StateError where it was aimed at another world. */
export function checkAim(
  before: Readonly<Record<string, string>> | undefined,
  now: Readonly<Record<string, string>> | undefined,
): void {
  const same = JSON.stringify(Object.entries(before ?? {}).sort()) === JSON.stringify(Object.entries(now ?? {}).sort());
  if (!same)
    throw new StateError(
      'this run was aimed at another world when it began',
      `set ${Object.keys(before ?? now ?? {}).join(', ')} as then, or begin a fresh run with --new`,
    );
}
