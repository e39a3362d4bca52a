// A disk that can lose its power: what was not synced is gone then, file contents and names each by their own sync.
import type { AppendFile, Disk } from '../../src/store/disk.ts';

interface File {
  bytes: Buffer;
  durable: Buffer;
}
interface Folder {
  names: Map<string, File | Folder>;
  durable: Map<string, File | Folder>;
}

export interface PowerDisk extends Disk {
  /**
   * What a restart finds. `names: 'kept'`: the disk wrote names on its own before the cut, contents not, which it may.
   */
  cut(found: { readonly names: 'lost' | 'kept' }): PowerDisk;
}

export function powerDisk(root: Folder = newFolder()): PowerDisk {
  const folderAt = (path: string): Folder => {
    let folder = root;
    for (const name of path.split('/').filter(Boolean)) {
      const next = folder.names.get(name);
      if (!next || !isFolder(next)) throw trouble(next ? 'ENOTDIR' : 'ENOENT', path);
      folder = next;
    }
    return folder;
  };
  const split = (path: string): readonly [Folder, string] => {
    const at = path.lastIndexOf('/');
    return [folderAt(path.slice(0, at)), path.slice(at + 1)];
  };
  const find = (path: string): File | Folder | undefined => {
    try {
      const [folder, name] = split(path);
      return folder.names.get(name);
    } catch {
      return undefined; // A folder on the way is not there either.
    }
  };
  return {
    makeFolder(path) {
      let folder = root;
      for (const name of path.split('/').filter(Boolean)) {
        const next = folder.names.get(name) ?? newFolder();
        if (!isFolder(next)) throw trouble('ENOTDIR', path);
        folder.names.set(name, next);
        folder.durable.set(name, next); // Each new name is made durable: the contract.
        folder = next;
      }
    },
    list(path) {
      const found = find(path);
      return found && isFolder(found) ? [...found.names.keys()] : [];
    },
    read(path) {
      const found = find(path);
      return found && !isFolder(found) ? Buffer.from(found.bytes) : undefined;
    },
    append(path, options) {
      const [folder, name] = split(path);
      const there = folder.names.get(name);
      if (there && (isFolder(there) || options?.exclusive)) throw trouble('EEXIST', path);
      const file: File = there ?? { bytes: Buffer.alloc(0), durable: Buffer.alloc(0) };
      folder.names.set(name, file);
      return appendTo(file);
    },
    rename(from, to) {
      const [source, name] = split(from);
      const [target, newName] = split(to);
      const moved = source.names.get(name);
      const there = target.names.get(newName);
      if (!moved) throw trouble('ENOENT', from);
      if (there && isFolder(there) && there.names.size > 0) throw trouble('ENOTEMPTY', to);
      source.names.delete(name);
      target.names.set(newName, moved);
    },
    link(from, to) {
      const [source, name] = split(from);
      const [target, newName] = split(to);
      const linked = source.names.get(name);
      if (!linked) throw trouble('ENOENT', from);
      if (target.names.has(newName)) throw trouble('EEXIST', to);
      target.names.set(newName, linked);
    },
    remove(path) {
      const [folder, name] = split(path);
      folder.names.delete(name);
    },
    removeFolder(path) {
      const [folder, name] = split(path);
      folder.names.delete(name);
    },
    syncFolder(path) {
      const folder = folderAt(path);
      folder.durable = new Map(folder.names);
    },
    cut: ({ names }) => powerDisk(restart(root, names)),
  };
}

function restart(folder: Folder, names: 'lost' | 'kept'): Folder {
  const found = newFolder();
  for (const [name, node] of names === 'kept' ? folder.names : folder.durable) {
    const next = isFolder(node) ? restart(node, names) : { bytes: node.durable, durable: node.durable };
    found.names.set(name, next);
    found.durable.set(name, next);
  }
  return found;
}

function appendTo(file: File): AppendFile {
  return {
    size: () => file.bytes.length,
    write(bytes) {
      file.bytes = Buffer.concat([file.bytes, bytes]);
      return bytes.length;
    },
    truncate(size) {
      file.bytes = file.bytes.subarray(0, size);
    },
    sync() {
      file.durable = Buffer.from(file.bytes);
    },
    close() {},
  };
}

const newFolder = (): Folder => ({ names: new Map(), durable: new Map() });
const isFolder = (node: File | Folder): node is Folder => 'names' in node;
const trouble = (code: string, path: string): Error => Object.assign(new Error(`${code}: ${path}`), { code });
