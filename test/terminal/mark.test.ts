// `launch mark` in a terminal: a person says that a step is done, and it is looked at first.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventsOf, launch, projectOf, runbookOf, runOf, trusted } from '../sessions/launching.ts';
import { sit } from './session.ts';

const STEPS = `steps:
  - { id: page, manual: true, verify: [{ run: 'test -e page.txt' }] }
  - { id: team, manual: true, ask: { id: { example: ABC } } }`;

async function stopped() {
  const folder = projectOf({ 'runbooks/small.md': runbookOf(STEPS, 'page', 'team') });
  const [name = '', ...trust] = await trusted(folder, 'small');
  expect((await launch(folder, [name, ...trust])).exit).toBe(4);
  const mark = (...words: readonly string[]) => sit({ project: folder, argv: ['mark', ...words, ...trust] });
  return { folder, mark, trust };
}

const lastDone = (folder: string) => eventsOf(runOf(folder)).findLast(({ type }) => type === 'step.done');

test('what is seen to be so is done and verified', async () => {
  const { folder, mark } = await stopped();
  writeFileSync(join(folder, 'page.txt'), '');
  const session = mark('page', 'done', '--reason', 'on the phone');
  expect(await session.ended()).toBe(0);
  expect(lastDone(folder)).toMatchObject({ step: 'page', how: 'verified', reason: 'on the phone' });
});

test('what cannot be seen is asked for, also with --yes: no leaves it open, yes takes it on the word', async () => {
  const { folder, mark } = await stopped();
  const no = mark('page', 'done', '--reason', 'on the phone', '--yes');
  await no.until('Take it as done on your word?');
  await no.type('n');
  expect(await no.ended()).toBe(4);
  expect(no.screen()).toContain('Nothing was marked');
  expect(lastDone(folder)).toBeUndefined();
  const yes = mark('page', 'done', '--reason', 'on the phone');
  await yes.until('Take it as done on your word?');
  await yes.type('y');
  expect(await yes.ended()).toBe(0);
  expect(lastDone(folder)).toMatchObject({ step: 'page', how: 'on-word', by: 'ann' });
});

test('what comes after something that is not done is not marked', async () => {
  const { folder, mark } = await stopped();
  const session = mark('team', 'done', '--reason', 'x');
  expect(await session.ended()).toBe(2);
  expect(session.screen()).toContain('comes after "page", which is not done');
  expect(lastDone(folder)).toBeUndefined();
});

test('a value to paste back that was answered before is not asked for again', async () => {
  const { folder, trust } = await stopped();
  writeFileSync(join(folder, 'page.txt'), '');
  expect((await launch(folder, ['answer', 'steps.team.ask.id', 'XYZ'])).exit).toBe(0);
  const session = sit({ project: folder, argv: ['small', ...trust] });
  await session.until('Go on?');
  await session.type('\r');
  await session.until(/team[\s\S]*I have done it/);
  await session.type('\r');
  expect(await session.ended()).toBe(0);
  expect(lastDone(folder)).toMatchObject({ step: 'team', outputs: { id: 'XYZ' } });
});
