// The store's file operations on node:fs. Synchronous: an event is on disk before anything else happens.
import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { AppendFile, Disk } from '../store/disk.ts';

/** The disk of this machine. On macOS Node's syncs are F_FULLFSYNC, so they hold there too (`facts/performance-and-reliability.md §3.1`). */
export function realDisk(): Disk {
  return {
    makeFolder,
    list: (folder) => orNone(() => readdirSync(folder)) ?? [],
    read: (path) => orNone(() => readFileSync(path)),
    append: (path, options) => openToAppend(path, options?.exclusive ? 'ax' : 'a'),
    rename: (from, to) => renameSync(from, to),
    link: (from, to) => linkSync(from, to),
    remove: (path) => rmSync(path, { force: true }),
    removeFolder: (path) => rmSync(path, { recursive: true, force: true }),
    syncFolder,
  };
}

function openToAppend(path: string, flags: 'a' | 'ax'): AppendFile {
  const fd = openSync(path, flags, 0o600);
  return {
    size: () => fstatSync(fd).size,
    write: (bytes) => writeSync(fd, bytes),
    truncate: (size) => ftruncateSync(fd, size),
    sync: () => fdatasyncSync(fd),
    close: () => closeSync(fd),
  };
}

/** Level by level from the top, because each new name must be synced in the folder above it. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, 0o700);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolder(dirname(path));
    makeFolder(path); // by now somebody else may have made it
    return;
  }
  syncFolder(dirname(path));
}

function syncFolder(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } catch (error) {
    // Some network file systems cannot sync a folder and say so; they make names durable by themselves or not at all.
    if (!['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(codeOf(error) ?? '')) throw error;
  } finally {
    closeSync(fd);
  }
}

function orNone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
