// The events of a run. Once released, an event keeps its meaning for ever: add a new one, and keep old journals in test/journals.
import type { ChangedPart } from '../runbook/changes.ts';
import type { Json, Outputs } from '../step.ts';
import type { Outline } from './outline.ts';

/** What every line has around its event. `prev` is the SHA-256 (hex) of the line before, '' for the first. */
export interface Envelope {
  readonly v: 1;
  /** From 1, without gaps. */
  readonly n: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly prev: string;
}

export type How = 'verified' | 'on-word' | 'on-plan';

/** One look, as an event keeps it. */
export interface Seen {
  readonly is: 'so' | 'not-so' | 'unknown';
  /** What was looked at: `GET https://…, expecting 200`. */
  readonly what: string;
  readonly seen?: string;
  readonly expected?: string;
  readonly why?: string;
  readonly hint?: string;
  readonly warning?: string;
  readonly final?: boolean;
  /** In a rehearsal: nothing stood in for this, so it was not looked at. */
  readonly notSimulated?: true;
}

export interface Evidence {
  /** What the looks saw. */
  readonly seen?: readonly Seen[];
  /** What the person gave: URL, text, path. */
  readonly proof?: string;
  /** Last lines of the act's output, redacted. */
  readonly tail?: readonly string[];
  readonly receipt?: string;
  readonly note?: string;
  /** In a rehearsal: nothing stood in for this. */
  readonly notSimulated?: boolean;
}

export interface Child {
  readonly pid: number;
  readonly group: number;
  /** Field 22 of /proc/PID/stat, or `ps -o lstart`. Tells a reused pid. */
  readonly startTime: string;
  readonly bootId: string;
  readonly host: string;
}

export interface Version {
  readonly digest: string;
  /** Name of the frozen copy in the run's folder. */
  readonly copy: string;
  readonly commit?: string;
}

export type Fact =
  | {
      readonly type: 'run.started';
      readonly run: string;
      readonly runbook: { readonly name: string; readonly file: string; readonly title: string } & Version;
      /** Missing in what was written before there was one. */
      readonly outline?: Outline;
      readonly operator: string;
      readonly tool: string;
      readonly mode: 'real' | 'rehearsal';
      /** Where a run is aimed that is not the real world: LAUNCH_FLY and its like. Missing: the real world. */
      readonly aim?: Readonly<Record<string, string>>;
      /** Rehearsal: which fault it plays, and whether the actor answers. */
      readonly rehearsal?: { readonly fault?: string; readonly auto: boolean };
    }
  | { readonly type: 'run.resumed'; readonly operator: string; readonly before?: string; readonly commit?: string }
  | { readonly type: 'run.paused'; readonly why: string; readonly step?: string }
  | { readonly type: 'run.handed-over'; readonly to?: string; readonly by: string }
  | { readonly type: 'run.finished'; readonly outcome: 'done' | 'failed' | 'abandoned'; readonly why?: string }
  | ({
      readonly type: 'runbook.adopted';
      readonly edited: readonly string[];
      readonly added: readonly string[];
      readonly gone: readonly string[];
      /** Beside the steps: inputs, secrets, accounts, … with the names that changed. */
      readonly parts?: readonly ChangedPart[];
      readonly outline?: Outline;
    } & Version)
  | {
      readonly type: 'input.given';
      readonly name: string;
      readonly value?: Json;
      readonly secret?: true;
      readonly from: string;
    }
  | {
      readonly type: 'answer.given';
      readonly question: string;
      readonly message: string;
      readonly value: string;
      readonly by: string;
      readonly step?: string;
    }
  | {
      readonly type: 'secret.kept';
      readonly app: string;
      readonly name: string;
      readonly where: string;
      readonly salt: string;
      readonly hash: string;
      readonly step?: string;
    }
  | {
      readonly type: 'step.looked';
      readonly step: string;
      /** `plan`, `act` (before it), `before` (checks of a run, just before its act), `done` (after it), `doubt`, `drift`. */
      readonly for: 'plan' | 'act' | 'before' | 'done' | 'doubt' | 'drift';
      readonly is: 'so' | 'not-so' | 'unknown';
      readonly checks: readonly Seen[];
      readonly outputs?: Outputs;
      readonly since?: Json;
    }
  | {
      readonly type: 'step.started';
      readonly step: string;
      readonly attempt: number;
      readonly does: 'act' | 'undo' | 'background';
      /** What the act is measured against. */
      readonly since?: Json;
      /** Checks of a `run` that were so just before the act: they prove nothing after a crash. */
      readonly soBefore?: boolean;
      readonly commands: readonly string[];
    }
  | ({ readonly type: 'step.spawned'; readonly step: string; readonly attempt: number } & Child)
  | {
      readonly type: 'step.ended';
      readonly step: string;
      readonly attempt: number;
      readonly result: 'ok' | 'failed' | 'unclear';
      readonly why?: string;
      readonly hint?: string;
      readonly exit?: number;
      readonly signal?: string;
      readonly timedOut?: boolean;
      readonly outputs?: Outputs;
      readonly seen?: string;
      readonly tail?: readonly string[];
      readonly receipt?: string;
    }
  | {
      readonly type: 'step.waiting';
      readonly step: string;
      readonly for: 'verify' | 'time' | 'person' | 'items';
      readonly what: string;
      readonly until?: string;
      readonly by?: string;
    }
  | {
      readonly type: 'step.resolved';
      readonly step: string;
      readonly attempt: number;
      readonly by: 'look' | 'orphan' | 'person';
      readonly as: 'done' | 'not-done';
      readonly why: string;
    }
  | {
      readonly type: 'step.done';
      readonly step: string;
      readonly how: How;
      readonly by: string;
      readonly outputs: Outputs;
      readonly evidence: Evidence;
      readonly reason?: string;
      /** The act was not needed: it was so already. */
      readonly already?: boolean;
    }
  | {
      readonly type: 'step.failed';
      readonly step: string;
      readonly why: string;
      readonly hint?: string;
      readonly tail?: readonly string[];
    }
  | {
      readonly type: 'step.skipped';
      readonly step: string;
      readonly reason: string;
      readonly by: string;
      readonly outputs?: Outputs;
    }
  | { readonly type: 'step.not-needed'; readonly step: string; readonly reason: string }
  | {
      readonly type: 'step.reopened';
      readonly step: string;
      readonly why: string;
      readonly by: string /** look: look at it again first; act: act also where it is so. */;
      readonly to: 'look' | 'act';
    }
  | { readonly type: 'step.undone'; readonly step: string; readonly by: string; readonly seen?: string }
  | {
      readonly type: 'item.ticked';
      readonly step: string;
      /** Index from 0 in the step's items. */
      readonly item: number;
      readonly tester?: string;
      readonly result: 'pass' | 'fail' | 'watching';
      readonly note?: string;
      readonly by: string;
    }
  | { readonly type: 'note.added'; readonly text: string; readonly by: string; readonly step?: string }
  | { readonly type: 'trust.given'; readonly digest: string; readonly by: string }
  | { readonly type: 'record.written'; readonly file: string; readonly of: number; readonly hash: string };

export type LaunchEvent = Envelope & Fact;
export type FactOf<T extends Fact['type']> = Extract<Fact, { type: T }>;
