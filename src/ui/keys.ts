// What comes from the keyboard, sorted before clack sees it: Ctrl-C is not Esc, a paste is not typing, an end is an answer too.
import { Readable } from 'node:stream';

export interface Key {
  readonly type: 'typed' | 'pasted' | 'interrupt' | 'end';
  /** What was typed or pasted; '' for the others. */
  readonly text: string;
}

/** Stands for a line end inside a pasted value, while clack's one-line field holds it. */
const LINE_END = '␤';

/** Makes keys of what a terminal in raw mode sends. Keeps what is cut off: half an arrow key, half a paste. `now` is in milliseconds. */
export function createSorter(now: () => number): (data: string) => readonly Key[] {
  let held = '';
  let heldAt = 0;
  let paste: string | undefined;

  const split = (data: string): readonly Key[] => {
    const keys: Key[] = [];
    let rest = data;
    while (rest) {
      if (paste !== undefined) {
        const end = rest.indexOf(PASTE_END);
        if (end < 0) {
          const keep = tailThatMayBegin(PASTE_END, rest);
          paste += rest.slice(0, rest.length - keep.length);
          held = keep;
          return keys;
        }
        keys.push({ type: 'pasted', text: cleanPaste(paste + rest.slice(0, end)) });
        paste = undefined;
        rest = rest.slice(end + PASTE_END.length);
        continue;
      }
      const begin = rest.indexOf(PASTE_BEGIN);
      keys.push(...typed(begin < 0 ? rest : rest.slice(0, begin)));
      if (begin < 0) return keys;
      paste = '';
      rest = rest.slice(begin + PASTE_BEGIN.length);
    }
    return keys;
  };

  return (data) => {
    const at = now();
    // A lone Esc is dropped; one that begins an arrow key has its rest at once.
    const whole = (paste !== undefined || at - heldAt <= ESC_BELONGS ? held : '') + data;
    held = '';
    if (paste === undefined && UNFINISHED.test(whole)) {
      const cut = whole.lastIndexOf('\x1b');
      held = whole.slice(cut);
      heldAt = at;
      return split(whole.slice(0, cut));
    }
    return split(whole);
  };
}

/** Where clack reads from: fed by us, and raw mode is ours. */
export class ClackInput extends Readable {
  readonly isTTY = true;
  readonly #raw: (on: boolean) => void;

  /** `raw` is told when readline lets go of the terminal (Ctrl-Z) and takes it again. */
  constructor(raw: (on: boolean) => void) {
    super({ encoding: 'utf8' });
    this.#raw = raw;
  }
  override _read(): void {}
  setRawMode(on: boolean): this {
    this.#raw(on);
    return this;
  }
  type(text: string): void {
    this.push(text, 'utf8');
  }
}

/** A value as the person meant it: pasted line ends are line ends again. */
export const withLineEnds = (value: string): string => value.replaceAll(LINE_END, '\n');

function typed(text: string): readonly Key[] {
  const keys: Key[] = [];
  let gathered = '';
  const flush = () => {
    if (gathered) keys.push({ type: 'typed', text: oneLine(gathered) });
    gathered = '';
  };
  for (const char of text) {
    if (char !== '\x03' && char !== '\x04') {
      gathered += char;
      continue;
    }
    flush();
    keys.push({ type: char === '\x03' ? 'interrupt' : 'end', text: '' });
  }
  flush();
  return keys;
}

/** A terminal that does not mark pastes sends the lines as typed: those before the last stay part of the value. */
const oneLine = (text: string): string => (text.length > 2 ? text.replace(/(?:\r\n|[\r\n])(?=[^\r\n\x1b])/g, LINE_END) : text);

const cleanPaste = (text: string): string =>
  text
    .replace(/[\r\n]+$/, '')
    .replace(/\r\n|\r|\n/g, LINE_END)
    .replace(/\t/g, ' ')
    .replace(/[\x00-\x1f\x7f-\x9f]/g, '');

function tailThatMayBegin(mark: string, text: string): string {
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length -= 1) {
    if (text.endsWith(mark.slice(0, length))) return mark.slice(0, length);
  }
  return '';
}

/** Asks a terminal to mark what is pasted (bracketed paste). */
export const MARK_PASTES = { on: '\x1b[?2004h', off: '\x1b[?2004l' };
const PASTE_BEGIN = '\x1b[200~';
const PASTE_END = '\x1b[201~';
const UNFINISHED = /\x1b(?:[[O][0-9;]*)?$/;
const ESC_BELONGS = 50;
