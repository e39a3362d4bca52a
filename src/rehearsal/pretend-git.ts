// What a person does with git before the launch, in the repository of the rehearsal.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { z } from 'zod';
import type * as want from './pretend-wants.ts';
import type { StandIns } from './stand-ins.ts';

type Needs = Pick<StandIns, 'repository' | 'files'>;

export const pretendGit = {
  /** Made from HEAD it is clean; what steps wrote goes to the overlay. */
  clean: async (_wanted: unknown, { repository }: Needs): Promise<string> => {
    if ((await repository.git('status', '--porcelain')) === '') return '';
    await repository.git('add', '--all');
    await repository.git('commit', '--quiet', '--no-verify', '--message', 'What was left uncommitted');
    return 'everything is committed';
  },
  branch: async ({ name }: z.output<typeof want.GitBranch>, { repository }: Needs): Promise<string> => {
    const current = await repository.git('symbolic-ref', '--quiet', '--short', 'HEAD').catch(() => '');
    if (current === name) return '';
    await repository.git('switch', '--quiet', '-C', name);
    return `branch ${name} is checked out`;
  },
  pushed: async ({ remote, branch }: z.output<typeof want.GitPushed>, { repository }: Needs): Promise<string> => {
    const current = await repository.git('symbolic-ref', '--quiet', '--short', 'HEAD').catch(() => 'main');
    await repository.git('push', '--quiet', remote, `HEAD:refs/heads/${branch ?? current}`);
    return `${branch ?? current} is pushed`;
  },
  /** What the project has not committed yet is committed in the copy, from what the rehearsal sees of it. */
  committed: async ({ paths }: z.output<typeof want.Paths>, { repository, files }: Needs): Promise<string> => {
    const folder = await repository.folder();
    for (const path of paths) {
      const text = await files.read(path);
      if (text === undefined && existsSync(join(folder, path))) continue;
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text ?? 'stand-in\n');
    }
    await repository.git('add', '--force', '--', ...paths);
    return commit(repository, `${paths.join(', ')} committed`);
  },
  ignored: async ({ paths }: z.output<typeof want.Paths>, { repository }: Needs): Promise<string> => {
    const file = join(await repository.folder(), '.gitignore');
    const kept = await repository.git('check-ignore', '--no-index', '--', ...paths).catch(() => '');
    const open = paths.filter((path) => !kept.split('\n').includes(path));
    if (open.length > 0)
      writeFileSync(file, `\n${open.map((path) => `/${path.replace(/^\.?\//, '')}`).join('\n')}\n`, { flag: 'a' });
    await repository.git('rm', '--quiet', '-r', '--cached', '--ignore-unmatch', '--', ...paths);
    await repository.git('add', '--', '.gitignore').catch(() => '');
    return commit(repository, `${paths.join(', ')} ignored`);
  },
  /** The project's own files are looked at as they are: a secret in them is found in a rehearsal too. */
  noSecrets: async (): Promise<string> => '',
  tag: async ({ name, push, remote }: z.output<typeof want.GitTag>, { repository }: Needs): Promise<string> => {
    const there = await repository.git('tag', '--list', name);
    if (there === '') await repository.git('tag', name);
    if (push) await repository.git('push', '--quiet', remote, `refs/tags/${name}`);
    return there === '' ? `tag ${name} was made` : '';
  },
};

async function commit(repository: Needs['repository'], message: string): Promise<string> {
  if ((await repository.git('diff', '--cached', '--name-only')) === '') return '';
  await repository.git('commit', '--quiet', '--no-verify', '--message', message);
  return message;
}
