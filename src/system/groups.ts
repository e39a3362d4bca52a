// The end of a child and of all it has started: signals to its process group, and the wait until nobody of it is left.
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { hasMembers } from './identity.ts';

/** Between TERM and KILL, in milliseconds. */
const GRACE = 3000;
/** How long after the end of a child its output may still come, and what it left behind may end by itself. */
const LINGER = 500;
/** A process that cannot be ended (another user's, a dead disk's) is given up on after KILL and this. */
const RESIGN = 1000;

/** TERM to the group, KILL after the grace; settles when nobody is left. */
export async function endGroup(group: number, grace = GRACE): Promise<void> {
  signal(group, 'SIGTERM');
  signal(group, 'SIGCONT'); // A stopped process gets TERM only when it goes on.
  if (await emptied(group, grace)) return;
  signal(group, 'SIGKILL');
  await emptied(group, RESIGN);
}

/** The leader has ended: let the last output come, then end what it has left behind and stop listening. */
export async function windUp(group: number, streams: readonly Readable[]): Promise<void> {
  await settledWithin(Promise.all(streams.map(closed)), LINGER);
  if (hasMembers(group) && !(await emptied(group, LINGER))) await endGroup(group);
  await new Promise(setImmediate); // What is in the pipe already is read before it is closed.
  for (const stream of streams) stream.destroy();
}

/** Exit code or signal of the leader, once. Never rejects: a child that could not start is exit 127. */
export function exitOf(child: ChildProcess): Promise<{ readonly exit: number | null; readonly signal?: string }> {
  return new Promise((resolve) => {
    child.once('exit', (exit, signal) => resolve(signal === null ? { exit } : { exit, signal }));
    child.once('error', () => resolve({ exit: 127 }));
  });
}

/** Node's timers cannot wait longer than 2^31 - 1 ms. */
export function timer(ms: number | undefined, then: () => void): () => void {
  if (ms === undefined) return () => undefined;
  const handle = setTimeout(then, Math.min(Math.max(ms, 0), 2 ** 31 - 1));
  return () => clearTimeout(handle);
}

function signal(group: number, name: NodeJS.Signals): void {
  try {
    process.kill(-group, name);
  } catch {
    // Nobody left (ESRCH), or nobody of ours (EPERM): the wait that follows tells.
  }
}

async function emptied(group: number, within: number): Promise<boolean> {
  const deadline = performance.now() + within;
  for (let wait = 5; hasMembers(group); wait = Math.min(wait * 2, 100)) {
    const left = deadline - performance.now();
    if (left <= 0) return false;
    await pause(Math.min(wait, left));
  }
  return true;
}

function closed(stream: Readable): Promise<void> {
  return stream.closed ? Promise.resolve() : new Promise((resolve) => stream.once('close', resolve));
}

function settledWithin(promise: Promise<unknown>, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(resolve, ms);
    promise.then(() => resolve(), reject).finally(() => clearTimeout(late));
  });
}
