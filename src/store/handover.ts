// A run as one file, for another machine: what is in it is named, hashed and checked whole before anything of it is written.
import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import type { FactOf, LaunchEvent } from '../engine/events.ts';
import { StateError } from '../engine/store.ts';
import { prepare, sweepHalf } from './create.ts';
import type { Disk } from './disk.ts';
import { writeWhole } from './journal.ts';
import { hashOf, readLines, writeLine } from './lines.ts';
import { type Claimant, takeLock } from './lock.ts';
import { handoverOf } from './open.ts';
import { isRunId, type Place } from './place.ts';
import { onDisk } from './trouble.ts';

/** The only names a run's folder has that travel: no path out of it, no link and no lock can be written as one of them. */
const FILE_NAME =
  /^(?:journal\.(?:jsonl|torn-\d+(?:-\d+)?)|runbook-[A-Za-z0-9][\w-]*\.md|receipts\/[A-Za-z0-9][\w-]*\.log)$/;
/** Of one text; a string of JavaScript holds no more than twice that. */
const MOST_BYTES = 256 * 2 ** 20;

const Packed = z.strictObject({
  name: z.string().regex(FILE_NAME),
  sha256: z.string(),
  text: z.string().optional(),
  base64: z.string().optional(),
});

const Handover = z.strictObject({
  handover: z.literal(1),
  run: z.string().refine(isRunId),
  title: z.string(),
  /** For people who open the file: where we are, what is in doubt, who is needed. */
  summary: z.array(z.string()),
  files: z.array(Packed).min(1),
});

export type Handover = Readonly<z.infer<typeof Handover>>;

/** The file of a run. Throws StateError where it would be too large to be read again. */
export function pack(
  disk: Disk,
  folder: string,
  about: { readonly run: string; readonly title: string; readonly summary: readonly string[] },
): { readonly text: string; readonly names: readonly string[] } {
  const names = [...disk.list(folder), ...disk.list(`${folder}/receipts`).map((name) => `receipts/${name}`)]
    .filter((name) => FILE_NAME.test(name))
    .sort();
  let bytes = 0;
  const files = names.map((name) => {
    const content = Buffer.from(onDisk('read', name, () => disk.read(`${folder}/${name}`)) ?? []);
    bytes += content.length;
    if (bytes > MOST_BYTES) throw tooLarge(about.run);
    const body = isUtf8(content) ? { text: content.toString('utf8') } : { base64: content.toString('base64') };
    return { name, sha256: hashOf(content), ...body };
  });
  const { run, title, summary } = about;
  return { text: `${JSON.stringify({ handover: 1, run, title, summary, files }, null, 1)}\n`, names };
}

export interface Unpacked {
  readonly handover: Handover;
  readonly events: readonly LaunchEvent[];
  readonly files: ReadonlyMap<string, Buffer>;
}

/** All of it checked: names, hashes, the chain of the journal, and that the run is on its way. Throws StateError. */
export function readHandover(text: string, shown: string): Unpacked {
  const handover = parsed(text, shown);
  const files = new Map<string, Buffer>();
  for (const { name, sha256, text: plain, base64 } of handover.files) {
    const content = plain === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(plain);
    if (files.has(name)) throw damaged(shown, `${name} stands in it twice`);
    if (hashOf(content) !== sha256) throw damaged(shown, `${name} is not as it was packed`);
    files.set(name, content);
  }
  const { events, whole } = readLines(files.get('journal.jsonl') ?? Buffer.alloc(0), `${shown}: journal.jsonl`);
  const [first] = events;
  if (first?.type !== 'run.started') throw damaged(shown, 'it has no journal');
  if (whole !== files.get('journal.jsonl')?.length) throw damaged(shown, 'the last line of its journal is not whole');
  if (first.run !== handover.run || first.mode !== 'real')
    throw damaged(shown, `its journal is not that of ${handover.run}`);
  if (!handoverOf(events)) throw damaged(shown, 'its journal does not end with a handover');
  const copies = events.flatMap((event) =>
    event.type === 'run.started' ? [event.runbook.copy] : event.type === 'runbook.adopted' ? [event.copy] : [],
  );
  const missing = copies.find((copy) => !files.has(copy));
  if (missing !== undefined) throw damaged(shown, `the runbook ${missing} is not in it`);
  return { handover, events, files };
}

