// The first question about values that changed: apart from the answer, which needs the runbook and its expressions.
import type { LaunchEvent } from './events.ts';

/** What had been given and done before an event. */
interface Before {
  wasGiven(input: string): boolean;
  wasDone(step: string): boolean;
}

/** Can any value have become another one? Most runs never have such an event, and nothing more is asked of them. */
export function valuesMayChange(events: readonly LaunchEvent[]): boolean {
  const given = new Set<string>();
  const done = new Set<string>();
  const before = { wasGiven: (input: string) => given.has(input), wasDone: (step: string) => done.has(step) };
  return events.some((event) => {
    if (mayChangeValues(event, before)) return true;
    if (event.type === 'input.given') given.add(event.name);
    if (event.type === 'step.done') done.add(event.step);
    return false;
  });
}

export function mayChangeValues(event: LaunchEvent, { wasGiven, wasDone }: Before): boolean {
  if (event.type === 'step.reopened' || event.type === 'step.undone') return true;
  if (event.type === 'input.given') return wasGiven(event.name);
  if (event.type !== 'answer.given') return false;
  const [, step = '', what] = /^steps\.([^.]+)\.(outputs|ask)\./.exec(event.question) ?? [];
  return what === 'outputs' || (what === 'ask' && wasDone(step));
}
