// What is launched from is on the remote too: nobody else could launch, or mend, what only this machine has.
import { z } from 'zod';
import { defineStep } from '../../src/step.ts';
import { commitOf, git, gitTool, short, unseen } from './client.ts';

export const pushed = defineStep({
  name: 'git/pushed',
  summary: 'Check that the commit is on the remote',
  example: 'with: { remote: origin, branch: main }',
  with: z.strictObject({
    remote: z
      .string()
      .regex(/^[A-Za-z0-9][\w.-]*$/, 'the name of a remote, such as origin')
      .default('origin'),
    /** Left out: the branch that is checked out. */
    branch: z
      .string()
      .regex(/^[A-Za-z0-9][\w./-]*$/, 'the name of a branch')
      .optional(),
  }),
  outputs: z.object({ commit: z.string() }),
  describe: ({ remote, branch }) => `the commit is on ${remote}${branch === undefined ? '' : `, branch ${branch}`}`,
  requires: [gitTool],
  verify: async ({ remote, branch: given }, ports) => {
    const head = await commitOf('HEAD', ports);
    if ('unseen' in head) return head.unseen;
    if (head.commit === undefined) return { is: 'not-so', expected: 'a commit', seen: 'no commit yet' };
    // Exit 1, quietly: HEAD is detached.
    const current = await git(['symbolic-ref', '--quiet', '--short', 'HEAD'], ports);
    const branch = given ?? (current.exit === 0 ? current.stdout.trim() : undefined);
    if (branch === undefined)
      return { is: 'not-so', expected: 'a branch that is checked out', seen: `no branch, at ${short(head.commit)}` };
    const listed = await git(['ls-remote', '--heads', remote, `refs/heads/${branch}`], ports);
    if (listed.exit !== 0) return unseen(listed);
    const there = listed.stdout.split('\t')[0]?.trim() ?? '';
    const expected = `${short(head.commit)} on ${remote}/${branch}`;
    const outputs = { commit: head.commit };
    if (there === head.commit) return { is: 'so', seen: expected, outputs };
    // Known here and with ours below it: somebody pushed on top.
    const below = there !== '' && (await git(['merge-base', '--is-ancestor', head.commit, there], ports)).exit === 0;
    if (below)
      return {
        is: 'so',
        seen: `${remote}/${branch} is at ${short(there)}, which holds it`,
        outputs,
        warning: `${remote}/${branch} is further than what is launched`,
      };
    return {
      is: 'not-so',
      expected,
      seen: there === '' ? `no branch ${branch} on ${remote}` : `${remote}/${branch} is at ${short(there)}`,
      hint: `git push ${remote} ${branch}`,
    };
  },
  lasts: false,
  checkedAgainst: 'real',
});
