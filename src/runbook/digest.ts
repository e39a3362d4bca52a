// Digests: what trust is given to, and what "this step was edited" means. Taken of values, so that comments and layout do not count.
import { createHash } from 'node:crypto';
import type { Json } from '../text/json.ts';

/** SHA-256, hex. */
const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** Of a front matter without its title, and of every file it names. */
export function trustDigest(
  front: { readonly [key: string]: Json },
  uses: readonly { readonly path: string; readonly text: string }[],
): string {
  const { title, ...rest } = front;
  const files = [...uses].sort((a, b) => (a.path < b.path ? -1 : 1)).map(({ path, text }) => [path, sha256(text)]);
  return sha256(JSON.stringify(['launchbook runbook 1', rest, files]));
}

/** Of one step as written, and of the files it names. */
export const stepDigest = (raw: Json, files: readonly string[]): string =>
  sha256(JSON.stringify(['launchbook step 1', raw, ...files.map(sha256)]));
