// Lines and nothing else: no redrawing, for logs, screen readers and terminals that cannot more. Asks by whoever it is given.

import type { LaunchEvent } from '../engine/events.ts';
import type { Card, Face, Working } from '../engine/face.ts';
import type { Clock } from '../system/ports.ts';
import { safe, safeLine } from '../text/escape.ts';
import { createTail, readAs, type Tail } from '../text/tail.ts';
import { proseLines } from './card-lines.ts';
import type { Lexer } from './markdown.ts';
import { type Outline, positionOf } from './outline.ts';
import { createSaid } from './said.ts';
import type { Sink } from './terminal.ts';
import { plainly, type Theme } from './theme.ts';
import { elapsed } from './times.ts';
import { toldLines, withoutCommands } from './told-lines.ts';
import { describeEvent, opening } from './words.ts';

interface PlainOptions {
  readonly out: Sink;
  readonly theme: Theme;
  readonly outline: Outline;
  readonly clock: Pick<Clock, 'now'>;
  /** Asks a person line by line (`createLineAsker`); without it nobody is there. */
  readonly ask?: Face['ask'];
  /** Prose is shown as written without it, and only where a person is there to read. */
  readonly lex?: Lexer;
}

/** One line for each thing a person needs to know. */
export function createPlainFace({ out, theme, outline, clock, ask, lex }: PlainOptions): Face {
  let shown = '';
  let phase: string | undefined;
  let commands: readonly string[] = [];
  const said = createSaid();
  const print = (lines: readonly string[]) => {
    const text = lines.join('\n') + '\n';
    if (lines.length) out.write(theme.unicode ? text : plainly(text));
  };

  /** `12/38 Point DNS`, under its phase, once when a step comes up. */
  const head = (id: string, opening: readonly string[] = []) => {
    if (id === shown) return;
    shown = id;
    const at = positionOf(outline, id);
    const step = outline.steps[at];
    if (!step) return;
    if (step.phase !== phase && step.phase !== '') print(['', theme.bold(`== ${safeLine(step.phase)}`)]);
    phase = step.phase;
    print(opening);
    print(['', `${at + 1}/${outline.steps.length} ${theme.bold(safeLine(step.title))}`]);
  };

  return {
    present: ask !== undefined,
    happened(event, state) {
      const told = event.type === 'run.started' ? opening(event, outline, state) : describeEvent(event, outline);
      said.happened(event);
      if (event.type === 'step.failed') said.note(told?.lines ?? []);
      if (!told) return;
      const step = stepOf(event);
      if (step !== undefined) head(step);
      print(toldLines(withoutCommands(told, commands), theme));
    },
    card(card) {
      if (said.isShown(card)) return;
      commands = card.commands;
      const opening = ask === undefined || !card.opening ? [] : prosed(card.opening, { theme, ...(lex && { lex }) });
      head(card.id, opening.map(indented));
      print(plainCard(card, { theme, prose: ask !== undefined, ...(lex && { lex }) }));
    },
    working: (_step, what, { already = 0 } = {}) => plainWorking({ what, already }, print, theme, clock),
    ask: async (question, options) =>
      ask ? ask({ ...question, detail: said.newDetail(question) }, options) : { absent: 'Nobody is here to answer.' },
    tell(lines) {
      said.note(lines);
      print(lines.flatMap((line) => safe(line).split('\n')).map((line) => `  ${line}`));
    },
    ...(ask && {
      lend(use) {
        said.forget();
        return use();
      },
    }),
  };
}

/** The step an event is about, where that opens the step on screen. */
function stepOf(event: LaunchEvent): string | undefined {
  if (!('step' in event) || event.type === 'run.paused' || event.type === 'step.not-needed') return undefined;
  return event.step;
}

