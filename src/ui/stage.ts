// The terminal while it is ours: keys sorted, one clack prompt at a time painted by us, and every way it can end besides an answer.
import type { Clock } from '../system/ports.ts';
import { anyColour, colours } from '../text/control.ts';
import { ClackOutput } from './clack-output.ts';
import { ClackInput, createField, createSorter, type Key, MARK_PASTES } from './keys.ts';
import type { Painter } from './painter.ts';
import type { Keyboard, Sink } from './terminal.ts';
import type { Theme } from './theme.ts';
import { wrap } from './width.ts';

/** What a prompt of clack is given; it must use all three. */
export interface Streams {
  readonly input: ClackInput;
  readonly output: ClackOutput;
  readonly signal: AbortSignal;
  /** A value of the prompt as the person meant it: check this one. */
  read(value: string): string;
}

type Settled =
  | { readonly value: string }
  | { readonly stop: true }
  | { readonly withdrawn: true }
  | { readonly aside: true };

export interface Performance {
  /** Starts the prompt; what it resolves to that is no text is taken as stop. */
  start(streams: Streams): Promise<unknown>;
  /** Aborted: the question is withdrawn. */
  readonly signal: AbortSignal;
  /** Whether a paste is a value here, or nothing (a key chooses). */
  readonly pastes: boolean;
  /** A pasted tab is a tab, and not a blank. */
  readonly tabs?: boolean;
  /** Tab is for other ways than to answer. */
  readonly aside?: boolean;
  /** What the keys do, below the field. */
  readonly hint?: string;
  /** What stays on screen once there is an answer. */
  after?(value: string): readonly string[];
}

export interface Stage {
  perform(performance: Performance): Promise<Settled>;
  /** Someone else has the terminal (a shell) until it settles. */
  lend(use: () => Promise<void>): Promise<void>;
  /** Ends an open question as stop and gives the terminal back, before it returns: the process may end next. */
  close(): void;
}

interface StageOptions {
  readonly screen: Sink;
  readonly keyboard: Keyboard;
  readonly painter: Painter;
  readonly theme: Theme;
  readonly clock: Clock;
  /** Ctrl-C, whatever is on the screen. */
  interrupt(): void;
  /** A key typed while no question is open. */
  idle(key: string): void;
}

/** Keys typed before a question could be read do not answer it. Milliseconds. */
const DEAF = 50;
const SUSPEND = '\x1a';
const ASIDE = '\t';

/**
 * Questions one at a time. The terminal is raw from the first moment to the last, so that what is typed in between is neither
 * echoed nor kept for the next question.
 */
export function createStage({ screen, keyboard, painter, theme, clock, interrupt, idle }: StageOptions): Stage {
  let open: { readonly type: (key: Key) => void; readonly stop: () => void } | undefined;
  let ended = false;
  const take = () =>
    takeTerminal({ screen, keyboard, clock }, (key) => {
      if (key.type === 'interrupt') {
        open?.stop();
        interrupt();
      } else if (key.type === 'gone') {
        ended = true;
        open?.stop();
      } else if (key.type === 'end') open?.stop();
      else if (open) open.type(key);
      else if (key.type === 'typed') for (const char of key.text) idle(char);
    });
  let giveBack = take();
  async function perform({ start, signal, pastes, tabs, aside, hint, after }: Performance): Promise<Settled> {
    if (signal.aborted) return { withdrawn: true };
    if (ended) return { stop: true };
    const over = new AbortController();
    let outcome: Settled | undefined;
    const end = (how: Settled) => {
      outcome ??= how;
      over.abort();
    };
    const field = createField(tabs ? '\t' : ' ');
    const output = new ClackOutput((lines) => {
      if (!outcome) painter.set('question', hinted(dressed(lines, theme), hint, theme).map(field.show));
    });
    let suspending = false;
    const back = () => {
      suspending = false;
      painter.again();
    };
    const input = suspendable({ keyboard, clock, suspending: () => suspending && outcome === undefined, back });
    const opened = clock.now().getTime();
    const withdraw = () => end({ withdrawn: true });
    signal.addEventListener('abort', withdraw, { once: true });
    open = {
      stop: () => end({ stop: true }),
      type: (key) => {
        const since = clock.now().getTime() - opened;
        // A clock that was set back meanwhile says nothing: the person is heard.
        const early = since >= 0 && since < DEAF;
        suspending ||= key.text === SUSPEND;
        if (!early && aside && key.text === ASIDE) end({ aside: true });
        else if (!early && (pastes || isKeys(key))) input.type(field.hold(key.text));
      },
    };
    try {
      const value = await start({ input, output, signal: over.signal, read: field.read });
      outcome ??= typeof value === 'string' ? { value: field.read(value) } : { stop: true };
      return outcome;
    } finally {
      open = undefined;
      signal.removeEventListener('abort', withdraw);
      painter.set('question', []);
      if (outcome && 'value' in outcome && after)
        painter.print(after(outcome.value).flatMap((line) => wrap(line, painter.width, '   ')));
      painter.flush();
    }
  }

  return {
    perform,
    async lend(use) {
      painter.rest();
      giveBack();
      try {
        await use();
      } finally {
        giveBack = take();
        painter.again();
      }
    },
    close() {
      open?.stop();
      giveBack();
    },
  };
}

