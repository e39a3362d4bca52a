// The headings of a plan, each with what stands below it, and what the lists there are for.
import type { Block } from '../document/outline.ts';
import { NUMBER } from './title.ts';
import { type Purpose, purposeOf, undecorated } from './words.ts';

export type Heading = Extract<Block, { kind: 'heading' }>;

export interface Section {
  readonly heading?: Heading;
  /** The heading that this one stands below. */
  readonly above?: Heading;
  readonly purpose: Purpose | undefined;
  readonly blocks: readonly Block[];
  /** No heading stands below it. */
  readonly leaf: boolean;
}

export function sectionsOf(plan: readonly Block[]): readonly Section[] {
  const blocks = withBoldHeadings(plan);
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
      const purpose = purposeIn(heading, parent?.purpose);
      above.push({ heading, purpose });
      const leaf = next?.kind !== 'heading' || next.depth <= heading.depth;
      const below = blocks.slice(start + 1, starts[nth + 1]);
      return { heading, ...(parent && { above: parent.heading }), purpose, blocks: below, leaf };
    }),
  ];
}

/** What is for a launch that goes wrong is so with all that stands below it. */
const purposeIn = ({ text }: Heading, above: Purpose | undefined): Purpose | undefined =>
  above === 'aside' ? above : (purposeOf(text) ?? (isNumbered(text) ? 'work' : above));

export const isNumbered = (heading: string): boolean => NUMBER.test(undecorated(heading));

/** `**Step 2 – Turn it on**` on a line of its own is a heading, whatever it is written as. */
function withBoldHeadings(blocks: readonly Block[]): readonly Block[] {
  let depth = 1;
  return blocks.map((block): Block => {
    if (block.kind === 'heading') depth = block.depth;
    const [, text = ''] = (block.kind === 'text' && BOLD.exec(block.raw)) || [];
    const names = /^(step|phase|stage|part|schritt|phase|étape|paso) \d/i.test(text) || NUMBER.test(text);
    return names ? { kind: 'heading', depth: Math.min(depth + 1, 6), text, raw: block.raw, line: block.line } : block;
  });
}

const BOLD = /^(?:\*\*|__)([^*_\n]+)(?:\*\*|__)[:.]?$/;
