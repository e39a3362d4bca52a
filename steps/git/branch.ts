// The branch that is launched from is checked out.
import { z } from 'zod';
import { defineStep } from '../../src/step.ts';
import { commitOf, git, gitTool, short, unseen } from './client.ts';

export const branch = defineStep({
  name: 'git/branch',
  summary: 'Check which branch is checked out',
  example: 'with: { name: main }',
  with: z.strictObject({ name: z.string().min(1) }),
  outputs: z.object({ commit: z.string() }),
  describe: ({ name }) => `branch ${name} is checked out`,
  requires: [gitTool],
  verify: async ({ name }, ports) => {
    const head = await commitOf('HEAD', ports);
    if ('unseen' in head) return head.unseen;
    // Exit 1, quietly: HEAD is detached.
    const ended = await git(['symbolic-ref', '--quiet', '--short', 'HEAD'], ports);
    if (ended.exit !== 0 && ended.exit !== 1) return unseen(ended);
    const current = ended.exit === 0 ? ended.stdout.trim() : undefined;
    const at = head.commit === undefined ? 'no commit yet' : `at ${short(head.commit)}`;
    const seen = current === undefined ? `no branch, ${at}` : `${current}, ${at}`;
    if (current !== name) return { is: 'not-so', expected: name, seen, hint: `git switch ${name}` };
    if (head.commit === undefined) return { is: 'not-so', expected: `${name} with a commit`, seen };
    return { is: 'so', seen, outputs: { commit: head.commit } };
  },
  checkedAgainst: 'real',
});
