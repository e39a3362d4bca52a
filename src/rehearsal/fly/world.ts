// The parts of the stand-in world that the stand-in fly shares with others: the clock, DNS, the list of calls.
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface DnsRecord {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly ttl?: number;
  /** When it was published, milliseconds of the virtual clock. */
  readonly at?: number;
  readonly proxied?: boolean;
}

/**
 * One line of `calls.jsonl`. A call leaves a line when it ends (`exit` is set), and before that a line for each thing it made or
 * removed (`changed` is set), written when that was done: so it is there too when the call was killed.
 */
export interface CallLine {
  readonly at: number;
  readonly tool: 'fly';
  readonly pid: number;
  readonly argv: readonly string[];
  readonly changed?: string;
  readonly exit?: number;
  /** Names of the `FLY_` variables that the call was given. */
  readonly env?: readonly string[];
  /** Milliseconds of virtual time that the call would have taken; the clock is not moved by it. */
  readonly waited?: number;
}

/** Milliseconds of the virtual clock; the real one where the world has none. */
export function virtualNow(folder: string): number {
  const clock = readJson(join(folder, 'clock.json'));
  if (typeof clock === 'object' && clock !== null && 'now' in clock && typeof clock.now === 'number') return clock.now;
  return Date.now();
}

export function dnsRecords(folder: string): readonly DnsRecord[] {
  const zone = readJson(join(folder, 'dns.json'));
  if (typeof zone !== 'object' || zone === null || !('records' in zone) || !Array.isArray(zone.records)) return [];
  const records = zone.records as DnsRecord[]; // written by the rehearsal in this shape
  // Behind Cloudflare's proxy nothing of it can be seen from Fly.
  return records.filter((record) => record.proxied !== true);
}

export function appendCall(folder: string, line: CallLine): void {
  appendFileSync(join(folder, 'calls.jsonl'), JSON.stringify(line) + '\n');
}

/** The lines of all calls so far; a torn last line is left out. */
export function readCalls(folder: string): readonly CallLine[] {
  const whole = readText(join(folder, 'calls.jsonl')) ?? '';
  const lines = whole.slice(0, whole.lastIndexOf('\n') + 1).split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as CallLine); // written by appendCall
}

/** undefined where there is no such file. */
export function readJson(path: string): unknown {
  const found = readText(path);
  return found === undefined ? undefined : JSON.parse(found);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // not there: the caller has a default
  }
}
