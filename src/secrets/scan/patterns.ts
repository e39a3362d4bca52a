// Reads of the environment in languages whose tree we do not have, and scripts that cannot be parsed.

import { LANGUAGES, type Language } from './languages.ts';
import { type Masked, mask } from './masked.ts';
import { computedReads, escaped, type FoundHelper, helperCalls } from './pattern-helpers.ts';
import { readShell } from './shell.ts';
import { isEnvName, type Sighting } from './sighting.ts';

export type { Language } from './languages.ts';

export interface ReadByPattern {
  readonly sightings: readonly Sighting[];
  /** Functions that take the name as a text. */
  readonly helpers: readonly FoundHelper[];
}

/** What one file says by itself. */
export function readByPattern(source: string, language: Language): readonly Sighting[] {
  return readFile(mask(source, LANGUAGES[language].syntax), language).sightings;
}

/** All files of one language together: a helper of one is called in another. */
export function readLanguage(
  texts: ReadonlyMap<string, string>,
  language: Language,
): ReadonlyMap<string, readonly Sighting[]> {
  if (language === 'shell') return new Map([...texts].map(([file, text]) => [file, readShell(text)]));
  const { speaks, syntax, more } = LANGUAGES[language];
  const masked = new Map<string, Masked>();
  const found = new Map<string, Sighting[]>();
  const helpers: (FoundHelper & { readonly file: string })[] = [];
  const maskOf = (file: string, text: string): Masked => {
    const known = masked.get(file) ?? mask(text, syntax);
    masked.set(file, known);
    return known;
  };
  for (const [file, text] of texts) {
    if (!speaks.test(text)) continue;
    const read = readFile(maskOf(file, text), language);
    found.set(file, [...read.sightings]);
    helpers.push(...read.helpers.map((helper) => ({ ...helper, file })));
  }
  // Twice: what hands its name on to a helper is one too.
  for (let from = 0, round = 0; from < helpers.length && round < 3; round++) {
    const fresh = helpers.slice(from);
    from = helpers.length;
    const mentioned = new RegExp(`\\b(?:${[...new Set(fresh.map(({ helper }) => escaped(helper.name)))].join('|')})`);
    for (const [file, text] of texts) {
      if (!mentioned.test(text)) continue;
      const calls = helperCalls(maskOf(file, text), { file, language, helpers: fresh });
      found.set(file, [...(found.get(file) ?? []), ...calls.sightings]);
      helpers.push(...calls.helpers.map((helper) => ({ ...helper, file })));
    }
  }
  for (const [file, sightings] of more?.(texts, maskOf) ?? [])
    found.set(file, [...(found.get(file) ?? []), ...sightings]);
  return found;
}

function readFile(source: Masked, language: Language): ReadByPattern {
  const { patterns } = LANGUAGES[language];
  const sightings: Sighting[] = [];
  for (const { read, need, name: nameOf } of patterns) {
    for (const match of source.text.matchAll(read)) {
      const written = match.groups?.name;
      if (written === undefined || !source.isCode(match.index)) continue;
      const at = aroundOf(source.text, match);
      const where = { text: source.text, index: match.index, object: match.groups?.object ?? '' };
      const name = nameOf ? nameOf(written, where) : written;
      if (name === undefined || !isEnvName(name)) continue;
      const sensitive = HEADER.test(at.before);
      const line = lineAt(source.text, match.index + match[0].indexOf(written));
      sightings.push({ name, line, ...need(at), ...(sensitive && { sensitive }) });
    }
  }
  const computed = computedReads(source, language);
  return { sightings: [...sightings, ...computed.sightings], helpers: computed.helpers };
}

export function aroundOf(text: string, match: RegExpMatchArray & { readonly index: number }) {
  const end = match.index + match[0].length;
  return {
    before: text.slice(text.lastIndexOf('\n', match.index - 1) + 1, match.index),
    after: text.slice(end, end + 800),
    match,
  };
}

export function lineAt(text: string, at: number): number {
  let line = 1;
  for (let found = text.indexOf('\n'); found >= 0 && found < at; found = text.indexOf('\n', found + 1)) line++;
  return line;
}

/** In a header of HTTP that lets someone in. */
const HEADER = /(Bearer|Token|Basic)\s+\S*$|[Aa]uthorization["']?[^"'\n]*(["'][^"'\n]*)?$/;
