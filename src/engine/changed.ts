// Values that have changed since a step was done: in words, and which of them its looks see.
import type { Check, Runbook, Step } from '../runbook/model.ts';
import { truth } from '../text/expression.ts';
import { fewOf } from '../text/few.ts';
import type { LaunchEvent } from './events.ts';
import { isLasting } from './offer.ts';
import type { Sitting } from './sitting.ts';
import { stepsById } from './step-index.ts';
import { valuesMayChange } from './values-may-change.ts';
import { type Changed, namesIn, type Stale, ValuesUsed } from './values-used.ts';

/** The steps of a run that were done with other values, from its events alone. */
export function staleOf(runbook: Runbook, events: readonly LaunchEvent[]): readonly Stale[] {
  if (!valuesMayChange(events)) return [];
  const values = new ValuesUsed(runbook, events);
  const contexts = values.contexts();
  return values.stale((source) => truth(source, contexts));
}

/** One line for each change: `Since "A" and "B" were done, domain changed from a.com to b.com`. */
export function staleLines(runbook: Runbook, stale: readonly Stale[]): readonly string[] {
  const titles = new Map<string, string[]>();
  for (const { step, changed } of stale)
    for (const one of changed) {
      const words = changedWords(runbook, [one]);
      titles.set(words, [...(titles.get(words) ?? []), `"${step.title}"`]);
    }
  return [...titles].map(([words, of]) => `${capital(words)}; done before: ${fewOf(of)}`);
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** `domain changed from a.com to b.com`. */
export function changedWords(runbook: Runbook, changed: readonly Changed[]): string {
  const titles = stepsById(runbook);
  const named = (name: string): string => {
    const [context, first = '', field, last] = name.split('.');
    if (context === 'inputs') return first;
    return `${field === 'outcome' ? field : last} of "${titles.get(first)?.title ?? first}"`;
  };
  return fewOf(changed.map(({ name, was, now }) => `${named(name)} changed from ${text(was)} to ${text(now)}`));
}

const text = (value: Changed['now']): string => {
  const whole = (typeof value === 'string' ? value : JSON.stringify(value)).replace(/\s+/g, ' ');
  if (whole === '') return '(empty)';
  return whole.length > LONG ? `${whole.slice(0, LONG)}…` : whole;
};

const LONG = 60;

/** Names that the looks of a step use, as far as they mean something later too. */
export function seenNames(sitting: Sitting, step: Step): ReadonlySet<string> {
  const { kind } = sitting.offer(step);
  const own = step.form.form === 'uses' && kind?.verify && kind.lasts !== false ? [step.form.with] : [];
  const checks = [...(step.background?.readyWhen ?? []), ...step.verify].filter((one) => isLasting(one, sitting.kinds));
  return new Set(namesIn([...own, ...checks.flatMap((check) => textsOf(step, check))]));
}

/** A command is started with the step's `env`: what it names of that, it sees. */
function textsOf({ env, workingDirectory }: Step, { does }: Check): readonly unknown[] {
  if ('with' in does) return [does.with];
  const named = Object.entries(env).filter(([name]) => does.run.includes(name));
  return [does.run, workingDirectory ?? '', ...named.map(([, value]) => value)];
}
