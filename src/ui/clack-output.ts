// A terminal for clack alone: it takes the few sequences clack draws with and keeps the lines, which our painter then shows. So resizing,
// other people's writes and narrow screens are dealt with in one place (facts/feasibility.md §2).
import { Writable } from 'node:stream';
import { adoptColours } from '../text/control.ts';

/** What `@clack/core` 1.6 writes: text, line ends, cursor left/up/down, erase line, erase below, and the cursor's look. */
export class ClackOutput extends Writable {
  /** So wide and high that clack never wraps or cuts: the painter does. */
  readonly columns = 100_000;
  readonly rows = 100_000;
  readonly isTTY = true;
  readonly #changed: (lines: readonly string[]) => void;
  #lines: string[] = [''];
  #row = 0;

  constructor(changed: (lines: readonly string[]) => void) {
    super({ decodeStrings: false });
    this.#changed = changed;
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    for (const part of String(chunk).split(PARTS)) this.#take(part);
    this.#changed(this.#lines.map(adoptColours));
    done();
  }

  #take(part: string): void {
    const control = CONTROL.exec(part);
    if (part === '\n') this.#move(1);
    else if (!control) this.#lines[this.#row] += part;
    else if (control[2] === 'A') this.#row = Math.max(0, this.#row - amount(control[1]));
    else if (control[2] === 'B') this.#row = Math.min(this.#lines.length - 1, this.#row + amount(control[1]));
    else if (control[2] === 'K') this.#lines[this.#row] = '';
    else if (control[2] === 'J') this.#lines.splice(this.#row, Infinity, '');
  }

  #move(down: number): void {
    this.#row += down;
    while (this.#lines.length <= this.#row) this.#lines.push('');
  }
}

const amount = (text: string | undefined): number => (text ? Number(text) : 1);

const PARTS = /(\n|\x1b\[\??[0-9;]*[A-LN-Za-ln-z])/;
const CONTROL = /^\x1b\[\??([0-9;]*)([A-Za-z])$/;
