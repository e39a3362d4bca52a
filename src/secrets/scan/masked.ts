// A source without its comments, and what of it stands inside texts: so that patterns see code only, every character in its place.

export interface Masked {
  /** Comments are blanks. */
  readonly text: string;
  /** False inside a text, but true again where the text holds code: `"#{ENV['A']}"`. */
  isCode(at: number): boolean;
}

export interface Syntax {
  /** What opens a comment to the end of its line. */
  readonly comment?: RegExp;
  readonly block?: readonly [open: string, close: string];
  readonly quotes: readonly Quote[];
}

interface Quote {
  readonly mark: string;
  /** A backslash keeps the mark from closing it. */
  readonly escapes?: boolean;
  readonly overLines?: boolean;
  /** What opens code inside; `f`: a brace, behind a letter f. */
  readonly code?: '#{' | '\\(' | 'f';
}

export function mask(source: string, syntax: Syntax): Masked {
  const text = source.split('');
  const quoted = new Uint8Array(source.length);
  const sticky = syntax.comment && new RegExp(syntax.comment.source, 'y');
  const blank = (from: number, to: number) => {
    for (let at = from; at < to; at++) if (source[at] !== '\n') text[at] = ' ';
  };
  for (let at = 0; at < source.length; ) {
    const comment = commentAt(source, at, { sticky, block: syntax.block });
    const quote = comment === undefined ? syntax.quotes.find(({ mark }) => source.startsWith(mark, at)) : undefined;
    if (comment !== undefined) blank(at, comment);
    at = comment ?? (quote ? throughText(source, at, quote, quoted) : at + 1);
  }
  return { text: text.join(''), isCode: (at) => quoted[at] !== 1 };
}

/** Where the comment that begins here ends. */
function commentAt(
  source: string,
  at: number,
  { sticky, block }: { readonly sticky: RegExp | undefined; readonly block: Syntax['block'] },
): number | undefined {
  if (block && source.startsWith(block[0], at)) {
    const end = source.indexOf(block[1], at + block[0].length);
    return end < 0 ? source.length : end + block[1].length;
  }
  if (!sticky) return undefined;
  sticky.lastIndex = at;
  if (!sticky.test(source)) return undefined;
  const end = source.indexOf('\n', at);
  return end < 0 ? source.length : end;
}

/** Marks what stands between the quotes; gives the place behind them. */
function throughText(source: string, from: number, quote: Quote, quoted: Uint8Array): number {
  const { mark, escapes = true, overLines = false } = quote;
  const opens =
    quote.code === 'f' ? (/[fF][rR]?$/.test(source.slice(Math.max(0, from - 2), from)) ? '{' : '') : quote.code;
  let at = from + mark.length;
  while (at < source.length && !source.startsWith(mark, at)) {
    if (opens && source.startsWith(opens, at))
      at = behindCode(source, at + opens.length, opens === '\\(' ? '()' : '{}');
    else if (!overLines && source[at] === '\n')
      return at; // Not closed: what follows is not its text.
    else {
      quoted[at] = 1;
      if (escapes && source[at] === '\\') quoted[++at] = 1;
      at++;
    }
  }
  return at + mark.length;
}

function behindCode(source: string, from: number, [open, close]: string): number {
  let depth = 1;
  let at = from;
  for (; at < source.length && depth > 0 && source[at] !== '\n'; at++) {
    if (source[at] === open) depth++;
    if (source[at] === close) depth--;
  }
  return at;
}

/** What stands inside the bracket that `text` begins inside of, up to the one that closes it. */
export function insideCall(text: string, from: number): string {
  let depth = 0;
  for (let at = from; at < text.length && at < from + 2000; at++) {
    const char = text[at] ?? '';
    if ('([{'.includes(char)) depth++;
    if (')]}'.includes(char) && depth-- === 0) return text.slice(from, at);
    if (char === '"' || char === "'" || char === '`') at = closing(text, at);
  }
  return text.slice(from, text.indexOf('\n', from) < 0 ? undefined : text.indexOf('\n', from));
}

/** The arguments of a call, apart. */
export function argumentsIn(inside: string): readonly string[] {
  const found: string[] = [];
  let [depth, start] = [0, 0];
  for (let at = 0; at < inside.length; at++) {
    const char = inside[at] ?? '';
    if ('([{'.includes(char)) depth++;
    if (')]}'.includes(char)) depth--;
    if (char === '"' || char === "'" || char === '`') at = closing(inside, at);
    if (char === ',' && depth === 0) {
      found.push(inside.slice(start, at));
      start = at + 1;
    }
  }
  return [...found, inside.slice(start)].map((one) => one.trim()).filter((one) => one !== '');
}

function closing(text: string, from: number): number {
  for (let at = from + 1; at < text.length && text[at] !== '\n'; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === text[from]) return at;
  }
  return from;
}
