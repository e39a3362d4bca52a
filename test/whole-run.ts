// Before all tests: the bundle is of these sources, for whole programs and the stand-in fly are started from it.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export default (): void => {
  const build = join(import.meta.dirname, '../scripts/build.mjs');
  execFileSync(process.execPath, [build, '--if-stale'], { stdio: 'inherit' });
};
