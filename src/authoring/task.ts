// One thing to do, as the plan says it, and the parts that a plan is made of: steps, questions, checklists, headings, text.
import type { Block, Item } from '../document/outline.ts';
import { isShell } from './command.ts';
import type { Row } from './rows.ts';
import { isConditional, isExpectation, isLater, isOutput, isStruck, sentencesOf } from './saying.ts';
import { isLook, isOptional, type Purpose, whoOf } from './words.ts';

/** Why its commands are not run, though the plan has them. `unsure`: whether it is to be done at all. */
export type Held = 'condition' | 'later' | 'loop' | 'unsure';

export interface Task {
  /** Markdown, on one line. */
  readonly text: string;
  /** Where it has a heading of its own. */
  readonly heading?: string;
  /** All that the plan says of it. */
  readonly prose: string;
  /** Blocks of shell commands in it. */
  readonly code: readonly string[];
  /** From 1. */
  readonly line: number;
  readonly ticked: boolean;
  readonly optional: boolean;
  readonly struck: boolean;
  /** It is looked at, and what comes of it is for somebody to judge. */
  readonly looks: boolean;
  readonly held?: Held;
  /** What must come of it, where that stands beside it. */
  readonly expected?: string;
  readonly who?: string;
}

export type Piece =
  | { readonly is: 'heading'; readonly depth: number; readonly text: string; readonly line: number }
  | { readonly is: 'text'; readonly raw: string }
  | { readonly is: 'task' | 'question'; readonly task: Task }
  | {
      readonly is: 'checklist';
      readonly title: string;
      readonly items: readonly Item[];
      readonly raw: string;
      readonly line: number;
    };

export function taskOf(text: string, prose: string, below: readonly Block[]): Task {
  const who = whoOf(text);
  const held = isConditional(text)
    ? 'condition'
    : isLater(text)
      ? 'later'
      : /^repeat\b/i.test(text)
        ? 'loop'
        : undefined;
  return {
    text,
    prose,
    code: shellIn(below),
    line: 0,
    ticked: false,
    optional: isOptional(text),
    struck: isStruck(text),
    looks: isLook(text) || isExpectation(text),
    ...(held !== undefined && { held }),
    ...(who !== undefined && { who }),
  };
}

export function ofItem(item: Item): Task {
  const task = taskOf(item.text, item.raw, item.below);
  // "At least 50 GB must be free.", below the command that shows it.
  const judged = item.below.some(
    ({ kind, raw }) => kind === 'text' && isExpectation(raw) && !isOutput(sentencesOf(raw).at(-1) ?? ''),
  );
  return { ...task, line: item.line, ticked: item.ticked === true, looks: task.looks || judged };
}

export const ofRow = ({ looks, expected, ...row }: Row, purpose: Purpose | undefined): Task => ({
  ...taskOf(row.text, row.prose, []),
  ...row,
  looks: looks || expected !== undefined || isLook(row.text) || isExpectation(row.text),
  ...(expected !== undefined && { expected }),
  ...(purpose === undefined && { held: 'unsure' }),
});

export function holding(piece: Piece, held: Held): Piece {
  if (!('task' in piece)) return piece;
  const { held: before, optional } = piece.task;
  if (held !== 'loop' && before !== undefined) return piece;
  return { ...piece, task: { ...piece.task, held, optional: optional || before === 'condition' } };
}

/** Blocks that a shell is meant to read; not what one is said to answer. */
export function shellIn(blocks: readonly Block[]): readonly string[] {
  return blocks.flatMap((block, at) => {
    if (block.kind === 'list') return block.items.flatMap(({ below }) => shellIn(below));
    if (block.kind !== 'code') return [];
    const before = blocks[at - 1];
    if (before?.kind === 'text' && isOutput(sentencesOf(before.raw).at(-1) ?? '')) return [];
    return isShell(block.language, block.text) ? [block.text] : [];
  });
}

export function hasBox(block: Block): boolean {
  return block.kind === 'list' && block.items.some(({ ticked, below }) => ticked !== undefined || below.some(hasBox));
}
