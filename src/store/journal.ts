// An open run: appends events so that each is whole on disk before anyone hears of it, or not there at all.
import type { LaunchEvent } from '../engine/events.ts';
import { type Journal, StateError } from '../engine/store.ts';
import { type AppendFile, type Disk, writeAll } from './disk.ts';
import { hashOf, type Reading, writeLine } from './lines.ts';
import type { Holder, Lock } from './lock.ts';
import { openReceipt } from './receipt.ts';
import { type Leak, sweep } from './sweep.ts';
import { onDisk, refused } from './trouble.ts';

/** A tail that was never acknowledged, set aside when the run was opened. */
export interface Torn {
  /** Name in the run's folder. */
  readonly file: string;
  readonly bytes: number;
  /** The line it stood on, from 1. */
  readonly line: number;
}

export interface OpenJournal extends Journal {
  /** Absolute path of the run's folder. */
  readonly folder: string;
  /** The holder that was gone when this process took the lock over. */
  readonly before?: Holder;
  readonly torn?: Torn;
  /** Which files of the run hold a secret; `holds` names the one that stands in some bytes. */
  leaks(holds: (bytes: Uint8Array) => string | undefined): readonly Leak[];
}

export interface Opening {
  readonly disk: Disk;
  readonly run: string;
  readonly folder: string;
  /** The journal's name in messages. */
  readonly shown: string;
  readonly file: AppendFile;
  readonly reading: Reading;
  readonly lock: Lock;
  readonly torn?: Torn;
}

export function openJournal(opening: Opening): OpenJournal {
  const { disk, run, folder, shown, file, lock, torn } = opening;
  const lines = appender(file, shown, opening.reading);
  const receipts = `${folder}/receipts`;
  let hasReceipts = false;
  return {
    run,
    folder,
    before: lock.before,
    torn,
    events: lines.events,
    append: lines.append,
    freeze: (digest, source) => freeze(disk, folder, digest, source),
    receipt(step, attempt) {
      const name = `receipts/${fileName(step)}-${attempt}.log`;
      return openReceipt(name, () => {
        if (!hasReceipts) disk.makeFolder(receipts);
        hasReceipts = true;
        return disk.append(`${folder}/${name}`);
      });
    },
    leaks: (holds) => onDisk('read', folder, () => sweep(disk, folder, holds)),
    at: (step) => lock.at(step),
    close() {
      lines.close();
      lock.release();
    },
  };
}

/** The name of the frozen copy of a runbook version. */
export const copyName = (digest: string): string => `runbook-${fileName(digest.slice(0, 8))}.md`;

/** Keeps one copy of a text; two texts of one digest (prose is not in it) get two names. */
export function freeze(disk: Disk, folder: string, digest: string, source: string): string {
  const bytes = Buffer.from(source);
  for (let i = 1; ; i++) {
    const name = i === 1 ? copyName(digest) : copyName(digest).replace('.md', `-${i}.md`);
    const there = onDisk('read', name, () => disk.read(`${folder}/${name}`));
    if (there && Buffer.compare(there, bytes) === 0) return name;
    if (there) continue;
    onDisk('write', name, () => writeWhole(disk, folder, name, bytes));
    return name;
  }
}

/** A file that is there with all its bytes or not at all, also after a power cut. */
export function writeWhole(disk: Disk, folder: string, name: string, bytes: Uint8Array): void {
  const half = `${folder}/${name}.half`;
  disk.remove(half);
  const file = disk.append(half, { exclusive: true });
  try {
    writeAll(file, bytes);
    file.sync();
  } finally {
    file.close();
  }
  disk.rename(half, `${folder}/${name}`);
  disk.syncFolder(folder);
}

interface Appender {
  readonly events: readonly LaunchEvent[];
  readonly append: Journal['append'];
  close(): void;
}

/** The appending itself. After a failed sync nothing more is taken: what the disk holds then is unknown until it is read again. */
function appender(file: AppendFile, shown: string, reading: Reading): Appender {
  const { events } = reading;
  let { whole: size, last: prev } = reading;
  let unsynced = false;
  let broken: StateError | undefined;
  const stop = (error: StateError): StateError => (broken ??= error);
  return {
    events,
    append(fact, { sync, at }) {
      if (broken) throw broken;
      const line = writeLine(fact, { n: events.length + 1, at, prev });
      const bytes = Buffer.from(`${line}\n`);
      const found = onDisk('look at', shown, () => file.size());
      if (found !== size) throw stop(someoneElse(shown));
      try {
        writeAll(file, bytes);
      } catch (error) {
        throw takeBack(file, size) ? refused('write', shown, error) : stop(refused('write', shown, error));
      }
      if (sync) {
        try {
          file.sync();
        } catch (error) {
          takeBack(file, size);
          throw stop(refused('sync', shown, error));
        }
      }
      unsynced = !sync;
      size += bytes.length;
      prev = hashOf(line);
      // What is returned is what a later reading will give, to the last field.
      const event = JSON.parse(line) as LaunchEvent;
      events.push(event);
      return event;
    },
    close() {
      try {
        if (unsynced && !broken) file.sync();
      } catch {
        // These events were never promised to survive a power cut, and closing must not hide an earlier reason.
      }
      file.close();
    },
  };
}

/** No half line may stay where the next one would be glued to it. */
function takeBack(file: AppendFile, size: number): boolean {
  try {
    file.truncate(size);
    return true;
  } catch {
    return false; // The caller stops for good; the half line is a torn tail at the next start.
  }
}

function someoneElse(shown: string): StateError {
  return new StateError(
    `${shown} was changed by someone else while this run was open`,
    'Nothing more was written. Make sure that only one launch works on the run, then start again.',
  );
}

function fileName(id: string): string {
  if (!/^[A-Za-z0-9][\w-]*$/.test(id)) throw new Error(`not a name for a file: ${JSON.stringify(id)}`);
  return id;
}
