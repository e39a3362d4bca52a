// A problem in a file an author wrote: collected, never thrown, with its place and what to do about it.

/** A stretch of a file. `line` and `column` count from 1; `length` is in UTF-16 units and stays on the line. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length?: number;
}

export type Severity = 'error' | 'warning';

export interface Finding {
  readonly severity: Severity;
  /** Stable, for `--format json` and for tests: `unknown-key`, `duplicate-id`, … */
  readonly code: string;
  /** What is wrong, in one sentence without a full stop. */
  readonly message: string;
  readonly place: Place;
  /** The line of the file that `place` names, as written. */
  readonly text: string;
  /** What will come of it, where that is not plain. */
  readonly why?: string;
  /** What to do: the remedy, "did you mean …". */
  readonly remedy?: string;
}

export const isError = (finding: Finding): boolean => finding.severity === 'error';
