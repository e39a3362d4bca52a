// A runbook that is being made, and its text: front matter and prose that the reader of runbooks takes as they are meant.
import { readBody } from '../document/markdown.ts';
import { yamlOf } from '../document/write.ts';
import type { Json } from '../text/json.ts';
import { plain } from './title.ts';

export type Keys = Readonly<Record<string, Json>>;

export interface DraftStep {
  readonly id: string;
  /** Markdown, on one line. */
  readonly title: string;
  /** Its keys after `id`, in order: the form first. */
  readonly keys: Keys;
  /** Markdown. */
  readonly prose: string;
  /** Where it comes from, for whoever reads the file: `plan.md:12`. */
  readonly from?: string;
}

export const step = (id: string, title: string, keys: Keys, prose: string): DraftStep => ({ id, title, keys, prose });

export type Part =
  /** Of a phase, where steps follow before the next one; else it is text. */
  | { readonly is: 'heading'; readonly title: string; readonly depth: number }
  | { readonly is: 'text'; readonly markdown: string }
  | { readonly is: 'step'; readonly step: DraftStep };

export interface Draft {
  /** Markdown. */
  readonly title: string;
  readonly inputs: Keys;
  readonly secrets: Keys;
  readonly parts: readonly Part[];
}

/** The file, whole. Every part of the draft stands in it, in order. */
export function writeDraft({ title, inputs, secrets, parts }: Draft): string {
  const steps = parts.flatMap((part) => (part.is === 'step' ? [part.step] : []));
  const head = yamlOf({
    runbook: 1,
    title: unread(plain(headline(title))) || 'Launch',
    ...(Object.keys(inputs).length > 0 && { inputs }),
    ...(Object.keys(secrets).length > 0 && { secrets }),
  });
  const front = `${head}steps:\n${steps.map(stepText).join('')}`;
  const phases = phasesOf(parts);
  const body = parts.map((part) => partText(part, phases.has(part)));
  return `---\n${front}---\n\n${[`# ${headline(title)}`, ...body].filter((text) => text !== '').join('\n\n')}\n`;
}

function stepText({ id, keys, from }: DraftStep): string {
  const lines = yamlOf([{ id, ...keys }])
    .trimEnd()
    .split('\n');
  return `${[...(from === undefined ? [] : [`# ${headline(from)}`]), ...lines].map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n`;
}

/** The headings below which a step stands, before the next one. */
export function phasesOf(parts: readonly Part[]): ReadonlySet<Part> {
  const phases = new Set<Part>();
  let next: Part | undefined;
  for (const part of parts.toReversed()) {
    if (part.is === 'heading' && next?.is === 'step') phases.add(part);
    if (part.is !== 'text') next = part;
  }
  return phases;
}

function partText(part: Part, phase: boolean): string {
  if (part.is === 'text') return asProse(part.markdown);
  if (part.is === 'step') {
    const prose = asProse(withoutTitle(part.step));
    return `### ${headline(part.step.title)} <!-- ${part.step.id} -->${prose === '' ? '' : `\n\n${prose}`}`;
  }
  return `${'#'.repeat(phase || part.depth < 3 ? 2 : Math.min(part.depth + 1, 6))} ${headline(part.title)}`;
}

/** What stands in the heading need not be said below it. */
function withoutTitle({ title, prose }: DraftStep): string {
  const [first = '', ...more] = prose.trim().split('\n\n');
  return first.replace(/[`*]+/g, '').replace(/[:.]$/, '') === title ? more.join('\n\n') : prose;
}

/** As text, where expressions are read. */
export const unread = (text: string): string => text.replaceAll('${{', '$ {{');

/** On one line, with nothing that a reader of headings takes for something else. */
const headline = (text: string): string =>
  text
    .replace(/<!--|-->/g, '')
    .replace(/\s+/g, ' ')
    .trim() || '…';

/** Text in which the next heading is seen: what would hide it, or be one itself, is quoted. */
function asProse(markdown: string): string {
  const text = markdown.trim();
  const { before, sections } = readBody(`${text}\n\n### x\n`, 0);
  if (before === text && sections.length === 1) return text;
  return text
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}
