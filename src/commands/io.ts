// What a command is given of the process, and the errors that are the operator's.
import type { ReadStream } from 'node:tty';
import type { Redactor } from '../text/redact.ts';
import type { Output } from '../ui/terminal.ts';
import type { Flags } from './flags.ts';

export interface Io {
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly pid: number;
  readonly stdin: ReadStream | NodeJS.ReadStream;
  /** Of this process: what it has learned is kept out of everything that is written. */
  readonly redactor: Redactor;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly signal: AbortSignal;
  /** Ctrl-C, typed where the terminal gives it as a key: the same as the signal. */
  readonly interrupt: () => void;
  /** The folder of the installed package: sample runbooks and stand-ins. */
  readonly packageFolder: string;
}

/** Wrong usage: exit 2. One line and a hint. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** A command ends here, with its exit code; what there was to say is said. */
export class Exit extends Error {
  override readonly name = 'Exit';
  readonly code: number;
  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** Is there a person: stdin and stderr are terminals, and nobody said otherwise. */
export const isPresent = (io: Io, flags: Flags): boolean =>
  Boolean(io.stdin.isTTY && io.stderr.isTTY && !flags['non-interactive'] && !flags.json);
