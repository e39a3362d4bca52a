// Where in a file something stands: offsets into a text turned into lines and columns, found by halving.
import type { Finding, Place, Severity } from './finding.ts';

export interface Lines {
  readonly file: string;
  /** With line feeds only, without a byte order mark: what all offsets count in. */
  readonly text: string;
  /** The offset of the first character of each line. */
  readonly starts: readonly number[];
}

export function indexLines(file: string, text: string): Lines {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return { file, text, starts };
}

/** The place of `length` characters from `offset`; it never leaves the line. */
export function placeAt(lines: Lines, offset: number, length = 1): Place {
  const line = lineOf(lines, offset);
  const start = lines.starts[line - 1] ?? 0;
  const left = start + lineText(lines, line).length - offset;
  return { file: lines.file, line, column: offset - start + 1, length: Math.max(1, Math.min(length, left)) };
}

/** The text of a line, counted from 1, without its line feed. */
export function lineText(lines: Lines, line: number): string {
  const end = lines.starts[line];
  return lines.text.slice(lines.starts[line - 1] ?? 0, end === undefined ? undefined : end - 1);
}

/** From 1. */
export function lineOf(lines: Lines, offset: number): number {
  let low = 0;
  let high = lines.starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lines.starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}

export interface Problem {
  readonly severity?: Severity;
  readonly code: string;
  readonly message: string;
  readonly why?: string;
  readonly remedy?: string;
}

/** A finding about `length` characters from `offset`: an error, unless the problem says otherwise. */
export function findingAt(
  lines: Lines,
  span: { readonly offset: number; readonly length?: number },
  problem: Problem,
): Finding {
  const place = placeAt(lines, span.offset, span.length);
  return { severity: 'error', ...problem, place, text: lineText(lines, place.line) };
}

/** A stretch of a line, with the line itself. */
export interface Spot extends Required<Place> {
  readonly text: string;
}

export function spotAt(lines: Lines, offset: number, length: number): Spot {
  const { file, line, column, length: fitting = 1 } = placeAt(lines, offset, length);
  return { file, line, column, length: fitting, text: lineText(lines, line) };
}
