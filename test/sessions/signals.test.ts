// How the program ends when it is stopped at a question, in a real terminal: by the person, by Ctrl-C, by a signal.
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { expect, test } from 'vitest';
import { launchFile } from './launching.ts';

const RUNBOOK = `---
runbook: 1
steps:
  - { id: first, manual: true }
---
# A launch
## Phase
### First
Do it.
`;

/** Starts the rehearsal in a pseudo-terminal, waits for its question, does something, and gives the exit code. */
function endOf(at: (pty: { type(keys: string): void; signal(name: string): void }) => void): Promise<number> {
  const project = realpathSync(mkdtempSync(join(tmpdir(), 'launchbook-signals-')));
  mkdirSync(join(project, 'runbooks'));
  writeFileSync(join(project, 'runbooks/small.md'), RUNBOOK);
  const { PATH = '', HOME = '', TMPDIR = '/tmp' } = process.env;
  const child = spawn(process.execPath, [launchFile, 'rehearse', 'small'], {
    cwd: project,
    cols: 80,
    rows: 24,
    env: {
      PATH,
      HOME,
      TMPDIR,
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      LAUNCHBOOK_CONFIG_DIR: join(project, '.config'),
    },
  });
  let seen = '';
  let done = false;
  child.onData((data) => {
    seen += data;
    if (done || !seen.includes('stop and keep')) return;
    done = true;
    // Keys that come as soon as a question stands are not for it: typed until they are taken.
    const type = (keys: string) => {
      const typing = setInterval(() => child.write(keys), 60);
      child.onExit(() => clearInterval(typing));
    };
    at({ type, signal: (name) => child.kill(name) });
  });
  return new Promise((resolve) => child.onExit(({ exitCode, signal }) => resolve(signal ? 128 + signal : exitCode)));
}

test.each([
  ['q', 4, 'q'],
  ['Ctrl-C', 130, '\x03'],
])('%s at a question ends with %i', async (_how, exit, keys) => {
  expect(await endOf(({ type }) => type(keys))).toBe(exit);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])('%s at a question ends with %i', async (name, exit) => {
  expect(await endOf(({ signal }) => signal(name))).toBe(exit);
});
