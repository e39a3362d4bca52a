// Where a run stands: what the events add up to. A projection, never stored.
import type { Json, Outputs } from '../step.ts';
import type { Child, Evidence, How, Seen, Version } from './events.ts';

export type Status =
  | 'pending'
  | 'running'
  | 'waiting'
  | 'in-doubt'
  | 'done'
  | 'failed'
  | 'skipped'
  | 'not-needed'
  | 'undone';

export interface Attempt {
  readonly n: number;
  readonly does: 'act' | 'undo' | 'background';
  readonly startedAt: string;
  readonly since?: Json;
  readonly soBefore?: boolean;
  readonly commands: readonly string[];
  readonly children: readonly Child[];
  readonly ended?: {
    readonly at: string;
    readonly result: 'ok' | 'failed' | 'unclear';
    readonly why?: string;
    readonly hint?: string;
    readonly exit?: number;
    readonly signal?: string;
    readonly timedOut?: boolean;
    readonly outputs: Outputs;
    readonly seen?: string;
    readonly tail: readonly string[];
    readonly receipt?: string;
  };
  readonly resolved?: {
    readonly by: 'look' | 'orphan' | 'person';
    readonly as: 'done' | 'not-done';
    readonly why: string;
  };
}

export interface Tick {
  readonly item: number;
  readonly tester?: string;
  readonly result: 'pass' | 'fail' | 'watching';
  readonly note?: string;
  readonly by: string;
  readonly at: string;
  /** When it was ticked as failing before this, and why. */
  readonly failedBefore?: readonly Pick<Tick, 'note' | 'at'>[];
}

export interface StepState {
  readonly id: string;
  readonly status: Status;
  readonly attempts: readonly Attempt[];
  /** The last look for each purpose, since the step was last (re)opened. */
  readonly looks: Readonly<Partial<Record<'plan' | 'act' | 'before' | 'done' | 'doubt' | 'drift', LookState>>>;
  readonly waiting?: {
    readonly for: 'verify' | 'time' | 'person' | 'items';
    readonly what: string;
    readonly since: string;
    readonly until?: string;
  };
  readonly how?: How;
  readonly already?: boolean;
  readonly by?: string;
  /** When it was done, failed, skipped … */
  readonly at?: string;
  readonly outputs: Outputs;
  readonly evidence?: Evidence;
  /** Why skipped, not needed, failed, or done by hand. */
  readonly reason?: string;
  readonly hint?: string;
  readonly tail: readonly string[];
  readonly ticks: readonly Tick[];
  readonly notes: readonly { readonly text: string; readonly by: string; readonly at: string }[];
  /** Answers given under this step, by question id. */
  readonly answers: Readonly<Record<string, string>>;
  /** Asked to act also where it is so ("try again"). */
  readonly again: boolean;
  /** An act was begun since it was last opened. */
  readonly acted: boolean;
  /** How often it was reopened. */
  readonly reopened: number;
  /** What failed before it was tried again: kept for the record. */
  readonly failures: readonly { readonly at: string; readonly why: string }[];
}

export interface LookState {
  readonly is: 'so' | 'not-so' | 'unknown';
  readonly at: string;
  readonly checks: readonly Seen[];
  readonly outputs: Outputs;
  readonly since?: Json;
}

/** The trace of a value that was sent: never the value. */
export interface SentSecret {
  readonly app: string;
  readonly name: string;
  readonly where: string;
  readonly at: string;
  readonly salt: string;
  readonly hash: string;
  /** The step that sends it. */
  readonly step?: string;
  /** Its act has ended well after it was written down that the value is sent. */
  readonly arrived: boolean;
}

export interface RunState {
  readonly run: string;
  readonly runbook: { readonly name: string; readonly file: string; readonly title: string } & Version;
  readonly mode: 'real' | 'rehearsal';
  readonly rehearsal?: { readonly fault?: string; readonly auto: boolean };
  readonly aim?: Readonly<Record<string, string>>;
  readonly tool: string;
  /** Of the sitting that is on, or was last. */
  readonly operator: string;
  readonly operators: readonly string[];
  readonly startedAt: string;
  readonly commit?: string;
  readonly finished?: { readonly at: string; readonly outcome: 'done' | 'failed' | 'abandoned'; readonly why?: string };
  readonly paused?: { readonly at: string; readonly why: string; readonly step?: string };
  readonly handedOver: boolean;
  readonly inputs: Readonly<Record<string, Json>>;
  /** Inputs with `secret: true` that were given: their values live in the session only. */
  readonly secretInputs: readonly string[];
  readonly answers: readonly {
    readonly question: string;
    readonly message: string;
    readonly value: string;
    readonly by: string;
    readonly at: string;
    readonly step?: string;
  }[];
  readonly secrets: readonly SentSecret[];
  /** By id; a step without an event is not in here: use `stepOf`. */
  readonly steps: ReadonlyMap<string, StepState>;
  readonly notes: readonly { readonly text: string; readonly by: string; readonly at: string }[];
  readonly sittings: number;
  /** The last event. */
  readonly last: { readonly n: number; readonly at: string };
  readonly record?: { readonly file: string; readonly of: number; readonly hash: string };
}
