// The wizard's fixture in a pseudo-terminal: one scene, and what was answered.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { openPty, type Pty } from '../terminal/pty.ts';

export interface PlayOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly mode?: 'frozen' | 'plain';
  /** Started from an interactive shell, with job control. */
  readonly shell?: boolean;
}

export interface Scene extends Pty {
  /** What the fixture says was answered, once it says so. */
  result(): Promise<unknown>;
}

let program: string | undefined;

function build(): string {
  const outfile = join(mkdtempSync(join(tmpdir(), 'launchbook-ui-')), 'fixture.mjs');
  const entry = new URL('fixture-wizard.ts', import.meta.url).pathname;
  buildSync({ entryPoints: [entry], bundle: true, platform: 'node', format: 'esm', target: 'node20', outfile });
  return outfile;
}

export function play(scene: string, { columns, rows, env = {}, mode, shell }: PlayOptions = {}): Scene {
  program ??= build();
  const [file = '', ...args] = [process.execPath, program, scene, ...(mode ? [mode] : [])];
  const pty = openPty({
    file: shell ? 'bash' : file,
    args: shell ? ['--norc', '--noprofile', '-i'] : args,
    env: { PS1: '$ ', ...env },
    ...(columns !== undefined && { columns }),
    ...(rows !== undefined && { rows }),
  });
  if (shell) void pty.until(/\$$/).then(() => pty.type([file, ...args].join(' ') + '\r'));
  return {
    ...pty,
    result: async () => {
      await pty.until(() => RESULT.test(pty.raw()));
      return JSON.parse(RESULT.exec(pty.raw())?.[1] ?? '');
    },
  };
}

const RESULT = /RESULT (.*)\r?\n/;
