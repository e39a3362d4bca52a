// The files of a project that may matter, walked and read within bounds: a large repository takes seconds, not minutes.
import type { Use } from '../../../src/system/ports.ts';
import { type CodeFacts, readCode } from './code.ts';

export interface ProjectFiles {
  /** From the project folder, sorted. */
  readonly paths: readonly string[];
  /** Nothing was left out for being too much. */
  readonly complete: boolean;
  /** A git repository begins here. */
  readonly isRepository: boolean;
  /** undefined: not there, or not to be read. Each is read once. */
  read(path: string): Promise<string | undefined>;
  /** What the code below a folder says; `without`: folders that are apps of their own. */
  code(
    below: string,
    without: readonly string[],
  ): Promise<{ readonly facts: readonly CodeFacts[]; readonly complete: boolean }>;
}

const MOST_PATHS = 20_000;
const MOST_CODE = 5000;
/** Characters of all code together. */
const MOST_TEXT = 20_000_000;
/** Longer files are made by a machine. */
const LONGEST = 500_000;
const AT_ONCE = 32;

export async function walkProject({ files }: Use<'files'>): Promise<ProjectFiles> {
  const { paths, complete, isRepository } = await walk({ files });
  const texts = new Map<string, Promise<string | undefined>>();
  const read = (path: string): Promise<string | undefined> => {
    const known = texts.get(path);
    if (known) return known;
    const reading = files.read(path).catch(() => undefined); // A link to nowhere, no right to read: as if it were not there.
    texts.set(path, reading);
    return reading;
  };
  const facts = new Map<string, CodeFacts | undefined>();
  let left = MOST_TEXT;
  const factsOf = async (path: string): Promise<void> => {
    const text = await files.read(path).catch(() => undefined);
    left -= text?.length ?? 0;
    facts.set(path, text === undefined || text.length > LONGEST ? undefined : readCode(path, text));
  };
  return {
    paths,
    complete,
    isRepository,
    read,
    code: async (below, without) => {
      const wanted = paths.filter(
        (path) => isCode(path) && isBelow(path, below) && !without.some((one) => isBelow(path, one)),
      );
      const within = wanted.slice(0, MOST_CODE).filter((path) => !facts.has(path));
      for (let at = 0; at < within.length && left > 0; at += AT_ONCE)
        await Promise.all(within.slice(at, at + AT_ONCE).map(factsOf));
      const seen = wanted.map((path) => facts.get(path));
      const found = seen.filter((one) => one !== undefined);
      return { facts: found, complete: complete && found.length === wanted.length };
    },
  };
}

async function walk({ files }: Use<'files'>): Promise<Pick<ProjectFiles, 'paths' | 'complete' | 'isRepository'>> {
  const paths: string[] = [];
  let isRepository = false;
  let level = ['.'];
  while (level.length > 0 && paths.length < MOST_PATHS) {
    const next: string[] = [];
    for (let at = 0; at < level.length; at += AT_ONCE) {
      const folders = level.slice(at, at + AT_ONCE);
      const lists = await Promise.all(folders.map((folder) => files.list(folder).catch(() => []))); // No right to look into a folder.
      for (const [index, folder] of folders.entries())
        for (const name of lists[index] ?? []) {
          const path = folder === '.' ? name : `${folder}/${name}`;
          if (folder === '.' && /^\.git\/?$/.test(name)) isRepository = true;
          if (!name.endsWith('/')) paths.push(path);
          else if (!SKIPPED.has(name.slice(0, -1)) && !name.startsWith('.')) next.push(path.slice(0, -1));
        }
    }
    level = next;
  }
  return { paths: paths.sort(), complete: level.length === 0, isRepository };
}

/** `below` '': the project folder. */
export const isBelow = (path: string, below: string): boolean => below === '' || path.startsWith(`${below}/`);

/** Made for tests and as examples: never launched. */
export const isAside = (path: string): boolean =>
  /(?:^|\/)(?:tests?|__tests__|__mocks__|spec|specs|e2e|fixtures|examples?)\//.test(path);

const isCode = (path: string): boolean =>
  /\.(?:[cm]?[jt]sx?|py|rb|go|rs|ex|exs|java|kt|php|cs)$/.test(path) &&
  !isAside(path) &&
  !/(?:^|\/)(?:docs|bench)\/|\.(?:test|spec|stories|config|min|d)\.\w+$|_test\.(?:go|py|exs)$/.test(path);

/** What others wrote, and what a build makes. */
const SKIPPED: ReadonlySet<string> = new Set([
  'node_modules',
  'bower_components',
  'vendor',
  'dist',
  'build',
  'out',
  'target',
  'coverage',
  'Pods',
  'DerivedData',
  'Carthage',
  'venv',
  '__pycache__',
  'deps',
  '_build',
]);
