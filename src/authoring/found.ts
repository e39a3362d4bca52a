// What of one block of a plan is to be done: of a list, a table, commands, a section that is one step as a whole.
import type { Block, Item } from '../document/outline.ts';
import { codeSpans, isCommand } from './command.ts';
import { rowsOf } from './rows.ts';
import { isConditional, isExpectation, isForbidden, isLoop, isOutput, sentencesOf } from './saying.ts';
import { type Heading, isNumbered, type Section } from './sections.ts';
import { hasBox, holding, ofItem, ofRow, type Piece, shellIn, type Task, taskOf } from './task.ts';
import { isImperative, isLook, type Purpose, undecorated } from './words.ts';

type List = Extract<Block, { kind: 'list' }>;
type Code = Extract<Block, { kind: 'code' }>;

export interface Around {
  readonly here: Purpose | undefined;
  readonly heading: Heading | undefined;
  /** What stands just before it. */
  readonly label: string;
  /** The whole paragraph before it, where it follows one. */
  readonly paragraph: string;
}

export function piecesFrom(block: Exclude<Block, { kind: 'text' }>, around: Around): readonly Piece[] {
  if (block.kind === 'list') {
    const found = fromList(block, around.here, around.heading?.text);
    const last = sentencesOf(around.label).at(-1) ?? '';
    if (!isLoop(last) || found.length === 0) return found;
    const repeat = { ...taskOf(last.replace(/:[*_]*$/, ''), last, []), line: block.line };
    return [...found.map((piece) => holding(piece, 'loop')), { is: 'task', task: repeat }];
  }
  if (block.kind === 'table') return fromTable(block, around.here);
  return block.kind === 'code' ? fromCode(block, around) : [];
}

/** `### Step 3: Point DNS` with text, or one block of commands, below it; what is said after the commands is a step of its own. */
export function headingTask({ heading, purpose, blocks, leaf }: Section): readonly Piece[] | undefined {
  if (!heading || !leaf || purpose !== 'work' || blocks.length === 0) return undefined;
  const name = nameOf(heading);
  const code = blocks.filter((block) => block.kind === 'code');
  if (blocks.some(({ kind }) => kind === 'list' || kind === 'table') || code.length > 1) return undefined;
  const [first] = blocks;
  // `2. DNS` names what its text tells to do.
  const told =
    isNumbered(heading.text) && first?.kind === 'text' && (isImperative(first.raw) || isConditional(first.raw));
  if (!isImperative(name) && !told) return undefined;
  const at = blocks.findIndex(({ kind }) => kind === 'code');
  const [before, after] = at === -1 ? [blocks, []] : [blocks.slice(0, at + 1), blocks.slice(at + 1)];
  if (at > 0 && isOutput(sentencesOf(blocks[at - 1]?.raw ?? '').at(-1) ?? '')) return undefined;
  const task: Task = {
    ...taskOf(name, before.map(({ raw }) => raw).join('\n\n'), before),
    heading: heading.text,
    line: heading.line,
  };
  const only = before.some(({ kind, raw }) => kind === 'text' && sentencesOf(raw).some(leadsIf));
  const step: Piece = { is: 'task', task: only ? { ...task, held: 'condition' } : task };
  const next = after.flatMap((block): readonly Piece[] => {
    const told = afterwards(block.raw, block.line, purpose, step);
    return told.length > 0 ? told : [{ is: 'text', raw: block.raw }];
  });
  return [step, ...next];
}

/** Without `Step 3:`, `T+25`. */
const nameOf = ({ text }: Heading): string =>
  undecorated(text).replace(
    /^((step|phase|stage|part|schritt|étape|paso)\s+)?[\d.]*[\d][.):]*\s*[-–—:]?\s*|^[TDH]\s?[-+−–]\s?\d+\s*(min|m|h|d)?[:.]?\s+/i,
    '',
  ) || text;

function fromList(list: List, purpose: Purpose | undefined, heading: string | undefined): readonly Piece[] {
  const boxes = hasBox(list);
  if (purpose === 'aside') return [];
  if (purpose === 'questions') return list.items.map((item) => ({ is: 'question', task: ofItem(item) }));
  if (purpose === 'proof')
    return [{ is: 'checklist', title: heading ?? 'Checklist', items: list.items, raw: list.raw, line: list.line }];
  const sure = boxes || (purpose !== undefined && purpose !== 'text' && (list.ordered || isWork(list, 1 / 2)));
  const perhaps = purpose === undefined && (isWork(list, 2 / 3) || (list.ordered && list.items.some(hasCommand)));
  if (!sure && !perhaps) return [];
  const pieces = list.items.flatMap((item) => ofNested(item, purpose === 'stretch'));
  return sure ? pieces : pieces.map((piece) => holding(piece, 'unsure'));
}

