// Reads an Info.plist in its XML form. Of our own: the package that could do it prints to the terminal when a file is broken.

export type Plist = string | boolean | readonly Plist[] | { readonly [key: string]: Plist };

/** Numbers, dates and data stay texts. Throws with a sentence where the text is no XML property list. */
export function parsePlist(text: string): Plist {
  const tokens = tokensOf(text);
  let position = 0;
  const peek = () => tokens[position];
  const take = (): Token => {
    const token = tokens[position];
    if (token === undefined) throw new Error('it ends too early');
    position += 1;
    return token;
  };
  const close = (tag: string) => {
    const token = take();
    if (token.kind !== 'close' || token.tag !== tag) throw new Error(`</${tag}> is missing`);
  };
  const leaf = (tag: string): string => {
    const token = peek();
    if (token?.kind === 'text') position += 1;
    close(tag);
    return token?.kind === 'text' ? token.text : '';
  };
  const value = (): Plist => {
    const token = take();
    if (token.kind !== 'open') throw new Error('a value is missing');
    const { tag, empty } = token;
    if (tag === 'true' || tag === 'false') {
      if (!empty) close(tag);
      return tag === 'true';
    }
    if (tag === 'dict') return empty ? {} : map();
    if (tag === 'array') return empty ? [] : items();
    if (!LEAVES.has(tag)) throw new Error(`it has a <${tag}>`);
    return empty ? '' : leaf(tag);
  };
  const items = (): Plist => {
    const found: Plist[] = [];
    while (peek()?.kind === 'open') found.push(value());
    close('array');
    return found;
  };
  const map = (): Plist => {
    const found: Record<string, Plist> = {};
    while (peek()?.kind === 'open') {
      const key = take();
      if (key.kind !== 'open' || key.tag !== 'key') throw new Error('a <key> is missing');
      const name = key.empty ? '' : leaf('key');
      found[name] = value();
    }
    close('dict');
    return found;
  };
  const root = take();
  if (root.kind !== 'open' || root.tag !== 'plist') throw new Error('it is no XML property list');
  const parsed = value();
  close('plist');
  return parsed;
}

type Token =
  | { readonly kind: 'open'; readonly tag: string; readonly empty: boolean }
  | { readonly kind: 'close'; readonly tag: string }
  | { readonly kind: 'text'; readonly text: string };

/** Tags, and the texts that are not only blanks between tags. Declarations and comments are left out. */
function tokensOf(text: string): readonly Token[] {
  const bare = text.replaceAll(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE[^>]*>/g, '');
  const tokens: Token[] = [];
  for (const [, tag, plain] of bare.matchAll(/<([^>]*)>|([^<]+)/g)) {
    if (plain !== undefined) {
      const last = tokens.at(-1);
      if (plain.trim() !== '' || (last?.kind === 'open' && (last.tag === 'string' || last.tag === 'key')))
        tokens.push({ kind: 'text', text: unescapeXml(plain) });
    } else if (tag?.startsWith('/')) tokens.push({ kind: 'close', tag: tag.slice(1).trim() });
    else if (tag !== undefined)
      tokens.push({ kind: 'open', tag: tag.split(/[\s/]/)[0] ?? '', empty: tag.endsWith('/') });
  }
  return tokens;
}

const unescapeXml = (text: string): string =>
  text.replaceAll(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (entity, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? entity;
    const code =
      name.startsWith('#x') || name.startsWith('#X') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
  });

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const LEAVES: ReadonlySet<string> = new Set(['string', 'integer', 'real', 'date', 'data']);