/**
 * Puts the run in its place with `taken` as its next event: all of it, or nothing that counts. A run that is here already is only
 * replaced by what it became elsewhere after it was handed over from here. Throws StateError, LockedError.
 */
export function unpack(
  place: Place,
  claimant: Claimant,
  { handover, events, files }: Unpacked,
  { taken, at }: { readonly taken: FactOf<'run.resumed'>; readonly at: Date },
): void {
  const folder = `${place.root}/${handover.run}`;
  const journal = files.get('journal.jsonl') ?? Buffer.alloc(0);
  const prev = hashOf(journal.subarray(journal.lastIndexOf(10, journal.length - 2) + 1, -1));
  const line = `${writeLine(taken, { n: events.length + 1, at, prev })}\n`;
  const all = new Map([...files, ['journal.jsonl', Buffer.concat([journal, Buffer.from(line)])]]);
  onDisk('unpack', `${place.shown}/${handover.run}`, () => {
    const here = claimant.disk.read(`${folder}/journal.jsonl`);
    if (here === undefined) return makeNew(place, claimant, handover.run, all);
    const lock = takeLock(folder, handover.run, claimant);
    try {
      requireBack(`${place.shown}/${handover.run}`, claimant.disk.read(`${folder}/journal.jsonl`) ?? here, journal);
      writeAllOf(claimant.disk, folder, all);
    } finally {
      lock.release();
    }
  });
}

/** Only a journal that goes on from the one here, after that was handed over. */
function requireBack(shown: string, here: Uint8Array, journal: Buffer): void {
  const goesOn = journal.length > here.length && journal.subarray(0, here.length).equals(here);
  if (goesOn && handoverOf(readLines(here, `${shown}/journal.jsonl`).events)) return;
  throw new StateError(
    `${shown} is here already, and is not what this file goes on from`,
    'Nothing was changed. Go on with the run that is here (`launch runs`); or move its folder away, and open the file again.',
  );
}

/** In a folder that no one sees as a run, which then gets its name. */
function makeNew(place: Place, claimant: Claimant, run: string, files: ReadonlyMap<string, Buffer>): void {
  const { disk, me } = claimant;
  const half = `${place.root}/.new-${run}-${me.pid}`;
  prepare(place, disk);
  sweepHalf(place, claimant);
  disk.removeFolder(half);
  disk.makeFolder(half);
  try {
    const lock = takeLock(half, run, claimant, { home: `${place.root}/${run}` });
    writeAllOf(disk, half, files);
    disk.rename(half, `${place.root}/${run}`);
    disk.syncFolder(place.root);
    lock.release();
  } catch (error) {
    disk.removeFolder(half);
    throw error;
  }
}

/** The journal last: until it is there, nothing has changed for whoever reads the run. */
function writeAllOf(disk: Disk, folder: string, files: ReadonlyMap<string, Buffer>): void {
  const names = [...files.keys()].sort(
    (one, other) => Number(one === 'journal.jsonl') - Number(other === 'journal.jsonl'),
  );
  if (names.some((name) => name.startsWith('receipts/'))) disk.makeFolder(`${folder}/receipts`);
  for (const name of names) {
    const at = name.lastIndexOf('/');
    const inside = at < 0 ? folder : `${folder}/${name.slice(0, at)}`;
    writeWhole(disk, inside, name.slice(at + 1), files.get(name) ?? Buffer.alloc(0));
  }
}

function parsed(text: string, shown: string): Handover {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged(shown, 'it is not whole, or no handover file at all'); // The parser's words would only name a column.
  }
  const version = typeof value === 'object' && value !== null && 'handover' in value ? value.handover : undefined;
  if (typeof version === 'number' && version > 1)
    throw new StateError(
      `${shown} was packed by a newer launch`,
      'Nothing was changed. Open it with that version, or a newer one.',
    );
  const read = Handover.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw damaged(shown, `${issue?.path.join('.') || 'it'} is not as a handover file has it`);
}

const damaged = (shown: string, why: string): StateError =>
  new StateError(
    `${shown} cannot be used: ${why}`,
    'Nothing was unpacked. Have it sent again, and compare its SHA-256 with the one that was printed there.',
  );

const tooLarge = (run: string): StateError =>
  new StateError(
    `${run} is larger than a handover file may be (256 MB)`,
    'Copy its folder instead, and work on it in one place only.',
  );
