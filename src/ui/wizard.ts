// The face of a terminal: a card for each step, questions one at a time, and what is under way in a few lines at the bottom.
import type { LaunchEvent } from '../engine/events.ts';
import type { Face } from '../engine/face.ts';
import type { Clock } from '../system/ports.ts';
import { safe } from '../text/escape.ts';
import { cardLines } from './card-lines.ts';
import type { Lexer } from './markdown.ts';
import type { Outline } from './outline.ts';
import { createPainter } from './painter.ts';
import { createProgress, type Progress } from './progress.ts';
import { askOnStage } from './questions.ts';
import { createStage } from './stage.ts';
import type { Keyboard, Screen } from './terminal.ts';
import { plainly, type Theme } from './theme.ts';
import { toldLines, withoutCommands } from './told-lines.ts';
import { wrap } from './width.ts';
import { describeEvent } from './words.ts';

interface WizardOptions {
  readonly screen: Screen;
  readonly keyboard: Keyboard;
  readonly theme: Theme;
  readonly outline: Outline;
  /** The real one, also in a rehearsal: what is under way is shown in the person's time. */
  readonly clock: Clock;
  /** Splits the prose; without it prose is shown as written. */
  readonly lex?: Lexer;
}

export interface Wizard extends Face {
  /** Gives the terminal back, with cursor, echo and what was pending; an open question ends as stop. May be called at any time, and twice. */
  close(): void;
}

export function createWizard({ screen: terminal, keyboard, theme, outline, clock, lex }: WizardOptions): Wizard {
  const screen = theme.unicode ? terminal : inPlain(terminal);
  const painter = createPainter(screen);
  const stage = createStage({ screen, keyboard, painter, theme, clock });
  const ticking = createTicker(clock, () => repaint());
  const under = new Set<Progress>();
  let last: Promise<unknown> = Promise.resolve();
  // What the person has just read or said is not told again by its event.
  let failure: readonly string[] = [];
  let commands: readonly string[] = [];
  let answered = false;

  const repaint = () => {
    const now = clock.now().getTime();
    painter.set(
      'working',
      [...under].flatMap((progress) => progress.lines(now, painter.width)),
    );
  };
  const print = (text: string) =>
    painter.print(
      safe(text)
        .split('\n')
        .flatMap((line) => wrap(line, painter.width)),
    );

  return {
    present: true,
    happened(event) {
      const told = describeEvent(event, outline);
      const said = answered && ANSWERS.has(event.type);
      answered = false;
      if (!told || said) return;
      if (event.type === 'step.failed') failure = told.lines;
      painter.print(toldLines(withoutCommands(told, commands), theme, painter.width));
    },
    card(card) {
      commands = card.commands;
      painter.print(cardLines(card, { theme, width: painter.width, ...(lex && { lex }) }));
    },
    working(_step, what) {
      const progress: Progress = createProgress({
        what,
        theme,
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
    ask(question, { signal }) {
      const asked = last.then(async () => {
        if (signal.aborted) return { withdrawn: true } as const;
        for (const line of question.detail ?? []) if (!failure.includes(line)) print(line);
        failure = [];
        const answer = await askOnStage(question, stage, theme, painter.rows, signal);
        answered = 'value' in answer;
        return answer;
      });
      last = asked.catch(() => undefined);
      return asked;
    },
    tell: (lines) => lines.forEach(print),
    close() {
      ticking.stop();
      under.clear();
      stage.close();
      painter.close();
      keyboard.raw(false);
    },
  };
}

const ANSWERS: ReadonlySet<LaunchEvent['type']> = new Set([
  'answer.given',
  'input.given',
  'item.ticked',
  'note.added',
] as const);

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

/** Something once a second, while there is need. */
function createTicker(clock: Clock, tick: () => void): { start(): void; stop(): void } {
  let running: AbortController | undefined;
  const run = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      await clock.sleep(1000, signal);
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
