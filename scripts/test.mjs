// Runs the tests and ends with one plain line: N passed, N failed.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const report = join(tmpdir(), `launchbook-tests-${process.pid}.json`);
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const ran = spawnSync(
  process.execPath,
  [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)],
  { stdio: 'inherit', cwd: root },
);
let passed = 0;
let failed = 0;
try {
  const result = JSON.parse(readFileSync(report, 'utf8'));
  passed = result.numPassedTests;
  failed =
    result.numFailedTests +
    result.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
} catch (error) {
  console.error(`the test report could not be read: ${error instanceof Error ? error.message : error}`);
  failed = 1;
}
rmSync(report, { force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(ran.status === 0 && failed === 0 && passed > 0 ? 0 : 1);
