// Around all tests: the bundle is of these sources, for whole programs and the stand-in fly are started from it; and what the tests write
// is in memory where there is room for it, and gone afterwards.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
const ENOUGH_BYTES = 4e9;

export default (): (() => void) => {
  const build = join(import.meta.dirname, '../scripts/build.mjs');
  execFileSync(process.execPath, [build, '--if-stale'], { stdio: 'inherit' });
  const room = mkdtempSync(join(hasRoom() ? MEMORY : tmpdir(), 'launch-'));
  process.env.TMPDIR = room;
  return () => rmSync(room, { recursive: true, force: true, maxRetries: 3 });
};

function hasRoom(): boolean {
  if (!statSync(MEMORY, { throwIfNoEntry: false })?.isDirectory()) return false;
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > ENOUGH_BYTES;
}
