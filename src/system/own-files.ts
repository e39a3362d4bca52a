// Files of this machine that a command is given or leaves: named by the person, shipped with the package, of a rehearsal.
import {
  chmodSync,
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const isThere = (path: string): boolean => existsSync(path);

/** Throws where it cannot be read. */
export const readText = (path: string): string => readFileSync(path, 'utf8');

/** As much of the beginning as these bytes hold. */
export function readHead(path: string, bytes: number): string {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(bytes);
    return buffer.toString('utf8', 0, readSync(file, buffer, 0, bytes, 0));
  } finally {
    closeSync(file);
  }
}

/** For nobody else to read. */
export const writePrivate = (path: string, text: string): void => writeFileSync(path, text, { mode: 0o600 });

/** A file of that name is there from now on, and is nobody else's: throws where there is one. */
export function claimFile(path: string): { write(text: string): void; giveUp(): void; close(): void } {
  const file = openSync(path, 'wx', 0o600);
  return {
    write(text) {
      for (let bytes = Buffer.from(text); bytes.length > 0; ) bytes = bytes.subarray(writeSync(file, bytes));
      fsyncSync(file);
    },
    giveUp: () => rmSync(path, { force: true }),
    close: () => closeSync(file),
  };
}

/** A project of its own with one runbook of the package and what belongs to it; its folder. */
export function makeSampleProject(sample: string, name: string, fixtures: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'launchbook-rehearsal-'));
  chmodSync(folder, 0o700);
  mkdirSync(join(folder, 'runbooks'));
  copyFileSync(sample, join(folder, 'runbooks', `${name}.md`));
  if (existsSync(fixtures)) cpSync(fixtures, folder, { recursive: true });
  return folder;
}
