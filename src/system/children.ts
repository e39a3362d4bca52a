// Commands that change the world, by our own spawn: held until they stand in the journal, in a process group, output as bytes.
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { createBoundedText } from './bounded.ts';
import { endGroup, exitOf, timer, windUp } from './groups.ts';
import { identityOf } from './identity.ts';
import { type Command, notStarted } from './looks.ts';
import { type Pipe, takePipes } from './pipes.ts';
import type { Ended } from './ports.ts';
import type { HeldChild } from './world.ts';

/** One byte on descriptor 3 lets it go on. If we die before, the descriptor closes and it ends having done nothing. */
const WAIT = 'IFS= read -r -n 1 -u 3 _ || exit 125; exec 3<&-';
/** Becomes the command by `exec`: same pid, exact exit code. The person's BASH_ENV is for the command, not for this shell. */
const BECOME = '[ -z "$1" ] || export BASH_ENV="$1"; shift; exec "$@"';
const KEPT = { head: 2 ** 20, tail: 2 ** 20 };

export interface HeldCommand extends Command {
  /** Absolute: the shell that waits. */
  readonly bash: string;
  /** Whoever keeps the bytes copies them. */
  onOutput?(bytes: Uint8Array, stream: 'stdout' | 'stderr'): void;
}

/** The time-out of the command counts from `go`. */
export async function hold(command: HeldCommand): Promise<HeldChild> {
  const pipes = await takePipes();
  const child = start(command, pipes);
  if (child instanceof Error || child.pid === undefined) {
    if (pipes) for (const { reading } of pipes) closeSync(reading);
    return ended(notStarted(command.file, child instanceof Error ? child : undefined));
  }
  const group = child.pid;
  const [stdout, stderr] = [createBoundedText(KEPT), createBoundedText(KEPT)];
  const streams = outputs(child, pipes, {
    stdout: (bytes) => {
      stdout.write(bytes);
      command.onOutput?.(bytes, 'stdout');
    },
    stderr: (bytes) => {
      stderr.write(bytes);
      command.onOutput?.(bytes, 'stderr');
    },
  });

  let timedOut = false;
  let forget = () => {};
  const settled = exitOf(child).then(async (exit): Promise<Ended> => {
    forget();
    await windUp(group, streams);
    for (const stream of child.stdio) stream?.destroy();
    return { ...exit, ...(timedOut ? { timedOut: true } : {}), stdout: stdout.text(), stderr: stderr.text() };
  });
  return {
    spawned: { ...identityOf(group), group },
    go() {
      forget = timer(command.timeout, () => {
        timedOut = true;
        void endGroup(group);
      });
      send(child.stdio[3], 'g');
      if (command.stdin !== undefined) send(child.stdin, command.stdin);
    },
    ended: settled,
    async end() {
      await endGroup(group);
      await settled;
    },
  };
}

/** A child that never was. */
export function ended(how: Ended): HeldChild {
  return { go() {}, ended: Promise.resolve(how), end: () => Promise.resolve() };
}

/**
 * A bash that is given its command as text waits on the same line, so that its line numbers stay and what it would do with its last
 * command it still does; a second start would cost as much as the first. Not where it reads BASH_ENV, which comes before all it waits for.
 * `--norc` since bash takes a socket as input for a remote login and would read ~/.bashrc.
 */
function heldWords({ bash, file, args, env }: HeldCommand): readonly [string, ...string[]] {
  const { BASH_ENV = '' } = env;
  const at = BASH_ENV === '' && basename(file) === 'bash' ? commandAt(args) : undefined;
  if (at === undefined) return [bash, '--norc', '-c', `${WAIT}; ${BECOME}`, 'launch', BASH_ENV, file, ...args];
  return [file, '--norc', ...args.slice(0, at), `${WAIT}; ${args[at]}`, ...args.slice(at + 1)];
}

/** Which of the words for bash is its command; undefined where they say anything but that. */
function commandAt(args: readonly string[]): number | undefined {
  const at = args.indexOf('-c') + 1;
  return at > 0 && at < args.length && ['', '-euo pipefail'].includes(args.slice(0, at - 1).join(' ')) ? at : undefined;
}

function start(command: HeldCommand, pipes: readonly [Pipe, Pipe] | undefined): ChildProcess | Error {
  const { cwd, env, stdin } = command;
  const { BASH_ENV: _, ...rest } = env;
  const [file, ...words] = heldWords(command);
  const [out, err] = pipes ?? [];
  const stdio: StdioOptions = [
    stdin === undefined ? 'ignore' : 'pipe',
    out?.writing ?? 'pipe',
    err?.writing ?? 'pipe',
    'pipe',
  ];
  try {
    const child = spawn(file, words, { cwd, env: rest, detached: true, stdio });
    child.on('error', () => {}); // Told by its having no pid.
    return child;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    if (pipes) for (const { writing } of pipes) closeSync(writing);
  }
}

type Take = (bytes: Uint8Array) => void;

function outputs(
  child: ChildProcess,
  pipes: readonly [Pipe, Pipe] | undefined,
  { stdout, stderr }: { readonly stdout: Take; readonly stderr: Take },
): readonly [Readable, Readable] {
  if (pipes) return [reader(pipes[0], stdout), reader(pipes[1], stderr)];
  return [listen(child.stdout!, stdout), listen(child.stderr!, stderr)]; // Both were asked for as 'pipe'.
}

/** What one read of any pipe brings; it is taken before the next. A buffer of its own for each read is half the cost of a loud child. */
const READ = Buffer.alloc(65_536);

function reader({ reading }: Pipe, take: Take): Readable {
  const callback = (size: number) => {
    take(READ.subarray(0, size));
    return true; // Go on reading.
  };
  // By a name, since the types of Node 20 do not know `onread` here; its documentation does.
  const options = { fd: reading, readable: true, writable: false, onread: { buffer: READ, callback } };
  return new Socket(options).on('error', () => {}); // As below.
}

function listen(stream: Readable, take: Take): Readable {
  stream.on('data', take);
  return stream.on('error', () => {}); // A broken output ends it; how the command ended is told by its exit.
}

/** A child may end without reading what it is sent (EPIPE): that is its affair. */
function send(stream: ChildProcess['stdio'][number] | undefined, text: string): void {
  if (!stream || !('write' in stream)) return;
  stream.on('error', () => {});
  stream.end(text);
}
