// The lines at the bottom of the screen that change: what is under way, and the open question. Everyone else's lines go above them.
import { anyColour, control } from '../text/control.ts';
import { type Screen, sizeOf } from './terminal.ts';
import { cells, wrap } from './width.ts';

/** Regions are painted in this order. */
export type Region = 'working' | 'question';

export interface Painter {
  /** Lines that stay, above the regions. */
  print(lines: readonly string[]): void;
  /** What a region shows from now on; [] takes it away. Painted once for all changes made in one go. */
  set(region: Region, lines: readonly string[]): void;
  /** Paint what is due now. */
  flush(): void;
  /** Take the regions off the screen and show the cursor, until `again`: someone else writes now. */
  rest(): void;
  /** After someone else wrote (a shell that had the terminal): paint anew, without erasing. */
  again(): void;
  /** Columns that a line may use: one fewer than the screen has, so that it never wraps by itself. */
  readonly width: number;
  readonly rows: number;
  /** The regions are taken away, the cursor is back. */
  close(): void;
}

export function createPainter(screen: Screen): Painter {
  const regions = new Map<Region, readonly string[]>();
  let painted: readonly string[] = [];
  let due = false;
  let hidden = false;
  let resting = false;
  let stopListening: (() => void) | undefined;

  const width = () => Math.max(1, sizeOf(screen).columns - 1);
  const rows = () => sizeOf(screen).rows;

  const layOut = (): readonly string[] => {
    const lines = ORDER.flatMap((region) => regions.get(region) ?? []).flatMap((line) =>
      wrap(line.replace(HANGS_HERE, ''), width(), hangOf(line)).map((one) => one.replaceAll('\u00a0', ' ')),
    );
    return lines.slice(-Math.max(1, rows() - 1));
  };

  /** Rows that what was painted takes now: a narrower terminal has broken its lines by cells. */
  const rowsPainted = () => {
    const columns = sizeOf(screen).columns;
    const sum = painted.reduce((total, line) => total + Math.max(1, Math.ceil(cells(line) / columns)), 0);
    return Math.min(sum, rows());
  };

  const erasure = (): string => {
    if (!painted.length) return '';
    const up = rowsPainted() - 1;
    return control('\r') + (up > 0 ? control(`\x1b[${up}A`) : '') + control('\x1b[J');
  };

  const cursor = (hide: boolean): string => {
    if (hide === hidden) return '';
    hidden = hide;
    return control(hide ? '\x1b[?25l' : '\x1b[?25h');
  };

  const paint = (above = '', forced = false) => {
    due = false;
    const lines = resting ? [] : layOut();
    if (!forced && !above && same(lines, painted)) return;
    const erase = erasure();
    painted = lines;
    screen.write(AT_ONCE.on + erase + above + cursor(lines.length > 0) + lines.join('\n') + AT_ONCE.off);
    follow(lines.length > 0);
  };

  const follow = (on: boolean) => {
    if (on) stopListening ??= screen.onResize(() => paint('', true));
    else {
      stopListening?.();
      stopListening = undefined;
    }
  };

  return {
    print(lines) {
      if (!lines.length) return;
      const text = lines.join('\n') + '\n';
      if (painted.length || due) paint(text);
      else screen.write(text);
    },
    set(region, lines) {
      if (lines.length) regions.set(region, lines);
      else regions.delete(region);
      if (due) return;
      due = true;
      queueMicrotask(() => {
        if (due) paint();
      });
    },
    flush: () => paint(),
    rest() {
      resting = true;
      paint();
    },
    again() {
      resting = false;
      painted = [];
      paint();
    },
    get width() {
      return width();
    },
    get rows() {
      return rows();
    },
    close() {
      regions.clear();
      paint();
      const shown = cursor(false);
      if (shown) screen.write(shown);
    },
  };
}

const same = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((line, index) => line === other[index]);

/** A line that goes on below itself keeps the bar it stands behind; below a question's own mark stands the bar too. */
function hangOf(line: string): string {
  const [head = '', tail] = line.split(HANGS_HERE);
  if (tail !== undefined) {
    const bar = hangOf(head);
    return bar + ' '.repeat(Math.max(0, cells(head) - cells(bar)));
  }
  return (HANG.exec(line)?.[0] ?? '').replace(QUESTION, '│').replace('└', ' ');
}

/** What is after it in a line goes on below itself, not at the bar. No text of anybody has it. */
export const HANGS_HERE = '\u2063';
/** A terminal that knows this (synchronized output, mode 2026) shows nothing of a painting before it has all of it; others pass it over. */
const AT_ONCE = { on: control('\x1b[?2026h'), off: control('\x1b[?2026l') };
const ORDER: readonly Region[] = ['working', 'question'];
const HANG = new RegExp(`^(?:${anyColour()})*[│|◆◇▲■└]?(?:${anyColour()})* *`);
const QUESTION = /[◆◇▲■]/;
