// The prose of a runbook on a terminal: Markdown tokens become wrapped lines. What splits Markdown into tokens comes in as a parameter.
import { safe, safeLine } from '../text/escape.ts';
import type { Theme } from './theme.ts';
import { cells, pad, wrap } from './width.ts';

/** What is used of a token of marked's lexer. */
interface MarkdownToken {
  readonly type: string;
  readonly raw: string;
  readonly text?: string;
  readonly depth?: number;
  readonly href?: string;
  readonly ordered?: boolean;
  readonly start?: number | '';
  readonly task?: boolean;
  readonly checked?: boolean;
  readonly tokens?: readonly MarkdownToken[];
  readonly items?: readonly MarkdownToken[];
  readonly header?: readonly Cell[];
  readonly rows?: readonly (readonly Cell[])[];
}
interface Cell {
  readonly text: string;
  readonly tokens: readonly MarkdownToken[];
}

export type Lexer = (markdown: string) => readonly MarkdownToken[];

/** Lines of at most `width` cells, code excepted: a command is never broken, so that it can be copied. Safe for a terminal. */
export function renderMarkdown(
  markdown: string,
  { lex, theme, width }: { readonly lex: Lexer; readonly theme: Theme; readonly width: number },
): readonly string[] {
  return trimmed(blocks(lex(markdown), theme, width));
}

function blocks(tokens: readonly MarkdownToken[], theme: Theme, width: number): readonly string[] {
  return tokens.flatMap((token) => block(token, theme, width));
}

function block(token: MarkdownToken, theme: Theme, width: number): readonly string[] {
  const text = () => inline(token.tokens, theme) || safe(token.text ?? '');
  switch (token.type) {
    case 'space':
      return [''];
    case 'heading':
      return wrap(theme.bold(text()), width);
    case 'code':
      return safe(token.text ?? '')
        .split('\n')
        .map((line) => `  ${theme.dim(theme.bar)} ${line}`);
    case 'blockquote':
      return trimmed(blocks(token.tokens ?? [], theme, width - 2)).map((line) => `${theme.dim(theme.bar)} ${line}`);
    case 'list':
      return list(token, theme, width);
    case 'table':
      return table(token, theme, width);
    case 'hr':
      return [theme.dim(theme.rule.repeat(Math.min(width, 20)))];
    case 'html':
    case 'def':
      return [];
    default:
      return wrap(text(), width);
  }
}

function list({ items = [], ordered, start }: MarkdownToken, theme: Theme, width: number): readonly string[] {
  return items.flatMap((item, index) => {
    const mark = ordered ? `${Number(start || 1) + index}.` : theme.bullet;
    const box = item.task ? (item.checked ? '[x] ' : '[ ] ') : '';
    const hang = ' '.repeat(cells(mark) + 1);
    const inner = trimmed(
      blocks(
        (item.tokens ?? []).filter((token) => token.type !== 'checkbox'),
        theme,
        Math.max(8, width - hang.length - box.length),
      ),
    );
    return inner.map((line, at) => (at === 0 ? `${mark} ${box}${line}` : line === '' ? '' : hang + line));
  });
}

/** Columns where they fit, else each row as `header: value` lines. */
function table({ header = [], rows = [] }: MarkdownToken, theme: Theme, width: number): readonly string[] {
  const text = (cell: Cell | undefined) => inline(cell?.tokens, theme).replaceAll('\n', ' ');
  const grid = [header, ...rows].map((row) => header.map((_, column) => text(row[column])));
  const widths = header.map((_, column) => Math.max(...grid.map((row) => cells(row[column] ?? ''))));
  const whole = widths.reduce((sum, one) => sum + one + 2, -2);
  const [names = [], ...values] = grid;
  if (whole > width)
    return values.flatMap((row) =>
      row.flatMap((value, column) => wrap(`${theme.dim(`${names[column]}:`)} ${value}`, width, '  ')),
    );
  const line = (row: readonly string[]) =>
    row
      .map((value, column) => pad(value, widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [
    theme.bold(line(names)),
    theme.dim(widths.map((one) => theme.rule.repeat(one)).join('  ')),
    ...values.map(line),
  ];
}

function inline(tokens: readonly MarkdownToken[] | undefined, theme: Theme): string {
  return (tokens ?? []).map((token) => span(token, theme)).join('');
}

function span(token: MarkdownToken, theme: Theme): string {
  const inner = () => (token.tokens ? inline(token.tokens, theme) : safe(token.text ?? token.raw));
  switch (token.type) {
    case 'strong':
      return theme.bold(inner());
    case 'em':
      return theme.underline(inner());
    case 'codespan':
      return theme.colour ? theme.paint('note', safeLine(token.text ?? '')) : `\`${safeLine(token.text ?? '')}\``;
    case 'link':
      return linked(inner(), safeLine(token.href ?? ''), theme);
    case 'image':
      return linked(safeLine(token.text ?? ''), safeLine(token.href ?? ''), theme);
    case 'br':
      return '\n';
    case 'html':
      return token.raw.startsWith('<!--') ? '' : safe(token.raw);
    case 'checkbox':
      return '';
    default:
      // A line end inside a paragraph is only a place where the author's editor wrapped.
      return inner().replaceAll('\n', ' ');
  }
}

function linked(text: string, href: string, theme: Theme): string {
  const address = href.replace(/^mailto:/, '');
  return text === address || text === '' ? theme.underline(address) : `${text} ${theme.dim(`(${address})`)}`;
}

/** Without empty lines at the ends and with one at most between. */
function trimmed(lines: readonly string[]): readonly string[] {
  const shown = lines.filter((line, index) => line !== '' || (index > 0 && lines[index - 1] !== ''));
  return shown.at(-1) === '' ? shown.slice(0, -1) : shown;
}
