// The files of a rehearsal: the project as it is, what the project lacks from the packaged fixtures, and what is written in a folder of its own.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { DiskFiles } from '../system/files.ts';
import type { ActingFiles } from '../system/ports.ts';
import { hasCode } from './stand-in-file.ts';

export interface Overlay extends ActingFiles {
  /** Paths below this folder are allowed too: an input of type directory. One that is not there may still come from the fixtures. */
  allow(folder: string): Promise<void>;
  /** There is no such file from now on, although the project has one. */
  remove(path: string): Promise<void>;
  /** Files that came from the fixtures so far, as they were asked for. */
  readonly borrowed: ReadonlySet<string>;
}

export interface OverlayOptions {
  readonly project: string;
  /** The project's files, which refuse paths that leave it. */
  readonly real: DiskFiles;
  /** Where writes go: `W/files`. */
  readonly folder: string;
  readonly fixtures?: string;
}

/** Names in `W/files` that stand for "removed". */
const gone = '.removed-';

export function createOverlay({ project, real, folder, fixtures }: OverlayOptions): Overlay {
  const borrowed = new Set<string>();
  const written = (path: string): string => join(folder, placeOf(project, path));
  const marker = (path: string): string =>
    join(folder, gone + createHash('sha256').update(placeOf(project, path)).digest('hex'));
  const packaged = (path: string): string | undefined =>
    fixtures === undefined ? undefined : join(fixtures, placeOf(project, path));
  /** The project's answer; where it refuses a path or has nothing there, the fixtures may have it. */
  const orFixture = async <T>(
    path: string,
    ofProject: () => Promise<T | undefined>,
    ofFixture: (file: string) => Promise<T | undefined>,
  ): Promise<T | undefined> => {
    const fixture = packaged(path);
    try {
      const found = await ofProject();
      if (found !== undefined || fixture === undefined) return found;
    } catch (refusal) {
      if (fixture === undefined || !existsSync(fixture)) throw refusal;
    }
    const lent = await ofFixture(fixture);
    if (lent !== undefined) borrowed.add(path);
    return lent;
  };
  return {
    borrowed,
    allow: async (path) => {
      if (existsSync(resolve(project, path))) await real.allow(path);
    },
    read: async (path) => {
      if (existsSync(marker(path))) return undefined;
      return (await textOf(written(path))) ?? orFixture(path, () => real.read(path), textOf);
    },
    list: async (path) => {
      const places = [written(path), packaged(path)].filter((place) => place !== undefined);
      const ofProject = await real.list(path).catch((refusal: unknown) => {
        if (places.some((place) => existsSync(place))) return [];
        throw refusal;
      });
      const names = [...ofProject, ...(await Promise.all(places.map(namesIn))).flat()];
      const there = names.filter((name) => !name.startsWith(gone) && !existsSync(marker(join(path, name))));
      return [...new Set(there)].sort();
    },
    resolve: async (path) => {
      if (existsSync(written(path))) return written(path);
      const found = await orFixture(
        path,
        async () => existing(await real.resolve(path)),
        async (file) => existing(file),
      );
      return found ?? real.resolve(path);
    },
    write: async (path, text) => {
      await rm(marker(path), { force: true });
      await mkdir(dirname(written(path)), { recursive: true, mode: 0o700 });
      await writeFile(written(path), text, { mode: 0o600 });
    },
    remove: async (path) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await rm(written(path), { force: true });
      await writeFile(marker(path), '', { mode: 0o600 });
    },
  };
}

/** Where a path stands in the overlay and in the fixtures: each step up from the project is a folder `up`, so nothing leaves them. */
export function placeOf(project: string, path: string): string {
  const inside = relative(project, resolve(project, path));
  if (isAbsolute(inside)) return join('root', inside.replace(/^[A-Za-z]:/, ''));
  return inside
    .split(sep)
    .map((part) => (part === '..' ? 'up' : part))
    .join(sep);
}

const existing = (path: string): string | undefined => (existsSync(path) ? path : undefined);

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR') || hasCode(error, 'EISDIR')) return undefined;
    throw error;
  }
}

async function namesIn(path: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return [];
    throw error;
  }
}
