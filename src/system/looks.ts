// Short commands that only look, by execa: own time limit for the whole process group, output bounded, never an exception.
import { createBoundedText } from './bounded.ts';
import { endGroup, exitOf, timer, windUp } from './groups.ts';
import type { Ended } from './ports.ts';

export interface Command {
  /** Absolute. */
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

const TIMEOUT = 60_000;
/** What is parsed must be whole: a look that prints more than this is no look. */
const KEPT = { head: 16 * 2 ** 20, tail: 64 * 2 ** 10 };

const running = new Set<number>();

/** Settles when no process of the command is left. Never rejects. */
export async function look(command: Command): Promise<Ended> {
  try {
    return await run(command);
  } catch (error) {
    return notStarted(command.file, error);
  }
}

/** There is a file, but the system would not run it: a NUL in an argument, too many of them, no memory. */
export function notStarted(file: string, error?: unknown): Ended {
  const why = error instanceof Error ? ` (${error.message})` : '';
  return { exit: 127, stdout: '', stderr: `cannot be started: ${file}${why}` };
}

async function run(command: Command): Promise<Ended> {
  const { execa } = await import('execa');
  const [stdout, stderr] = [createBoundedText(KEPT), createBoundedText(KEPT)];
  // Its own time-out and clean-up reach the leader only, its buffer kills at 100 MB: all three are off.
  const child = execa(command.file, command.args, {
    cwd: command.cwd,
    env: command.env,
    extendEnv: false,
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    ...(command.stdin === undefined ? { stdin: 'ignore' } : { input: command.stdin }),
  });
  void child.catch(() => undefined); // Ended is told by the process itself; `reject: false` leaves nothing to tell here.
  const group = child.pid;
  if (group === undefined) return notStarted(command.file);

  endWithUs(group);
  let timedOut = false;
  const forget = timer(command.timeout ?? TIMEOUT, () => {
    timedOut = true;
    void endGroup(group);
  });
  child.stdout.on('data', stdout.write);
  child.stderr.on('data', stderr.write);
  const stop = () => void endGroup(group);
  command.signal?.addEventListener('abort', stop, { once: true });
  if (command.signal?.aborted) stop();
  const exit = await exitOf(child);
  forget();
  command.signal?.removeEventListener('abort', stop);
  await windUp(group, [child.stdout, child.stderr]);
  running.delete(group);
  return { ...exit, ...(timedOut ? { timedOut: true } : {}), stdout: stdout.text(), stderr: stderr.text() };
}

/** A look has no business after us: nobody would read its answer. */
function endWithUs(group: number): void {
  if (running.size === 0 && process.listenerCount('exit', endAll) === 0) process.on('exit', endAll);
  running.add(group);
}

function endAll(): void {
  for (const group of running) {
    try {
      process.kill(-group, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}
