// How many cells a text takes on a terminal, and how it is cut and wrapped to fit: by grapheme, with colour sequences counted as nothing.
import { anyColour, control } from '../text/control.ts';

/** One indivisible piece: a colour sequence of ours (no cells) or a grapheme. */
interface Piece {
  readonly text: string;
  readonly cells: number;
  readonly style: boolean;
}

/** Cells of a text on one line. Colour sequences and other controls take none, a tab takes one. */
export function cells(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let sum = 0;
  for (const piece of pieces(text)) sum += piece.cells;
  return sum;
}

/** The start of a text that fits; an ellipsis (`…`, or `more`) stands for what was cut. Styles are ended. */
export function clip(text: string, width: number, more = '…'): string {
  if (cells(text) <= width) return text;
  const room = Math.max(0, width - cells(more));
  let used = 0;
  let kept = '';
  let styled = false;
  for (const piece of pieces(text)) {
    if (used + piece.cells > room) break;
    used += piece.cells;
    styled ||= piece.style;
    kept += piece.text;
  }
  return kept + (styled ? RESET : '') + (width > 0 ? clipMore(more, width) : '');
}

/** Filled up with spaces to a width. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - cells(text)));
}

/**
 * A text as lines of at most `width` cells: broken between words, inside a word where it alone is too long. Lines after the first
 * begin with `hang`; a style that is on at a break is ended there and taken up again.
 */
export function wrap(text: string, width: number, hang = ''): readonly string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, Math.max(1, width), cells(hang) + 2 <= width ? hang : ''));
}

function wrapLine(text: string, width: number, hang: string): readonly string[] {
  if (cells(text) <= width) return [text];
  const lines: string[] = [];
  const indent = cells(hang);
  let line = '';
  let used = 0;
  const styles = new Map<string, string>();
  const next = () => {
    lines.push(line.replace(TRAILING, '$1') + (styles.size ? RESET : ''));
    line = hang + [...styles.values()].join('');
    used = indent;
  };
  for (const word of words(text)) {
    const fits = used + word.cells <= width;
    const begun = used > (lines.length ? indent : 0);
    if (!fits && word.blank) continue;
    if (!fits && begun && word.cells <= width - indent) next();
    for (const piece of word.pieces) {
      if (piece.style) restyle(styles, piece.text);
      else if (used + piece.cells > width) next();
      line += piece.text;
      used += piece.cells;
    }
  }
  lines.push(line);
  return lines;
}

/** Which styles are on, by what they change: one sequence each. */
function restyle(styles: Map<string, string>, sequence: string): void {
  const code = Number.parseInt(sequence.slice(control('\x1b[').length), 10) || 0;
  const changed = CHANGES.find(({ on, off }) => on.includes(code) || off === code);
  if (code === 0) styles.clear();
  else if (changed?.off === code) styles.delete(changed.what);
  else styles.set(changed?.what ?? sequence, sequence);
}

interface Word {
  readonly pieces: readonly Piece[];
  readonly cells: number;
  readonly blank: boolean;
}

function* words(text: string): Generator<Word> {
  let gathered: Piece[] = [];
  let blank = false;
  for (const piece of pieces(text)) {
    const isBlank: boolean = piece.style ? blank : piece.text === ' ';
    if (gathered.length && (isBlank !== blank || isBlank)) {
      yield { pieces: gathered, cells: gathered.reduce((sum, one) => sum + one.cells, 0), blank };
      gathered = [];
    }
    blank = isBlank;
    gathered.push(piece);
  }
  if (gathered.length) yield { pieces: gathered, cells: gathered.reduce((sum, one) => sum + one.cells, 0), blank };
}

function* pieces(text: string): Generator<Piece> {
  for (const part of text.split(STYLE)) {
    if (part.startsWith(control('\x1b['))) yield { text: part, cells: 0, style: true };
    else if (SIMPLE.test(part)) for (const char of part) yield { text: char, cells: 1, style: false };
    else
      for (const { segment } of graphemes().segment(part))
        yield { text: segment, cells: cellsOf(segment), style: false };
  }
}

/** Cells of one grapheme: two for East Asian wide and full-width characters and for emoji, none for controls and lone marks. */
function cellsOf(grapheme: string): number {
  if (EMOJI.test(grapheme)) return 2;
  if (grapheme === '\t') return 1;
  let widest = 0;
  for (const char of grapheme) {
    if (NOTHING.test(char)) continue;
    widest = Math.max(widest, WIDE.test(char) ? 2 : 1);
  }
  return widest;
}

const clipMore = (more: string, width: number): string => (cells(more) <= width ? more : '');

const RESET = control('\x1b[0m');
const CHANGES = [
  { what: 'weight', on: [1, 2], off: 22 },
  { what: 'italic', on: [3], off: 23 },
  { what: 'underline', on: [4], off: 24 },
  { what: 'inverse', on: [7], off: 27 },
  { what: 'hidden', on: [8], off: 28 },
  { what: 'strike', on: [9], off: 29 },
  { what: 'colour', on: [30, 31, 32, 33, 34, 35, 36, 37, 38, 90, 91, 92, 93, 94, 95, 96, 97], off: 39 },
  { what: 'ground', on: [40, 41, 42, 43, 44, 45, 46, 47, 48], off: 49 },
];
/** Blanks at the end of a line, also before the style that the next line takes up. */
const TRAILING = new RegExp(` +((?:${anyColour()})*)$`);
const PLAIN = /^[\x20-\x7e]*$/;
/**
 * One cell each, and none that joins with a neighbour: Latin letters, punctuation, arrows, lines, shapes, ticks. Our own screens are made of
 * them, and the first question to `Intl.Segmenter` costs more than drawing one.
 */
const SIMPLE = /^[\x20-\x7e\xa1-\xac\xae-\u024f\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2500-\u25fc\u2713-\u2718]*$/;
const STYLE = new RegExp(`(${anyColour()})`);
const NOTHING = /^[\p{Cc}\p{Cf}\p{Mn}\p{Me}\u115f-\u11ff]$/u;
const EMOJI = /^(?:\p{Emoji_Presentation}|\p{Emoji}\ufe0f|[\u{1f1e6}-\u{1f1ff}]{2})/u;
// Unicode 16 EastAsianWidth W and F, without the emoji above.
const WIDE =
  /^[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2fb}\u{1d300}-\u{1d376}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]$/u;

let segmenter: Intl.Segmenter | undefined;
const graphemes = (): Intl.Segmenter => (segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' }));
