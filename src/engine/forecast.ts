// What is ahead before the first act: what costs, what takes long, who is needed, what cannot be taken back.
import type { Step } from '../runbook/model.ts';
import { formatDuration } from '../text/duration.ts';
import { costsOf } from './card.ts';
import { isSatisfied } from './decide.ts';
import { stepOf } from './evolve.ts';
import type { Sitting } from './sitting.ts';
import { tell } from './tell.ts';

function takesOf(sitting: Sitting, step: Step): string | undefined {
  if (step.takes !== undefined) return tell(sitting, step.takes);
  if (step.form.form === 'wait') return 'ms' in step.form ? formatDuration(step.form.ms) : undefined;
  return sitting.offer(step).kind?.takes;
}

/** One thing that is ahead. `text`: what it costs, how long it takes, who is needed, the name that is typed. */
export interface Ahead {
  readonly about: 'costs' | 'takes-long' | 'needs' | 'cannot-be-taken-back';
  readonly steps: readonly Step[];
  readonly text: string;
}

/** [] where nothing is to be said. Of `steps`, which are those that may still be carried out. */
export function forecast(sitting: Sitting, steps: readonly Step[]): readonly Ahead[] {
  const about = (what: Ahead['about'], of: (step: Step) => string | undefined): readonly Ahead[] =>
    steps.flatMap((step) => {
      const text = of(step);
      return text === undefined ? [] : [{ about: what, steps: [step], text }];
    });
  const long = (step: Step): string | undefined => {
    const takes = takesOf(sitting, step);
    return takes === undefined || SHORT.test(takes) ? undefined : takes;
  };
  return [
    ...about('costs', (step) => costsOf(sitting, step)),
    ...about('takes-long', long),
    ...people(sitting, steps),
    ...about('cannot-be-taken-back', ({ irreversible }) => irreversible && tell(sitting, irreversible)),
  ];
}

/** By what they are about, each heading over its lines; at most about `most` under each: a launch of fifty steps is not told in fifty lines. */
export function forecastLines(
  ahead: readonly Ahead[],
  { most = ahead.length, rest = '' }: { readonly most?: number; readonly rest?: string } = {},
): readonly string[] {
  return HEADINGS.flatMap(([about, heading]) => {
    const all = ahead.filter((one) => one.about === about);
    // In place of one line more there may as well stand that one.
    const shown = all.length > most + 1 ? all.slice(0, most) : all;
    const left = all.length - shown.length;
    if (all.length === 0) return [];
    return [heading, ...shown.map((one) => `  ${lineOf(one)}`), ...(left > 0 ? [`  and ${left} more: ${rest}`] : [])];
  });
}

const HEADINGS: readonly (readonly [Ahead['about'], string])[] = [
  ['costs', 'Costs'],
  ['takes-long', 'Takes long'],
  ['needs', 'Needed'],
  ['cannot-be-taken-back', 'Cannot be taken back'],
];

function lineOf({ about, steps: [first, ...more], text }: Ahead): string {
  if (about === 'needs') return `${text}: ${first?.title}${more.length > 0 ? `, and ${more.length} more` : ''}`;
  return about === 'cannot-be-taken-back' ? `${first?.title}` : `${first?.title}: ${text}`;
}

/** Told once: before anything of this run was done. */
export function tellForecast(sitting: Sitting): void {
  const begun = [...sitting.state.steps.values()].some((at) => at.attempts.length > 0 || at.status === 'done');
  if (begun) return;
  const ahead = sitting.runbook.steps.filter((step) => isAhead(sitting, step));
  sitting.face.tell(
    forecastLines(forecast(sitting, ahead), { most: 4, rest: `\`launch plan ${sitting.runbook.name}\` has them` }),
  );
}

/** Left out only where it is known by now that it is not needed, or it is over. */
function isAhead(sitting: Sitting, step: Step): boolean {
  if (step.notNeeded !== undefined || isSatisfied(step, stepOf(sitting.state, step.id))) return false;
  const needed = step.if === undefined ? undefined : sitting.known().truth(step.if);
  return !(needed?.ok && !needed.value);
}

function people(sitting: Sitting, steps: readonly Step[]): readonly Ahead[] {
  const needing = new Map<string, Step[]>();
  for (const step of steps) {
    if (step.who === undefined) continue;
    const name = tell(sitting, step.who);
    needing.set(name, [...(needing.get(name) ?? []), step]);
  }
  return [...needing].map(([text, theirs]) => ({ about: 'needs', steps: theirs, text }));
}

/** `5 s`, `1 min`, `a minute`: not long. */
const SHORT = /^(\d+\s*s\b|(1|a|one) min(ute)?\b)/;
