// The sorts of trouble at the process edge: the operator's, the state's, someone else's lock, and ours; each with its exit code.
import { LockedError, StateError } from '../engine/store.ts';
import { AimError } from '../system/aim.ts';
import { FileError } from '../system/files.ts';
import { SettingsError } from '../system/settings.ts';
import { Exit, type Io, UsageError } from './io.ts';

export function tellTrouble(io: Pick<Io, 'stderr' | 'redactor'>, error: unknown): number {
  if (error instanceof Exit) return error.code;
  const told = toldOf(error);
  const lines = told ? [`launch: ${told.says}`, `  ${told.remedy}`] : bug(error);
  io.stderr.write(io.redactor.text(`${lines.join('\n')}\n`));
  return told?.exit ?? 70;
}

interface Told {
  readonly exit: number;
  readonly says: string;
  readonly remedy: string;
}

/** undefined for what none of us meant to happen. */
function toldOf(error: unknown): Told | undefined {
  if (error instanceof UsageError) return { exit: 2, says: error.message, remedy: error.hint };
  if (error instanceof AimError)
    return { exit: 2, says: error.message, remedy: 'mend the variable, or unset it to aim at the real world' };
  if (error instanceof FileError)
    return { exit: 2, says: error.message, remedy: 'see that you may read it, and that it is a file' };
  if (error instanceof LockedError) return { exit: 5, says: error.message, remedy: error.remedy };
  if (error instanceof StateError || error instanceof SettingsError)
    return { exit: 8, says: error.message, remedy: error.remedy };
  return undefined;
}

function bug(error: unknown): readonly string[] {
  return [
    'launch: this is a bug of ours. What was done so far is in the journal; the same command goes on from there.',
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  ];
}
