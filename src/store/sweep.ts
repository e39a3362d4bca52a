// What a run wrote, read once more at its end: is a secret in it?
import type { Disk } from './disk.ts';

export interface Leak {
  /** The file, from the run's folder. */
  readonly file: string;
  /** The secret's name. Never its value. */
  readonly secret: string;
}

/** Journal, frozen copies, receipts and a record that lies there. `holds` gives the name of a secret that stands in the bytes. */
export function sweep(disk: Disk, folder: string, holds: (bytes: Uint8Array) => string | undefined): readonly Leak[] {
  const files = [
    ...disk.list(folder).filter((name) => /^journal\.|\.md$/.test(name)),
    ...disk.list(`${folder}/receipts`).map((name) => `receipts/${name}`),
  ];
  return files.flatMap((file) => {
    const secret = holds(disk.read(`${folder}/${file}`) ?? new Uint8Array(0));
    return secret === undefined ? [] : [{ file, secret }];
  });
}
