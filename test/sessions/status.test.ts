// Where a run stands is told by its journal: the runbook is read again only where the journal does not name the steps.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hashOf } from '../../src/store/lines.ts';
import { launch, projectOf, runbookOf, runOf, trusted } from './launching.ts';

const STEPS =
  'steps:\n  - { id: build, run: "true" }\n  - { id: announce, manual: true, who: jam }\n  - { id: look, manual: true }';

/** A run that waits for jam. */
async function waiting(): Promise<string> {
  const folder = projectOf({ 'runbooks/small.md': runbookOf(STEPS, 'build', 'announce') });
  const { exit } = await launch(folder, await trusted(folder, 'small', '--yes'));
  expect(exit).toBe(4);
  return folder;
}

async function told(folder: string): Promise<readonly string[]> {
  const said = await Promise.all([['status'], ['status', '--text'], ['log']].map((argv) => launch(folder, argv)));
  expect(said.map(({ exit, stderr }) => ({ exit, stderr }))).toEqual(said.map(() => ({ exit: 0, stderr: '' })));
  return said.map(({ stdout }) => stdout);
}

/** The journal as a launch wrote it before events had an outline. */
function asBefore(folder: string): void {
  const file = join(runOf(folder), 'journal.jsonl');
  const lines: string[] = [];
  for (const line of readFileSync(file, 'utf8').trimEnd().split('\n')) {
    const { outline: _, prev: __, ...rest } = JSON.parse(line);
    lines.push(JSON.stringify({ ...rest, prev: lines.length === 0 ? '' : hashOf(lines.at(-1) ?? '') }));
  }
  writeFileSync(file, `${lines.join('\n')}\n`);
}

test('status and log say the same of a journal that names the steps and of one from before', async () => {
  const folder = await waiting();
  const now = await told(folder);
  expect(now.join()).toContain('announce');
  asBefore(folder);
  expect(await told(folder)).toEqual(now);
});

test('status and log need nothing but the journal', async () => {
  const folder = await waiting();
  const whole = await told(folder);
  const [{ runbook }] = readFileSync(join(runOf(folder), 'journal.jsonl'), 'utf8')
    .split('\n', 1)
    .map((line) => JSON.parse(line));
  rmSync(join(runOf(folder), runbook.copy));
  rmSync(join(folder, 'runbooks/small.md'));
  expect(await told(folder)).toEqual(whole);
});
