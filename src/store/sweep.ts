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
    const secret = holds(disk.read(`${folder}/${file}`) ?? new Uint8Array(0));
    return secret === undefined ? [] : [{ file, secret }];
  });
}

/** The receipts are looked through by themselves; the world of a rehearsal holds what the stand-ins think of. */
const FOLDERS: ReadonlySet<string> = new Set(['receipts', 'world']);
