// These files are in the repository as they are here: what is deployed can be found again.
import { z } from 'zod';
import { defineStep } from '../../src/step.ts';
import { git, gitTool, Paths, unseen } from './client.ts';

export const committed = defineStep({
  name: 'git/committed',
  summary: 'Check that files are committed as they are',
  example: 'with: { paths: [fly.toml, Dockerfile] }',
  with: z.strictObject({ paths: Paths }),
  describe: ({ paths }) => `committed as it is: ${paths.join(', ')}`,
  requires: [gitTool],
  verify: async ({ paths }, ports) => {
    const tree = await git(['ls-tree', '-r', '-z', '--name-only', 'HEAD', '--', ...paths], ports);
    // No commit at all: git knows no HEAD.
    if (tree.exit !== 0 && !/HEAD/.test(tree.stderr)) return unseen(tree);
    const known = tree.exit === 0 ? tree.stdout.split('\0').filter((path) => path !== '') : [];
    const status = await git(['status', '--porcelain', '-z', '--', ...paths], ports);
    if (status.exit !== 0) return unseen(status);
    const missing = paths.filter(
      (path) => !known.some((one) => one === clean(path) || one.startsWith(`${clean(path)}/`)),
    );
    const changed = status.stdout.split('\0').filter((entry) => entry !== '' && !entry.startsWith('??'));
    if (missing.length === 0 && changed.length === 0) return { is: 'so', seen: `committed: ${paths.join(', ')}` };
    const seen = [
      ...(missing.length > 0 ? [`not in the last commit: ${missing.join(', ')}`] : []),
      ...(changed.length > 0 ? [`changed since: ${changed.map((entry) => entry.slice(3)).join(', ')}`] : []),
    ];
    return {
      is: 'not-so',
      expected: `${paths.join(', ')} committed`,
      seen: seen.join('; '),
      hint: `git add ${paths.join(' ')} && git commit`,
    };
  },
  lasts: false,
  checkedAgainst: 'real',
});

/** As git lists it: without `./` and a slash at the end. */
const clean = (path: string): string => path.replace(/^\.\//, '').replace(/\/$/, '');
