// Where are we, and what is here? Real folders and a real repository.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCommit } from '../../src/system/commit.ts';
import { findProject, listRunbooks } from '../../src/system/project.ts';
import { temporaryFolder, writeFileIn } from './folder.ts';

test('the project is the nearest folder upward with a folder runbooks', () => {
  const base = temporaryFolder();
  mkdirSync(join(base, 'runbooks'));
  mkdirSync(join(base, 'packages/app/runbooks'), { recursive: true });
  mkdirSync(join(base, 'packages/other/src'), { recursive: true });
  writeFileIn(base, 'packages/other/runbooks', 'a file is no folder');
  expect(findProject(join(base, 'packages/app/runbooks'))).toBe(join(base, 'packages/app'));
  expect(findProject(join(base, 'packages/other/src'))).toBe(base);
  expect(findProject(temporaryFolder())).toBeUndefined();
});

test('its runbooks are the Markdown files there, by name', () => {
  const base = temporaryFolder();
  for (const name of ['staging.md', 'prod.md', 'README.md', '.draft.md', 'notes.txt', 'templates/x.md'])
    writeFileIn(base, join('runbooks', name), '');
  expect(listRunbooks(base)).toEqual(['prod', 'staging']);
  expect(listRunbooks(temporaryFolder())).toEqual([]);
});

test('the commit is the one checked out, dirty when something is not committed', async () => {
  const base = temporaryFolder();
  const git = (...args: string[]) =>
    execFileSync(
      'git',
      ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgSign=false', ...args],
      {
        cwd: base,
        encoding: 'utf8',
      },
    ).trim();
  expect(await readCommit(base)).toBeUndefined();
  git('init', '-q');
  expect(await readCommit(base)).toBeUndefined();
  writeFileIn(base, 'a', '1');
  git('add', '.');
  git('commit', '-q', '-m', 'one');
  const hash = git('rev-parse', 'HEAD');
  expect(await readCommit(base)).toEqual({ hash, dirty: false });
  writeFileIn(base, 'a', '2');
  expect(await readCommit(base)).toEqual({ hash, dirty: true });
  git('checkout', '-q', '.');
  writeFileIn(base, 'new', '');
  expect(await readCommit(base)).toEqual({ hash, dirty: true });
});
