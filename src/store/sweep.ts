// What a run wrote, read once more at its end: is a secret in it?
import type { Disk } from './disk.ts';

export interface Leak {
  /** The file, from the run's folder. */
  readonly file: string;
  /** The secret's name. Never its value. */
  readonly secret: string;
}

/** Every file of the run: journal, what was set aside of it, frozen copies, receipts, a record that lies there. `holds` gives the name of a secret that stands in the bytes. */
export function sweep(disk: Disk, folder: string, holds: (bytes: Uint8Array) => string | undefined): readonly Leak[] {
  const files = [
    ...disk.list(folder).filter((name) => !FOLDERS.has(name)),
    ...disk.list(`${folder}/receipts`).map((name) => `receipts/${name}`),
  ];
  return files.flatMap((file) => {
    const bytes = disk.read(`${folder}/${file}`) ?? new Uint8Array(0);
    const secret = holds(bytes) ?? (file === 'journal.jsonl' ? holds(textsOf(bytes)) : undefined);
    return secret === undefined ? [] : [{ file, secret }];
  });
}

/** The receipts are looked through by themselves; the world of a rehearsal holds what the stand-ins think of. */
const FOLDERS: ReadonlySet<string> = new Set(['receipts', 'world']);

/**
 * What the events say, one text after the other, as if it were one: a value that was told in pieces. Byte by byte, since a long journal
 * was parsed once already.
 */
function textsOf(journal: Uint8Array): Uint8Array {
  const texts = new Uint8Array(journal.length);
  let length = 0;
  let key = 0;
  for (let at = 0; at < journal.length; at++) {
    if (journal[at] !== QUOTE) continue;
    const start = length;
    let sum = 0;
    for (at++; at < journal.length && journal[at] !== QUOTE; at++) {
      if (journal[at] === BACKSLASH) texts[length++] = journal[at++] ?? 0;
      texts[length++] = journal[at] ?? 0;
      sum = summed(sum, journal[at] ?? 0);
    }
    const isKey = journal[at + 1] === COLON;
    if (isKey) key = sum;
    if (isKey || OURS.has(key)) length = start;
  }
  return texts.subarray(0, length);
}

const [QUOTE, COLON, BACKSLASH] = [0x22, 0x3a, 0x5c];
const summed = (sum: number, byte: number): number => (sum * 31 + byte) | 0;

/** What stands between two pieces in each event. By their sums: a text for each key would take longer than all the rest. */
const OURS: ReadonlySet<number> = new Set(
  ['at', 'type', 'prev', 'step', 'is', 'how', 'by', 'for', 'does', 'result', 'receipt'].map((key) =>
    Buffer.from(key).reduce(summed, 0),
  ),
);
