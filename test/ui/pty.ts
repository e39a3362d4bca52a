// A real pseudo-terminal with an emulator as the eye: start the fixture, type keys, read the screen as a person sees it.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import headless from '@xterm/headless';
import { buildSync } from 'esbuild';
import { onTestFinished } from 'vitest';

export interface PtyOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly mode?: 'frozen' | 'plain';
  /** Started from an interactive shell, with job control. */
  readonly shell?: boolean;
}

export interface Pty {
  type(keys: string): void;
  /** Settles once the program has painted for the new size. */
  resize(columns: number, rows: number): Promise<void>;
  signal(name: string): void;
  /** The screen once it holds the text, and ends with the other. */
  until(text: string, end?: string): Promise<string>;
  /** What the fixture says was answered, once it says so. */
  result(): Promise<unknown>;
  screen(): string;
  /** Every byte the program wrote. */
  raw(): string;
}

let program: string | undefined;

function build(): string {
  const outfile = join(mkdtempSync(join(tmpdir(), 'launchbook-ui-')), 'fixture.mjs');
  const entry = new URL('fixture-wizard.ts', import.meta.url).pathname;
  buildSync({ entryPoints: [entry], bundle: true, platform: 'node', format: 'esm', target: 'node20', outfile });
  return outfile;
}

export function play(scene: string, { columns = 80, rows = 24, env = {}, mode, shell }: PtyOptions = {}): Pty {
  program ??= build();
  const terminal = new headless.Terminal({
    cols: columns || 80,
    rows: rows || 24,
    allowProposedApi: true,
    scrollback: 500,
  });
  const { PATH = '' } = process.env;
  const [file = '', ...args] = [process.execPath, program, scene, ...(mode ? [mode] : [])];
  const child = spawn(shell ? 'bash' : file, shell ? ['--norc', '--noprofile', '-i'] : args, {
    cols: columns,
    rows,
    name: env.TERM ?? 'xterm-256color',
    env: { PATH, PS1: '$ ', TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env },
  });
  onTestFinished(() => child.kill());
  let written = '';
  const watchers = new Set<() => void>();
  const wake = () => {
    for (const watcher of watchers) watcher();
  };
  child.onData((data) => {
    written += data;
    terminal.write(data, wake);
  });
  if (shell) child.write([file, ...args].join(' ') + '\r');
  const screen = () => {
    const { active } = terminal.buffer;
    const lines = Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? '');
    return lines.join('\n').trimEnd();
  };
  const when = <T>(read: () => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      const look = () => {
        const value = read();
        if (value === undefined) return;
        watchers.delete(look);
        resolve(value);
      };
      watchers.add(look);
      look();
    });
  return {
    type: (keys) => child.write(keys),
    resize(wide, high) {
      const before = written.length;
      terminal.resize(wide, high);
      child.resize(wide, high);
      return when(() => (written.length > before && screen().endsWith('└') ? true : undefined)).then(() => {});
    },
    signal: (name) => child.kill(name),
    until: (text, end = '') => when(() => (screen().includes(text) && screen().endsWith(end) ? screen() : undefined)),
    result: () =>
      when(() => {
        const [, text] = /RESULT (.*)\r?\n/.exec(written) ?? [];
        return text === undefined ? undefined : { answer: JSON.parse(text) as unknown };
      }).then(({ answer }) => answer),
    screen,
    raw: () => written,
  };
}
