// What of a plan is to be done, and what is only to be read, in the order of the plan. Every line of it is in one or the other.
import type { Block, Item } from '../document/outline.ts';
import { afterwards, headingTask, isLabel, piecesFrom, withLead } from './found.ts';
import { rowsOf } from './rows.ts';
import { isConditional, isExpectation, isLater, sentencesOf } from './saying.ts';
import { type Heading, type Section, sectionsOf } from './sections.ts';
import { type Held, hasBox, holding, type Piece, shellIn } from './task.ts';
import { NUMBER } from './title.ts';
import { type Purpose, purposeOf, undecorated } from './words.ts';

/** What looks like things to do and is left as text. */
export interface Left {
  readonly heading: string;
  readonly line: number;
  /** It is for a launch that goes wrong. */
  readonly aside: boolean;
}

/** `title`: of the plan, for steps that stand below no other heading. */
export function piecesOf(
  blocks: readonly Block[],
  title: string,
): { readonly pieces: readonly Piece[]; readonly left: readonly Left[] } {
  const sections = sectionsOf(blocks);
  // A plan without boxes, and without a heading that says where the work is: its lists are the work.
  const plain = !blocks.some(hasBox) && !sections.some(({ purpose }) => purpose === 'work');
  const left: Left[] = [];
  let last: Heading | 'nothing' | undefined = 'nothing';
  const pieces = sections.flatMap((section) => {
    const found = piecesIn(plain ? { ...section, purpose: section.purpose ?? 'work' } : section);
    const under = found[0]?.is === 'heading' ? section.heading : section.above;
    const first = found.findIndex(({ is }) => is !== 'text');
    // A step with a heading of its own goes on in the phase it stands in, not in that of what stands before it.
    const begins = under !== last && first !== -1 && found[first]?.is !== 'heading';
    last = under;
    if (!found.some(({ is }) => is !== 'text' && is !== 'heading') && section.blocks.some(looksLikeWork(section)))
      left.push({
        heading: section.heading?.text ?? title,
        line: section.heading?.line ?? 1,
        aside: section.purpose === 'aside',
      });
    const heading: Piece = { is: 'heading', depth: 2, text: under?.text ?? title, line: under?.line ?? 1 };
    return begins ? [...found.slice(0, first), heading, ...found.slice(first)] : found;
  });
  return { pieces, left };
}

/** Commands; and lists, and rows of things to do, unless the heading says that they only tell something. */
const looksLikeWork =
  ({ purpose }: Section) =>
  (block: Block): boolean =>
    shellIn([block]).length > 0 ||
    (purpose !== 'text' && (block.kind === 'list' || (block.kind === 'table' && rowsOf(block) !== undefined)));

function piecesIn(section: Section): readonly Piece[] {
  const { heading, purpose, blocks } = section;
  const within = heading === undefined ? undefined : heldBelow(undecorated(heading.text).replace(/^[\d.]+\s+/, ''));
  const whole = headingTask(section);
  if (whole) return within ? whole.map((piece) => holding(piece, within)) : whole;
  const pieces: Piece[] = heading
    ? [{ is: 'heading', depth: heading.depth, text: heading.text, line: heading.line }]
    : [];
  let label: string[] = [];
  let paragraph = '';
  const tell = () => {
    pieces.push(...label.map((raw): Piece => ({ is: 'text', raw })));
    label = [];
  };
  const all = joined(numbered(blocks));
  for (const [at, block] of all.entries()) {
    const here = settled.includes(purpose) ? purpose : (introducedAs(label.at(-1)) ?? purpose);
    if (block.kind === 'text') {
      const next = all[at + 1];
      const { rest, lead } = parted(block.raw, here === 'work' && next !== undefined && shellIn([next]).length > 0);
      paragraph = block.raw;
      const told =
        rest === ''
          ? []
          : afterwards(
              rest,
              block.line,
              here,
              pieces.findLast(({ is }) => is !== 'text'),
            );
      if (rest !== '') {
        tell();
        pieces.push(...(told.length > 0 ? told : [{ is: 'text', raw: rest } as const]));
      }
      if (lead !== '') label.push(lead);
      continue;
    }
    const found = piecesFrom(block, { here, heading, label: label.at(-1) ?? textBefore(pieces), paragraph });
    paragraph = '';
    if (found.length > 0) {
      const [first, ...more] = found.map((piece) => (within ? holding(piece, within) : piece));
      if (first) pieces.push(withLead(first, label), ...more);
      label = [];
    } else {
      tell();
      pieces.push({ is: 'text', raw: block.raw });
    }
  }
  tell();
  return pieces;
}

/** By what its heading says: `A week later`, `If the cache is cold`, `Option B: by hand`. */
function heldBelow(heading: string): Held | undefined {
  if (isLater(heading)) return 'later';
  return isConditional(heading) || /^(option|alternative|method|variante?) [\dA-Z]\b/i.test(heading)
    ? 'condition'
    : undefined;
}

const textBefore = (pieces: readonly Piece[]): string => {
  const last = pieces.at(-1);
  return last?.is === 'text' ? last.raw : '';
};

/** The end of a paragraph leads to what comes after it; what is to be looked at before that is not a part of it. */
function parted(raw: string, leads: boolean): { readonly rest: string; readonly lead: string } {
  if (!isLabel(raw) && !leads) return { rest: raw, lead: '' };
  const sentences = /^[\s>|<]/.test(raw) ? [raw] : sentencesOf(raw);
  const before = sentences.slice(0, -1);
  const apart = !leads || before.some((one) => isExpectation(one) || isConditional(one));
  if (before.length === 0 || !apart) return { rest: '', lead: raw };
  return { rest: before.join(' '), lead: sentences.at(-1) ?? '' };
}

/** What a heading says of these is not changed by a line below it. */
const settled: readonly (Purpose | undefined)[] = ['questions', 'proof', 'aside'];

/** `Deployment model:` does not make steps of a list whose heading does not. */
function introducedAs(label: string | undefined): Purpose | undefined {
  const purpose = purposeOf(label ?? '');
  return purpose === 'work' ? undefined : purpose;
}

/** `3.1 Call the site.` and `3.2 Log in.`, each a paragraph of its own, are a list that Markdown does not know. */
function numbered(blocks: readonly Block[]): readonly Block[] {
  const starts = blocks.flatMap((block, at) => (block.kind === 'text' && POINT.test(block.raw) ? [at] : []));
  const [first] = starts;
  if (first === undefined || starts.length < 2) return blocks;
  const items = starts.map((start, nth): Item => {
    const [lead, ...below] = blocks.slice(start, starts[nth + 1]);
    const text = (lead?.raw ?? '').replace(/\s+/g, ' ').replace(NUMBER, '');
    return { text, below, raw: [lead, ...below].map((block) => block?.raw ?? '').join('\n\n'), line: lead?.line ?? 1 };
  });
  const raw = items.map((item) => item.raw).join('\n\n');
  return [...blocks.slice(0, first), { kind: 'list', ordered: true, items, raw, line: items[0]?.line ?? 1 }];
}

const POINT = /^\d+(\.\d+)+[.)]?\s+\S/;

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
