// Completion, asked as bash asks it: the script is read by bash itself, and what it would offer is what is asserted.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { launch, launchFile, projectOf, runbookOf, runOf, trusted } from './launching.ts';

const small = runbookOf('steps: [{ id: go, manual: true }]', 'go');
const project = projectOf({
  'runbooks/prod.md': small,
  'runbooks/preview.md': small,
  'runbooks/$(touch owned).md': small,
  'runbooks/two words.md': small,
});
let bin: string;

beforeAll(async () => {
  bin = mkdtempSync(join(tmpdir(), 'launchbook-bin-'));
  for (const name of ['launch', 'launchbook']) {
    writeFileSync(join(bin, name), `#!/bin/sh\nexec "${process.execPath}" "${launchFile}" "$@"\n`);
    chmodSync(join(bin, name), 0o755);
  }
});

/** COMPREPLY for these words, the last being the one under the cursor. */
function offered(words: readonly string[], cwd = project): readonly string[] {
  const script = `
    eval "$(launch completion bash)"
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    asked=$(complete -p "$1")
    asked=\${asked#*-F }
    "\${asked%% *}"
    (( \${#COMPREPLY[@]} )) && printf '%s\\n' "\${COMPREPLY[@]}"
    true`;
  const text = execFileSync('bash', ['-euc', script, 'bash', ...words], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${bin}:${process.env.PATH}`, LAUNCHBOOK_CONFIG_DIR: join(project, '.config') },
  });
  return text.split('\n').filter((line) => line !== '');
}

describe('bash completes', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['commands', ['launch', 're'], ['rehearse']],
    ['commands and runbooks alike', ['launch', 'p'], ['plan', 'preview', 'prod']],
    ['the same for launchbook', ['launchbook', 'prod'], ['prod']],
    ['runbooks after a command', ['launch', 'rehearse', 'pr'], ['preview', 'prod']],
    ['runbooks after a flag and its value', ['launch', '--who', 'ann', 'plan', 'pro'], ['prod']],
    ['flags', ['launch', 'plan', 'prod', '--no'], ['--non-interactive', '--no-color']],
    ['names of faults', ['launch', 'rehearse', 'prod', '--fault', 'login'], ['login-expired']],
    ['names of faults after =', ['launch', 'rehearse', 'prod', '--fault', '=', 'login'], ['login-expired']],
    ['verbs of secrets', ['launch', 'secrets', ''], ['scan', 'diff', 'fill']],
    ['runbooks after a verb', ['launch', 'secrets', 'diff', 'pre'], ['preview']],
    ['kinds', ['launch', 'steps', 'twilio/'], ['twilio/message-answered', 'twilio/webhook']],
    ['formats', ['launch', 'lint', '--format', 'git'], ['github']],
    ['nothing where nothing fits', ['launch', 'plan', 'zzz'], []],
    ['nothing where a file is due, so that bash offers files', ['launch', 'export', '--out', ''], []],
  ])('%s', (_, words, expected) => {
    expect([...offered(words)].sort()).toEqual([...expected].sort());
  });

  test('every command that there is, and the runbooks', async () => {
    const words = offered(['launch', '']);
    expect(words).toEqual(expect.arrayContaining(['run', 'handover', 'doctor', 'completion', 'prod', 'preview']));
  });

  test('no runbook whose name a shell would carry out or cut', () => {
    const words = offered(['launch', 'rehearse', '']);
    expect([...words].sort()).toEqual(['preview', 'prod']);
  });

  test('commands, and no runbook, outside of a project, without a word on the screen', () => {
    expect(offered(['launch', 'pla'], bin)).toEqual(['plan']);
    expect(offered(['launch', 'plan', ''], bin)).toEqual([]);
  });

  test('ids of runs', async () => {
    const folder = projectOf({ 'runbooks/prod.md': small });
    await launch(folder, await trusted(folder, 'prod'));
    const [id] = offered(['launch', 'status', '--run', 'prod-'], folder);
    expect(runOf(folder).endsWith(`/${id}`)).toBe(true);
  });
});

describe('launch completion', () => {
  test('prints a script for each of three shells', async () => {
    for (const shell of ['bash', 'zsh', 'fish'])
      expect(await launch(project, ['completion', shell])).toMatchObject({
        exit: 0,
        stdout: expect.stringContaining('completion suggest -- '),
      });
  });

  test('of no shell, or another, is wrong usage', async () => {
    expect((await launch(project, ['completion'])).exit).toBe(2);
    const other = await launch(project, ['completion', 'zhs']);
    expect(other.stderr).toContain('did you mean `launch completion zsh`?');
    expect(other.exit).toBe(2);
  });
});
