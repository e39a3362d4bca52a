// git in a rehearsal: a copy of HEAD and a bare remote beside it; the project's own repository sees none of it.
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { closeAll, folderWith, rehearse, run, temporary } from './rehearsing.ts';

afterEach(closeAll);

const identity = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', '-c', 'commit.gpgSign=false'];
const git = (cwd: string, ...args: readonly string[]): string =>
  execFileSync('git', [...identity, ...args], { cwd, encoding: 'utf8' }).trim();

function committed(files: Readonly<Record<string, string>>): string {
  const project = folderWith(files);
  git(project, 'init', '--quiet', '--initial-branch=main');
  git(project, 'add', '--all');
  git(project, 'commit', '--quiet', '--message', 'First');
  return project;
}

describe('the repository of a rehearsal', () => {
  it('is at the HEAD of the project, without what is not committed', async () => {
    const project = committed({ 'README.md': '# Hi\n' });
    appendFileSync(join(project, 'README.md'), 'not committed\n');
    const { world } = await rehearse({ project });
    expect(await world.processes.look(['git', 'rev-parse', 'HEAD'])).toMatchObject({
      exit: 0,
      stdout: `${git(project, 'rev-parse', 'HEAD')}\n`,
    });
    expect(await world.processes.look(['git', 'status', '--porcelain'])).toMatchObject({ exit: 0, stdout: '' });
    expect(await world.processes.look(['git', 'symbolic-ref', '--short', 'HEAD'])).toMatchObject({ stdout: 'main\n' });
  });

  it('takes tags and pushes, and the project gets none of them', async () => {
    const project = committed({ 'README.md': '# Hi\n' });
    git(project, 'remote', 'add', 'origin', 'https://github.com/example/real.git');
    const { world, folder } = await rehearse({ project });
    expect(await run(world, 'git', 'tag', '-a', 'v1.0.0', '-m', 'Launch')).toMatchObject({ exit: 0 });
    expect(await run(world, 'git', 'push', 'origin', 'v1.0.0')).toMatchObject({ exit: 0 });
    expect(git(project, 'tag')).toBe('');
    expect(git(join(folder, 'remote.git'), 'tag')).toBe('v1.0.0');
  });

  it('works where the project is a folder inside a repository', async () => {
    const root = committed({ 'README.md': '', 'server/fly.toml': 'app = "x"' });
    const { world } = await rehearse({ project: join(root, 'server') });
    expect(await world.processes.look(['git', 'ls-files'])).toMatchObject({ stdout: 'fly.toml\n' });
  });

  it('is made of the fixtures where the project is no repository', async () => {
    const project = temporary();
    mkdirSync(join(project, 'deep'));
    writeFileSync(join(project, 'deep', 'file'), '');
    const { world } = await rehearse({ project, fixtures: folderWith({ 'fly.prod.toml': 'app = "x"' }) });
    expect(await world.processes.look(['git', 'ls-files'])).toMatchObject({ exit: 0, stdout: 'fly.prod.toml\n' });
    expect(await world.processes.look(['git', 'remote', 'get-url', 'origin'])).toMatchObject({ exit: 0 });
  });

  it('reaches no server by the network', async () => {
    const { world } = await rehearse();
    expect(await run(world, 'git', 'ls-remote', 'https://github.com/example/real.git')).toMatchObject({
      exit: 128,
      stderr: expect.stringContaining('not allowed'),
    });
  });
});
