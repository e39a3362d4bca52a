// Which files of a project are looked at: what git ignores, what others wrote, and tests are left out.
import ignore, { type Ignore } from 'ignore';

/** What the scan needs of the disk; the `files` port has it. Paths are relative to the project. */
export interface Tree {
  read(path: string): Promise<string | undefined>;
  /** Names; folders end with `/`. */
  list(path: string): Promise<readonly string[]>;
  /** The real path: a link that leads elsewhere is told by it. */
  resolve(path: string): Promise<string>;
}

export interface Found {
  readonly files: readonly string[];
  /** Folders that could not be listed, with the reason. */
  readonly unread: readonly string[];
}

/** Every file that may matter, in order of path. */
export async function findFiles(tree: Tree, wanted: (path: string) => boolean): Promise<Found> {
  const files: string[] = [];
  const unread: string[] = [];
  const root = await tree.resolve('.');
  async function visit(folder: string, rules: readonly Rule[]): Promise<void> {
    const names = await listed(tree, folder, unread);
    const own = names.includes('.gitignore') ? await rulesOf(tree, folder) : undefined;
    const all = own ? [...rules, own] : rules;
    const below: Promise<void>[] = [];
    for (const name of names) {
      const path = folder + name;
      // What a team commits as an example is looked at even where `.env*` is ignored.
      if (isIgnored(path, all) && !isExample(name)) continue;
      if (!name.endsWith('/')) {
        if (wanted(path)) files.push(path);
      } else if (!LEFT_OUT.has(name) && !TESTS.test(name) && (await isPlain(tree, root, path)))
        below.push(visit(path, all));
    }
    await Promise.all(below);
  }
  await visit('', []);
  return { files: files.sort(), unread: unread.sort() };
}

interface Rule {
  readonly folder: string;
  readonly rules: Ignore;
}

async function rulesOf(tree: Tree, folder: string): Promise<Rule> {
  return { folder, rules: ignore().add((await tree.read(`${folder}.gitignore`)) ?? '') };
}

/** The deepest `.gitignore` that says anything decides. */
function isIgnored(path: string, rules: readonly Rule[]): boolean {
  for (const { folder, rules: own } of rules.toReversed()) {
    const { ignored, unignored } = own.test(path.slice(folder.length));
    if (ignored || unignored) return ignored;
  }
  return false;
}

async function listed(tree: Tree, folder: string, unread: string[]): Promise<readonly string[]> {
  try {
    return await tree.list(folder === '' ? '.' : folder);
  } catch (error) {
    unread.push(error instanceof Error ? error.message : String(error));
    return [];
  }
}

/** A folder and no link: links lead out, or in a circle. */
async function isPlain(tree: Tree, root: string, path: string): Promise<boolean> {
  try {
    return (await tree.resolve(path)) === `${root}/${path.slice(0, -1)}`;
  } catch {
    return false; // It leads out of the project.
  }
}

const isExample = (name: string): boolean => /^\.?env(\.[\w-]+)*\.(example|sample|template|dist)$/.test(name);

/** Folders of other people's code and of what is made by a build, with or without a `.gitignore`. */
const LEFT_OUT = new Set(
  [
    'node_modules',
    'bower_components',
    'vendor',
    'third_party',
    'Pods',
    'Carthage',
    'DerivedData',
    '.build',
    '.git',
    '.hg',
    '.svn',
    '.launch',
    '.venv',
    'venv',
    '__pycache__',
    'site-packages',
    '.tox',
    '.mypy_cache',
    '.next',
    '.nuxt',
    '.svelte-kit',
    '.output',
    '.turbo',
    '.cache',
    '.yarn',
    '.pnpm-store',
    'coverage',
    'target',
    'elm-stuff',
    '.terraform',
    '.gradle',
    '.idea',
    '.vscode',
    'dist',
    'build',
  ].map((name) => `${name}/`),
);

/** What a test or a bench reads, the app does not need. */
const TESTS = /^(tests?|bench(marks?)?|__tests__|__mocks__|specs?|e2e|fixtures|cypress|playwright)\/$/i;
