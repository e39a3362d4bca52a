// A run that is there: taken, read, checked, its torn tail set aside.
import type { FactOf, LaunchEvent } from '../engine/events.ts';
import { LockedError, StateError } from '../engine/store.ts';
import type { AppendFile, Disk } from './disk.ts';
import { type OpenJournal, openJournal, type Torn, writeWhole } from './journal.ts';
import { type Reading, readLines } from './lines.ts';
import { type Claimant, takeLock } from './lock.ts';
import { modes, type Place, readBytes, shownJournal } from './place.ts';
import { onDisk } from './trouble.ts';

/** `handedOver`: also a run that goes on elsewhere, to pack it again or to take it back. */
export interface Opening {
  readonly handedOver?: boolean;
}

export function open(place: Place, claimant: Claimant, run: string, opening: Opening = {}): OpenJournal {
  const { disk } = claimant;
  const folder = `${place.root}/${run}`;
  const shown = shownJournal(place, run);
  readBytes(place, disk, run); // Before the lock: a run that is not there is not locked.
  const lock = onDisk('lock', `${place.shown}/${run}`, () => takeLock(folder, run, claimant));
  let file: AppendFile | undefined;
  try {
    const bytes = readBytes(place, disk, run);
    const reading = readLines(bytes, shown);
    checkOrigin(place, run, reading.events[0]);
    if (opening.handedOver !== true) refuseHandedOver(run, reading.events);
    const opened = onDisk('open', shown, () => disk.append(`${folder}/journal.jsonl`));
    file = opened;
    const torn = onDisk('repair', shown, () => setAside(disk, folder, opened, bytes, reading));
    return openJournal({ disk, run, folder, shown, file, reading, lock, torn });
  } catch (error) {
    file?.close();
    lock.release();
    throw error;
  }
}

/** Keeps what stands after the last whole line under a name of its own, then cuts it off. Doing it twice changes nothing. */
function setAside(
  disk: Disk,
  folder: string,
  file: AppendFile,
  bytes: Uint8Array,
  { whole, events }: Reading,
): Torn | undefined {
  const tail = bytes.subarray(whole);
  if (tail.length === 0) return undefined;
  const line = events.length + 1;
  for (let i = 1; ; i++) {
    const name = `journal.torn-${line}${i === 1 ? '' : `-${i}`}`;
    const there = disk.read(`${folder}/${name}`);
    if (there && Buffer.compare(there, tail) !== 0) continue;
    if (!there) writeWhole(disk, folder, name, tail);
    file.truncate(whole);
    file.sync();
    return { file: name, bytes: tail.length, line };
  }
}

/** The handover of a run that was not taken up again since. */
export function handoverOf(events: readonly LaunchEvent[]): (LaunchEvent & FactOf<'run.handed-over'>) | undefined {
  const last = events.findLast(({ type }) => type === 'run.handed-over' || type === 'run.resumed');
  return last?.type === 'run.handed-over' ? last : undefined;
}

/** From the handover on, this folder acts no more: two who act at once is what must not be. */
function refuseHandedOver(run: string, events: readonly LaunchEvent[]): void {
  const last = handoverOf(events);
  if (!last) return;
  throw new LockedError(
    `${run} was handed over${last.to === undefined ? '' : ` to ${last.to}`} by ${last.by} at ${last.at}: it goes on there, not here`,
    `Have it handed back: \`launch handover\` there, then \`launch handover open FILE\` here. If nobody works on it: launch handover take-back --run ${run}`,
  );
}

/** A rehearsal is never resumed as real, and a copied folder not as another run. */
function checkOrigin(place: Place, run: string, first: LaunchEvent | undefined): void {
  const shown = `${place.shown}/${run}`;
  if (first?.type !== 'run.started') {
    throw new StateError(
      `${shown} has no whole event`,
      `Nothing was changed. Move the folder ${shown} away and begin again.`,
    );
  }
  if (first.mode !== modes[place.kind]) {
    const was = first.mode === 'real' ? 'a real run' : 'a rehearsal';
    throw new StateError(
      `${shown} holds ${was}`,
      `Move the folder back to .launch/${first.mode === 'real' ? 'runs' : 'rehearsals'}.`,
    );
  }
  if (first.run !== run)
    throw new StateError(`${shown} holds the run ${first.run}`, `Give the folder its name back: ${first.run}`);
}
