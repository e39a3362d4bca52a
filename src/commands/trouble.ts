// The four sorts of trouble at the process edge: the operator's, the state's, someone else's lock, and ours.
import { LockedError, StateError } from '../engine/store.ts';
import { safe } from '../text/escape.ts';
import { Exit, type Io, UsageError } from './io.ts';

export function tellTrouble(io: Io, error: unknown): number {
  if (error instanceof Exit) return error.code;
  const tell = (lines: readonly string[]) => io.stderr.write(`${lines.map(safe).join('\n')}\n`);
  if (error instanceof UsageError) {
    tell([`launch: ${error.message}`, `  ${error.hint}`]);
    return 2;
  }
  if (error instanceof LockedError) {
    tell([`launch: ${error.message}`, `  ${error.remedy}`]);
    return 5;
  }
  if (error instanceof StateError) {
    tell([`launch: ${error.message}`, `  ${error.remedy}`]);
    return 8;
  }
  const about = error instanceof Error ? (error.stack ?? error.message) : String(error);
  tell([
    'launch: this is a bug of ours. What was done so far is in the journal; the same command goes on from there.',
    about,
  ]);
  return 70;
}
