import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { branch } from '../../../steps/git/branch.ts';
import { clean } from '../../../steps/git/clean.ts';
import { tag } from '../../../steps/git/tag.ts';
import { ports } from '../http/ports.ts';
import { type Repository, repository } from './repository.ts';

let repo: Repository;
beforeEach(async () => {
  repo = await repository();
});
afterEach(() => repo.remove());

const given = () => ports({ processes: repo.processes });

describe('git/clean', () => {
  const look = () => clean.verify?.({}, given(), {});

  test('a committed tree is so, anything else is named', async () => {
    repo.write('a.txt', '1');
    repo.write('old name.txt', 'x'.repeat(200));
    await repo.commit('first');
    expect(await look()).toEqual({ is: 'so', seen: 'nothing uncommitted' });
    repo.write('a.txt', '2');
    repo.write('b ü.txt', '1');
    await repo.git('mv', 'old name.txt', 'new name.txt');
    expect(await look()).toMatchObject({ is: 'not-so', seen: '3 files not committed: a.txt, new name.txt, b ü.txt' });
  });

  test('no repository, and no git, are unknown', async () => {
    const away = {
      look: async () => ({
        exit: 128,
        stdout: '',
        stderr: 'fatal: not a git repository (or any of the parent directories): .git\n',
      }),
    };
    const seen = await clean.verify?.({}, ports({ processes: { ...away, act: away.look } }), {});
    expect(seen).toMatchObject({ is: 'unknown', why: 'the project folder is not a git repository' });
    const missing = { look: async () => ({ exit: 127, missing: true, stdout: '', stderr: '' }) };
    expect(await clean.verify?.({}, ports({ processes: { ...missing, act: missing.look } }), {})).toMatchObject({
      is: 'unknown',
    });
  });
});

describe('git/branch', () => {
  const look = (name: string) => branch.verify?.({ name }, given(), {});

  test('the branch that is checked out is so, and its commit is an output', async () => {
    const commit = await repo.commit('first');
    expect(await look('main')).toEqual({ is: 'so', seen: `main, at ${commit.slice(0, 8)}`, outputs: { commit } });
    expect(await look('release')).toEqual({
      is: 'not-so',
      expected: 'release',
      seen: `main, at ${commit.slice(0, 8)}`,
      hint: 'git switch release',
    });
  });

  test('a detached HEAD and a branch without a commit are not so', async () => {
    expect(await look('main')).toMatchObject({ is: 'not-so', seen: 'main, no commit yet' });
    const commit = await repo.commit('first');
    await repo.git('checkout', '-q', '--detach');
    expect(await look('main')).toMatchObject({ is: 'not-so', seen: `no branch, at ${commit.slice(0, 8)}` });
  });
});

describe('git/tag', () => {
  const want = (more: object = {}) => tag.with.parse({ name: 'v1.0.0', ...more });
  const look = (more: object = {}) => tag.verify?.(want(more), given(), {});
  const act = (more: object = {}) => tag.act?.(want(more), given(), {});

  test('it is made once, and found afterwards', async () => {
    const commit = await repo.commit('first');
    expect(await look()).toEqual({ is: 'not-so', expected: 'tag v1.0.0', seen: 'no tag v1.0.0' });
    expect(await act()).toEqual({ ended: 'ok' });
    expect(await look()).toEqual({ is: 'so', seen: `v1.0.0 at ${commit.slice(0, 8)}`, outputs: { commit } });
    expect(await act()).toEqual({ ended: 'ok' });
    expect(repo.acts).toEqual(['git tag v1.0.0']);
  });

  test('with push it goes to the remote; a run that died between the two pushes only', async () => {
    const commit = await repo.commit('first');
    await repo.git('tag', 'v1.0.0');
    expect(await look({ push: true })).toMatchObject({ is: 'not-so', seen: 'no tag v1.0.0 on origin' });
    expect(await act({ push: true })).toEqual({ ended: 'ok' });
    expect(await look({ push: true })).toMatchObject({
      is: 'so',
      seen: `v1.0.0 at ${commit.slice(0, 8)}, also on origin`,
      outputs: { commit },
    });
    expect(repo.acts).toEqual(['git push origin refs/tags/v1.0.0']);
  });

  test('an annotated tag counts by its commit, here and on the remote', async () => {
    const commit = await repo.commit('first');
    expect(await act({ push: true, message: 'the first launch' })).toEqual({ ended: 'ok' });
    expect(await look({ push: true, commit })).toMatchObject({ is: 'so', outputs: { commit } });
  });

  test('a tag at another commit is never moved', async () => {
    const first = await repo.commit('first');
    await repo.git('tag', 'v1.0.0');
    const second = await repo.commit('second');
    expect(await look()).toMatchObject({
      is: 'so',
      warning: expect.stringContaining(`it is at ${first.slice(0, 8)}, and ${second.slice(0, 8)}`),
    });
    expect(await look({ commit: second })).toMatchObject({
      is: 'not-so',
      final: true,
      seen: `v1.0.0 is at ${first.slice(0, 8)}`,
    });
    await repo.git('push', '-q', 'origin', `${second}:refs/tags/v1.0.0`);
    expect(await look({ push: true })).toMatchObject({
      is: 'not-so',
      final: true,
      seen: `v1.0.0 on origin is at ${second.slice(0, 8)}`,
    });
    expect(await act({ push: true })).toMatchObject({ ended: 'failed', why: expect.stringContaining('rejected') });
  });

  test('a remote that does not answer is unknown', async () => {
    await repo.commit('first');
    await repo.git('tag', 'v1.0.0');
    await repo.git('remote', 'set-url', 'origin', '/nowhere.git');
    expect(await look({ push: true })).toMatchObject({ is: 'unknown' });
  });

  test('undo deletes it here and there, but not where it names something else now', async () => {
    const commit = await repo.commit('first');
    await act({ push: true });
    const moved = await tag.undo?.act(want({ push: true }), given(), { outputs: { commit: 'f'.repeat(40) } });
    expect(moved).toMatchObject({ ended: 'failed', why: expect.stringContaining('it is not deleted') });
    expect(await tag.undo?.verify(want({ push: true }), given(), { outputs: {} })).toMatchObject({
      is: 'not-so',
      seen: 'v1.0.0 is here and on origin',
    });
    expect(await tag.undo?.act(want({ push: true }), given(), { outputs: { commit } })).toEqual({ ended: 'ok' });
    expect(await tag.undo?.verify(want({ push: true }), given(), { outputs: {} })).toEqual({
      is: 'so',
      seen: 'no tag v1.0.0',
    });
  });

  test.each(['-d', 'a b', 'a..b', '', 'x.lock', 'a/', '--delete'])('the name %j is refused', (name) => {
    expect(tag.with.safeParse({ name }).success).toBe(false);
  });
});
