// Which process group starts which file, and what that file reaches.
import { folderOf, join, json, pick, scriptFile } from './imports.ts';
import { calledScript, scriptNamed } from './package-scripts.ts';

export interface Group {
  readonly name: string;
  readonly command: string;
  /** Files it starts with. Empty: the command does not tell. */
  readonly entries: readonly string[];
}

interface Around {
  readonly files: ReadonlySet<string>;
  /** Texts of package.json files, by path. */
  readonly texts: ReadonlyMap<string, string>;
}

/** The groups of fly.toml; without any the one group `app`, started by the Dockerfile or by package.json. */
export function groupsOf(
  processes: Readonly<Record<string, string>>,
  started: string | undefined,
  around: Around,
): readonly Group[] {
  const named = Object.entries(processes);
  const main = pick(json(around.texts.get('package.json') ?? ''), 'main');
  const fallback =
    started ??
    (scriptNamed('start', '', around) === undefined
      ? typeof main === 'string'
        ? `node ${main}`
        : ''
      : 'npm run start');
  // Without a command of its own a group runs what the image starts.
  const all =
    named.length > 0
      ? named.map(([name, command]) => [name, command || fallback] as const)
      : [['app', fallback] as const];
  return all.map(([name, command]) => ({ name, command, entries: [...new Set(entriesOf(command, around))] }));
}

/** Files that a command starts, through scripts of package.json, and back from what a build made to its source. */
function entriesOf(command: string, around: Around, folder = '', depth = 0): readonly string[] {
  if (depth > 5) return []; // Scripts that call each other in a circle.
  let at = folder;
  return command.split(/[;&|()]+/).flatMap((part) => {
    const words = part.split(/\s+/).flatMap((word) => word.replace(/^["']|["']$/g, '') || []);
    const moved = /(?:^|\s)["']?cd\s+([\w@./-]+)/.exec(part)?.[1];
    if (moved !== undefined) at = moved.startsWith('/') ? rooted(moved) : join(at, moved);
    return entriesOfWords(words, around, at, depth);
  });
}

function entriesOfWords(words: readonly string[], around: Around, at: string, depth: number): readonly string[] {
  const called = calledScript(words, around, at);
  if (called) {
    const found = called.flatMap(({ command, folder }) => entriesOf(command, around, folder, depth + 1));
    if (found.length > 0) return found;
  }
  const found = words.flatMap((word, index): readonly string[] => {
    const before = words[index - 1] ?? '';
    if (/^(-m|-A|--app|uvicorn|gunicorn|hypercorn|daphne|celery)$/.test(before))
      return pythonModule(word, around.files);
    if (/^[\w.]+:\w+$/.test(word)) return pythonModule(word.split(':')[0] ?? '', around.files);
    return fileNamed(word, at, around.files);
  });
  return found.length > 0 ? found : goCommand(words, around.files);
}

function fileNamed(word: string, folder: string, files: ReadonlySet<string>): readonly string[] {
  if (!/^[\w@./-]+$/.test(word) || !/[./]/.test(word)) return [];
  const path = word.startsWith('/') ? rooted(word) : join(folder, word);
  if (files.has(path)) return [path];
  if (!/\.[cm]?[jt]sx?$/.test(path) && !/(^|\/)(dist|build|out|lib|\.output)\//.test(path)) return [];
  for (const base of [
    path,
    ...BUILT.map((made) => path.replace(new RegExp(`(^|/)${made}/`), '$1src/')),
    ...BUILT.map((made) => path.replace(new RegExp(`(^|/)${made}/`), '$1')),
  ]) {
    const found = scriptFile(base, files);
    if (found !== undefined) return [found];
  }
  return [];
}

/** In an image the project mostly lies in /app. */
const rooted = (path: string): string =>
  path.replace(/^\/(app|usr\/src\/app|srv|code|workspace)(\/|$)/, '').replace(/^\/+|\/+$/g, '');

const BUILT = ['dist', 'build', 'out', 'lib'];

function pythonModule(name: string, files: ReadonlySet<string>): readonly string[] {
  const path = (name.split(':')[0] ?? '').replaceAll('.', '/');
  return [path, `src/${path}`].flatMap((base) =>
    [`${base}.py`, `${base}/__main__.py`, `${base}/__init__.py`].filter((one) => files.has(one)),
  );
}

/** A built Go program has the name of its folder: `/app/worker` → `cmd/worker/`, `./worker`; one `main.go` at the top is all there is. */
function goCommand(words: readonly string[], files: ReadonlySet<string>): readonly string[] {
  const mains = [...files].filter((file) => /(^|\/)main\.go$/.test(file));
  const named = mains.filter((file) =>
    words.some((word) => word.split('/').at(-1) === folderOf(file).split('/').at(-1)),
  );
  if (named.length > 0) return named;
  return mains.length === 1 ? mains : [];
}

/** Every file reached from the entries. */
export function reach(entries: readonly string[], next: (file: string) => readonly string[]): ReadonlySet<string> {
  const seen = new Set(entries);
  for (const file of seen) for (const other of next(file)) seen.add(other);
  return seen;
}
