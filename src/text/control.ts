// Our own colours and cursor movements, told apart from those that any other text brings along: each carries a mark that is drawn anew
// for every process, so that no runbook, child or file can write one.
import { randomInt } from 'node:crypto';

/** Private use, which `safe` never lets through; 64 bits, so that it cannot be guessed. */
const MARK = Array.from({ length: 4 }, () => String.fromCodePoint(0xf0000 + randomInt(0xfffe))).join('');

/** A control sequence that we mean: a colour, a movement of the cursor, a carriage return, the bell. Obeyed when it is written. */
export const control = (sequence: string): string => MARK + sequence;

/** Colours of ours with such codes, as a part of regular expressions. */
export const colours = (codes: string): string => `${MARK}\\x1b\\[${codes}m`;
export const COLOUR = colours('[0-9;]*');

/** Cuts a text at what is ours; every other piece is ours. */
export const OURS = new RegExp(`(${MARK}(?:\\x1b\\[\\??[0-9;]*[A-Za-z]|[\\r\\x07]))`);

/** The colours in a line that a library drew for us, from texts that were made safe, are ours. */
export const adoptColours = (line: string): string =>
  line.replace(UNMARKED, (_, mark, colour) => (mark ?? MARK) + colour);
const UNMARKED = new RegExp(`(${MARK})?(\\x1b\\[[0-9;]*m)`, 'g');

/** As the terminal is to get it: for the one place that writes there, after `safe`. */
export const unmarked = (text: string): string => text.replaceAll(MARK, '');