/** So many of the points tell somebody to do something. */
function isWork({ items }: List, share: number): boolean {
  const told = items.filter((item) => isImperative(item.text) || codeSpans(item.text).some(isCommand));
  return told.length >= items.length * share;
}

const hasCommand = (item: Item): boolean => codeSpans(item.text).some(isCommand) || shellIn(item.below).length > 0;

function fromTable(table: Extract<Block, { kind: 'table' }>, purpose: Purpose | undefined): readonly Piece[] {
  const boxes = table.rows.some(({ cells }) => cells.some((cell) => /^(\[[ xX]\]|[⬜☐✅☑]\ufe0f?)$/.test(cell)));
  if (purpose === 'aside' || purpose === 'questions' || (purpose === 'text' && !boxes)) return [];
  return (rowsOf(table) ?? []).map((row) => ({ is: 'task', task: ofRow(row, purpose) }));
}

/** Boxes below a box are the steps; what stands above them goes with the first. */
function ofNested(item: Item, optional: boolean): readonly Piece[] {
  const inner = item.below.filter((block): block is List => block.kind === 'list' && hasBox(block));
  const own = ofItem(item);
  const task = { ...own, optional: own.optional || optional };
  // A warning among the steps is one to read.
  if (inner.length === 0 && isWarning(item)) return [{ is: 'text', raw: item.raw }];
  if (inner.length === 0) return [{ is: 'task', task }];
  const others = item.below.filter((block) => !(block.kind === 'list' && hasBox(block))).map(({ raw }) => raw);
  const pieces = inner.flatMap(({ items }) => items.flatMap((one) => ofNested(one, task.optional)));
  const all = pieces.map((piece) =>
    'task' in piece ? { ...piece, task: { ...piece.task, ticked: piece.task.ticked || task.ticked } } : piece,
  );
  const [first, ...rest] = all;
  return first
    ? [
        withLead(
          first,
          [item.text, ...others].filter((text) => text !== ''),
        ),
        ...rest,
      ]
    : [{ is: 'task', task }];
}

/** `**Danger**: never run …`, without a box to tick. */
const isWarning = ({ text, ticked }: Item): boolean =>
  ticked === undefined &&
  /^([^:`]{1,30}:\s*)?(never|do not|don['’]?t|avoid)\b(?! (forget|skip|miss|omit))/i.test(text.replace(/[*_]+/g, ''));

/** "If it hangs, drain the node:", "Only if it hangs."; not "If it fails, stop.", which is whole. */
const leadsIf = (sentence: string): boolean =>
  isConditional(sentence) && (!/[.!][*_]*$/.test(sentence) || /^\W*only\b/i.test(sentence));

function fromCode(block: Code, { here, label, heading, paragraph }: Around): readonly Piece[] {
  const sentences = sentencesOf(label);
  const last = sentences.at(-1) ?? '';
  if (here !== 'work' || isOutput(last) || isForbidden(last)) return [];
  // "Add to /etc/hosts:", and then what is to be added.
  if (shellIn([block]).length === 0 && !(isLabel(label) && isImperative(last))) return [];
  const told = isImperative(last) || isConditional(last) ? last : (sentences.find(isImperative) ?? last);
  const named = isLabel(label) || heading === undefined ? told : nameOf(heading);
  const text = named.replace(/\s+/g, ' ').replace(/:[*_]*$/, '');
  const task = taskOf(text, block.raw, [block]);
  return [
    {
      is: 'task',
      task: {
        ...task,
        line: block.line,
        looks: task.looks || sentencesOf(paragraph).some(isLook),
        ...(leadsIf(last) && { held: 'condition' }),
      },
    },
  ];
}

/** What a plan says after a step: what must be so by then, what depends on it, what is done next. Nobody should be led past it. */
export function afterwards(
  raw: string,
  line: number,
  purpose: Purpose | undefined,
  before: Piece | undefined,
): readonly Piece[] {
  if (purpose !== 'work' || before?.is !== 'task' || /^[\s>|<#]/.test(raw)) return [];
  const sentences = sentencesOf(raw);
  const [first = ''] = sentences;
  const tells = isImperative(first) || sentences.some((one) => isConditional(one) || isExpectation(one));
  if (!tells || isForbidden(first)) return [];
  return [{ is: 'task', task: { ...taskOf(first, raw, []), line, looks: true } }];
}

/** It leads to what comes after it. */
export const isLabel = (raw: string): boolean => /:[*_]*$/.test(raw) && raw.length < 400;

/** What introduces a list stands with the first step made of it. */
export function withLead(piece: Piece, label: readonly string[]): Piece {
  const led = (prose: string): string => [...label.filter((raw) => !prose.startsWith(raw)), prose].join('\n\n');
  if ('task' in piece) return { ...piece, task: { ...piece.task, prose: led(piece.task.prose) } };
  return piece.is === 'checklist' ? { ...piece, raw: led(piece.raw) } : piece;
}
