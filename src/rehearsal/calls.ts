// The list of what the stand-ins did, one line each: for tests, and for who wonders why a look saw what it saw.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Call {
  /** Milliseconds, virtual. */
  readonly at: number;
  /** `pretend`, `asc`, `git`, `op`; the stand-in fly writes its own. */
  readonly tool: string;
  readonly pid: number;
  readonly argv: readonly string[];
  readonly exit?: number;
  readonly changed?: string;
}

export function appendCall(folder: string, call: Omit<Call, 'pid'>): void {
  appendFileSync(join(folder, 'calls.jsonl'), `${JSON.stringify({ ...call, pid: process.pid })}\n`, { mode: 0o600 });
}
