// The face of a terminal: a card for each step, questions one at a time, and what is under way in a few lines at the bottom.
import type { LaunchEvent } from '../engine/events.ts';
import type { Face } from '../engine/face.ts';
import type { Clock } from '../system/ports.ts';
import { control } from '../text/control.ts';
import { safe } from '../text/escape.ts';
import { cardLines } from './card-lines.ts';
import type { Lexer } from './markdown.ts';
import type { Outline } from './outline.ts';
import { createPainter } from './painter.ts';
import { createProgress, type Progress } from './progress.ts';
import { askOnStage } from './questions.ts';
import { createSaid } from './said.ts';
import { createStage } from './stage.ts';
import type { Keyboard, Screen } from './terminal.ts';
import { plainly, type Theme } from './theme.ts';
import { clockTime, elapsed, roughly } from './times.ts';
import { toldLines, withoutCommands } from './told-lines.ts';
import { wrap } from './width.ts';
import { describeEvent, messageOf, opening, type Told } from './words.ts';

interface WizardOptions {
  readonly screen: Screen;
  readonly keyboard: Keyboard;
  readonly theme: Theme;
  readonly outline: Outline;
  /** The real one, also in a rehearsal: what is under way is shown in the person's time. */
  readonly clock: Clock;
  /** Splits the prose; without it prose is shown as written. */
  readonly lex?: Lexer;
  /** Ring when the person is needed again after a long wait. */
  readonly bell: boolean;
}

export interface Wizard extends Face {
  /** Gives the terminal back, with cursor, echo and what was pending; an open question ends as stop. May be called at any time, and twice. */
  close(): void;
}

export function createWizard(options: WizardOptions): Wizard {
  const { screen: terminal, keyboard, theme, outline, clock, lex } = options;
  const screen = theme.unicode ? terminal : inPlain(terminal);
  const painter = createPainter(screen);
  const stage = createStage({ screen, keyboard, painter, theme, clock, interrupt, idle });
  const ticking = createTicker(clock, () => repaint());
  const under = new Set<Progress>();
  let last: Promise<unknown> = Promise.resolve();
  // What the person has just read or said is not told again.
  const said = createSaid();
  let failed: string | undefined;
  let commands: readonly string[] = [];
  let answered = false;
  let attempt: Told | undefined;
  let asking = false;
  let interrupted = false;
  let attended = clock.now().getTime();
  const startedAt = new Map<string, string>();
  let began: number | undefined;

  const repaint = () => {
    const now = clock.now().getTime();
    painter.set(
      'working',
      [...under].flatMap((progress) => progress.lines(now, painter.width, asking)),
    );
  };
  const print = (text: string) =>
    painter.print(
      safe(text)
        .split('\n')
        .flatMap((line) => wrap(INDENT + line, painter.width, INDENT + (/^ /.test(line) ? INDENT.repeat(2) : ''))),
    );

  const show = (told: Told) => painter.print(toldLines(told, theme, painter.width));

  function interrupt(): void {
    if (interrupted) close();
    else if (under.size && !asking) print('Ending what is under way. Ctrl-C again leaves at once.');
    interrupted = true;
    keyboard.interrupt?.();
  }

  /** Keys while something is under way. */
  function idle(key: string): void {
    const noting = [...under].find(({ note }) => note);
    const looks = [...under].flatMap(({ look }) => look ?? []);
    if (key === '?' && under.size) {
      const more = `${looks.length > 0 ? ', c looks now' : ''}${noting ? ', n adds a note' : ''}`;
      print(`Ctrl-C ends it and keeps the run${more}. Nothing else is waited for.`);
    }
    if (key === 'c') for (const look of looks) look();
    if (key === 'n' && noting) void noteMeanwhile(noting);
  }

  async function noteMeanwhile({ note }: Progress): Promise<void> {
    const question = { id: 'note', type: 'text', message: 'Note for the record', optional: true } as const;
    const answer = await ask(question, { signal: new AbortController().signal });
    if ('value' in answer && answer.value !== '') note?.(answer.value);
  }

  const ask: Face['ask'] = (question, { signal, step }) => {
    const asked = last.then(async () => {
      if (signal.aborted) return { withdrawn: true } as const;
      for (const line of said.newDetail(question)) print(line);
      // That it failed, and why, stands right above.
      const isTold = question.type === 'choice' && question.about === 'way' && failed !== undefined && failed === step;
      const asks = { ...question, message: isTold ? 'How do you go on?' : messageOf(question) };
      failed = undefined;
      if (options.bell && clock.now().getTime() - attended >= LONG) screen.write(BELL);
      asking = true;
      const answer = await askOnStage(asks, stage, theme, painter.rows, signal);
      asking = false;
      attended = clock.now().getTime();
      for (const progress of under) progress.heard();
      answered = 'value' in answer;
      return answer;
    });
    last = asked.catch(() => undefined);
    return asked;
  };

  function close(): void {
    ticking.stop();
    under.clear();
    stage.close();
    painter.close();
  }

  return {
    present: true,
    happened(event, state) {
      began ??= Date.parse(state.startedAt);
      const told = event.type === 'run.started' ? opening(event, outline, state) : describeEvent(event, outline);
      const isOwn = answered && ANSWERS.has(event.type);
      answered = false;
      said.happened(event);
      if (!told || isOwn || event.type === 'run.resumed') return;
      if (event.type === 'step.started') {
        startedAt.set(event.step, event.at);
        // The card says what is run, and the lines of what is under way say that it is.
        if (event.attempt === 1 && event.does === 'act') return;
      }
      if (event.type === 'step.ended') {
        attempt = told;
        return;
      }
      // An attempt that failed is worth a line of its own only where another follows.
      if (attempt && event.type !== 'step.failed') show(attempt);
      attempt = undefined;
      if (event.type === 'step.failed') {
        failed = event.step;
        said.note(told.lines);
      }
      show(tookTime(withoutCommands(told, commands), event, startedAt));
    },
    card(card) {
      if (said.isShown(card)) return;
      commands = card.commands;
      const now = clock.now().getTime();
      const since = began === undefined ? '' : roughly(now - began);
      const time = `${clockTime(now)}${since === '' ? '' : ` ${theme.dot} ${since} in`}`;
      painter.print(cardLines(card, { theme, width: painter.width, time, ...(lex && { lex }) }));
    },
    working(_step, what, { note, look, already } = {}) {
      const progress: Progress = createProgress({
        what,
        theme,
        ...(note && { note }),
        ...(look && { look }),
        ...(already !== undefined && { already }),
        now: () => clock.now().getTime(),
        changed: repaint,
        stopped: () => {
          under.delete(progress);
          repaint();
          if (!under.size) ticking.stop();
        },
      });
      under.add(progress);
      repaint();
      ticking.start();
      return progress;
    },
    ask,
    tell(lines) {
      said.note(lines);
      lines.forEach(print);
    },
    lend(use) {
      said.forget();
      return stage.lend(use);
    },
    close,
  };
}

