// What of a plan is to be done, and what is only to be read, in the order of the plan. Every line of it is in one or the other.
import type { Block, Item } from '../document/outline.ts';
import { codeSpans, isCommand } from './command.ts';
import { NUMBER } from './title.ts';
import { isImperative, isOptional, type Purpose, purposeOf, whoOf } from './words.ts';

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

type List = Extract<Block, { kind: 'list' }>;
type Heading = Extract<Block, { kind: 'heading' }>;

/** `title`: of the plan, for steps that stand below no other heading. */
export function piecesOf(blocks: readonly Block[], title: string): readonly Piece[] {
  const sections = sectionsOf(blocks);
  // A plan without boxes, and without a heading that says where the work is: its lists are the work.
  const plain = !blocks.some(hasBox) && !sections.some(({ purpose }) => purpose === 'work');
  let last: Heading | 'nothing' | undefined = 'nothing';
  return sections.flatMap((section) => {
    const pieces = piecesIn(plain ? { ...section, purpose: section.purpose ?? 'work' } : section);
    const under = pieces[0]?.is === 'heading' ? section.heading : section.above;
    const first = pieces.findIndex(({ is }) => is !== 'text');
    // A step with a heading of its own goes on in the phase it stands in, not in that of what stands before it.
    const begins = under !== last && first !== -1 && pieces[first]?.is !== 'heading';
    last = under;
    const heading: Piece = { is: 'heading', depth: 2, text: under?.text ?? title, line: under?.line ?? 1 };
    return begins ? [...pieces.slice(0, first), heading, ...pieces.slice(first)] : pieces;
  });
}

interface Section {
  readonly heading?: Heading;
  /** The heading that this one stands below. */
  readonly above?: Heading;
  readonly purpose: Purpose | undefined;
  readonly blocks: readonly Block[];
  /** No heading stands below it. */
  readonly leaf: boolean;
}

function sectionsOf(blocks: readonly Block[]): readonly Section[] {
  const starts = blocks.flatMap((block, index) => (block.kind === 'heading' ? [index] : []));
  const above: { readonly heading: Heading; readonly purpose: Purpose | undefined }[] = [];
  const first: Section = { purpose: undefined, blocks: blocks.slice(0, starts[0]), leaf: true };
  return [
    first,
    ...starts.map((start, nth): Section => {
      const heading = blocks[start] as Heading; // `starts` holds headings only
      const next = blocks[starts[nth + 1] ?? -1];
      while ((above.at(-1)?.heading.depth ?? 0) >= heading.depth) above.pop();
      const parent = above.at(-1);
      const purpose = purposeOf(heading.text) ?? (NUMBER.test(heading.text) ? 'work' : parent?.purpose);
      above.push({ heading, purpose });
      const leaf = next?.kind !== 'heading' || next.depth <= heading.depth;
      const below = blocks.slice(start + 1, starts[nth + 1]);
      return { heading, ...(parent && { above: parent.heading }), purpose, blocks: below, leaf };
    }),
  ];
}

function piecesIn(section: Section): readonly Piece[] {
  const { heading, purpose, blocks } = section;
  const whole = headingTask(section);
  if (whole) return [whole];
  const pieces: Piece[] = heading
    ? [{ is: 'heading', depth: heading.depth, text: heading.text, line: heading.line }]
    : [];
  let label: string[] = [];
  const tell = () => {
    pieces.push(...label.map((raw): Piece => ({ is: 'text', raw })));
    label = [];
  };
  for (const block of joined(blocks)) {
    const here = settled.includes(purpose) ? purpose : (introducedAs(label.at(-1)) ?? purpose);
    const found =
      block.kind === 'list'
        ? fromList(block, here, heading?.text)
        : block.kind === 'code'
          ? fromCode(block, here, label, heading)
          : [];
    if (found.length > 0) {
      const [first, ...rest] = found;
      if (first) pieces.push(withLead(first, label), ...rest);
      label = [];
    } else if (block.kind === 'text' && isLabel(block.raw)) label.push(block.raw);
    else {
      tell();
      pieces.push({ is: 'text', raw: block.raw });
    }
  }
  tell();
  return pieces;
}

/** What a heading says of these is not changed by a line below it. */
const settled: readonly (Purpose | undefined)[] = ['questions', 'proof', 'aside'];

/** `Deployment model:` does not make steps of a list whose heading does not. */
function introducedAs(label: string | undefined): Purpose | undefined {
  const purpose = purposeOf(label ?? '');
  return purpose === 'work' ? undefined : purpose;
}

/** It leads to what comes after it. */
const isLabel = (raw: string): boolean => /:[*_]*$/.test(raw) && raw.length < 400;

