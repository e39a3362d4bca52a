// A finding as people read it: the place, what is wrong, the line itself, and what to do, underlined.
import type { Finding } from './finding.ts';

/** Columns of the file's line that are shown; longer lines are cut around the place. */
const WIDTH = 110;

/**
 * Three lines, without a line feed at the end:
 *
 *     runbooks/prod.md:14:11  unknown kind "http/respnse"
 *       14 |     uses: http/respnse
 *          |           ^^^^^^^^^^^^  did you mean "http/response"?
 *
 * A finding that says why has that as a fourth line. Nothing is escaped here: the sink does that.
 */
export function renderFinding({ severity, message, place, text, why, remedy }: Finding): string {
  const mark = severity === 'warning' ? 'warning: ' : '';
  const gutter = String(place.line);
  const { line, before, marked } = cut(text, place.column - 1, place.length ?? 1);
  const underline = ' '.repeat(cells(before)) + '^'.repeat(Math.max(1, cells(marked)));
  return [
    `${place.file}:${place.line}:${place.column}  ${mark}${message}`,
    `  ${gutter} | ${line}`.trimEnd(),
    `  ${' '.repeat(gutter.length)} | ${underline}${remedy === undefined ? '' : `  ${remedy}`}`,
    ...(why === undefined ? [] : [`  ${why}`]),
  ].join('\n');
}

function cut(text: string, column: number, length: number): { line: string; before: string; marked: string } {
  const flat = text.replaceAll('\t', ' ');
  const start = flat.length <= WIDTH ? 0 : Math.max(0, Math.min(column - WIDTH / 2, flat.length - WIDTH));
  const end = flat.length <= WIDTH ? flat.length : start + WIDTH;
  const left = start > 0 ? '… ' : '';
  return {
    line: `${left}${flat.slice(start, end)}${end < flat.length ? ' …' : ''}`,
    before: left + flat.slice(start, column),
    marked: flat.slice(column, Math.min(column + length, end)),
  };
}

/** Cells on a terminal: two for what East Asian scripts and emoji take, none for what combines. */
function cells(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{Mark}|\u200d|\ufe0f/u.test(character)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}