function plainCard(
  card: Card,
  { theme, prose, lex }: { theme: Theme; prose: boolean; lex?: Lexer },
): readonly string[] {
  return [
    ...(prose && card.prose.trim() !== '' ? prosed(card.prose, { theme, ...(lex && { lex }) }) : []),
    ...(card.who ? [`For: ${safeLine(card.who)}`] : []),
    ...(card.describes && card.commands.length === 0 ? [safeLine(card.describes)] : []),
    ...card.commands.flatMap((command) => safe(command).split('\n')).map((command) => `$ ${command}`),
    ...(card.account ? [`As: ${safeLine(card.account)}`] : []),
    ...(card.costs ? [`Costs: ${safeLine(card.costs)}`] : []),
    ...(card.takes ? [`Takes: ${safeLine(card.takes)}`] : []),
    ...(card.open ? [`Page: ${safeLine(card.open)}`] : []),
    ...card.copy.map(({ label, value }) => `Copy ${safeLine(label)}: ${safeLine(value)}`),
    ...(card.waiting.length ? [`Waiting meanwhile: ${card.waiting.map(safeLine).join(', ')}`] : []),
  ].map(indented);
}

const prosed = (text: string, options: { theme: Theme; lex?: Lexer }): readonly string[] =>
  proseLines(text, { width: 100, ...options });

const indented = (line: string): string => (line === '' ? '' : `  ${line}`);

/** Output line by line behind a bar; a sentence when it changes in more than its time left, and once a minute. */
function plainWorking(
  { what, already }: { readonly what: string; readonly already: number },
  print: (lines: readonly string[]) => void,
  theme: Theme,
  clock: Pick<Clock, 'now'>,
): Working {
  const began = clock.now().getTime() - already;
  let said = '';
  let saidAt = began + already;
  const lines = (texts: readonly string[]) => print(texts.map((line) => `  ${theme.dim(theme.bar)} ${safeLine(line)}`));
  const output = plainOutput(lines, () => clock.now().getTime());
  return {
    output: (bytes) => output.write(bytes),
    say(sentence) {
      const kept = sentence.replace(TIME_LEFT, '');
      const now = clock.now().getTime();
      if (kept === said && now - saidAt < AGAIN) return;
      said = kept;
      saidAt = now;
      print([`  ${safeLine(what)}: ${safeLine(sentence)} [${elapsed(now - began)}]`]);
    },
    stop: () => output.end(),
  };
}

/** As it comes while that can be read; of what is longer the head and the tail, as the receipt keeps them. */
function plainOutput(
  lines: (texts: readonly string[]) => void,
  now: () => number,
): { write(bytes: Uint8Array): void; end(): void } {
  const decoder = new TextDecoder();
  let room = HEAD;
  let open = '';
  let tail: Tail | undefined;
  let unseen = 0;
  let saidAt = now();
  const show = (text: string) => {
    const parts = (open + text).split(/\r\n|\n/);
    open = parts.pop() ?? '';
    if (open.length > LONGEST) {
      parts.push(open);
      open = '';
    }
    lines(parts.map(readAs));
  };
  return {
    write(bytes) {
      const head = bytes.subarray(0, room);
      room -= head.length;
      if (head.length > 0) show(decoder.decode(head, { stream: true }));
      if (head.length === bytes.length) return;
      tail ??= createTail(TAIL);
      tail.write(bytes.subarray(head.length));
      const first = unseen === 0;
      unseen += bytes.length - head.length;
      if (!first && now() - saidAt < AGAIN) return;
      saidAt = now();
      lines([first ? '(only the end of the rest is shown)' : `(${unseen} bytes more so far)`]);
    },
    end() {
      const { bytes, left } = tail?.read() ?? { bytes: new Uint8Array(0), left: 0 };
      if (left > 0) {
        if (open !== '') lines([readAs(open)]);
        open = '';
        lines([`(${left} bytes left out)`]);
      }
      show(decoder.decode(bytes));
      if (open !== '') lines([readAs(open)]);
      open = '';
    },
  };
}

const TIME_LEFT = /\s*\([^()]*\bleft\)/;
const AGAIN = 60_000;
const LONGEST = 65_536;
/** Bytes of one output that are shown as they come, and of the end of a longer one. */
const HEAD = 5_000_000;
const TAIL = 16_384;
