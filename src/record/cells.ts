// Text from anywhere as GitHub-flavoured Markdown that shows exactly that text, and stays inside its cell.
import { safe, safeLine } from '../text/escape.ts';

/** For a heading, a sentence or a table cell. Addresses stay links. */
export function plain(text: string): string {
  return safeLine(text)
    .trim()
    .split(address)
    .map((part, i) => (i % 2 === 1 ? part : literal(part)))
    .join('');
}

/** As code, on one line; also inside a table cell. */
export function code(text: string): string {
  const line = safeLine(text);
  if (line.trim() === '') return '';
  // A backslash in front of a pipe has no form that all versions of GFM read alike, and a backtick needs care: as HTML then.
  if (/`|\\\||\\$/.test(line))
    return `<code>${line.replace(/[^A-Za-z0-9\s.,:;/=@%+"'-]/gu, (c) => `&#${c.codePointAt(0)};`)}</code>`;
  return `\`${line.replaceAll('|', '\\|')}\``;
}

/** Lines of output, as they were. */
export function block(lines: readonly string[]): string {
  const text = lines.map((line) => safe(line)).join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

/** A table; nothing where it has no rows. Cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell || '–').join(' | ')} |`;
  return [`| ${head.join(' | ')} |`, line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** `2026-11-22 21:30:05`; the column says that it is UTC. */
export function when(at: string | undefined): string {
  return at === undefined ? '' : at.slice(0, 19).replace('T', ' ');
}

function literal(text: string): string {
  return text
    .replace(/&(?=#?\w+;)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*[\]|~]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_');
}

const address = /(https?:\/\/[^\s<>|`"'\\*[\]()]+)/;
