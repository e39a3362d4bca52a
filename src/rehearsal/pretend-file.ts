// What a person writes into a file of the project, in the overlay: the project itself is never touched.
import { parse as parseToml, stringify as stringifyToml } from 'smol-toml';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import type * as want from './pretend-wants.ts';
import { sampleOf } from './sample.ts';
import type { StandIns } from './stand-ins.ts';

type Wanted = z.output<typeof want.FileContent>;
type Tree = Record<string, unknown>;

/** undefined: no text could be made that the check would find right. */
export async function pretendFile(wanted: Wanted, { files }: Pick<StandIns, 'files'>): Promise<string | undefined> {
  const text = await files.read(wanted.path);
  if (wanted.exists === false) {
    if (text === undefined) return '';
    await files.remove(wanted.path);
    return `${wanted.path} is gone`;
  }
  if (text !== undefined && isRight(wanted, text)) return '';
  const edited = edit(wanted, text ?? '');
  if (edited === undefined || !isRight(wanted, edited)) return undefined;
  await files.write(wanted.path, edited);
  return `${wanted.path} was edited`;
}

function edit(wanted: Wanted, text: string): string | undefined {
  const value = valueFor(wanted, wanted.key === undefined ? text : undefined);
  if (value === undefined) return undefined;
  if (wanted.key === undefined) return String(value);
  return formats[formatOf(wanted)]?.write(text, pathOf(wanted.key), value);
}

/** The value (or the whole text, where there is no key) that fits all that is asked for. */
function valueFor(
  { equals, contains, matches, exists }: Wanted,
  text: string | undefined,
): string | number | boolean | undefined {
  if (equals !== undefined) return equals;
  const added = contains ?? (matches === undefined ? undefined : sampleOf(matches.replace(/^\^|\$$/g, ''), 'stand-in'));
  if (added === undefined) return matches === undefined || exists === true ? (text ?? 'stand-in') : undefined;
  return text === undefined ? added : `${text.replace(/\n*$/, text === '' ? '' : '\n')}${added}\n`;
}

function isRight(wanted: Wanted, text: string): boolean {
  const value = wanted.key === undefined ? text : valueIn(wanted, text, pathOf(wanted.key));
  if (value === undefined) return false;
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return (
    (wanted.equals === undefined || shown === String(wanted.equals)) &&
    (wanted.contains === undefined || shown.includes(wanted.contains)) &&
    (wanted.matches === undefined || new RegExp(wanted.matches, 'm').test(shown))
  );
}

function valueIn(wanted: Wanted, text: string, path: readonly string[]): unknown {
  try {
    return path.reduce<unknown>(
      (tree, key) => (isTree(tree) ? tree[key] : undefined),
      formats[formatOf(wanted)]?.parse(text),
    );
  } catch {
    // It does not parse: it is not right, and the editor below will say so by failing too.
    return undefined;
  }
}

const pathOf = (key: string | readonly string[]): readonly string[] => (typeof key === 'string' ? key.split('.') : key);

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

function formatOf({ format, path }: Wanted): string {
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return format ?? (ending === 'yml' ? 'yaml' : ending);
}

interface Format {
  parse(text: string): unknown;
  write(text: string, path: readonly string[], value: unknown): string;
}

const formats: Readonly<Record<string, Format>> = {
  toml: {
    parse: (text) => parseToml(text),
    write: (text, path, value) => {
      const tree: Tree = parseToml(text);
      put(tree, path, value);
      return stringifyToml(tree);
    },
  },
  json: {
    parse: (text) => JSON.parse(text),
    write: (text, path, value) => {
      const tree: unknown = JSON.parse(text === '' ? '{}' : text);
      if (isTree(tree)) put(tree, path, value);
      return `${JSON.stringify(tree, undefined, 2)}\n`;
    },
  },
  yaml: {
    parse: (text) => parseDocument(text).toJS(),
    write: (text, path, value) => {
      const document = parseDocument(text);
      document.setIn(path, value);
      return String(document);
    },
  },
};

function put(tree: Tree, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    tree[key] = value;
    return;
  }
  const inner = tree[key];
  const branch: Tree = isTree(inner) ? inner : {};
  tree[key] = branch;
  put(branch, rest, value);
}
