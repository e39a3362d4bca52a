// What the tests write in the temporary folder lies in one of the run (whole-run.ts takes it away), for programs at a terminal too.
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { openPty } from './terminal/pty.ts';
import { newProject } from './terminal/session.ts';

test('the temporary folder is one of this run, and leaves room for the name of a socket', async () => {
  expect(basename(tmpdir())).toMatch(/^lb-\w{6}$/);
  // macOS takes 104 bytes, the zero at their end among them.
  expect(join(tmpdir(), 'launchbook-rehearsal-XXXXXX/world/.ssh/agent.4294967296').length).toBeLessThan(104);
  const pty = openPty({ file: 'sh', args: ['-c', 'echo "in $TMPDIR"'] });
  await pty.until(`in ${tmpdir()}`);
  expect(await pty.ended()).toBe(0);
});

test('projects at a terminal have paths of one length', () => {
  expect(newProject().length).toBe('/tmp/launchbook-terminal-XXXXXX'.length);
});
