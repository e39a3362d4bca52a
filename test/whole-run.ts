// Around all tests: the bundle is of these sources, for whole programs and the stand-in fly are started from it; and what they leave in the
// temporary folder lies in one of this run, which goes with it. Where a test failed it stays, to be looked into.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

/** Longer ones leave no room for the name of a socket, and none on the lines of a small screen: `/tmp` is everywhere. */
const SHORT = 16;
const NAME = 'lb-';
/** Holds the pid of a run that goes on. */
const MARK = 'run.pid';

export default ({ vitest }: TestProject): (() => void) => {
  const build = join(import.meta.dirname, '../scripts/build.mjs');
  execFileSync(process.execPath, [build, '--if-stale'], { stdio: 'inherit' });

  const given = realpathSync(tmpdir());
  const above = given.length > SHORT ? realpathSync('/tmp') : given;
  sweep(above);
  const folder = mkdtempSync(join(above, NAME));
  const mark = join(folder, MARK);
  writeFileSync(mark, String(process.pid));
  // As the one above it: some programs of the tests run as another user.
  chmodSync(folder, 0o1777);
  process.env.TMPDIR = folder;
  return () => {
    if (vitest.state.getCountOfFailedTests() === 0) return remove(folder);
    rmSync(mark);
    console.error(`What the tests wrote is kept, since not all of them passed: ${folder}`);
  };
};

/** What runs have left that were killed. */
function sweep(above: string): void {
  for (const name of readdirSync(above)) {
    const mark = join(above, name, MARK);
    if (name.startsWith(NAME) && existsSync(mark) && !lives(Number(readFileSync(mark, 'utf8'))))
      remove(join(above, name));
  }
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function remove(folder: string): void {
  // Also what a test has shut.
  spawnSync('chmod', ['-R', 'u+rwX', folder]);
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
