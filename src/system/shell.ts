// The person's own shell on this terminal. In our session and not detached: it needs the terminal for its own jobs.
import { spawn } from 'node:child_process';
import type { Environment } from './environment.ts';

/** Settles when the shell is left, whatever its exit code. Rejects where there is no such shell. */
export function openShell(cwd: string, env: Environment): Promise<void> {
  const child = spawn(env.SHELL || '/bin/sh', [], { cwd, env, stdio: [0, process.stdout.isTTY ? 1 : 2, 2] });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', () => resolve());
  });
}
