// What is ahead before the first act: what costs, what takes long, who is needed, what cannot be taken back.
import type { Step } from '../runbook/model.ts';
import { formatDuration } from '../text/duration.ts';
import { costsOf, tell } from './card.ts';
import { isSatisfied } from './decide.ts';
import { stepOf } from './evolve.ts';
import type { Sitting } from './sitting.ts';

function takesOf(sitting: Sitting, step: Step): string | undefined {
  if (step.takes !== undefined) return tell(sitting, step.takes);
  if (step.form.form === 'wait') return 'ms' in step.form ? formatDuration(step.form.ms) : undefined;
  return sitting.offer(step).kind?.takes;
}

/** A line for each; [] where nothing is to be said. Of `steps`, which are those that may still be carried out. */
export function forecast(sitting: Sitting, steps: readonly Step[]): readonly string[] {
  const about = (words: string, of: (step: Step) => string | undefined): readonly string[] =>
    steps.flatMap((step) => {
      const text = of(step);
      return text === undefined ? [] : [`${words}: "${step.title}"${text === '' ? '' : `, ${text}`}`];
    });
  const long = (step: Step): string | undefined => {
    const takes = takesOf(sitting, step);
    return takes === undefined || SECONDS.test(takes) ? undefined : takes;
  };
  return [
    ...about('Costs', (step) => costsOf(sitting, step)),
    ...about('Takes long', long),
    ...people(sitting, steps),
    ...about('Cannot be taken back', (step) => (step.irreversible === undefined ? undefined : '')),
  ];
}

/** Told once: before anything of this run was done. */
export function tellForecast(sitting: Sitting): void {
  const begun = [...sitting.state.steps.values()].some((at) => at.attempts.length > 0 || at.status === 'done');
  if (begun) return;
  const ahead = sitting.runbook.steps.filter((step) => isAhead(sitting, step));
  sitting.face.tell(forecast(sitting, ahead));
}

/** Left out only where it is known by now that it is not needed, or it is over. */
function isAhead(sitting: Sitting, step: Step): boolean {
  if (step.notNeeded !== undefined || isSatisfied(step, stepOf(sitting.state, step.id))) return false;
  const needed = step.if === undefined ? undefined : sitting.known().truth(step.if);
  return !(needed?.ok && !needed.value);
}

function people(sitting: Sitting, steps: readonly Step[]): readonly string[] {
  const titles = new Map<string, string[]>();
  for (const { who, title } of steps) {
    if (who === undefined) continue;
    const name = tell(sitting, who);
    titles.set(name, [...(titles.get(name) ?? []), `"${title}"`]);
  }
  return [...titles].map(([who, [first, ...more]]) => {
    return `Needed: ${who}, for ${first}${more.length > 0 ? ` and ${more.length} more` : ''}`;
  });
}

/** `5 s`: not long. */
const SECONDS = /^\d+\s*s\b/;
