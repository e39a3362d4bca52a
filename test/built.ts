// Before any test: the bundle is of these sources. Whole programs and the stand-in fly are started from it.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export default (): void =>
  void execFileSync(process.execPath, [join(import.meta.dirname, '../scripts/build.mjs'), '--if-stale'], {
    stdio: 'inherit',
  });
