// Files that a person names on the command line: they may lie anywhere, also in a pipe. Files that a runbook names may not.
import { basename, dirname, resolve } from 'node:path';
import { diskFiles } from '../system/files.ts';
import { readText } from '../system/own-files.ts';
import { type Io, UsageError } from './io.ts';

/** `flag` says in the message what the file was given for. */
export function readOwn(io: Io, flag: string, file: string): string {
  try {
    return readText(resolve(io.cwd, file));
  } catch (error) {
    throw new UsageError(`${flag}: ${why(error)}`, 'give the path of a file that is there and that you may read');
  }
}

/** The whole file or none of it. */
export async function writeOwn(io: Io, flag: string, file: string, text: string): Promise<void> {
  const full = resolve(io.cwd, file);
  try {
    await diskFiles(dirname(full)).write(basename(full), text);
  } catch (error) {
    throw new UsageError(`${flag}: ${why(error)}`, 'give a path in a folder that you may write to');
  }
}

const why = (error: unknown): string => (error instanceof Error ? error.message : String(error));
