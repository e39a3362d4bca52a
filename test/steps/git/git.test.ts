import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ignored } from '../../../steps/file/ignored.ts';
import { branch } from '../../../steps/git/branch.ts';
import { clean } from '../../../steps/git/clean.ts';
import { committed } from '../../../steps/git/committed.ts';
import { noSecrets } from '../../../steps/git/no-secrets.ts';
import { pushed } from '../../../steps/git/pushed.ts';
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
    expect(await look({ push: true })).toMatchObject({ is: 'unknown', why: expect.stringContaining('/nowhere.git') });
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

describe('git/pushed', () => {
  const look = (more: object = {}) => pushed.verify?.(pushed.with.parse(more), given(), {});

  test('a commit is pushed, behind, ahead on the remote, or the branch is not there at all', async () => {
    const first = await repo.commit('first');
    expect(await look()).toEqual({
      is: 'not-so',
      expected: `${first.slice(0, 8)} on origin/main`,
      seen: 'no branch main on origin',
      hint: 'git push origin main',
    });
    await repo.git('push', '-q', 'origin', 'main');
    expect(await look()).toEqual({ is: 'so', seen: `${first.slice(0, 8)} on origin/main`, outputs: { commit: first } });
    await repo.commit('second');
    expect(await look()).toMatchObject({ is: 'not-so', seen: `origin/main is at ${first.slice(0, 8)}` });
    await repo.git('push', '-q', 'origin', 'main');
    await repo.git('reset', '-q', '--hard', first);
    expect(await look()).toMatchObject({ is: 'so', warning: 'origin/main is further than what is launched' });
  });

  test('a detached HEAD has no branch, and a remote that does not answer is unknown', async () => {
    expect(await look()).toMatchObject({ is: 'not-so', seen: 'no commit yet' });
    await repo.commit('first');
    await repo.git('remote', 'set-url', 'origin', '/nowhere.git');
    expect(await look()).toMatchObject({ is: 'unknown', why: expect.stringContaining('/nowhere.git') });
    await repo.git('checkout', '-q', '--detach');
    expect(await look()).toMatchObject({ is: 'not-so', expected: 'a branch that is checked out' });
  });
});

describe('git/committed', () => {
  const look = (...paths: readonly string[]) => committed.verify?.({ paths: [...paths] }, given(), {});

  test('a file is committed as it is, changed since, or was never added', async () => {
    repo.write('fly.toml', 'a');
    expect(await look('fly.toml')).toMatchObject({ is: 'not-so', seen: 'not in the last commit: fly.toml' });
    await repo.commit('first');
    expect(await look('./fly.toml', 'fly.toml')).toMatchObject({ is: 'so' });
    repo.write('fly.toml', 'b');
    repo.write('Dockerfile', 'FROM scratch');
    expect(await look('fly.toml', 'Dockerfile')).toEqual({
      is: 'not-so',
      expected: 'fly.toml, Dockerfile committed',
      seen: 'not in the last commit: Dockerfile; changed since: fly.toml',
      hint: 'git add fly.toml Dockerfile && git commit',
    });
  });

  test.each(['-x', '*.toml', ':(glob)x'])('the path %j is refused', (path) => {
    expect(committed.with.safeParse({ paths: [path] }).success).toBe(false);
  });
});

describe('git/no-secrets', () => {
  const look = (more: object = {}) => noSecrets.verify?.(noSecrets.with.parse(more), given(), {});
  const key = `-----BEGIN ${'PRIVATE'} KEY-----`;
  const token = `sk-proj-${'a1B2c3D4'.repeat(5)}`;

  test('the first line of a key between quotes, with nothing after it, is a word about keys and no key', async () => {
    repo.write('key.ts', `if (!text.startsWith('${key}')) throw new Error(\`it begins with ${key}\`);\n`);
    await repo.commit('first');
    expect(await look()).toMatchObject({ is: 'so' });
    repo.write('account.json', `{ "private_key": "${key}\\nMIIEvQ" }\n`);
    await repo.commit('second');
    expect(await look()).toMatchObject({ is: 'not-so' });
  });

  test('a clean repository is so, also an empty one, also with examples and places to be filled in', async () => {
    expect(await look()).toMatchObject({ is: 'so' });
    repo.write(
      '.env.example',
      'OPENAI_API_KEY=sk-your-key-here\nDATABASE_URL=postgres://me:password@localhost:5432/db\n',
    );
    repo.write('readme.md', 'postgres://user:<password>@host/db and postgres://u:${PASSWORD}@prod/db');
    await repo.commit('first');
    expect(await look()).toEqual({ is: 'so', seen: 'no file and no text that looks like a secret' });
  });

  test('files and tokens are named with their place, and never shown', async () => {
    repo.write('.env', 'X=1');
    repo.write('AuthKey_ABC.p8', 'x');
    repo.write('config.js', `// first line\nexport const key = '${token}';\n`);
    repo.write('server.pem', `${key}\nabc`);
    await repo.commit('first');
    const seen = await look();
    expect(seen).toMatchObject({
      is: 'not-so',
      seen: '.env is committed; AuthKey_ABC.p8 is committed; config.js:2 looks like a key of OpenAI or Anthropic; server.pem:1 looks like a private key',
      hint: expect.stringContaining('change the secret first'),
    });
    expect(JSON.stringify(seen)).not.toContain('a1B2c3D4');
  });

  test('what was deleted since is in the history; examples may be excepted', async () => {
    repo.write('.env.production', 'X=1');
    await repo.commit('first');
    await repo.git('rm', '-q', '.env.production');
    await repo.commit('second');
    expect(await look()).toMatchObject({ is: 'not-so', seen: '.env.production was committed once' });
    expect(await look({ history: false })).toMatchObject({ is: 'so' });
    expect(await look({ except: ['.env.production'] })).toMatchObject({ is: 'so' });
  });
});

describe('file/ignored', () => {
  const look = (...paths: readonly string[]) => ignored.verify?.({ paths: [...paths] }, given(), {});

  test('a file is ignored, open to the next `git add .`, or in the repository already', async () => {
    repo.write('.gitignore', '.env\n');
    await repo.commit('first');
    expect(await look('.env')).toEqual({ is: 'so', seen: 'ignored: .env' });
    expect(await look('.env', '.env.production')).toMatchObject({
      is: 'not-so',
      seen: 'not in .gitignore: .env.production',
      hint: 'Add .env.production to .gitignore.',
    });
    repo.write('.env', 'X=1');
    await repo.git('add', '-f', '.env');
    expect(await look('.env')).toMatchObject({
      is: 'not-so',
      seen: 'in the repository: .env',
      hint: expect.stringContaining('git rm --cached .env'),
    });
  });

  test('no repository is unknown', async () => {
    const away = async () => ({
      exit: 128,
      stdout: '',
      stderr: 'fatal: not a git repository (or any of the parent directories): .git\n',
    });
    expect(
      await ignored.verify?.({ paths: ['.env'] }, ports({ processes: { look: away, act: away } }), {}),
    ).toMatchObject({ is: 'unknown' });
  });
});
