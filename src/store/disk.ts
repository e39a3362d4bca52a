// The few file operations that the store is made of, as a parameter: `src/system/disk.ts` on node:fs, `memory.ts` for tests.

/** A file that only grows. */
export interface AppendFile {
  /** Bytes it holds now, whoever wrote them. */
  size(): number;
  /** Writes at the end and gives how many bytes it took: less than all is possible, and the caller goes on. */
  write(bytes: Uint8Array): number;
  /** Cuts it to `size` bytes. */
  truncate(size: number): void;
  /** What was written survives a power cut once this returns. */
  sync(): void;
  close(): void;
}

/**
 * Everything returns when it has happened and throws an error with a `code` (`ENOSPC`, `EROFS`, `EEXIST`, …) when it has not.
 * Paths are absolute. Folders are made 0700, files 0600.
 */
export interface Disk {
  /** With all folders above it that are missing; each new name is made durable. */
  makeFolder(path: string): void;
  /** Names in a folder; none where there is no such folder. */
  list(folder: string): readonly string[];
  /** undefined where there is no such file. */
  read(path: string): Uint8Array | undefined;
  /** Opens a file to append, making it where it is missing. `exclusive`: EEXIST where it is not. */
  append(path: string, options?: { readonly exclusive?: boolean }): AppendFile;
  /** Atomic. A file that has the new name is replaced; a folder with something in it is not (ENOTEMPTY or EEXIST). */
  rename(from: string, to: string): void;
  /** A second name for a file. EEXIST where the name is taken. */
  link(from: string, to: string): void;
  /** No error where there is no such file. */
  remove(path: string): void;
  /** With all that is in it. */
  removeFolder(path: string): void;
  /** Names made in a folder survive a power cut once this returns. */
  syncFolder(path: string): void;
}

/** All of them, however few a single write takes. */
export function writeAll(file: AppendFile, bytes: Uint8Array): void {
  for (let left = bytes; left.length > 0; ) {
    const took = file.write(left);
    if (took <= 0) throw Object.assign(new Error('the disk took none of the bytes'), { code: 'EIO' });
    if (took === left.length) return;
    left = left.subarray(took);
  }
}
