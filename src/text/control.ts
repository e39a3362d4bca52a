// Our own colours and cursor movements, told apart from those that any other text brings along: each carries a mark that is drawn anew
// for every process, so that no runbook, child or file can write one.

interface Mark {
  readonly text: string;
  /** Cuts a text at what is ours; every other piece is ours. */
  readonly ours: RegExp;
  readonly colour: RegExp;
}

let drawn: Mark | undefined;

/** Drawn when the first thing of ours is made: the entry makes none, and does not load what draws it. */
function mark(): Mark {
  if (drawn) return drawn;
  // Private use, which `safe` never lets through; 64 bits, so that it cannot be guessed.
  const numbers = crypto.getRandomValues(new Uint16Array(4));
  const text = Array.from(numbers, (number) => String.fromCodePoint(0xf0000 + (number % 0xfffe))).join('');
  return (drawn = {
    text,
    ours: new RegExp(`(${text}(?:\\x1b\\[\\??[0-9;]*[A-Za-z]|[\\r\\x07]))`),
    colour: new RegExp(`(${text})?(\\x1b\\[[0-9;]*m)`, 'g'),
  });
}

/** A control sequence that we mean: a colour, a movement of the cursor, a carriage return, the bell. Obeyed when it is written. */
export const control = (sequence: string): string => mark().text + sequence;

/** Colours of ours with such codes, as a part of regular expressions. */
export const colours = (codes: string): string => `${mark().text}\\x1b\\[${codes}m`;
export const anyColour = (): string => colours('[0-9;]*');

/** The text in pieces, of which every other one is ours. Before a mark is drawn nothing is. */
export const cutAtOurs = (text: string): readonly string[] => (drawn ? text.split(drawn.ours) : [text]);

/** The colours in a line that a library drew for us, from texts that were made safe, are ours. */
export const adoptColours = (line: string): string =>
  line.replace(mark().colour, (_, marked, colour) => (marked ?? mark().text) + colour);

/** As the terminal is to get it: for the one place that writes there, after `safe`. */
export const unmarked = (text: string): string => (drawn ? text.replaceAll(drawn.text, '') : text);
