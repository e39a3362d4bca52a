// Where expressions begin and end in a text. GitHub's library does not find the borders; `'…'` may hold `}}`.

type Part =
  | { readonly text: string }
  /** `source` is what stands between the braces; `start` and `end` enclose the braces too. */
  | { readonly source: string; readonly start: number; readonly end: number };

export interface Scanned {
  readonly parts: readonly Part[];
  /** Where a `${{` stands that is never closed. */
  readonly unclosed?: number;
}

export const holdsExpression = (text: string): boolean => text.includes('${{');

/** Cuts a text into plain parts and expressions, in order. */
export function scan(text: string): Scanned {
  const parts: Part[] = [];
  let from = 0;
  for (let start = text.indexOf('${{'); start !== -1; start = text.indexOf('${{', from)) {
    const end = endOf(text, start + 3);
    if (end === undefined) return { parts: [...parts, { text: text.slice(from) }], unclosed: start };
    if (start > from) parts.push({ text: text.slice(from, start) });
    parts.push({ source: text.slice(start + 3, end), start, end: end + 2 });
    from = end + 2;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return { parts };
}

/** The expression that is the whole text (but for white space around it), without its braces. */
export function wholeExpression(text: string): string | undefined {
  const { parts } = scan(text.trim());
  const [only] = parts;
  return parts.length === 1 && only !== undefined && 'source' in only ? only.source : undefined;
}

function endOf(text: string, from: number): number | undefined {
  let quoted = false;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "'") quoted = !quoted;
    else if (!quoted && text[at] === '}' && text[at + 1] === '}') return at;
  }
  return undefined;
}
