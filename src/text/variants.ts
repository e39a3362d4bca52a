// What of a secret is a secret: the whole, its lines, the texts inside it; each as it may be written.
import { encodingsOf } from './encodings.ts';

/** Values shorter than this are not learnt: they stand by chance in any text. */
const SHORTEST = 6;

const SHORTEST_TOKEN = 16;

const ARMOUR = /^-----(BEGIN|END) [A-Z0-9 ]+-----$/;

/**
 * Every byte sequence that gives the value away: raw, base64 (three alignments, also url-safe and wrapped), hex, URL-, JSON-, shell-
 * and XML-escaped, of the whole value, of each of its lines, and of each text inside it when it is JSON. Empty below six characters.
 */
export function variantsOf(value: string): Buffer[] {
  const found = new Map<string, Buffer>();
  for (const part of partsOf(value)) {
    for (const bytes of encodingsOf(part)) {
      if (bytes.length >= SHORTEST) found.set(bytes.toString('latin1'), bytes);
    }
  }
  return [...found.values()];
}

function partsOf(value: string): Set<string> {
  const parts = new Set<string>();
  const add = (part: string) => {
    if (part.trim().length >= SHORTEST) parts.add(part);
  };
  add(value);
  add(value.trim());
  add(withoutQuotes(value.trim()));
  const lines = value.replaceAll('\r\n', '\n');
  add(lines);
  add(lines.replaceAll('\n', '\r\n'));
  // `echo $KEY` gives it on one line, where its lines are too short to be known by themselves.
  add(lines.trim().replace(/\s*\n\s*/g, ' '));
  // Names of files, and what a phone typed: the same letters in other bytes.
  for (const form of ['NFC', 'NFD']) add(value.normalize(form));
  for (const line of value.split(/\r\n|\n|\r/)) if (!ARMOUR.test(line.trim())) add(line.trim());
  for (const piece of piecesOf(value)) add(piece);
  for (const leaf of textsInside(value)) {
    add(leaf);
    for (const line of leaf.split(/\r\n|\n|\r/)) if (!ARMOUR.test(line.trim())) add(line.trim());
  }
  return parts;
}

/** What is a secret inside a secret: a URL's password, the tokens of a list, the values of an env file, a key without its line breaks. */
function* piecesOf(value: string): Generator<string> {
  for (const [, password = ''] of value.matchAll(/:\/\/[^\s/:@]*:([^\s/@]+)@/g)) {
    yield password;
    yield decoded(password);
  }
  // `FlyV1 fm2_…,fm2_…`: each is good for itself. Short pieces are words.
  if (!/[\n{]/.test(value)) for (const token of value.split(/[\s,]+/)) if (token.length >= SHORTEST_TOKEN) yield token;
  for (const [, assigned = ''] of value.matchAll(/^(?:export )?[A-Za-z_]\w*=(.+)$/gm))
    yield withoutQuotes(assigned.trim());
  const armoured = /-----BEGIN [A-Z0-9 ]+-----([A-Za-z0-9+/=\s]+)-----END/.exec(value)?.[1];
  if (armoured !== undefined) yield armoured.replace(/\s/g, '');
}

function withoutQuotes(text: string): string {
  const [first, last] = [text.at(0), text.at(-1)];
  return text.length > 1 && first === last && (first === '"' || first === "'") ? text.slice(1, -1) : text;
}

function textsInside(value: string): string[] {
  if (!/^\s*[[{"]/.test(value)) return [];
  const texts: string[] = [];
  try {
    JSON.parse(value, (_key, inner: unknown) => {
      if (typeof inner === 'string') texts.push(inner);
    });
  } catch {
    return []; // It only looked like JSON: the value itself and its lines are learnt.
  }
  return texts;
}

/** What is no percent-encoding (`50%`) is what it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
