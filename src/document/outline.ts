// Any Markdown document as headings, lists, tables, code and text, each with its line: for what was written for people, not for us.
import { Lexer, type Token, type Tokens } from 'marked';

/** `line` counts from 1. `raw` is the text as it stands; in a list without the indentation of the list. */
export type Block =
  | {
      readonly kind: 'heading';
      readonly depth: number;
      readonly text: string;
      readonly raw: string;
      readonly line: number;
    }
  | {
      readonly kind: 'list';
      readonly ordered: boolean;
      readonly items: readonly Item[];
      readonly raw: string;
      readonly line: number;
    }
  | {
      readonly kind: 'code';
      readonly language: string;
      readonly text: string;
      readonly raw: string;
      readonly line: number;
    }
  | {
      readonly kind: 'table';
      readonly columns: readonly string[];
      /** Cells as Markdown, a row as long as `columns`. */
      readonly rows: readonly { readonly cells: readonly string[]; readonly line: number }[];
      readonly raw: string;
      readonly line: number;
    }
  | { readonly kind: 'text'; readonly raw: string; readonly line: number };

export interface Item {
  /** The first paragraph, as Markdown, on one line; '' where there is none. */
  readonly text: string;
  /** Of a task: is its box ticked? undefined where it has none. */
  readonly ticked?: boolean;
  /** What stands below the first paragraph. */
  readonly below: readonly Block[];
  /** All of it, without its mark and its box. */
  readonly raw: string;
  readonly line: number;
}

/** `source`: with line feeds only. */
export function readOutline(source: string): readonly Block[] {
  return blocksOf(new Lexer({ gfm: true }).blockTokens(source, []), 1);
}

function blocksOf(tokens: readonly Token[], from: number): readonly Block[] {
  let line = from;
  return tokens.flatMap((token) => {
    const blanks = /^\n*/.exec(token.raw)?.[0].length ?? 0;
    const block = token.type === 'space' ? [] : [blockOf(token, line + blanks)];
    line += linesIn(token.raw);
    return block;
  });
}

function blockOf(token: Token, line: number): Block {
  const raw = token.raw.replace(/^\n+|\s+$/g, '');
  // marked's Token is open to other extensions; of its own types the shape follows from `type`.
  if (token.type === 'heading') return { kind: 'heading', depth: token.depth, text: token.text, raw, line };
  if (token.type === 'code') return { kind: 'code', language: firstWord(token.lang), text: token.text, raw, line };
  if (token.type === 'list')
    return { kind: 'list', ordered: token.ordered, items: itemsOf(token as Tokens.List, line), raw, line };
  if (token.type === 'table') return tableOf(token as Tokens.Table, raw, line);
  return { kind: 'text', raw, line };
}

/** The line of the columns and that of the dashes stand above the rows. */
const tableOf = ({ header, rows }: Tokens.Table, raw: string, line: number): Block => ({
  kind: 'table',
  columns: header.map(({ text }) => text.trim()),
  rows: rows.map((row, at) => ({ cells: row.map(({ text }) => text.trim()), line: line + 2 + at })),
  raw,
  line,
});

const firstWord = (language: string | undefined): string => /^\S*/.exec(language ?? '')?.[0].toLowerCase() ?? '';

function itemsOf(list: Tokens.List, from: number): readonly Item[] {
  let line = from;
  return list.items.map((item) => {
    const at = line;
    line += linesIn(item.raw);
    return itemOf(item, at);
  });
}

function itemOf(item: Tokens.ListItem, line: number): Item {
  const tokens = item.tokens.filter(({ type }) => type !== 'checkbox');
  const first = tokens.findIndex(({ type }) => type !== 'space');
  const lead = tokens[first];
  const leads = lead?.type === 'text' || lead?.type === 'paragraph';
  const above = leads ? tokens.slice(0, first + 1) : [];
  const below = leads ? tokens.slice(first + 1) : tokens;
  return {
    text: leads ? oneLine(lead.raw.replace(BOX, '')) : '',
    ...(item.task && { ticked: item.checked === true }),
    below: blocksOf(below, line + above.reduce((count, { raw }) => count + linesIn(raw), 0)),
    raw: item.text.replace(item.task ? BOX : /^/, '').trim(),
    line,
  };
}

const BOX = /^\[[ xX]\][ \t]+/;
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
const linesIn = (raw: string): number => raw.split('\n').length - 1;
