// This program once more, as a child that may be killed.
import { spawn } from 'node:child_process';

export interface SelfEnded {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines it wrote. */
  readonly tail: string;
}

interface SelfOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted, it is asked to end. */
  readonly signal: AbortSignal;
}

/** `file`: the built program. Rejects where it cannot be started. */
export function startSelf(
  file: string,
  argv: readonly string[],
  { cwd, env, signal }: SelfOptions,
): Promise<SelfEnded> {
  const child = spawn(process.execPath, [file, ...argv], { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  let tail = '';
  child.stderr.on('data', (data) => {
    tail = (tail + data).slice(-4000);
  });
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (exit, by) => {
      signal.removeEventListener('abort', stop);
      done({ exit, signal: by, tail: tail.split('\n').slice(-12).join('\n').trim() });
    });
  });
}
