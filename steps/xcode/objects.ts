// A project.pbxproj as plain objects: quotes, comments and the parser's own wrappings taken away.
import { parse } from 'xcode/lib/parser/pbxproj.js';
import { z } from 'zod';

/** What is left: texts, lists and maps. The parser reads whole numbers as numbers, so a leading zero is lost. */
export type Value = string | readonly Value[] | { readonly [key: string]: Value };
export type Dictionary = { readonly [key: string]: Value };

export interface Objects {
  /** By id. */
  readonly all: ReadonlyMap<string, Dictionary>;
  readonly root: string;
}

const File = z.object({ project: z.object({ objects: z.record(z.string(), z.unknown()), rootObject: z.string() }) });

/** Throws where the text is no project file. */
export function parseObjects(text: string): Objects {
  const { project } = File.parse(parse(text));
  const entries = Object.entries(asMap(clean(project.objects))).flatMap(([id, value]) => {
    const map = asMap(value);
    // With section comments the objects stand one level deeper; some tools write the file without.
    return typeof map.isa === 'string'
      ? [[id, map] as const]
      : Object.entries(map).map(([inner, object]) => [inner, asMap(object)] as const);
  });
  return { all: new Map(entries), root: project.rootObject };
}

export const asMap = (value: Value | undefined): Dictionary => (isMap(value) ? value : {});
export const asText = (value: Value | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
export const asTexts = (value: Value | undefined): readonly string[] =>
  isList(value) ? value.filter((one) => typeof one === 'string') : [];

/** A setting's value as one text: lists are joined by blanks, as Xcode does. */
export const flat = (value: Value): string =>
  typeof value === 'string' ? value : isList(value) ? value.map(flat).join(' ') : '';

const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);
const isMap = (value: Value | undefined): value is Dictionary => typeof value === 'object' && !isList(value);

function clean(value: unknown): Value {
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return unquote(String(value));
  const entries = Object.entries(value).filter(([key]) => !key.endsWith('_comment'));
  const [first] = entries;
  // An element of a list that had a comment behind it.
  if (entries.length === 2 && first?.[0] === 'value' && 'comment' in value) return clean(first[1]);
  return Object.fromEntries(entries.map(([key, inner]) => [unquote(key), clean(inner)]));
}

function unquote(text: string): string {
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return text;
  return text.slice(1, -1).replaceAll(/\\(.)/gs, (_match, letter: string) => ESCAPES[letter] ?? letter);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
