// Around all tests: the bundle is of these sources, for whole programs and the stand-in fly are started from it; and what they leave in the
// temporary folder lies in one of this run, which goes with it. Where a test failed it stays, to be looked into.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

/** Longer ones leave no room for the name of a socket, and none on the lines of a small screen: `/tmp` is everywhere. */
const SHORT = 16;

export default ({ vitest }: TestProject): (() => void) => {
  const build = join(import.meta.dirname, '../scripts/build.mjs');
  execFileSync(process.execPath, [build, '--if-stale'], { stdio: 'inherit' });

  const above = realpathSync(tmpdir());
  const folder = mkdtempSync(join(above.length > SHORT ? realpathSync('/tmp') : above, 'lb-'));
  // As the one above it: some programs of the tests run as another user.
  chmodSync(folder, 0o1777);
  process.env.TMPDIR = folder;
  return () => {
    if (vitest.state.getCountOfFailedTests() > 0)
      return console.error(`What the tests wrote is kept, since not all of them passed: ${folder}`);
    // Also what a test has shut.
    spawnSync('chmod', ['-R', 'u+rwX', folder]);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
};
