// Done steps looked at again, in words: each with how it was known and how it stands now.
import type { Standing } from '../engine/drift.ts';
import type { Seen } from '../engine/events.ts';
import type { Changed } from '../engine/values-used.ts';
import { count } from './outline.ts';
import { howWords, type StatusLine } from './standing.ts';
import type { Tone } from './theme.ts';

/** Under each phase its done steps. Not yet made safe for a terminal. */
export function standingLines(
  standings: readonly Standing[],
  changedWords: (changed: readonly Changed[]) => string,
): readonly StatusLine[] {
  const longest = Math.max(0, ...standings.map(({ now }) => NOW[now].words.length));
  const indent = ' '.repeat(longest + 4);
  let phase = '';
  return standings.flatMap(({ step, now, was, by, evidence, counts, checks, changed }) => {
    const heading: readonly StatusLine[] = step.phase === phase ? [] : [{ tone: 'heading', text: step.phase }];
    phase = step.phase;
    const aside = counts || was === undefined ? '' : ` (was ${howWords(was, by, evidence)}: does not count)`;
    return [
      ...heading,
      { tone: NOW[now].tone, text: `${NOW[now].words.padEnd(longest)}  ${step.title}${aside}` },
      ...(changed ? [{ tone: 'care' as const, text: `${indent}since it was done, ${changedWords(changed)}` }] : []),
      ...checks.flatMap((check) => seenLines(check).map((text) => ({ tone: 'quiet' as const, text: indent + text }))),
    ];
  });
}

/** `prod-20261122-k3f: 5 done steps: 3 still so, 1 no longer so, 1 on word`. */
export function standingSummary(run: string, standings: readonly Standing[]): string {
  const sorts = Object.entries(NOW).flatMap(([now, { words }]) => {
    const amount = standings.filter((one) => one.now === now).length;
    return amount ? [`${amount} ${words}`] : [];
  });
  return `${run}: ${count(standings.length, 'done step')}${sorts.length ? `: ${sorts.join(', ')}` : ', nothing to look at'}`;
}

function seenLines(check: Seen): readonly string[] {
  const hint = check.hint === undefined ? [] : [check.hint];
  const warning = check.warning === undefined ? [] : [`warning: ${check.warning}`];
  if (check.is === 'so') return [check.seen ?? check.what, ...warning];
  if (check.is === 'unknown') return [`${check.what}: ${check.why ?? 'no answer'}`, ...hint];
  return [check.what, `expected  ${check.expected ?? 'it to be so'}`, `seen      ${check.seen ?? 'nothing'}`, ...hint];
}

const NOW: Readonly<Record<Standing['now'], { readonly tone: Tone; readonly words: string }>> = {
  so: { tone: 'good', words: 'still so' },
  'not-so': { tone: 'bad', words: 'no longer so' },
  unknown: { tone: 'care', words: 'cannot be seen' },
  'on-word': { tone: 'quiet', words: 'on word' },
  'not-looked': { tone: 'quiet', words: 'not looked at' },
};
