// The body of a runbook cut at its headings. The one door to marked; only its block rules for what is no heading are used.
import { Lexer, Tokenizer } from 'marked';

/** A heading of depth 1 to 3 and the text below it up to the next one; deeper headings are text. */
export interface Section {
  readonly depth: 1 | 2 | 3;
  /** The heading without comment and without marks of emphasis. */
  readonly title: string;
  /** What stands in a comment after the heading: `<!-- create-app -->`. */
  readonly comment?: string;
  /** Offset of the heading's first character in the file. */
  readonly offset: number;
  /** Of the heading's line. */
  readonly length: number;
  readonly prose: string;
}

export interface Body {
  /** The whole body. */
  readonly text: string;
  /** What stands before the first heading. */
  readonly before: string;
  readonly sections: readonly Section[];
}

/** `text`: the body with line feeds only. `offset`: where it begins in the file. */
export function readBody(text: string, offset: number): Body {
  const headings: { readonly at: number; readonly raw: string; readonly depth: 1 | 2 | 3 }[] = [];
  let at = 0;
  for (const token of new Lexer({ tokenizer: new Flat() }).blockTokens(text, [])) {
    // A heading that is indented belongs to a list or a quotation.
    const depth = token.type === 'heading' && token.raw.startsWith('#') ? token.depth : undefined;
    if (depth === 1 || depth === 2 || depth === 3) headings.push({ at, raw: token.raw, depth });
    at += token.raw.length;
  }
  const sections = headings.map(({ at, raw, depth }, index) => {
    const prose = text.slice(at + raw.length, headings[index + 1]?.at);
    return { depth, ...readHeading(raw, prose), offset: offset + at, length: raw.trimEnd().length };
  });
  return { text: text.trim(), before: text.slice(0, headings[0]?.at).trim(), sections };
}

/**
 * Lists, quotations and tables are left as text: no heading of ours can be in them, and marked takes a time that grows
 * with the square of their length. Headings are written with `#` only.
 */
class Flat extends Tokenizer {
  override blockquote = () => undefined;
  override code = () => undefined;
  override def = () => undefined;
  override hr = () => undefined;
  override lheading = () => undefined;
  override list = () => undefined;
  override table = () => undefined;
}

function readHeading(raw: string, prose: string): { title: string; comment?: string; prose: string } {
  const line = raw.trim().replace(/^#+[ \t]*/, '');
  const inLine = /<!--\s*(.*?)\s*-->/.exec(line)?.[1];
  const below = inLine === undefined ? /^\s*<!--\s*([a-z][a-z0-9-]*)\s*-->[ \t]*(?:\n|$)/.exec(prose) : null;
  const comment = inLine ?? below?.[1];
  const title = plain(line.replace(/<!--.*?-->/g, '').replace(/[ \t]+#+[ \t]*$/, ''));
  return {
    title,
    ...(comment !== undefined && { comment }),
    prose: (below ? prose.slice(below[0].length) : prose).trim(),
  };
}

/** Emphasis, code marks and links of a heading taken off. */
function plain(heading: string): string {
  return heading
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__|\*|`)(?=\S)(.+?)(?<=\S)\1/g, '$2')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}
