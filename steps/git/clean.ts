// The working tree holds nothing that is not committed: what is launched is what is in the repository.

import { z } from 'zod';
import { defineStep } from '../../src/step.ts';
import { fewOf } from '../../src/text/few.ts';
import { git, gitTool, unseen } from './client.ts';

export const clean = defineStep({
  name: 'git/clean',
  summary: 'Check that everything is committed',
  example: 'with: {}',
  with: z.strictObject({}),
  describe: () => 'nothing uncommitted in the working tree',
  requires: [gitTool],
  verify: async (_want, ports) => {
    const ended = await git(['status', '--porcelain', '-z'], ports);
    if (ended.exit !== 0) return unseen(ended);
    const paths = pathsOf(ended.stdout);
    if (paths.length === 0) return { is: 'so', seen: 'nothing uncommitted' };
    const files = paths.length === 1 ? '1 file' : `${paths.length} files`;
    return {
      is: 'not-so',
      expected: 'nothing uncommitted',
      seen: `${files} not committed: ${fewOf(paths, { most: 5 })}`,
      hint: 'Commit them, or put them into .gitignore.',
    };
  },
  lasts: false,
  checkedAgainst: 'real',
});

/** Entries are `XY path`, ended by NUL; a rename or copy is followed by its old path as an entry of its own. */
function pathsOf(porcelain: string): readonly string[] {
  const paths: string[] = [];
  const entries = porcelain.split('\0').values();
  for (const entry of entries) {
    if (entry === '') continue;
    paths.push(entry.slice(3));
    if (/[RC]/.test(entry.slice(0, 2))) entries.next();
  }
  return paths;
}