/** How long an act took stands behind its outcome. */
function tookTime(told: Told, event: LaunchEvent, startedAt: Map<string, string>): Told {
  if (event.type !== 'step.done' && event.type !== 'step.failed') return told;
  const began = startedAt.get(event.step);
  startedAt.delete(event.step);
  const [first = '', ...more] = told.lines;
  const ms = began === undefined ? 0 : Date.parse(event.at) - Date.parse(began);
  return ms < 1000 ? told : { ...told, lines: [`${first} (took ${elapsed(ms)})`, ...more] };
}

const ANSWERS: ReadonlySet<LaunchEvent['type']> = new Set([
  'answer.given',
  'input.given',
  'item.ticked',
  'note.added',
] as const);

/** Someone who waited so long may look elsewhere. Milliseconds. */
const LONG = 30_000;
const INDENT = '  ';
const BELL = control('\x07');

/** Our own symbols as plain characters. */
const inPlain = (screen: Screen): Screen => ({
  write: (text) => screen.write(plainly(text)),
  get columns() {
    return screen.columns;
  },
  get rows() {
    return screen.rows;
  },
  onResize: (listener) => screen.onResize(listener),
});

// When something may first be worth showing.
const FIRST = 250;

/** Something once a second, while there is need. */
function createTicker(clock: Clock, tick: () => void): { start(): void; stop(): void } {
  let running: AbortController | undefined;
  const run = async (signal: AbortSignal) => {
    for (let pause = FIRST; !signal.aborted; pause = 1000) {
      await clock.sleep(pause, signal);
      if (!signal.aborted) tick();
    }
  };
  return {
    start() {
      if (running) return;
      running = new AbortController();
      void run(running.signal);
    },
    stop() {
      running?.abort();
      running = undefined;
    },
  };
}
