// Where the events of a run live, as the engine sees it. `src/store` implements it on files and in memory.
import type { Fact, LaunchEvent } from './events.ts';

export interface Receipt {
  /** Redacted bytes. Keeps head and tail when it grows very long. */
  write(bytes: Uint8Array): void;
  end(): void;
  /** From the run's folder: `receipts/deploy-1.log`. There is none as long as nothing was written. */
  readonly name: string | undefined;
}

/** An open run: this process holds its lock. */
export interface Journal {
  readonly run: string;
  /** All events so far, appended ones included. */
  readonly events: readonly LaunchEvent[];
  /** On disk when it returns; with `sync` also after a power cut. Throws StateError when it cannot be written. */
  append(fact: Fact, options: { readonly sync: boolean; readonly at: Date }): LaunchEvent;
  /** Keeps one copy of a runbook version; gives the copy's name. */
  freeze(digest: string, source: string): string;
  receipt(step: string, attempt: number): Receipt;
  /** Tells other processes where we are: shown to who finds the lock held. */
  at(step: string): void;
  close(): void;
}

/** The state on disk cannot be used: exit 8. */
export class StateError extends Error {
  override readonly name = 'StateError';
  readonly remedy: string;
  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.remedy = remedy;
  }
}

/** Someone else holds the run: exit 5. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
  readonly remedy: string;
  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}
