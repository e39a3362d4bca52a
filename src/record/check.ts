// Is a text the record of this journal, and as of which event? What came after that event belongs to a later record.
import type { LaunchEvent } from '../engine/events.ts';
import { evolve } from '../engine/evolve.ts';
import type { RunState } from '../engine/state.ts';
import type { Runbook } from '../runbook/model.ts';
import { renderRecord } from './markdown.ts';

type Render = (runbook: Runbook, events: readonly LaunchEvent[], state: RunState) => string;

/** `render`: how that text was made. undefined: it belongs to another run, or was changed. */
export function recordedEvent(
  runbook: Runbook,
  events: readonly LaunchEvent[],
  text: string,
  render: Render = renderRecord,
): number | undefined {
  const [, n] = /^event: \{.*?\bn: (\d+)/m.exec(text) ?? [];
  const until = events.slice(0, Number(n ?? 0));
  return until.length > 0 && render(runbook, until, evolve(until)) === text ? until.length : undefined;
}

/** By its head: the record of some run, changed or not. */
export const isRecord = (text: string): boolean => /^---\nrecord: \d+\n/.test(text);