/** Raw, with pastes marked, until the returned function is called (which may be twice). `gone`: nobody will type any more. */
function takeTerminal(
  { screen, keyboard, clock }: Pick<StageOptions, 'screen' | 'keyboard' | 'clock'>,
  took: (key: Key | { readonly type: 'gone' }) => void,
): () => void {
  const sort = createSorter(() => clock.now().getTime());
  keyboard.raw(true);
  screen.write(MARK_PASTES.on);
  let silence: (() => void) | undefined = keyboard.listen(
    (data) => {
      for (const key of sort(data)) took(key);
    },
    () => took({ type: 'gone' }),
  );
  return () => {
    if (!silence) return;
    silence();
    silence = undefined;
    screen.write(MARK_PASTES.off);
    keyboard.raw(false);
  };
}

interface Suspendable extends Pick<StageOptions, 'keyboard' | 'clock'> {
  /** The person has pressed Ctrl-Z. At its end clack lets go of the terminal in the same way, which it must not: a key typed then is echoed. */
  suspending(): boolean;
  /** The terminal is ours again, with someone else's lines on it. */
  back(): void;
}

/** On Ctrl-Z readline lets go of the terminal and stops the process. Where there is no job control it does not stop: take it back. */
function suspendable({ keyboard, clock, suspending, back }: Suspendable): ClackInput {
  let raw = true;
  const input = new ClackInput((on) => {
    if (!suspending() || on === raw) return;
    raw = on;
    keyboard.raw(on);
    if (on) back();
    else void clock.sleep(0).then(() => input.setRawMode(true));
  });
  return input;
}

/** Clack's frame without the empty bar above it, and without colours where there are none. */
function dressed(lines: readonly string[], theme: Theme): readonly string[] {
  const from = BAR_ONLY.test(lines[0] ?? '') ? 1 : 0;
  const shown = lines.slice(from, lines.at(-1) === '' ? -1 : undefined);
  return theme.colour ? shown : shown.map((line) => line.replace(COLOURS, ''));
}

/** Below what is typed: what the keys do, while there is nothing to complain of. */
const hinted = (lines: readonly string[], hint: string | undefined, theme: Theme): readonly string[] =>
  lines.map((line, index) =>
    hint !== undefined && index === lines.length - 1 && END_ONLY.test(line) ? `${line}  ${theme.dim(hint)}` : line,
  );

const END_ONLY = new RegExp(`^(?:${anyColour()})*└(?:${anyColour()})*$`);
// Everything but inverse and hidden, which show where the cursor is.
const COLOURS = new RegExp(colours('(?!(?:7|8|27|28)m)[0-9;]*'), 'g');
const BAR_ONLY = new RegExp(`^(?:${anyColour()})*[│|]?(?:${anyColour()})*$`);
/** Keys, not a paste: more letters at once were not typed, and must not choose. */
const isKeys = ({ type, text }: Key): boolean => type === 'typed' && text.replace(SPECIAL_KEYS, '').length <= 3;
const SPECIAL_KEYS = /\x1b[[O][0-9;]*[A-Za-z~]/g;
