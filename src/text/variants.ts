// What one secret can look like in a text: its encodings, its lines, the texts inside it.

/** Values shorter than this are not learnt: they stand by chance in any text. */
const SHORTEST = 6;

const SHORTEST_TOKEN = 16;

const ARMOUR = /^-----(BEGIN|END) [A-Z0-9 ]+-----$/;
/** Widths at which base64 is commonly broken into lines (PEM, openssl; MIME, coreutils). */
const WRAPS = [64, 76];

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
  add(value.replaceAll('\r\n', '\n'));
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
    yield safely(() => decodeURIComponent(password));
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

function* encodingsOf(part: string): Generator<Buffer> {
  const raw = Buffer.from(part);
  yield raw;
  for (const text of base64Of(raw)) {
    yield Buffer.from(text);
    yield Buffer.from(text.replaceAll('+', '-').replaceAll('/', '_'));
  }
  const hex = raw.toString('hex');
  yield Buffer.from(hex);
  yield Buffer.from(hex.toUpperCase());
  for (const text of escapesOf(part)) yield Buffer.from(text);
}

/** Base64 inside a longer text: at each alignment the characters that no neighbour changes; then the whole alone, also wrapped. */
function* base64Of(raw: Buffer): Generator<string> {
  for (let before = 0; before < 3; before++) {
    const all = Buffer.concat([Buffer.alloc(before), raw, Buffer.alloc(2)]).toString('base64');
    yield all.slice(Math.ceil((before * 8) / 6), Math.floor(((before + raw.length) * 8) / 6));
  }
  const alone = raw.toString('base64');
  yield alone;
  yield alone.replaceAll('=', '');
  for (const width of WRAPS) {
    for (let at = 0; at < alone.length && alone.length > width; at += width) yield alone.slice(at, at + width);
  }
}

function* escapesOf(part: string): Generator<string> {
  const uri = safely(() => encodeURIComponent(part));
  const strict = uri.replace(/[!'()*]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase());
  const form = new URLSearchParams({ v: part }).toString().slice(2);
  for (const text of [uri, strict, form, safely(() => encodeURI(part))]) {
    yield text;
    yield text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  }
  const json = JSON.stringify(part).slice(1, -1);
  const ascii = json.replace(/[^\x20-\x7e]/g, (c) => '\\u' + codeOf(c));
  yield json;
  yield ascii;
  // Go escapes these three in JSON, and flyctl is Go.
  yield json.replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
  yield json.replace(/[<>&=']/g, (c) => '\\u' + codeOf(c)); // Gson
  const inNet = json.replaceAll('\\"', '\\u0022'); // .NET
  yield inNet.replace(/[&'<>+`]|[^\x20-\x7e]/g, (c) => '\\u' + codeOf(c).toUpperCase());
  yield json.replaceAll('/', '\\/');
  yield ascii.replaceAll('/', '\\/');
  yield JSON.stringify(json).slice(1, -1); // JSON inside JSON, as in logs of logs
  yield part.replaceAll("'", `'\\''`);
  yield part.replaceAll("'", `'"'"'`);
  yield part.replace(/["\\$`]/g, '\\$&');
  yield part.replaceAll('"', '\\"');
  yield part.replace(/[^A-Za-z0-9_\-.,:+/@=%]/g, '\\$&'); // printf %q
  const xml = part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  yield xml;
  yield xml.replaceAll('"', '&quot;');
  yield xml.replaceAll('"', '&quot;').replaceAll("'", '&#x27;');
  yield xml.replaceAll('"', '&quot;').replaceAll("'", '&apos;');
  yield xml.replaceAll('"', '&quot;').replaceAll("'", '&#39;');
  yield xml.replaceAll('"', '&#34;').replaceAll("'", '&#39;');
  const html = xml.replaceAll('"', '&quot;').replaceAll("'", '&#39;');
  yield html.replace(/[/`=]/g, (c) => `&#x${c.charCodeAt(0).toString(16).toUpperCase()};`); // Mustache
  yield part.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** Four digits of hex, as escapes have them. */
const codeOf = (character: string): string => character.charCodeAt(0).toString(16).padStart(4, '0');

/** A lone surrogate has no URL form: such a value is then only learnt in its others. */
function safely(encode: () => string): string {
  try {
    return encode();
  } catch {
    return '';
  }
}
