// `launch undo` where nobody is there to choose: it shows what could be taken back, and takes nothing back.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventsOf, launch, projectOf, runbookOf, runOf, trusted } from './launching.ts';

const STEPS = `steps:
  - { id: make, run: 'touch made.txt', undo: { run: 'rm made.txt' } }
  - { id: mail, run: 'true' }`;

test('without a terminal the done steps are shown, the last first, and nothing is taken back: 4, also with --yes', async () => {
  const folder = projectOf({ 'runbooks/small.md': runbookOf(STEPS, 'make', 'mail') });
  const argv = await trusted(folder, 'small');
  await launch(folder, argv);
  const before = eventsOf(runOf(folder)).length;
  const { exit, stdout, stderr } = await launch(folder, ['undo', ...argv, '--yes']);
  expect(stdout).toMatch(/cannot be taken back +mail[\s\S]*by a command of the runbook +make\n +rm made.txt/);
  expect(stderr).toContain('Nothing was taken back');
  expect(exit).toBe(4);
  expect(existsSync(join(folder, 'made.txt'))).toBe(true);
  expect(eventsOf(runOf(folder))).toHaveLength(before);
  const { steps } = JSON.parse((await launch(folder, ['undo', ...argv, '--json'])).stdout);
  expect(steps).toMatchObject([
    { step: 'mail', by: 'none' },
    { step: 'make', by: 'run', what: 'rm made.txt' },
  ]);
});

test('a run in which nothing can be taken back ends with 0', async () => {
  const folder = projectOf({ 'runbooks/small.md': runbookOf(`steps: [{ id: mail, run: 'true' }]`, 'mail') });
  const argv = await trusted(folder, 'small');
  await launch(folder, argv);
  expect((await launch(folder, ['undo', ...argv])).exit).toBe(0);
});
