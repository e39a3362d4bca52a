// Crash trials: the N-th changing call kills its driver when half of its work is done, and itself lives on to the end; or a call ends itself.
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.ts';
import { readJson } from './world.ts';

/** Real milliseconds that the call goes on after its driver is gone. */
export const outlivesBy = 150;

/** Counts this changing call; true when it is the one of `LAUNCHBOOK_CRASH=act:N`. */
export function isCrashDue(folder: string, wanted: string | undefined): boolean {
  const due = /^act:(\d+)$/.exec(wanted ?? '')?.[1];
  if (due === undefined) return false;
  const path = join(folder, 'crash.json');
  const count = withLock(join(folder, 'crash.lock'), (stillOurs) => {
    const before = (readJson(path) ?? {}) as { acts?: number }; // written here
    const acts = (before.acts ?? 0) + 1;
    writeFileSync(`${path}.${process.pid}`, JSON.stringify({ ...before, acts }));
    stillOurs();
    renameSync(`${path}.${process.pid}`, path);
    return acts;
  });
  return count === Number(due);
}

/** `LAUNCHBOOK_CRASH=self:N`: each call is killed right after its N-th change (0: before the first). undefined: none is. */
export function ownEnd(wanted: string | undefined): number | undefined {
  const changes = /^self:(\d+)$/.exec(wanted ?? '')?.[1];
  return changes === undefined ? undefined : Number(changes);
}

/** SIGKILL to the driver. One that is gone already is as dead as wanted. */
export function killDriver(pid: string | undefined): void {
  if (pid === undefined || !/^\d+$/.test(pid)) return;
  try {
    process.kill(Number(pid), 'SIGKILL');
  } catch {
    // no such process: nothing left to kill
  }
}
