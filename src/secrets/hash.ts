// The only trace of a secret that a journal keeps: enough to tell the same value again, too slow to guess a weak one from.
import { scryptSync, timingSafeEqual } from 'node:crypto';

/** Salted hash of a value, `scrypt14:<hex>`; about 40 ms, which is what makes guessing dear. `salt` is random hex, 16 bytes or more. */
export function hashSecret(value: string, salt: string): string {
  return PREFIX + derive(value, salt).toString('hex');
}

/** Is it the value that was kept? Nothing is learned from how long the answer takes. */
export function isSameSecret(value: string, kept: { readonly salt: string; readonly hash: string }): boolean {
  if (!kept.hash.startsWith(PREFIX)) return false;
  const before = Buffer.from(kept.hash.slice(PREFIX.length), 'hex');
  const now = derive(value, kept.salt);
  return before.length === now.length && timingSafeEqual(before, now);
}

const derive = (value: string, salt: string): Buffer =>
  scryptSync(value, Buffer.from(salt, 'hex'), 32, { N: 2 ** 14, r: 8, p: 1 });

/** Names the recipe, so that a stronger one can follow without losing what was kept. */
const PREFIX = 'scrypt14:';
