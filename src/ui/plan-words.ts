// The plan in words: each step with what a run would do about it, given what is so already.
import type { StatusLine } from './standing.ts';
import type { Tone } from './theme.ts';
import type { OutlineStep } from './words.ts';

/** What a run would do about a step. */
export interface PlanRow {
  readonly step: OutlineStep;
  readonly would: 'nothing' | 'run' | 'ask' | 'work' | 'wait' | 'skip' | 'unseen' | 'unknown';
  /** The plan's line of the step: `GET https://…, expecting 200`. */
  readonly describes?: string;
  /** What was seen, why it cannot be seen, why it is not needed. */
  readonly why?: string;
  readonly commands?: readonly string[];
  /** For what cannot be taken back, and what costs. */
  readonly cares?: readonly string[];
}

/** Under each phase its steps: what would happen, with commands. Not yet made safe for a terminal. */
export function planLines(rows: readonly PlanRow[]): readonly StatusLine[] {
  const digits = String(rows.length).length;
  const lines: StatusLine[] = [];
  let phase = '';
  rows.forEach(({ step, would, describes, why, commands = [], cares = [] }, index) => {
    if (step.phase !== phase) lines.push({ tone: 'heading', text: step.phase });
    phase = step.phase;
    const { tone, words } = WOULD[would];
    const who = step.who && (would === 'work' || would === 'ask') ? ` (${step.who})` : '';
    const indent = ' '.repeat(digits + 4);
    lines.push({ tone, text: `${String(index + 1).padStart(digits)}  ${words}${who}  ${step.title}` });
    for (const line of [describes, why]) if (line) lines.push({ tone: 'quiet', text: indent + line });
    for (const command of would === 'nothing' ? [] : commands) lines.push({ tone: 'quiet', text: `${indent}$ ${command}` });
    for (const care of cares) lines.push({ tone: 'care', text: indent + care });
  });
  return lines;
}

/** The last line of a plan: `12 steps: 3 so already, 5 would run, 4 for a person`. */
export function planSummary(rows: readonly PlanRow[]): string {
  const sorts = Object.entries(WOULD).flatMap(([would, { words }]) => {
    const amount = rows.filter((row) => row.would === would).length;
    return amount ? [`${amount} ${words}`] : [];
  });
  return `${rows.length} step${rows.length === 1 ? '' : 's'}: ${sorts.join(', ') || 'nothing'}`;
}

const WOULD: Readonly<Record<PlanRow['would'], { readonly tone: Tone; readonly words: string }>> = {
  nothing: { tone: 'good', words: 'so already' },
  run: { tone: 'note', words: 'would run' },
  ask: { tone: 'note', words: 'would ask' },
  work: { tone: 'note', words: 'for a person' },
  wait: { tone: 'note', words: 'waits' },
  skip: { tone: 'quiet', words: 'not needed' },
  unseen: { tone: 'care', words: 'cannot be seen' },
  unknown: { tone: 'care', words: 'unknown' },
};
