// The picture of the README: a step for a person in the shipped runbook, reached as a person in a hurry would.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newProject, sit } from './session.ts';

const root = join(import.meta.dirname, '../..');

/** What stands between the app and its domain is somebody else's today. */
const SKIPPED = [
  'scope',
  'volume',
  'config',
  'config-committed',
  'secrets',
  'secrets-compared',
  'deploy',
  'one-machine',
];
const ALSO_SKIPPED = ['health', 'secrets-live', 'logs', 'on-main'];

test('point DNS, in prod, at 80 columns', async () => {
  const project = newProject();
  cpSync(join(root, 'runbooks/prod.md'), join(project, 'runbooks/prod.md'));
  const skipped = [...SKIPPED, ...ALSO_SKIPPED].flatMap((id) => ['--skip', `${id}=for the picture`]);
  const session = sit({
    project,
    argv: ['rehearse', 'prod', '--yes', '--input', 'testers=ada@sollabs.com', ...skipped],
    columns: 80,
    rows: 30,
  });
  // Every other question has its answer standing there, is answered by the first key, or wants a word.
  for (;;) {
    await session.until(/└[^\n]*$/);
    const screen = session.view();
    if (/Point DNS[\s\S]*I have done it/.test(screen)) break;
    await session.type(/│ {2}○ 1 /.test(screen) ? '1' : /\n│ {2}for example /.test(screen) ? 'none\r' : '\r');
    await session.until(() => session.view() !== screen);
  }
  expect(session.step().replace(/[0-9a-f]{7}(?=\.solserver-prod)/, '8606946')).toMatchSnapshot();
  await session.type('q');
  expect(await session.ended()).toBe(4);
});
