// One writer at a time for a file of the stand-in world, among processes that may be killed at any moment.
import { linkSync, readFileSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';

/** A lock is held for milliseconds, on a machine that is much too busy for seconds. One that is older than this belongs to a process that hangs. */
const TOO_OLD_MS = 30_000;
const GIVE_UP_MS = 60_000;

/**
 * Runs `work` while holding the lock file. The file holds `PID UNIQUE`, appears complete (by link), and is taken over when its process is
 * gone. `work` gets a function that throws when the lock was lost meanwhile: call it right before what must not be done twice.
 */
export function withLock<T>(path: string, work: (stillOurs: () => void) => T): T {
  const unique = Math.random().toString(36).slice(2);
  const mark = `${process.pid} ${unique}`;
  const own = `${path}.${process.pid}-${unique}`;
  writeFileSync(own, mark);
  try {
    take(path, own);
  } finally {
    unlinkSync(own);
  }
  try {
    return work(() => {
      if (read(path) !== mark) throw new Error(`lost the lock ${path}`);
    });
  } finally {
    if (read(path) === mark) unlinkSync(path);
  }
}

function take(path: string, own: string): void {
  const start = Date.now();
  while (!taken(own, path)) {
    if (Date.now() - start > GIVE_UP_MS) throw new Error(`waited ${GIVE_UP_MS / 1000} s for the lock ${path}`);
    const holder = read(path);
    if (holder !== undefined && isStale(path, holder)) breakOpen(path, holder, own);
    else pause(1 + Math.random() * 3);
  }
}

/** Its age counts from now: not from when we began to wait, else a process that waited long would lose what it has just been given. */
function taken(own: string, path: string): boolean {
  const now = new Date();
  utimesSync(own, now, now);
  return linked(own, path);
}

/** Only one process at a time may remove a stale lock, else the second would remove the lock that the first has just taken. */
function breakOpen(path: string, stale: string, own: string): void {
  const breaking = `${path}.break`;
  if (!linked(own, breaking)) {
    const holder = read(breaking);
    if (holder !== undefined && isStale(breaking, holder)) remove(breaking);
    else pause(1);
    return;
  }
  try {
    if (read(path) === stale) remove(path);
  } finally {
    remove(breaking);
  }
}

function isStale(path: string, holder: string): boolean {
  const pid = Number(holder.split(' ')[0]);
  if (!isAlive(pid)) return true;
  try {
    return Date.now() - statSync(path).mtimeMs > TOO_OLD_MS;
  } catch {
    return false; // released meanwhile
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // node:fs and kill throw only errno errors
  }
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false; // see above
    throw error;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // released meanwhile
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // somebody else removed it: the same end
  }
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
