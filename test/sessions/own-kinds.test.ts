// Kinds of the project: its own code, run only where the runbook is trusted.
import { existsSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { launch } from './launching.ts';

const RUNBOOK = `---
runbook: 1
steps:
  - { id: mark, uses: ./steps/marked.mjs, with: { file: marked.txt } }
  - { id: read, run: 'test "\${{ steps.mark.outputs.found }}" = yes' }
  - { id: play, run: 'touch played.txt', rehearse: run }
---
# A launch
## Phase
### Mark
### Read
### Play
`;
const KIND = `import { existsSync, writeFileSync } from 'node:fs';
writeFileSync('loaded.txt', '');
export default ({ defineStep, z }) => defineStep({
  name: 'own/marked',
  summary: 'Marks a file',
  example: 'with: { file: x }',
  with: z.strictObject({ file: z.string() }),
  outputs: z.object({ found: z.string() }),
  describe: ({ file }) => 'a file ' + file,
  verify: async ({ file }) => existsSync(file)
    ? { is: 'so', seen: file, outputs: { found: 'yes' } }
    : { is: 'not-so', expected: file, seen: 'nothing' },
  act: async ({ file }) => { writeFileSync(file, ''); return { ended: 'ok' }; },
  checkedAgainst: 'real',
});
`;

function project(kind = KIND): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'launchbook-own-')));
  mkdirSync(join(folder, 'runbooks'));
  mkdirSync(join(folder, 'steps'));
  writeFileSync(join(folder, 'runbooks/small.md'), RUNBOOK);
  writeFileSync(join(folder, 'steps/marked.mjs'), kind);
  return folder;
}

const digestOf = async (folder: string): Promise<string> =>
  /--trust ([0-9a-f]{64})/.exec((await launch(folder, ['small'])).stderr)?.[1] ?? '';

describe('a kind of the project', () => {
  test('is loaded once the runbook is trusted, acts, is seen to be so, and leaves its outputs', async () => {
    const folder = project();
    const { exit, stderr } = await launch(folder, ['small', '--trust', await digestOf(folder)]);
    expect(stderr).toContain('Finished');
    expect(exit).toBe(0);
    expect(existsSync(join(folder, 'marked.txt'))).toBe(true);
  });

  test('is not loaded by lint, by a plan or by a rehearsal that is not trusted, nor are commands run there', async () => {
    const folder = project();
    expect((await launch(folder, ['lint'])).exit).toBe(0);
    expect((await launch(folder, ['plan', 'small'])).exit).toBe(7);
    const { stderr } = await launch(folder, ['rehearse', 'small', '--auto']);
    expect(stderr).toContain('3 steps were not simulated');
    expect(existsSync(join(folder, 'loaded.txt'))).toBe(false);
    expect(existsSync(join(folder, 'played.txt'))).toBe(false);
  });

  test('that is none is told in words, and nothing is run', async () => {
    const folder = project('export default () => ({ name: "x" });\n');
    const { exit, stderr } = await launch(folder, ['small', '--trust', await digestOf(folder)]);
    expect(stderr).toContain('./steps/marked.mjs cannot be used as a kind: what it makes is no kind');
    expect(exit).toBe(2);
    expect(existsSync(join(folder, 'marked.txt'))).toBe(false);
  });
});
