// A journal that is nowhere: for what only looks (a plan), or may not write (a run that someone else holds).
import type { Fact, LaunchEvent } from '../engine/events.ts';
import type { Journal } from '../engine/store.ts';

/** What happened before, and what is appended until the process ends. */
export function inMemory(run: string, before: readonly LaunchEvent[]): Journal {
  const events = [...before];
  return {
    run,
    events,
    append(fact: Fact, { at }) {
      const event: LaunchEvent = { v: 1, n: events.length + 1, at: at.toISOString(), prev: '', ...fact };
      events.push(event);
      return event;
    },
    freeze: () => '',
    receipt: () => ({ write: () => {}, end: () => {}, name: undefined }),
    at: () => {},
    close: () => {},
  };
}
