// A new run on disk: there with its first event, or not there at all.
import type { FactOf } from '../engine/events.ts';
import { type Disk, writeAll } from './disk.ts';
import { freeze, type OpenJournal, openJournal } from './journal.ts';
import { type Claimant, holderOf, takeLock } from './lock.ts';
import { modes, type Place, runId, shownJournal } from './place.ts';
import { onDisk } from './trouble.ts';

/** Everything is made in a folder that no one sees as a run, which then gets its name: a run always has its first event. */
export function create(
  place: Place,
  claimant: Claimant,
  first: FactOf<'run.started'>,
  options: { readonly at: Date; readonly source: string },
): OpenJournal {
  const { disk, me } = claimant;
  const run = runId(first.run);
  if (first.mode !== modes[place.kind])
    throw new Error(`a run of mode ${first.mode} does not belong into ${place.shown}`);
  const half = `${place.root}/.new-${run}-${me.pid}`;
  return onDisk('make', `${place.shown}/${run}`, () => {
    prepare(place, disk);
    sweepHalf(place, claimant);
    disk.removeFolder(half);
    disk.makeFolder(half);
    try {
      return fill(place, claimant, { first, half, ...options });
    } catch (error) {
      disk.removeFolder(half);
      throw error;
    }
  });
}

interface Filling {
  readonly first: FactOf<'run.started'>;
  readonly half: string;
  readonly at: Date;
  readonly source: string;
}

function fill(place: Place, claimant: Claimant, { first, half, at, source }: Filling): OpenJournal {
  const { disk } = claimant;
  const { run } = first;
  const folder = `${place.root}/${run}`;
  const lock = takeLock(half, run, claimant, { home: folder });
  let opened: { close(): void } = { close: lock.release };
  try {
    freeze(disk, half, first.runbook.digest, source);
    const file = disk.append(`${half}/journal.jsonl`, { exclusive: true });
    const reading = { events: [], whole: 0, last: '' };
    const journal = openJournal({ disk, run, folder, shown: shownJournal(place, run), file, reading, lock });
    opened = journal;
    journal.append(first, { sync: true, at });
    disk.syncFolder(half);
    disk.rename(half, folder);
    disk.syncFolder(place.root);
    return journal;
  } catch (error) {
    opened.close();
    throw error;
  }
}

/** `.launch` with its own .gitignore: nothing in it is ever committed. */
export function prepare({ root, project }: Place, disk: Disk): void {
  disk.makeFolder(root);
  const ignore = `${project}/.launch/.gitignore`;
  if (disk.read(ignore)?.length) return;
  const file = disk.append(ignore);
  try {
    writeAll(file, Buffer.from('*\n'));
  } finally {
    file.close();
  }
}

/**
 * Runs that were never finished being made, because the process died. What has no lock yet may as well be a run being
 * made just now: it stays, and no list shows it.
 */
export function sweepHalf({ root }: Place, claimant: Claimant): void {
  for (const name of claimant.disk.list(root)) {
    if (!name.startsWith('.new-')) continue;
    if (holderOf(`${root}/${name}`, claimant)?.standing === 'gone') claimant.disk.removeFolder(`${root}/${name}`);
  }
}
