// The plan in words: each step with what a run would do about it, given what is so already.
import type { PlanLine } from '../engine/plan.ts';
import { count } from './outline.ts';
import type { StatusLine } from './standing.ts';
import type { Tone } from './theme.ts';

/** Under each phase its steps: what would happen, with commands and what was seen. Not yet made safe for a terminal. */
export function planLines(lines: readonly PlanLine[]): readonly StatusLine[] {
  const digits = String(lines.length).length;
  const longest = Math.max(0, ...lines.map(({ will }) => WILL[will].words.length));
  const indent = ' '.repeat(digits + longest + 4);
  let phase = '';
  return lines.flatMap(({ step, will, note, commands }, index) => {
    const heading: readonly StatusLine[] = step.phase === phase ? [] : [{ tone: 'heading', text: step.phase }];
    phase = step.phase;
    const { tone, words, quiet } = WILL[will];
    const who = step.who === undefined ? '' : ` (${step.who})`;
    const cares = quiet ? [] : caresOf(step);
    return [
      ...heading,
      { tone, text: `${String(index + 1).padStart(digits)}  ${words.padEnd(longest)}  ${step.title}${who}` },
      ...(note === undefined ? [] : [{ tone: 'quiet' as const, text: indent + note }]),
      ...(quiet
        ? []
        : commands
            .flatMap((command) => command.split('\n'))
            .map((command) => ({ tone: 'quiet' as const, text: `${indent}$ ${command}` }))),
      ...cares.map((care) => ({ tone: 'care' as const, text: indent + care })),
    ];
  });
}

/** The last line of a plan: `12 steps: 3 so already, 5 would run, 4 would ask`. */
export function planSummary(lines: readonly PlanLine[]): string {
  const sorts = Object.entries(WILL).flatMap(([will, { words }]) => {
    const amount = lines.filter((line) => line.will === will).length;
    return amount ? [`${amount} ${words}`] : [];
  });
  return `${count(lines.length, 'step')}: ${sorts.join(', ') || 'nothing'}`;
}

function caresOf({ irreversible, costs, takes }: PlanLine['step']): readonly string[] {
  return [
    ...(irreversible === undefined ? [] : ['cannot be taken back: its name will be asked for']),
    ...(costs === undefined ? [] : [`costs ${costs}`]),
    ...(takes === undefined ? [] : [`takes ${takes}`]),
  ];
}

const WILL: Readonly<Record<PlanLine['will'], { readonly tone: Tone; readonly words: string; readonly quiet?: true }>> =
  {
    over: { tone: 'good', words: 'over', quiet: true },
    'so-already': { tone: 'good', words: 'so already', quiet: true },
    run: { tone: 'note', words: 'would run' },
    ask: { tone: 'note', words: 'would ask' },
    wait: { tone: 'note', words: 'waits' },
    look: { tone: 'note', words: 'waits until so' },
    'not-needed': { tone: 'quiet', words: 'not needed', quiet: true },
    'cannot-be-seen': { tone: 'care', words: 'cannot be seen' },
    unknown: { tone: 'care', words: 'unknown' },
  };
