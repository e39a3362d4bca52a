// What a list of runs shows of one, from a few lines of its journal: 50 runs must not cost 50 replays.
import type { FactOf, LaunchEvent } from '../engine/events.ts';
import { StateError } from '../engine/store.ts';
import { readLines } from './lines.ts';

export type RunSummary =
  | {
      readonly id: string;
      readonly readable: true;
      readonly runbook: { readonly name: string; readonly file: string; readonly title: string };
      readonly mode: 'real' | 'rehearsal';
      readonly startedAt: string;
      /** Of the last event. */
      readonly lastAt: string;
      /** How many there are. */
      readonly events: number;
      /** Of the last sitting. */
      readonly operator: string;
      readonly finished?: {
        readonly at: string;
        readonly outcome: 'done' | 'failed' | 'abandoned';
        readonly why?: string;
      };
      /** Stopped and kept, and not resumed since. */
      readonly paused?: { readonly at: string; readonly why: string; readonly step?: string };
      readonly handedOver: boolean;
      /** Finished, and the record was written since. */
      readonly recorded: boolean;
      readonly auto: boolean;
    }
  | { readonly id: string; readonly readable: false; readonly why: string };

/** undefined where the folder holds no journal. `shown` names the journal in messages. */
export function summarise(id: string, shown: string, read: () => Uint8Array | undefined): RunSummary | undefined {
  try {
    const bytes = read();
    if (!bytes) return undefined;
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return readEnds(id, buffer) ?? readAll(id, buffer, shown);
  } catch (error) {
    if (error instanceof StateError) return { id, readable: false, why: error.message };
    throw error;
  }
}

function readEnds(id: string, buffer: Buffer): RunSummary | undefined {
  const end = buffer.lastIndexOf(newline);
  const first = lineAt(buffer, 0);
  const last = end < 0 ? undefined : lineAt(buffer, end - 1);
  if (first?.type !== 'run.started' || first.v !== 1 || last?.v !== 1) return undefined;
  const resumed = lastOf(buffer, 'run.resumed', end);
  const finished = lastOf(buffer, 'run.finished', end);
  const reopened = lastOf(buffer, 'step.reopened', end);
  const paused = lastOf(buffer, 'run.paused', end);
  const handed = lastOf(buffer, 'run.handed-over', end);
  const record = lastOf(buffer, 'record.written', end);
  const { name, file, title } = first.runbook;
  return {
    id,
    readable: true,
    runbook: { name, file, title },
    mode: first.mode,
    startedAt: first.at,
    lastAt: last.at,
    events: last.n,
    operator: (resumed ?? first).operator,
    finished:
      finished && finished.n > (reopened?.n ?? 0)
        ? { at: finished.at, outcome: finished.outcome, why: finished.why }
        : undefined,
    paused: paused && paused.n > (resumed?.n ?? 0) ? { at: paused.at, why: paused.why, step: paused.step } : undefined,
    handedOver: handed !== undefined && handed.n > (resumed?.n ?? 0),
    recorded: finished !== undefined && record !== undefined && record.n > finished.n,
    auto: first.rehearsal?.auto === true,
  };
}

/** The ends are not as they should be: let the careful reader say why. */
function readAll(id: string, buffer: Buffer, shown: string): RunSummary {
  const { events } = readLines(buffer, shown);
  return { id, readable: false, why: events.length === 0 ? `${shown} has no whole event` : `${shown} cannot be used` };
}

/** The last event of a type. Found by its bytes, then parsed, because a value inside another event may look like one. */
function lastOf<T extends LaunchEvent['type']>(
  buffer: Buffer,
  type: T,
  end: number,
): (FactOf<T> & LaunchEvent) | undefined {
  const mark = `"type":"${type}"`;
  for (let at = end; at > 0; ) {
    at = buffer.lastIndexOf(mark, at - 1);
    if (at < 0) return undefined;
    const event = lineAt(buffer, at);
    if (isOf(event, type)) return event;
  }
  return undefined;
}

function isOf<T extends LaunchEvent['type']>(
  event: LaunchEvent | undefined,
  type: T,
): event is FactOf<T> & LaunchEvent {
  return event?.type === type;
}

/** The line that the byte at `at` stands on. */
function lineAt(buffer: Buffer, at: number): LaunchEvent | undefined {
  const from = at === 0 ? 0 : buffer.lastIndexOf(newline, at) + 1;
  const to = buffer.indexOf(newline, from);
  if (to < 0) return undefined;
  try {
    // A summary only shows: `open` and `read` check every line.
    return JSON.parse(buffer.toString('utf8', from, to)) as LaunchEvent;
  } catch {
    return undefined; // `readAll` says what is wrong with it.
  }
}

const newline = 10;
