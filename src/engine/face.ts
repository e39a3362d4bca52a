// Who is told and asked while a run goes on: a terminal, plain lines, JSON, a file of answers, a script, the actor of a rehearsal.
import type { Answer, Question } from '../question.ts';
import type { LaunchEvent } from './events.ts';
import type { RunState } from './state.ts';

/** A step as it is laid before the person. Texts are filled in; secrets stand by name. */
export interface Card {
  readonly id: string;
  readonly title: string;
  readonly phase: string;
  /** What the phase says before its first step (Markdown), with the first card of it that is shown. */
  readonly opening?: string;
  /** From 1. */
  readonly position: number;
  readonly total: number;
  /** Markdown. */
  readonly prose: string;
  readonly who?: string;
  /** The plan's line of the step: `GET https://…, expecting 200`. */
  readonly describes?: string;
  readonly commands: readonly string[];
  readonly account?: string;
  readonly costs?: string;
  readonly takes?: string;
  readonly open?: string;
  readonly copy: readonly { readonly label: string; readonly value: string; readonly secret?: boolean }[];
  /** Titles of steps that wait in the background. */
  readonly waiting: readonly string[];
}

/** Something that takes time, shown while it goes on. */
export interface Working {
  /** Redacted, not yet made safe for the terminal. Whoever keeps it copies it; it becomes text only where it is shown. */
  output(bytes: Uint8Array): void;
  /** One line in place of the last: `not yet (4m left): seen 502`. */
  say(sentence: string): void;
  stop(): void;
}

export interface Underway {
  /** A person may leave a note meanwhile. */
  readonly note?: (text: string) => void;
  /** And where the world is waited for, have it looked at now. */
  readonly look?: () => void;
  /** How long it has gone on already, in ms: a wait outlives the process. */
  readonly already?: number;
}

export interface Face {
  /** Is there a person who can be asked anything? */
  readonly present: boolean;
  /** Called after the event is on disk, never before. */
  happened(event: LaunchEvent, state: RunState): void;
  card(card: Card): void;
  working(step: string, what: string, more?: Underway): Working;
  /** Settles with `withdrawn` when `signal` is aborted. */
  ask(question: Question, options: { readonly signal: AbortSignal; readonly step?: string }): Promise<Answer>;
  /** Plain sentences (Markdown-free): what was opened, copied, what follows. */
  tell(lines: readonly string[]): void;
  /** The terminal is someone else's (a shell) until it settles. Missing where there is no terminal to lend. */
  lend?(use: () => Promise<void>): Promise<void>;
}
