// What can be taken back, in words: the done steps, the last one first.
import type { TakingBack } from '../engine/undo.ts';
import type { StatusLine } from './standing.ts';
import type { Tone } from './theme.ts';

/** Not yet made safe for a terminal. */
export function takingBackLines(takings: readonly TakingBack[]): readonly StatusLine[] {
  const longest = Math.max(0, ...takings.map(({ by }) => BY[by].words.length));
  const indent = ' '.repeat(longest + 4);
  return takings.flatMap(({ step, by, what, lost }) => [
    { tone: BY[by].tone, text: `${BY[by].words.padEnd(longest)}  ${step.title}` },
    ...(what === '' ? [] : what.split('\n').map((line) => ({ tone: 'quiet' as const, text: indent + line }))),
    ...(lost === undefined || by === 'none'
      ? []
      : [{ tone: 'care' as const, text: `${indent}cannot be made good again: ${lost} is typed before` }]),
  ]);
}

const BY: Readonly<Record<TakingBack['by'], { readonly tone: Tone; readonly words: string }>> = {
  kind: { tone: 'note', words: 'can be taken back' },
  run: { tone: 'note', words: 'by a command of the runbook' },
  person: { tone: 'note', words: 'by hand' },
  none: { tone: 'quiet', words: 'cannot be taken back' },
};
