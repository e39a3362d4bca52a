// The first question about values that changed: apart from the answer, which needs the runbook and its expressions.
import type { LaunchEvent } from './events.ts';

/** Can any value have become another one? Most runs never have such an event, and nothing more is asked of them. */
export function valuesMayChange(events: readonly LaunchEvent[]): boolean {
  const given = new Set<string>();
  return events.some((event) => {
    if (event.type === 'step.reopened' || event.type === 'step.undone') return true;
    if (event.type === 'answer.given') return /^steps\.[^.]+\.outputs\./.test(event.question);
    if (event.type !== 'input.given') return false;
    if (given.has(event.name)) return true;
    given.add(event.name);
    return false;
  });
}
