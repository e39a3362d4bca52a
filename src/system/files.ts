// Files of the project, and of folders the person gave: every path is checked by where it really lies, so neither `..` nor a link leads out.

import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { ActingFiles } from './ports.ts';

export interface DiskFiles extends ActingFiles {
  /** From now on paths below this folder are allowed too: an input of type directory. Rejects where it is no folder. */
  allow(folder: string): Promise<void>;
}

const LARGEST = 50 * 2 ** 20;

/** `project`: absolute. */
export function diskFiles(project: string): DiskFiles {
  const roots = [project];
  const tops = new Map<string, Promise<string>>();
  // Where a root lies is asked once: the scan reads thousands of files below it.
  const topOf = (root: string): Promise<string> => {
    const top = tops.get(root) ?? realOf(root);
    tops.set(root, top);
    return top;
  };

  async function inside(path: string): Promise<string> {
    if (path.includes('\0')) throw new Error(`not a path: ${JSON.stringify(path)}`);
    const real = await realOf(resolve(project, path));
    for (const root of roots) {
      const top = await topOf(root);
      if (real === top || real.startsWith(top.endsWith(sep) ? top : top + sep)) return real;
    }
    throw new Error(`${path} lies outside the project`);
  }

  return {
    resolve: inside,
    async read(path) {
      const file = await inside(path);
      return told(`cannot read ${path}`, undefined, async () => {
        if ((await stat(file)).size > LARGEST) throw new Error('larger than 50 MB');
        return await readFile(file, 'utf8');
      });
    },
    async list(path) {
      const folder = await inside(path);
      return told(`cannot list ${path}`, [], async () => {
        const entries = await readdir(folder, { withFileTypes: true });
        const names = entries.map(async (entry) => {
          const folders = entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(join(folder, entry.name))));
          return folders ? `${entry.name}/` : entry.name;
        });
        return (await Promise.all(names)).sort();
      });
    },
    async write(path, text) {
      const file = await inside(path);
      const draft = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}`);
      try {
        await mkdir(dirname(file), { recursive: true });
        const mode = await modeOf(file);
        await writeFile(draft, text, { flag: 'wx', mode: mode ?? 0o644, flush: true });
        // What is made has the rights that the umask leaves; a file that was there keeps its own.
        if (mode !== undefined && (await modeOf(draft)) !== mode) await chmod(draft, mode);
        await rename(draft, file); // Either the old file or the whole new one, at any moment, also after a power cut.
      } catch (error) {
        await rm(draft, { force: true }).catch(() => undefined); // The first reason counts.
        throw new Error(`cannot write ${path}: ${reason(error)}`, { cause: error });
      }
    },
    async allow(folder) {
      const full = resolve(project, folder);
      if (!(await isFolder(full))) throw new Error(`${folder} is not a folder`);
      roots.push(full);
    },
  };
}

/** Where a path leads, links resolved; of what does not exist yet, by the nearest folder above that does. */
async function realOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) {
      if (codeOf(error) === 'ENOTDIR') return join(await realOf(dirname(path)), basename(path));
      throw new Error(`cannot look at ${path}: ${reason(error)}`, { cause: error });
    }
    if (await isLink(path)) throw new Error(`${path} is a link to nowhere`);
    return join(await realOf(dirname(path)), basename(path));
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch {
    return false; // Nothing of that name at all.
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false; // Not there, or a link to nowhere.
  }
}

/** A file that is replaced keeps its rights. */
async function modeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).mode & 0o777;
  } catch {
    return undefined; // A new one.
  }
}

/** A file or folder that is there and cannot be had: says which, and why. */
export class FileError extends Error {
  override readonly name = 'FileError';
}

/** What is not there gives `absent`; what cannot be had throws in words. */
async function told<T>(what: string, absent: T, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return absent;
    throw new FileError(`${what}: ${reason(error)}`, { cause: error });
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EISDIR: 'it is a folder',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  ELOOP: 'links that lead in a circle',
  ENAMETOOLONG: 'the name is too long',
};

function reason(error: unknown): string {
  return REASONS[codeOf(error) ?? ''] ?? (error instanceof Error ? error.message : String(error));
}
