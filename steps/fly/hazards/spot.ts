// A line of a file that a hazard points at.
import { type Lines, lineText, placeAt } from '../../../src/text/place.ts';
import type { Spot } from './hazard.ts';

export function spotAt(lines: Lines, offset: number, length: number): Spot {
  const { file, line, column, length: fitting = 1 } = placeAt(lines, offset, length);
  return { file, line, column, length: fitting, text: lineText(lines, line) };
}
