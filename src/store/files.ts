// The runs of a project on disk: `.launch/runs/<id>/` and `.launch/rehearsals/<id>/` (DESIGN §5).
import type { FactOf, LaunchEvent } from '../engine/events.ts';
import { holdBeginning } from './beginning.ts';
import { create } from './create.ts';
import type { Disk } from './disk.ts';
import type { Unpacked } from './handover.ts';
import type { OpenJournal } from './journal.ts';
import { readLines } from './lines.ts';
import { type Claimant, type Holder, holderOf, type Process, type Standing, takeLock } from './lock.ts';
import { type Opening, open } from './open.ts';
import { idOf, isRunId, type Place, type RunsKind, readBytes, runId, shownJournal } from './place.ts';
import { type RunSummary, summarise } from './summary.ts';
import { onDisk } from './trouble.ts';

export type { OpenJournal } from './journal.ts';
export { copyName } from './journal.ts';
export type { Holder, Process, Standing } from './lock.ts';
export { handoverOf } from './open.ts';
export type { RunsKind } from './place.ts';
export type { RunSummary } from './summary.ts';

export interface RunsHooks {
  readonly disk: Disk;
  /** This process, and who works with it. */
  readonly me: Process & { readonly operator: string };
  readonly now: () => Date;
  /** Is a process of this machine and this boot still there, and the same one? */
  lives(holder: Process): boolean;
}

export interface Runs {
  /**
   * A new run with its first event and the frozen copy of its runbook, all durable, or none of it. Holds the lock.
   * The copy must be named as `copyName(digest)` says. Throws StateError.
   */
  create(first: FactOf<'run.started'>, options: { readonly at: Date; readonly source: string }): OpenJournal;
  /** Takes the lock, sets a torn tail aside, checks every line; refuses a run that was handed over. Throws LockedError, StateError. */
  open(id: string, opening?: Opening): OpenJournal;
  /** A run of another machine, checked, with the event that it was taken up. Throws StateError, LockedError. */
  unpack(unpacked: Unpacked, options: { readonly taken: FactOf<'run.resumed'>; readonly at: Date }): Promise<void>;
  /** Nobody else begins or opens a run of this runbook until it is given back. Throws LockedError while somebody does. */
  holdBeginning(runbook: string): { release(): void };
  /** The events so far. Needs no lock; a last line that is not whole is left out. Throws StateError. */
  read(id: string): readonly LaunchEvent[];
  /** Newest first. A journal that cannot be read says why instead of failing the list. */
  list(): readonly RunSummary[];
  /** Ids that begin with `prefix`; only the one that is exactly it, where there is one. */
  find(prefix: string): readonly string[];
  /** An id that no run has: `prod-20261122-k3f`. `random` gives that many bytes as hex. The date is in UTC. */
  newId(runbook: string, date: Date, random: (bytes: number) => string): string;
  /** Who holds it, and whether they are still there. */
  holder(id: string): { readonly holder: Holder; readonly standing: Standing } | undefined;
  /** Takes the lock away from whoever holds it, also when they may live: for `launch unlock`, after asking. */
  unlock(id: string): Holder | undefined;
  /** A frozen copy by its name. */
  frozen(id: string, copy: string): string | undefined;
  /** Absolute path of a run's folder. */
  folder(id: string): string;
}

/** The runs of the project at `project` (absolute). Nothing is made on disk before the first `create`. */
export function openRuns(project: string, kind: RunsKind, hooks: RunsHooks): Runs {
  const { disk } = hooks;
  const place: Place = { project, root: `${project}/.launch/${kind}`, shown: `.launch/${kind}`, kind };
  const claimant = (): Claimant => ({
    disk,
    lives: hooks.lives,
    me: { ...hooks.me, since: hooks.now().toISOString() },
  });
  const folder = (id: string): string => `${place.root}/${runId(id)}`;
  const ids = (): readonly string[] => onDisk('read', place.shown, () => disk.list(place.root)).filter(isRunId);
  return {
    folder,
    holdBeginning: (runbook) => holdBeginning(place, claimant(), runbook),
    create: (first, options) => create(place, claimant(), first, options),
    open: (id, opening) => open(place, claimant(), runId(id), opening),
    unpack: async (unpacked, options) => (await import('./handover.ts')).unpack(place, claimant(), unpacked, options),
    read: (id) => readLines(readBytes(place, disk, runId(id)), shownJournal(place, id)).events,
    list() {
      const bytes = (id: string) =>
        onDisk('read', shownJournal(place, id), () => disk.read(`${folder(id)}/journal.jsonl`));
      return ids()
        .flatMap((id) => summarise(id, shownJournal(place, id), () => bytes(id)) ?? [])
        .sort(newestFirst);
    },
    find(prefix) {
      const all = ids();
      return all.includes(prefix) ? [prefix] : all.filter((id) => id.startsWith(prefix)).sort();
    },
    newId(runbook, date, random) {
      const taken = new Set(ids());
      for (let i = 0; ; i++) {
        const id = idOf(runbook, date, random, i);
        if (!taken.has(id)) return id;
      }
    },
    holder: (id) => onDisk('read', `${place.shown}/${id}/lock`, () => holderOf(folder(id), claimant())),
    unlock(id) {
      return onDisk('unlock', `${place.shown}/${id}`, () => {
        if (!holderOf(folder(id), claimant())) return undefined;
        const lock = takeLock(folder(id), id, claimant(), { force: true });
        lock.release();
        return lock.before;
      });
    },
    frozen(id, copy) {
      const bytes = onDisk('read', `${place.shown}/${id}/${copy}`, () => disk.read(`${folder(id)}/${copy}`));
      return bytes && Buffer.from(bytes).toString('utf8');
    },
  };
}

function newestFirst(one: RunSummary, other: RunSummary): number {
  const at = (run: RunSummary) => (run.readable ? run.lastAt : '');
  // By their bytes: a comparison in the person's language loads its rules first, and times and ids need none.
  return inOrder(at(other), at(one)) || inOrder(one.id, other.id);
}

const inOrder = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
