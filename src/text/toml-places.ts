// Where in a TOML text each key and each value of a list stands: the parser says only what they are. The text has been parsed, so it is well-formed.

export interface Span {
  readonly offset: number;
  readonly length: number;
}
export type TomlPath = readonly (string | number)[];

/** Spans by `keyOf` their path. */
export function findTomlPlaces(text: string): ReadonlyMap<string, Span> {
  const spans = new Map<string, Span>();
  /** How often each array of tables has been opened. */
  const opened = new Map<string, number>();
  let at = 0;
  const note = (path: TomlPath, span: Span): void => {
    if (!spans.has(keyOf(path))) spans.set(keyOf(path), span);
  };
  const skip = (pattern: RegExp): void => {
    pattern.lastIndex = at;
    if (pattern.test(text)) at = pattern.lastIndex;
  };
  const readKey = (): readonly { readonly name: string; readonly span: Span }[] => {
    const pieces: { name: string; span: Span }[] = [];
    for (;;) {
      skip(BLANKS);
      const start = at;
      KEY.lastIndex = at;
      const raw = KEY.exec(text)?.[0] ?? '';
      at += Math.max(1, raw.length);
      pieces.push({ name: unquote(raw), span: { offset: start, length: Math.max(1, raw.length) } });
      skip(BLANKS);
      if (text[at] !== '.') return pieces;
      at++;
    }
  };
  const readHeader = (): TomlPath => {
    const isList = text.startsWith('[[', at);
    at += isList ? 2 : 1;
    let path: TomlPath = [];
    const pieces = readKey();
    for (const [index, { name, span }] of pieces.entries()) {
      path = [...path, name];
      note(path, span);
      const isNew = isList && index === pieces.length - 1;
      const count = (opened.get(keyOf(path)) ?? 0) + (isNew ? 1 : 0);
      if (count === 0) continue;
      opened.set(keyOf(path), count);
      path = [...path, count - 1];
      note(path, span);
    }
    skip(LINE);
    return path;
  };
  const readPair = (table: TomlPath): void => {
    const pieces = readKey();
    let path = table;
    for (const { name, span } of pieces) {
      path = [...path, name];
      note(path, span);
    }
    if (text[at] === '=') at++;
    skip(BLANKS);
    readValue(path);
  };
  const readValue = (path: TomlPath): void => {
    if (text[at] === '[') readItems(']', (index) => readItem([...path, index]));
    else if (text[at] === '{') readItems('}', () => readPair(path));
    else skip(VALUE);
  };
  const readItem = (path: TomlPath): void => {
    const start = at;
    readValue(path);
    const length = text.slice(start, at).split('\n')[0]?.trimEnd().length ?? 1;
    note(path, { offset: start, length: Math.max(1, length) });
  };
  const readItems = (end: string, read: (index: number) => void): void => {
    at++;
    for (let index = 0; at < text.length; index++) {
      skip(SPACE);
      if (text[at] === end) break;
      const before = at;
      read(index);
      skip(SPACE);
      if (text[at] === ',') at++;
      if (at === before) at++; // Never stand still, whatever the text.
    }
    at++;
  };
  let table: TomlPath = [];
  for (skip(SPACE); at < text.length; skip(SPACE)) {
    const before = at;
    if (text[at] === '[') table = readHeader();
    else readPair(table);
    if (at === before) at++;
  }
  return spans;
}

/** The span of that key, table or value; of the nearest one around it where it has none. A table where fly expects a list is a list of one, so its paths have a 0 that the text has not. */
export function spanOf(spans: ReadonlyMap<string, Span>, path: TomlPath): Span {
  for (let length = path.length; length > 0; length--) {
    const part = path.slice(0, length);
    const found = spans.get(keyOf(part)) ?? spans.get(keyOf(part.filter((piece) => piece !== 0)));
    if (found) return found;
  }
  return { offset: 0, length: 1 };
}

export const keyOf = (path: TomlPath): string => path.map((piece) => JSON.stringify(piece)).join(' ');

function unquote(raw: string): string {
  if (raw.startsWith("'")) return raw.slice(1, -1);
  if (!raw.startsWith('"')) return raw;
  try {
    return String(JSON.parse(raw));
  } catch {
    return raw.slice(1, -1); // An escape that JSON lacks: the key is found by its quotes alone.
  }
}

const BLANKS = /[ \t]*/y;
const SPACE = /(?:\s|#[^\n]*)*/y;
const LINE = /[^\n]*/y;
const KEY = /"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[\w-]+/y;
const VALUE = /"""(?:[^\\]|\\[\s\S])*?"""+|'''[\s\S]*?'''+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^,\]}#\n]*/y;