/** What introduces a list stands with the first step made of it. */
function withLead(piece: Piece, label: readonly string[]): Piece {
  const led = (prose: string): string => [...label.filter((raw) => !prose.startsWith(raw)), prose].join('\n\n');
  if ('task' in piece) return { ...piece, task: { ...piece.task, prose: led(piece.task.prose) } };
  return piece.is === 'checklist' ? { ...piece, raw: led(piece.raw) } : piece;
}

/** `1. Add a script:` and then, not indented, the points that belong to it. */
function joined(blocks: readonly Block[]): readonly Block[] {
  const result: Block[] = [];
  for (const block of blocks) {
    const before = result.at(-1);
    const last = before?.kind === 'list' && before.ordered ? before.items.at(-1) : undefined;
    if (before?.kind !== 'list' || !last || block.kind !== 'list' || block.ordered || !/:[*_]*$/.test(last.text)) {
      result.push(block);
      continue;
    }
    const item = { ...last, below: [...last.below, block], raw: `${last.raw}\n${block.raw}` };
    result[result.length - 1] = { ...before, items: [...before.items.slice(0, -1), item] };
  }
  return result;
}

/** `### Step 3: Point DNS` with text, or one block of commands, below it. */
function headingTask({ heading, purpose, blocks, leaf }: Section): Piece | undefined {
  if (!heading || !leaf || purpose !== 'work' || blocks.length === 0) return undefined;
  const name = heading.text.replace(/^((step|phase|stage|part)\s+)?[\d.]*[\d][.):]*\s*[-–—:]?\s*/i, '');
  const code = blocks.filter((block) => block.kind === 'code');
  if (blocks.some(({ kind }) => kind === 'list') || code.length > 1) return undefined;
  const [first] = blocks;
  // `2. DNS` names what its text tells to do.
  const told = NUMBER.test(heading.text) && first?.kind === 'text' && isImperative(first.raw);
  if (!isImperative(name) && !told) return undefined;
  const prose = blocks.map(({ raw }) => raw).join('\n\n');
  return { is: 'task', task: { ...taskOf(name, prose, blocks), heading: heading.text, line: heading.line } };
}

function fromList(list: List, purpose: Purpose | undefined, heading: string | undefined): readonly Piece[] {
  const boxes = hasBox(list);
  if (purpose === 'aside') return [];
  if (purpose === 'questions') return list.items.map((item) => ({ is: 'question', task: ofItem(item) }));
  if (purpose === 'proof')
    return [{ is: 'checklist', title: heading ?? 'Checklist', items: list.items, raw: list.raw, line: list.line }];
  if (!boxes && (purpose === 'text' || purpose === undefined || !(list.ordered || isWork(list)))) return [];
  return list.items.flatMap((item) => ofNested(item, purpose === 'stretch'));
}

/** At least half of the points tell somebody to do something. */
function isWork({ items }: List): boolean {
  const told = items.filter(({ text }) => isImperative(text) || codeSpans(text).some(isCommand));
  return told.length * 2 >= items.length;
}

/** Boxes below a box are the steps; what stands above them goes with the first. */
function ofNested(item: Item, optional: boolean): readonly Piece[] {
  const inner = item.below.filter((block): block is List => block.kind === 'list' && hasBox(block));
  const own = ofItem(item);
  const task = { ...own, optional: own.optional || optional };
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

const ofItem = (item: Item): Task => ({
  ...taskOf(item.text, item.raw, item.below),
  line: item.line,
  ticked: item.ticked === true,
});

function taskOf(text: string, prose: string, below: readonly Block[]): Task {
  const who = whoOf(text);
  return {
    text,
    prose,
    code: shellIn(below),
    line: 0,
    ticked: false,
    optional: isOptional(text),
    ...(who !== undefined && { who }),
  };
}

function fromCode(
  block: Extract<Block, { kind: 'code' }>,
  purpose: Purpose | undefined,
  label: readonly string[],
  heading: Heading | undefined,
): readonly Piece[] {
  if (purpose !== 'work' || shellIn([block]).length === 0) return [];
  const text = (label.at(-1) ?? heading?.text ?? '').replace(/\s+/g, ' ').replace(/:[*_]*$/, '');
  return [{ is: 'task', task: { ...taskOf(text, block.raw, [block]), line: block.line } }];
}

/** Blocks that a shell is meant to read. */
function shellIn(blocks: readonly Block[]): readonly string[] {
  return blocks.flatMap((block) => {
    if (block.kind === 'list') return block.items.flatMap(({ below }) => shellIn(below));
    if (block.kind !== 'code') return [];
    const named = ['sh', 'bash', 'shell', 'zsh', 'console', 'shell-session', 'terminal'].includes(block.language);
    return named || (block.language === '' && isCommand(block.text)) ? [block.text] : [];
  });
}

function hasBox(block: Block): boolean {
  return block.kind === 'list' && block.items.some(({ ticked, below }) => ticked !== undefined || below.some(hasBox));
}
