// Files that must never be committed: not tracked, and ignored, so that nobody adds them by `git add .`.
import { z } from 'zod';
import { defineStep } from '../../src/step.ts';
import { git, gitTool, Paths, unseen } from '../git/client.ts';

export const ignored = defineStep({
  name: 'file/ignored',
  summary: 'Check that files are not in the repository, and cannot slip in',
  example: 'with: { paths: [.env, .env.production] }',
  with: z.strictObject({ paths: Paths }),
  describe: ({ paths }) => `ignored by git: ${paths.join(', ')}`,
  requires: [gitTool],
  verify: async ({ paths }, ports) => {
    const tracked = await git(['ls-files', '-z', '--', ...paths], ports);
    if (tracked.exit !== 0) return unseen(tracked);
    const known = tracked.stdout.split('\0').filter((path) => path !== '');
    const ended = await git(['-c', 'core.quotePath=off', 'check-ignore', '--no-index', '--', ...paths], ports);
    // Exit 1: not one of them is ignored.
    if (ended.exit !== 0 && ended.exit !== 1) return unseen(ended);
    const kept = ended.stdout.split('\n').filter((path) => path !== '');
    const open = paths.filter((path) => !kept.includes(path));
    if (known.length === 0 && open.length === 0) return { is: 'so', seen: `ignored: ${paths.join(', ')}` };
    const seen = [
      ...(known.length > 0 ? [`in the repository: ${known.join(', ')}`] : []),
      ...(open.length > 0 ? [`not in .gitignore: ${open.join(', ')}`] : []),
    ];
    const hint =
      known.length > 0
        ? `git rm --cached ${known.join(' ')}, and change what they hold: it stays in the history.`
        : `Add ${open.join(', ')} to .gitignore.`;
    return { is: 'not-so', expected: `${paths.join(', ')} ignored`, seen: seen.join('; '), hint };
  },
  lasts: false,
  checkedAgainst: 'real',
});
