// What is ahead, as `launch plan` and the first screen of a run tell it.
import { expect, test } from 'vitest';
import { launch, projectOf, runbookOf } from './launching.ts';

const RUNBOOK = runbookOf(
  `steps:
  - { id: build, run: 'true', costs: nothing yet, takes: 20 minutes }
  - { id: review, manual: true, who: jam }
  - { id: never, run: 'true', not-needed: not today, costs: a fortune }
  - { id: submit, run: 'true', irreversible: v1 }`,
  'build',
  'review',
  'never',
  'submit',
);

const AHEAD = [
  'Costs',
  '  build: nothing yet',
  'Takes long',
  '  build: 20 minutes',
  'Needed',
  '  jam: review',
  'Cannot be taken back',
  '  submit',
];
const indented = (by: string): string => `\n${AHEAD.map((line) => `${by}${line}\n`).join('')}`;

test('`launch plan` and the beginning of a run say what costs, what takes long, who is needed, and what cannot be taken back', async () => {
  const folder = projectOf({ 'runbooks/small.md': RUNBOOK });
  const plan = await launch(folder, ['plan', 'small']);
  expect(plan.stdout).toContain(indented(''));
  expect(plan.stdout).not.toContain('fortune');

  const digest = /--trust ([0-9a-f]{64})/.exec((await launch(folder, ['small'])).stderr)?.[1] ?? '';
  const run = await launch(folder, ['small', '--trust', digest]);
  expect(run.stderr).toContain(indented('  '));
  expect(run.stderr.indexOf('Cannot be taken back')).toBeLessThan(run.stderr.indexOf('Running'));
  expect(run.exit).toBe(4);

  const again = await launch(folder, ['small']);
  expect(again.stderr).not.toContain('Takes long');
});
