// Real pipes for children. Node gives them sockets on Linux, and a program cannot open a socket by its name: `> /dev/stderr` would fail.
import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Pipe {
  /** Ours: does not block. */
  readonly reading: number;
  /** The child's: close it here once the child has it. */
  readonly writing: number;
}

/** Made at once, since making some costs a process; a run of many steps makes more of them. */
const FIRST = 16;
const LATER = 128;
const ready: Pipe[] = [];
let made = false;

/** Two pipes; undefined where the cure is not needed (macOS) or not to be had: plain stdio then serves. */
export async function takePipes(): Promise<readonly [Pipe, Pipe] | undefined> {
  if (process.platform !== 'linux') return undefined;
  try {
    if (ready.length < 2) await makePipes();
  } catch {
    return undefined; // No mkfifo, no temporary folder, no descriptors left: only /dev/stderr in children suffers.
  }
  const [first, second] = [ready.pop(), ready.pop()];
  return first && second && [first, second];
}

/** A named pipe, opened at both ends and then without its name, is a pipe like any other; nothing is left on disk. */
async function makePipes(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'launch-pipes-'));
  try {
    const names = Array.from({ length: made ? LATER : FIRST }, (_, i) => join(folder, String(i)));
    await promisify(execFile)('mkfifo', ['-m', '600', ...names]);
    for (const name of names) ready.push(openBoth(name));
    made = true;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function openBoth(name: string): Pipe {
  const reading = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return { reading, writing: openSync(name, constants.O_WRONLY) };
  } catch (error) {
    closeSync(reading);
    throw error;
  }
}
