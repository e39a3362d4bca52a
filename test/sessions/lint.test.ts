// `launch lint` of what a runbook should not hold, as a person runs it.
import { expect, test } from 'vitest';
import { launch, projectOf, runbookOf } from './launching.ts';

const TOKEN = `ghp_${'a1B2'.repeat(9)}`;

test('a key that stands in a runbook is a warning at its place, and is not shown', async () => {
  const told = `steps:
  - { id: pull, run: 'git clone https://x:${TOKEN}@example.com/x' }
  - { id: local, run: 'DATABASE_URL=postgres://postgres:postgres@localhost/x npm run migrate' }`;
  const project = projectOf({ 'runbooks/small.md': runbookOf(told, 'pull', 'local') });
  const { exit, stdout, stderr } = await launch(project, ['lint']);
  expect(exit).toBe(0);
  expect(stdout).toMatch(/^runbooks\/small\.md:5:43 {2}warning: it looks like a token of GitHub: /m);
  expect(stdout).toContain("|   - { id: pull, run: 'git clone https://x:…");
  expect(stdout).toContain('1 file: 0 errors, 1 warning');
  expect(stdout + stderr).not.toContain(TOKEN.slice(4, 16));
  expect((await launch(project, ['lint', '--strict'])).exit).toBe(3);
  expect((await launch(project, ['lint', '--json'])).stdout).not.toContain(TOKEN.slice(4, 16));
});
