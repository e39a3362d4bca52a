// `launch undo` as a person goes through it: what can be taken back is shown, chosen, agreed to, taken back, and proven.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventsOf, launch, projectOf, runbookOf, runOf, trusted } from '../sessions/launching.ts';
import { sit } from './session.ts';

const STEPS = `steps:
  - { id: make, run: 'touch made.txt', verify: [{ run: 'test -e made.txt' }], undo: { run: 'rm made.txt' } }
  - { id: mail, run: 'true' }
  - { id: page, run: 'touch page.txt', verify: [{ run: 'test -e page.txt' }], undo: { manual: Remove page.txt. } }`;

async function launched() {
  const folder = projectOf({ 'runbooks/small.md': runbookOf(STEPS, 'make', 'mail', 'page') });
  const argv = await trusted(folder, 'small');
  expect((await launch(folder, argv)).exit).toBe(0);
  return { folder, argv };
}

const undone = (folder: string) =>
  eventsOf(runOf(folder)).flatMap(({ type, step }) => (type === 'step.undone' ? [step] : []));

test('two of three steps are taken back, the last first: one by hand, one by a command, each seen to be gone', async () => {
  const { folder, argv } = await launched();
  const session = sit({ project: folder, argv: ['undo', ...argv] });
  await session.until('What is taken back?');
  expect(session.screen()).toMatch(
    /by hand +page\n +Remove page.txt[\s\S]*cannot be taken back +mail[\s\S]*by a command of the runbook +make\n +rm made.txt/,
  );
  await session.type('\x1b[A\r');
  await session.until('Take "page" back?');
  await session.type('y');
  await session.until('I have done it');
  rmSync(join(folder, 'page.txt'));
  await session.type('\r');
  await session.until('Take "make" back?');
  await session.type('y');
  expect(await session.ended()).toBe(0);
  expect(existsSync(join(folder, 'made.txt'))).toBe(false);
  expect(undone(folder)).toEqual(['page', 'make']);
  const record = (await launch(folder, ['export', 'small'])).stdout;
  expect(record).toMatch(/make `make` \| taken back/);
});

test('a no takes nothing back, and neither does --yes', async () => {
  const { folder, argv } = await launched();
  const session = sit({ project: folder, argv: ['undo', ...argv, '--yes'] });
  await session.until('What is taken back?');
  await session.type('\x1b[B\r');
  await session.until('Take "page" back?');
  await session.type('n');
  await session.until(/Take "page" back\? · no[\s\S]*stop and keep\n└/);
  await session.type('\r');
  expect(await session.ended()).toBe(0);
  expect(undone(folder)).toEqual([]);
  expect(existsSync(join(folder, 'page.txt'))).toBe(true);
});
