// Which file leads to which: so that a read can be told the process group whose entry file reaches it.

/** A file that names another; resolved against the files that are there. Over-reaching is harmless, under-reaching is not. */
export function importsOf(source: string, file: string): readonly string[] {
  const found: string[] = [];
  if (/\.[cm]?[jt]sx?$|\.(vue|svelte|astro)$/.test(file)) {
    for (const [, name = ''] of source.matchAll(SCRIPT)) found.push(name);
  } else if (file.endsWith('.py')) {
    for (const [, from, names = '', plain = ''] of source.matchAll(PYTHON)) {
      for (const one of plain.split(',')) if (one.trim() !== '') found.push(one.trim().split(/\s+as\s+/)[0] ?? '');
      if (from === undefined) continue;
      found.push(from);
      // `from app import config`: the name may be a module.
      for (const one of names.replace(/[()]/g, '').split(','))
        found.push(`${from}${from.endsWith('.') ? '' : '.'}${one.trim().split(/\s+as\s+/)[0] ?? ''}`);
    }
  } else if (file.endsWith('.go')) {
    for (const [, block = '', single = ''] of source.matchAll(GO)) {
      for (const [, name = ''] of `${block}\n${single}`.matchAll(/"([^"\n]+)"/g)) found.push(name);
    }
  } else if (file.endsWith('.rb') || file.endsWith('.ru')) {
    for (const [, relative, name = ''] of source.matchAll(/^\s*require(_relative)?\s*\(?\s*["']([^"']+)["']/gm))
      found.push(relative ? `./${name}` : name);
  }
  return found;
}

const SCRIPT = /\b(?:from|import|require|require\.resolve|new URL)\s*\(?\s*["'`]([^"'`\n]+)["'`]/g;
const PYTHON = /^[ \t]*(?:from\s+([.\w]+)\s+import\s+(\([^)]*\)|[^\n#]+)|import\s+([^\n#]+))/gm;
const GO = /^import\s+(?:\(([^)]*)\)|(?:\w+\s+)?("[^"\n]+"))/gm;

/** What the project calls its own folders: paths of tsconfig, packages of a workspace, the module of Go. */
export interface Names {
  /** `@/` → `src/`, `@sol/db` → `packages/db`. Longest first. */
  readonly aliases: readonly (readonly [string, string])[];
}

/** The files an import means; of Go, all files of a package. */
export function resolveImport(
  name: string,
  from: string,
  { files, names }: { readonly files: ReadonlySet<string>; readonly names: Names },
): readonly string[] {
  if (from.endsWith('.py')) return pythonFiles(name, from, files);
  if (from.endsWith('.go')) return goFiles(name, files, names);
  const base = name.startsWith('.') ? join(folderOf(from), name) : byAlias(name, names);
  if (base === undefined) return [];
  const found = scriptFile(base, files);
  return found === undefined ? [] : [found];
}

const ENDINGS = [
  '',
  '.ts',
  '.tsx',
  '.mts',
  '.cts',
  '.js',
  '.jsx',
  '.mjs',
  '.cjs',
  '.vue',
  '.svelte',
  '.rb',
  '/index.ts',
  '/index.tsx',
  '/index.js',
  '/index.mjs',
  '/index.cjs',
  '/src/index.ts',
  '/src/index.js',
  '/src/main.ts',
];

/** A script by its path without ending, or with the ending it has once it is built (`./x.js` means `x.ts`). */
export function scriptFile(base: string, files: ReadonlySet<string>): string | undefined {
  const stem = base.replace(/\.([cm]?)jsx?$/, '');
  for (const candidate of [base, stem]) {
    const found = ENDINGS.map((ending) => candidate + ending).find((path) => files.has(path));
    if (found !== undefined) return found;
  }
  return undefined;
}

function byAlias(name: string, { aliases }: Names): string | undefined {
  for (const [alias, folder] of aliases) {
    if (name === alias) return folder;
    if (name.startsWith(alias.endsWith('/') ? alias : `${alias}/`))
      return join(folder, name.slice(alias.length).replace(/^\//, ''));
  }
  return undefined;
}

/** `app.config` → `app/config.py`, also below `src/`; `.config` from where it stands. */
function pythonFiles(name: string, from: string, files: ReadonlySet<string>): readonly string[] {
  const dots = /^\.*/.exec(name)?.[0].length ?? 0;
  const path = name.slice(dots).replaceAll('.', '/');
  const up = '../'.repeat(Math.max(0, dots - 1));
  const bases = dots > 0 ? [join(folderOf(from), up + path)] : [path, `src/${path}`, join(folderOf(from), path)];
  return bases.flatMap((base) =>
    [`${base}.py`, `${base}/__init__.py`, `${base}/__main__.py`].filter((one) => files.has(one)),
  );
}

function goFiles(name: string, files: ReadonlySet<string>, names: Names): readonly string[] {
  const folder = byAlias(name, names);
  if (folder === undefined) return [];
  return [...files].filter((file) => file.endsWith('.go') && folderOf(file) === folder);
}

export const folderOf = (path: string): string => path.split('/').slice(0, -1).join('/');

/** Joined, with `.` and `..` worked out; what would lead above the project stays at its top. */
export function join(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** The names of a project, from its tsconfig, its packages and go.mod. JSON with comments is read as far as it goes. */
export function namesOf(texts: ReadonlyMap<string, string>): Names {
  const aliases: (readonly [string, string])[] = [];
  for (const [file, text] of texts) {
    const folder = folderOf(file);
    if (/(^|\/)tsconfig[\w.-]*\.json$/.test(file)) {
      const options = pick(pick(json(text), 'compilerOptions'), 'paths');
      const base = String(pick(pick(json(text), 'compilerOptions'), 'baseUrl') ?? '.');
      for (const [pattern, targets] of Object.entries(options ?? {})) {
        const target = Array.isArray(targets) ? targets[0] : undefined;
        if (typeof target === 'string')
          aliases.push([pattern.replace(/\*$/, ''), join(join(folder, base), target.replace(/\*$/, ''))]);
      }
    }
    const name = file.endsWith('package.json') ? pick(json(text), 'name') : undefined;
    if (typeof name === 'string' && folder !== '') aliases.push([name, folder]);
    const module = file.endsWith('go.mod') ? /^module\s+(\S+)/m.exec(text)?.[1] : undefined;
    if (module !== undefined) aliases.push([module, folder]);
  }
  return { aliases: aliases.sort(([a], [b]) => b.length - a.length) };
}

export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      // tsconfig allows comments and a last comma. Comment marks inside texts (`"@/*"`) are kept.
      const plain = text.replace(
        /("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
        (_all, quoted: string | undefined) => quoted ?? '',
      );
      return JSON.parse(plain.replace(/,(\s*[}\]])/g, '$1'));
    } catch {
      return undefined; // Not ours to judge: the file only helps.
    }
  }
}

/** A member of parsed JSON, whatever it is. */
export function pick(value: unknown, key: string): unknown {
  // An object of parsed JSON is plain.
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
