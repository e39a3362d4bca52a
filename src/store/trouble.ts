// What the disk says when it refuses, in words, with what to do about it.
import { StateError } from '../engine/store.ts';

/** The `code` of a system error (`ENOSPC`), where it has one. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Does it, and turns a refusal of the disk into a StateError that names the file. Other errors pass. */
export function onDisk<T>(doing: string, path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw codeOf(error) === undefined ? error : refused(doing, path, error);
  }
}

export function refused(doing: string, path: string, cause: unknown): StateError {
  const code = codeOf(cause);
  const known = code === undefined ? undefined : words[code];
  const why = known?.why ?? (cause instanceof Error ? cause.message : String(cause));
  const remedy = known?.remedy ?? 'Make the folder usable, then start again: nothing that was shown is lost.';
  return new StateError(`cannot ${doing} ${path}: ${why}`, remedy, { cause });
}

const again = 'then start again: the run goes on where it is.';
const words: Readonly<Record<string, { readonly why: string; readonly remedy: string }>> = {
  ENOSPC: { why: 'the disk is full', remedy: `Free some space, ${again}` },
  EDQUOT: { why: 'the disk quota is used up', remedy: `Free some space or raise the quota, ${again}` },
  EFBIG: { why: 'the file may not grow any larger', remedy: `Raise the file size limit (ulimit -f), ${again}` },
  EROFS: { why: 'the file system is read-only', remedy: `Make it writable or work in a copy of the project, ${again}` },
  EACCES: {
    why: 'no permission',
    remedy: `Give yourself the right to write there (ls -l shows whose it is), ${again}`,
  },
  EPERM: { why: 'not permitted', remedy: `Give yourself the right to write there (ls -l shows whose it is), ${again}` },
  EIO: {
    why: 'the disk reports an error',
    remedy: `Look at the disk (system log) before you trust it again, ${again}`,
  },
  EMFILE: { why: 'too many open files', remedy: `Raise the limit (ulimit -n), ${again}` },
  ENFILE: { why: 'too many open files on this machine', remedy: `Close some programs, ${again}` },
  ENOTEMPTY: { why: 'there is one of that name already', remedy: 'Start again: it gets another name.' },
  ENOTDIR: { why: 'a part of the path is a file, not a folder', remedy: `Move that file away, ${again}` },
  EISDIR: { why: 'there is a folder where a file should be', remedy: `Move that folder away, ${again}` },
};
