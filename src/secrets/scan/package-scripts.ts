// Which script of which package.json a command calls: npm, pnpm, yarn, bun, turbo and lerna, also of one package of a workspace.
import { folderOf, json, pick } from './imports.ts';

interface Around {
  /** Texts of package.json files, by path. */
  readonly texts: ReadonlyMap<string, string>;
}

interface Called {
  readonly command: string;
  /** Where it runs. */
  readonly folder: string;
}

/** undefined: no package manager is called. What it executes without a script (`pnpm --filter api exec node x.js`) is given as it stands. */
export function calledScript(words: readonly string[], around: Around, folder: string): readonly Called[] | undefined {
  const by = words.findIndex((word) => MANAGERS.has(word));
  const runs = words.findIndex((word, at) => word === '--run' && words[at - 1] === 'node');
  if (runs >= 0) return of(words.slice(runs + 1), around, [folder]);
  if (by < 0) return undefined;
  const { where, rest } = read(words[by] ?? '', words.slice(by + 1));
  const packages = packagesOf(around);
  const folders = where.flatMap((one) => (one === EVERY ? [...packages.keys()] : placesOf(one, packages, folder)));
  return of(rest, around, where.length > 0 ? folders : [folder]);
}

function of(words: readonly string[], around: Around, folders: readonly string[]): readonly Called[] {
  const [first = '', ...more] = words.filter((word) => !/^(run|run-script|exec|--)$/.test(word));
  return folders.flatMap((folder) => {
    const command = scriptNamed(first, folder, around);
    if (command !== undefined) return [{ command, folder: homeOf(first, folder, around) }];
    return words.includes(first) && folder !== '' ? [{ command: [first, ...more].join(' '), folder }] : [];
  });
}

/** The script of the same name there; at the top, else of the only package that has it. */
export function scriptNamed(name: string, folder: string, around: Around): string | undefined {
  return scriptIn(around.texts.get(manifestOf(homeOf(name, folder, around))), name);
}

function homeOf(name: string, folder: string, { texts }: Around): string {
  if (folder !== '' || scriptIn(texts.get(manifestOf('')), name) !== undefined) return folder;
  const others = [...texts].filter(
    ([file, text]) => /(^|\/)package\.json$/.test(file) && scriptIn(text, name) !== undefined,
  );
  const [only] = others;
  return only && others.length === 1 ? folderOf(only[0]) : folder;
}

function scriptIn(text: string | undefined, name: string): string | undefined {
  const script = pick(pick(json(text ?? ''), 'scripts'), name);
  return typeof script === 'string' ? script : undefined;
}

const manifestOf = (folder: string): string => (folder === '' ? 'package.json' : `${folder}/package.json`);

/** What is said of where, and what is left of the words. */
function read(
  manager: string,
  words: readonly string[],
): { readonly where: readonly string[]; readonly rest: readonly string[] } {
  const where: string[] = [];
  const rest: string[] = [];
  const own = words.includes('--') && manager !== 'npx' ? words.slice(0, words.indexOf('--')) : words;
  for (let at = 0; at < own.length; at++) {
    const word = own[at] ?? '';
    const [, flag = word, value] = /^(--?[\w-]+)=(.*)$/.exec(word) ?? [];
    const next = own[at + 1] ?? '';
    // What stands behind the script is for the script: but npm and turbo take their own flags there too.
    if (PLACES.has(flag) || (flag === 'workspace' && manager === 'yarn' && rest.length === 0)) {
      where.push(value ?? next);
      if (value === undefined) at++;
    } else if (EVERYWHERE.has(flag)) where.push(EVERY);
    else if (!flag.startsWith('-') || rest.some((one) => !/^(run|run-script|exec)$/.test(one))) rest.push(word);
  }
  // Without a filter turbo and lerna run it in all packages.
  if (where.length === 0 && /^(turbo|lerna)$/.test(manager)) where.push(EVERY);
  return { where, rest };
}

type Packages = ReadonlyMap<string, string>;

/** Folders with a package.json, each with the name that stands in it. */
function packagesOf({ texts }: Around): Packages {
  const manifests = [...texts].filter(([file]) => /(^|\/)package\.json$/.test(file));
  return new Map(manifests.map(([file, text]) => [folderOf(file), String(pick(json(text), 'name') ?? '')]));
}

/** By path, by name, by name without its scope where only one is called so. */
function placesOf(said: string, packages: Packages, folder: string): readonly string[] {
  // pnpm and turbo: `...api`, `api...`, `api^...`, `{packages/api}`: with what it depends on, which the imports tell anyhow.
  const plain = said
    .replace(/^(\.\.\.\^?|\{)|(\^?\.\.\.|\})$/g, '')
    .replace(/^\.\//, '')
    .replace(/\/$/, '');
  const path = folder === '' ? plain : `${folder}/${plain}`;
  if (packages.has(path)) return [path];
  const all = [...packages];
  const pattern = plain.includes('*')
    ? new RegExp(`^${plain.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, '.*')}$`)
    : undefined;
  if (pattern) return all.flatMap(([at, name]) => (pattern.test(name) || pattern.test(at) ? [at] : []));
  const named = all.filter(([, name]) => name === plain);
  if (named.length > 0) return named.map(([at]) => at);
  const scopeless = all.filter(([at, name]) => name.split('/').at(-1) === plain || at.split('/').at(-1) === plain);
  return scopeless.length === 1 ? scopeless.map(([at]) => at) : [];
}

const EVERY = '*';
const MANAGERS = new Set(['npm', 'pnpm', 'yarn', 'bun', 'turbo', 'lerna']);
const PLACES = new Set(['-w', '--workspace', '--filter', '-F', '--scope', '--prefix', '-C', '--dir', '--cwd']);
const EVERYWHERE = new Set(['-r', '--recursive', '--workspaces', '-ws']);
