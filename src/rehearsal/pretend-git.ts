// What a person does with git before the launch, in the repository of the rehearsal.
import type { z } from 'zod';
import type * as want from './pretend-wants.ts';
import type { StandIns } from './stand-ins.ts';

type Needs = Pick<StandIns, 'repository'>;

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
  tag: async ({ name, push, remote }: z.output<typeof want.GitTag>, { repository }: Needs): Promise<string> => {
    const there = await repository.git('tag', '--list', name);
    if (there === '') await repository.git('tag', name);
    if (push) await repository.git('push', '--quiet', remote, `refs/tags/${name}`);
    return there === '' ? `tag ${name} was made` : '';
  },
};
