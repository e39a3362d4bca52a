// A real git repository in a temporary folder, and a processes port that runs the real git in it.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActPorts, Ended, ProcessOptions } from '../../../src/system/ports.ts';

export interface Repository {
  readonly folder: string;
  readonly processes: ActPorts['processes'];
  /** What was run to change something, as typed. */
  readonly acts: string[];
  git(...argv: string[]): Promise<string>;
  write(path: string, text: string): void;
  commit(message: string): Promise<string>;
  remove(): void;
}

export async function repository(): Promise<Repository> {
  const folder = mkdtempSync(join(tmpdir(), 'launch-git-'));
  const run = (argv: readonly string[], options: ProcessOptions = {}) => runIn(join(folder, 'work'), argv, options);
  const acts: string[] = [];
  const one: Repository = {
    folder: join(folder, 'work'),
    processes: {
      look: run,
      act: (argv, options) => {
        acts.push(argv.join(' '));
        return run(argv, options);
      },
    },
    acts,
    git: async (...argv) => {
      const ended = await run(['git', ...argv]);
      if (ended.exit !== 0) throw new Error(`git ${argv.join(' ')}: ${ended.stderr}`);
      return ended.stdout.trim();
    },
    write: (path, text) => writeFileSync(join(folder, 'work', path), text),
    commit: async (message) => {
      await one.git('add', '.');
      await one.git('commit', '--allow-empty', '-m', message);
      return one.git('rev-parse', 'HEAD');
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  await runIn(folder, ['git', 'init', '-q', '--bare', 'remote.git'], {});
  await runIn(folder, ['git', 'init', '-q', '-b', 'main', 'work'], {});
  await one.git('remote', 'add', 'origin', join(folder, 'remote.git'));
  return one;
}

/** Nobody's own git settings reach the tests. */
const QUIET = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'Ann',
  GIT_AUTHOR_EMAIL: 'ann@example.com',
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@example.com',
};

function runIn(cwd: string, [command = '', ...argv]: readonly string[], { env }: ProcessOptions): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(command, argv, { cwd, env: { PATH: process.env.PATH, ...QUIET, ...env } });
    const out = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (out.stderr += text));
    child.on('error', () => resolve({ exit: 127, missing: true, ...out }));
    child.on('close', (exit) => resolve({ exit, ...out }));
  });
}
