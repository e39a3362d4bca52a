// A disk in memory, for tests that need no real one. Held to the same contract as the real one.
import type { AppendFile, Disk } from './disk.ts';

/** Files are byte buffers by inode, so that two names can be one file. */
export function memoryDisk(): Disk {
  const files = new Map<string, { bytes: Buffer }>();
  const folders = new Set<string>(['/']);
  const above = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';
  const below = (folder: string) => (path: string) => path.startsWith(`${folder}/`);
  const mustHave = (folder: string): void => {
    if (!folders.has(folder)) throw trouble('ENOENT', folder);
  };
  const makeFolder = (path: string): void => {
    if (files.has(path)) throw trouble('ENOTDIR', path);
    if (path !== '/') makeFolder(above(path));
    folders.add(path);
  };
  const move = (from: string, to: string): void => {
    const file = files.get(from);
    files.delete(from);
    if (file) files.set(to, file);
    if (folders.delete(from)) folders.add(to);
  };
  return {
    makeFolder,
    list(folder) {
      const names = [...files.keys(), ...folders].filter((path) => path !== '/' && above(path) === folder);
      return names.map((path) => path.slice(path.lastIndexOf('/') + 1));
    },
    read(path) {
      if (folders.has(path)) throw trouble('EISDIR', path);
      const file = files.get(path);
      return file && Buffer.from(file.bytes);
    },
    append(path, options) {
      mustHave(above(path));
      const there = files.get(path);
      if (there && options?.exclusive) throw trouble('EEXIST', path);
      const file = there ?? { bytes: Buffer.alloc(0) };
      files.set(path, file);
      return appendTo(file);
    },
    rename(from, to) {
      mustHave(above(to));
      if (!files.has(from) && !folders.has(from)) throw trouble('ENOENT', from);
      const all = [...files.keys(), ...folders];
      if (folders.has(from) && all.some(below(to))) throw trouble('ENOTEMPTY', to);
      for (const path of all.filter(below(from))) move(path, to + path.slice(from.length));
      move(from, to);
    },
    link(from, to) {
      mustHave(above(to));
      const file = files.get(from);
      if (!file) throw trouble('ENOENT', from);
      if (files.has(to)) throw trouble('EEXIST', to);
      files.set(to, file);
    },
    remove(path) {
      files.delete(path);
    },
    removeFolder(path) {
      for (const inside of [...files.keys(), ...folders].filter(below(path))) {
        files.delete(inside);
        folders.delete(inside);
      }
      folders.delete(path);
    },
    syncFolder: mustHave,
  };
}

function appendTo(file: { bytes: Buffer }): AppendFile {
  return {
    size: () => file.bytes.length,
    write(bytes) {
      file.bytes = Buffer.concat([file.bytes, bytes]);
      return bytes.length;
    },
    truncate(size) {
      file.bytes = file.bytes.subarray(0, size);
    },
    sync() {},
    close() {},
  };
}

function trouble(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
