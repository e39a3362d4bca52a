// A step as it is laid before the person: phase, place, title, prose, and what will happen to what.
import type { Card } from '../engine/face.ts';
import { safe, safeLine } from '../text/escape.ts';
import { type Lexer, renderMarkdown } from './markdown.ts';
import type { Theme } from './theme.ts';
import { cells, clip, pad, wrap } from './width.ts';

interface CardOptions {
  readonly theme: Theme;
  readonly width: number;
  /** Splits Markdown; without it prose is shown as written. */
  readonly lex?: Lexer;
  /** The time of day and since the start, in the line of the phase. */
  readonly time?: string;
}

/** Safe for a terminal, at most `width` cells a line but for commands, which are never broken. */
export function cardLines(card: Card, options: CardOptions): readonly string[] {
  const { theme, width } = options;
  const indented = (text: string) =>
    text.trim() === ''
      ? []
      : proseLines(text, { ...options, width: width - INDENT.length }).map((line) =>
          line === '' ? '' : INDENT + line,
        );
  const [opening, prose] = [indented(card.opening ?? ''), indented(card.prose)];
  const facts = factLines(card, theme, width);
  return [
    '',
    headLine(card, options),
    ...opening,
    ...(opening.length ? [''] : []),
    ...titleLines(card, theme, width),
    ...prose,
    ...(prose.length && facts.length ? [''] : []),
    ...facts,
  ];
}

/** Markdown as lines; one that marked cannot take (too deep) is shown as written. */
export function proseLines(prose: string, { theme, width, lex }: CardOptions): readonly string[] {
  const asWritten = () =>
    safe(prose.trim())
      .split('\n')
      .flatMap((line) => wrap(line, width));
  if (!lex) return asWritten();
  try {
    return renderMarkdown(prose, { lex, theme, width });
  } catch (error) {
    // marked runs out of stack on thousands of nested quotes (facts/performance-and-reliability.md §4.4).
    if (error instanceof RangeError) return asWritten();
    throw error;
  }
}

function headLine({ phase }: Card, { theme, width, time = '' }: CardOptions): string {
  const begin = theme.rule.repeat(2);
  const end = time === '' ? '' : ` ${time} ${begin}`;
  const name = phase === '' ? '' : ` ${clip(safeLine(phase), Math.max(1, width - 6 - end.length))} `;
  const between = theme.rule.repeat(Math.max(0, width - cells(begin + name + end)));
  return theme.dim(begin) + theme.bold(name) + theme.dim(between + end);
}

function titleLines({ position, total, title, who }: Card, theme: Theme, width: number): readonly string[] {
  const place = `${position}/${total}`;
  const forWhom = who ? theme.dim(` ${theme.dot} for ${safeLine(who)}`) : '';
  return wrap(`${theme.dim(place)} ${theme.bold(safeLine(title))}${forWhom}`, width, ' '.repeat(place.length + 1));
}

function factLines(card: Card, theme: Theme, width: number): readonly string[] {
  const longest = Math.max(0, ...card.copy.map(({ label }) => cells(safeLine(label))));
  const facts: readonly (readonly [label: string, values: readonly string[], whole?: true])[] = [
    ['does', card.describes && card.commands.length === 0 ? [card.describes] : []],
    ['runs', card.commands.flatMap((command) => safe(command).split('\n')), true],
    ['as', card.account ? [card.account] : []],
    ['costs', card.costs ? [card.costs] : []],
    ['takes', card.takes ? [card.takes] : []],
    ['page', card.open ? [card.open] : [], true],
    ['copy', card.copy.map(({ label, value }) => `${pad(safeLine(label), longest)}  ${safeLine(value)}`), true],
    ['waiting', card.waiting.length ? [card.waiting.join(', ')] : []],
  ];
  return facts.flatMap(([label, values, whole]) =>
    values.flatMap((value, index) => factLine(index === 0 ? label : '', value, { theme, width, whole })),
  );
}

function factLine(
  label: string,
  value: string,
  { theme, width, whole }: { theme: Theme; width: number; whole: true | undefined },
): readonly string[] {
  const head = INDENT + pad(label, LABEL) + ' ';
  const text = theme.dim(INDENT + pad(label, LABEL)) + ' ' + safeLine(value);
  return whole ? [text] : wrap(text, width, ' '.repeat(head.length));
}

const INDENT = '  ';
const LABEL = 'waiting'.length;
