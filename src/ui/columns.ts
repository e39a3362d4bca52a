// A table as aligned columns that fit a terminal: cells that are too wide go on below, within their column. Without a width all stays on its line.
import { cells, pad, wrap } from './width.ts';

/** Lines of a table; the first row is its head, an empty cell is a dash. `width` undefined: a pipe or a file. */
export function columns(rows: readonly (readonly string[])[], width?: number): readonly string[] {
  const all = rows.map((row) => row.map((cell) => cell || EMPTY));
  const widths = width === undefined ? most(all, cells) : fitting(all, width);
  if (widths === undefined) return stacked(rows, width ?? 1);
  return all.flatMap((row) => {
    const parts = row.map((cell, at) => (width === undefined ? [cell] : wrap(cell, widths[at] ?? 1)));
    const height = Math.max(...parts.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) =>
      parts
        .map((part, at) => pad(part[line] ?? '', widths[at] ?? 0))
        .join(GAP)
        .trimEnd(),
    );
  });
}

/** Too narrow for columns: each name, and below it what there is of it. */
function stacked([head = [], ...rows]: readonly (readonly string[])[], width: number): readonly string[] {
  return rows.flatMap(([name = '', ...rest]) => {
    const told = rest.flatMap((cell, at) => (cell === '' ? [] : [`${head[at + 1] ?? ''}: ${cell}`])).join(' · ');
    return [...wrap(name, width), ...(told === '' ? [] : wrap(GAP + told, width, GAP))];
  });
}

/**
 * As wide as their cells; where that is too much the widest give way: heads are broken between words first, then other cells, then
 * words. Names are not broken; undefined where it cannot be done.
 */
function fitting(rows: readonly (readonly string[])[], width: number): readonly number[] | undefined {
  const widths = most(rows, cells);
  const [head = [], ...body] = rows;
  const words = most(rows, longestWord);
  const room = width - GAP.length * (widths.length - 1);
  const names = widths[0] ?? 0;
  const bodies = [head.map(() => ''), ...body];
  const stages = [
    most(bodies, cells).map((cell, at) => Math.max(cell, words[at] ?? 0)),
    words,
    most(bodies, longestWord).map((word) => Math.max(LEAST, Math.min(word, LEAST_OF_WORDS))),
  ];
  for (const least of stages.map((stage) => stage.with(0, names)))
    while (sum(widths) > room) {
      const at = widest(widths, least);
      if (at === undefined) break;
      widths[at] = (widths[at] ?? 0) - 1;
    }
  return sum(widths) > room ? undefined : widths;
}

/** The widest column that may still give way. */
function widest(widths: readonly number[], least: readonly number[]): number | undefined {
  const may = widths.flatMap((width, at) => (width > (least[at] ?? 0) ? [{ width, at }] : []));
  return may.sort((a, b) => b.width - a.width)[0]?.at;
}

/** The largest of each column. */
function most(rows: readonly (readonly string[])[], measure: (cell: string) => number): number[] {
  return (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => measure(row[at] ?? ''))));
}

const longestWord = (cell: string): number => Math.max(...cell.split(' ').map(cells));
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const EMPTY = '–';
const GAP = '  ';
/** Enough for a word of state. */
const LEAST = 8;
/** Paths are longer, and are broken. */
const LEAST_OF_WORDS = 12;
