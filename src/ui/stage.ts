// One clack prompt on our terminal: keys sorted, frames painted by us, and every way it can end besides an answer.
import type { Clock } from '../system/ports.ts';
import { ClackOutput } from './clack-output.ts';
import { ClackInput, createSorter, type Key, MARK_PASTES, withLineEnds } from './keys.ts';
import type { Painter } from './painter.ts';
import type { Keyboard, Sink } from './terminal.ts';
import type { Theme } from './theme.ts';

/** What a prompt of clack is given; it must use all three. */
export interface Streams {
  readonly input: ClackInput;
  readonly output: ClackOutput;
  readonly signal: AbortSignal;
}

export type Settled = { readonly value: string } | { readonly stop: true } | { readonly withdrawn: true };

export interface Performance {
  /** Starts the prompt; what it resolves to that is no text is taken as stop. */
  start(streams: Streams): Promise<unknown>;
  /** Aborted: the question is withdrawn. */
  readonly signal: AbortSignal;
  /** Whether a paste is a value here, or nothing (a key chooses). */
  readonly pastes: boolean;
  /** What stays on screen once there is an answer. */
  after?(value: string): readonly string[];
}

export interface Stage {
  perform(performance: Performance): Promise<Settled>;
  /** Ends an open question as stop and gives the terminal back. */
  close(): void;
}

export interface StageOptions {
  readonly screen: Sink;
  readonly keyboard: Keyboard;
  readonly painter: Painter;
  readonly theme: Theme;
  readonly clock: Pick<Clock, 'now'>;
}

/** Keys typed before a question could be read do not answer it. Milliseconds. */
const DEAF = 50;

/** Questions one at a time; the terminal is raw, and pastes are marked, only while one is open. */
export function createStage({ screen, keyboard, painter, theme, clock }: StageOptions): Stage {
  let closeOpen: (() => void) | undefined;

  async function perform({ start, signal, pastes, after }: Performance): Promise<Settled> {
    if (signal.aborted) return { withdrawn: true };
    const ended = new AbortController();
    let outcome: Settled | undefined;
    const end = (how: Settled) => {
      outcome ??= how;
      ended.abort();
    };
    let raw = true;
    const input = new ClackInput((on) => {
      if (on && !raw) painter.again();
      raw = on;
      if (!outcome) keyboard.raw(on);
    });
    const output = new ClackOutput((lines) => {
      if (!outcome) painter.set('question', dressed(lines, theme));
    });
    const opened = clock.now().getTime();
    const sort = createSorter(() => clock.now().getTime());
    const take = (key: Key) => {
      if (key.type === 'interrupt' || key.type === 'end') return end({ stop: true });
      if (clock.now().getTime() - opened < DEAF) return;
      if (pastes || (key.type === 'typed' && key.text.length <= LONGEST_KEY)) input.type(key.text);
    };
    const withdraw = () => end({ withdrawn: true });
    signal.addEventListener('abort', withdraw, { once: true });
    closeOpen = () => end({ stop: true });
    keyboard.raw(true);
    screen.write(MARK_PASTES.on);
    const silence = keyboard.listen(
      (data) => sort(data).forEach(take),
      () => end({ stop: true }),
    );
    try {
      const value = await start({ input, output, signal: ended.signal });
      outcome ??= typeof value === 'string' ? { value: withLineEnds(value) } : { stop: true };
    } finally {
      outcome ??= { stop: true };
      closeOpen = undefined;
      signal.removeEventListener('abort', withdraw);
      silence();
      screen.write(MARK_PASTES.off);
      keyboard.raw(false);
      painter.set('question', []);
      if ('value' in outcome && after) painter.print(after(outcome.value));
      painter.flush();
    }
    return outcome;
  }

  return { perform, close: () => closeOpen?.() };
}

/** Clack's frame in our colours and symbols: an empty first bar is left out, a bar at the end is kept. */
function dressed(lines: readonly string[], theme: Theme): readonly string[] {
  const from = BAR_ONLY.test(lines[0] ?? '') ? 1 : 0;
  const shown = lines.slice(from, lines.at(-1) === '' ? -1 : undefined);
  const plain = theme.colour ? shown : shown.map((line) => line.replace(COLOURS, ''));
  return theme.unicode ? plain : plain.map((line) => line.replace(/[◆◇■▲│└●○▪•]/g, (symbol) => TWINS[symbol] ?? symbol));
}

// Everything but inverse and hidden, which show where the cursor is.
const COLOURS = /\x1b\[(?!(?:7|8|27|28)m)[0-9;]*m/g;
const TWINS: Readonly<Record<string, string>> = { '◆': '*', '◇': 'o', '■': 'x', '▲': '!', '│': '|', '└': '+', '●': '>', '○': ' ', '▪': '*', '•': '-' };
const BAR_ONLY = /^(?:\x1b\[[0-9;]*m)*[│|]?(?:\x1b\[[0-9;]*m)*$/;
/** An arrow key with modifiers; more than that at once was not typed. */
const LONGEST_KEY = 6;
