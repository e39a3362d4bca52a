// One JSON file of the stand-in world's state, changed by several processes: a lock file, then temp and rename.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { withLock } from './fly/lock.ts';

export interface StandInFile<T> {
  /** What it holds now; `empty` where it was never written. Throws a sentence when somebody broke it. */
  read(): T;
  /** Reads, lets `how` change the state in place, writes it where it is another: one process at a time. */
  change<R>(how: (state: T) => R): R;
}

/** `lock` is `path` with `.lock` in place of `.json`. */
export function standInFile<T>(path: string, schema: z.ZodType<T>, empty: () => T): StandInFile<T> {
  const read = (): T => {
    const text = readText(path);
    if (text === undefined) return empty();
    try {
      return schema.parse(JSON.parse(text));
    } catch (cause) {
      throw new Error(`${path} is not the state of a stand-in: remove the rehearsal's folder and begin again`, {
        cause,
      });
    }
  };
  return {
    read,
    change: (how) => {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      return withLock(path.replace(/\.json$/, '.lock'), (stillOurs) => {
        const state = read();
        const result = how(state);
        const text = `${JSON.stringify(state, undefined, 2)}\n`;
        stillOurs();
        // Most calls only read; a file that is replaced goes through the disk.
        if (text !== readText(path)) replaceFile(path, text);
        return result;
      });
    },
  };
}

/** Writes a whole file so that a reader sees the old text or the new one. Not synced: a rehearsal may be lost by a power cut. */
export function replaceFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, path);
}

/** undefined where there is no such file. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return undefined;
    throw error;
  }
}

export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
