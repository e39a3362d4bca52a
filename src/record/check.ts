// Is a text the record of this journal, and as of which event? What came after that event belongs to a later record.
import type { LaunchEvent } from '../engine/events.ts';
import { evolve } from '../engine/evolve.ts';
import type { Runbook } from '../runbook/model.ts';
import { renderRecord } from './markdown.ts';

/** undefined: it belongs to another run, or was changed. */
export function recordedEvent(runbook: Runbook, events: readonly LaunchEvent[], text: string): number | undefined {
  const [, n] = /^event: \{.*?\bn: (\d+)/m.exec(text) ?? [];
  const until = events.slice(0, Number(n ?? 0));
  return until.length > 0 && renderRecord(runbook, until, evolve(until)) === text ? until.length : undefined;
}

/** By its head: the record of some run, changed or not. */
export const isRecord = (text: string): boolean => /^---\nrecord: \d+\n/.test(text);
