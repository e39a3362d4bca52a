// `launch` alone: what there is to do next. An open run is offered first; with nobody to ask it is a list.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inTheMorning, launch, projectOf, runbookOf, trusted } from '../sessions/launching.ts';
import { sit } from './session.ts';

const manual = runbookOf('steps: [{ id: page, manual: true }]', 'page');

test('in a terminal the open run is what Enter goes on with; other runbooks can be begun', async () => {
  const project = projectOf({ 'runbooks/prod.md': manual, 'runbooks/small.md': manual });
  expect((await launch(project, await trusted(project, 'small'), inTheMorning())).exit).toBe(4);
  const [, digest] = /Digest: ([0-9a-f]{64})/.exec((await launch(project, ['trust', 'small'])).stdout) ?? [];
  const session = sit({ project, argv: ['--trust', digest ?? ''], env: inTheMorning() });
  await session.until(/What is next\?[\s\S]*└$/);
  expect(session.shown()).toMatchSnapshot();
  await session.type('\r');
  await session.until(/small-\d{8}-\w{3} · 0 of 1 done[\s\S]*Go on\?[\s\S]*└$/);
  await session.type('q');
  expect(await session.ended()).toBe(4);
});

test('where none is open nothing is chosen by Enter alone, and leaving is 4', async () => {
  const project = projectOf({ 'runbooks/prod.md': manual, 'runbooks/small.md': manual });
  const session = sit({ project, argv: [] });
  await session.until(/begin prod[\s\S]*begin small[\s\S]*└$/);
  await session.type('\r');
  await session.type('q');
  expect(await session.ended()).toBe(4);
});

test('without a terminal it is a list, which names the open run', async () => {
  const project = projectOf({ 'runbooks/small.md': manual });
  expect((await launch(project, [])).stdout).toBe('small                A small launch\n');
  await launch(project, await trusted(project, 'small'));
  expect((await launch(project, [])).stdout).toMatch(/^small {16}A small launch \(open: small-\d{8}-\w{3}\)\n$/);
  writeFileSync(join(project, 'runbooks/other.md'), manual);
  expect((await launch(project, [])).stdout).toMatch(/^other {16}A small launch\nsmall /);
});

test('a runbook is called by the beginning of its name, also where runs are asked for', async () => {
  const project = projectOf({ 'runbooks/small.md': manual });
  const [, ...trust] = await trusted(project, 'small');
  expect((await launch(project, ['sma', ...trust])).exit).toBe(4);
  const status = await launch(project, ['status', 'sm', '--text']);
  expect(status.stdout).toContain('A small launch: small-');
  expect((await launch(project, ['status', 'smell'])).stderr).toContain('did you mean');
});
