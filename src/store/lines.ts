// The bytes of a journal ↔ events. A torn last line is told apart from damage, which stops with its place.
import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import type { Fact, LaunchEvent } from '../engine/events.ts';
import { StateError } from '../engine/store.ts';
import { isType, misshapen } from './shape.ts';

export interface Reading {
  readonly events: LaunchEvent[];
  /** Bytes that whole lines take; what stands after them was never acknowledged. */
  readonly whole: number;
  /** The hash of the last whole line, '' where there is none. */
  readonly last: string;
}

/** The hash that the next line carries as `prev`, in hex. */
export function hashOf(line: string | Uint8Array): string {
  return hash('sha256', line, 'hex');
}

/** One line, without its newline. The order of the fields is fixed, for people who read the file. */
export function writeLine(
  fact: Fact,
  { n, at, prev }: { readonly n: number; readonly at: Date; readonly prev: string },
): string {
  const { type, ...rest } = fact;
  return JSON.stringify({ v: 1, n, at: at.toISOString(), type, ...rest, prev });
}

/**
 * All whole lines of a journal, checked: version, number, chain, fields. `file` is the name used in messages.
 * Throws StateError with file and line at the first that does not hold.
 */
export function readLines(bytes: Uint8Array, file: string): Reading {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = buffer.lastIndexOf(newline) + 1;
  const text = isUtf8(buffer.subarray(0, whole));
  const events: LaunchEvent[] = [];
  let last = '';
  for (let from = 0; from < whole; ) {
    const to = buffer.indexOf(newline, from);
    const line = buffer.subarray(from, to);
    const problem = !text && !isUtf8(line) ? 'it is not UTF-8 text' : undefined;
    events.push(readLine(line, { n: events.length + 1, prev: last, file, problem }));
    last = hashOf(line);
    from = to + 1;
  }
  return { events, whole, last };
}

interface Expected {
  readonly n: number;
  readonly prev: string;
  readonly file: string;
  readonly problem: string | undefined;
}

function readLine(line: Buffer, expected: Expected): LaunchEvent {
  const { n, prev, file } = expected;
  const damaged = (why: string) => new StateError(`${file}:${n}  this line cannot be used: ${why}`, remedyFor(file));
  if (expected.problem) throw damaged(expected.problem);
  const event = parse(line.toString('utf8'));
  if (!event) throw damaged('it is not a JSON object');
  if (event.v !== 1 || (typeof event.type === 'string' && !isType(event.type))) throw newer(event, file, n);
  if (event.n !== n) throw damaged(`it has the number ${JSON.stringify(event.n)} where ${n} is due`);
  if (event.prev !== prev)
    throw damaged(n === 1 ? 'it does not begin a chain' : 'the line before it is not the one it was written after');
  if (typeof event.at !== 'string' || !isTime.test(event.at)) throw damaged('it has no time');
  const problem = misshapen(event);
  if (problem) throw damaged(problem);
  if ((event.type === 'run.started') !== (n === 1))
    throw damaged('only the first line, and always the first, starts the run');
  // Parsed and checked field by field just above: this is the boundary.
  return event as unknown as LaunchEvent;
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    // Not null, not an array: what is left of `object` has string keys.
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined; // The caller says where; the parser's words would only name a column.
  }
}

function newer({ v, type }: Record<string, unknown>, file: string, n: number): StateError {
  if (typeof v !== 'number')
    return new StateError(`${file}:${n}  this line cannot be used: it has no version`, remedyFor(file));
  const what = v === 1 ? `its event "${type}" is not known here` : `version ${v} of the events; this one reads 1`;
  return new StateError(
    `${file}:${n}  this run was written by a newer launch (${what})`,
    'Go on with the version of launch that wrote it, or a newer one. Nothing was changed.',
  );
}

function remedyFor(file: string): string {
  const folder = file.slice(0, file.lastIndexOf('/'));
  return `Nothing was changed. Put back an untouched copy of the file; or move the folder ${folder} away and begin again.`;
}

const newline = 10;
const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
