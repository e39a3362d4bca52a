// What comes from the keyboard, sorted before clack sees it: Ctrl-C is not Esc, a paste is not typing, an end is an answer too.
import { Readable } from 'node:stream';
import { control } from '../text/control.ts';

export interface Key {
  readonly type: 'typed' | 'pasted' | 'interrupt' | 'end';
  /** What was typed or pasted; '' for the others. */
  readonly text: string;
}

const LINE_END = '␤';
const TAB = '␉';

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
      if (begin < 0) {
        const cut = rest.search(UNFINISHED);
        held = cut < 0 ? '' : rest.slice(cut);
        return [...keys, ...typed(cut < 0 ? rest : rest.slice(0, cut))];
      }
      keys.push(...typed(rest.slice(0, begin)));
      paste = '';
      rest = rest.slice(begin + PASTE_BEGIN.length);
    }
    return keys;
  };

  return (data) => {
    // Esc alone is dropped; what belongs to it comes at once. The rest of a longer beginning may be late.
    const joins = held !== '\x1b' || now() - heldAt <= ESC_BELONGS;
    const whole = joins ? held + data : data;
    held = '';
    const keys = split(whole);
    heldAt = now();
    return keys;
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
    // Coming back from Ctrl-Z readline has paused what it reads.
    if (on) this.resume();
    return this;
  }
  type(text: string): void {
    this.push(text, 'utf8');
  }
}

/** What stands in clack's field for what it cannot hold: a line end, and a long paste (clack draws anew for each of its characters). */
export interface Field {
  /** The keys to give to clack for a key of the person. */
  hold(text: string): string;
  /** A value of the field as the person meant it. */
  read(value: string): string;
  /** A line of the field as it is shown. */
  show(line: string): string;
}

/** `tab`: what a pasted one means. A key among others for who types; a part of the value in a secret. */
export function createField(tab: ' ' | '\t' = ' '): Field {
  const long: string[] = [];
  const of = (mark: string) => long[mark.charCodeAt(0) - FIRST_MARK];
  return {
    hold(text) {
      const [, value = '', enter = ''] = /^(.*?)(\r?)$/s.exec(text) ?? [];
      if (value.length <= LONGEST || value.includes('\x1b')) return text;
      long.push(value);
      return String.fromCharCode(FIRST_MARK + long.length - 1) + enter;
    },
    read: (value) =>
      value
        .replace(MARKS, (mark) => of(mark) ?? mark)
        .replaceAll(LINE_END, '\n')
        .replaceAll(TAB, tab),
    show: (line) => line.replace(MARKS, (mark) => (of(mark) === undefined ? mark : `(${of(mark)?.length} characters)`)),
  };
}

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
const oneLine = (text: string): string =>
  text.length > 2 ? text.replace(/(?:\r\n|[\r\n])(?=[^\r\n\x1b])/g, LINE_END) : text;

const cleanPaste = (text: string): string =>
  text
    .replace(/[\r\n]+$/, '')
    .replace(/\r\n|\r|\n/g, LINE_END)
    .replace(/\t/g, TAB)
    .replace(/[\x00-\x1f\x7f-\x9f]/g, '');

function tailThatMayBegin(mark: string, text: string): string {
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length -= 1) {
    if (text.endsWith(mark.slice(0, length))) return mark.slice(0, length);
  }
  return '';
}

/** Asks a terminal to mark what is pasted (bracketed paste). */
export const MARK_PASTES = { on: control('\x1b[?2004h'), off: control('\x1b[?2004l') };
const PASTE_BEGIN = '\x1b[200~';
const PASTE_END = '\x1b[201~';
const UNFINISHED = /\x1b(?:[[O][0-9;]*)?$/;
const ESC_BELONGS = 50;
// Private use: means nothing to anybody else.
const MARKS = /[\ue000-\uf8ff]/g;
const FIRST_MARK = 0xe000;
const LONGEST = 100;
