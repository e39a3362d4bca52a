// What a person can be asked, as data with an id. How it looks is the ui's business; who answers may also be a file or an actor.

interface Asked {
  /** `inputs.NAME`, `steps.ID.answer`, `steps.ID.ask.NAME`, `steps.ID.outputs.NAME`, or one of the engine's own (`steps.ID.way`). */
  readonly id: string;
  /** For someone at 2 a.m.: what will happen, to what, can it be taken back. */
  readonly message: string;
  /** Lines shown above: expected and seen, commands, consequences. */
  readonly detail?: readonly string[];
  /** The person may want something else than to answer (skip, go to another step): said as `aside`. */
  readonly aside?: true;
  /** It was answered, and a person has gone back to it: what was given beforehand does not answer it once more. */
  readonly anew?: true;
  /** One of several values that are asked for one after the other, from 1. */
  readonly numbered?: { readonly position: number; readonly total: number };
}

/** A value typed by the person. */
export interface TextQuestion extends Asked {
  readonly type: 'text';
  readonly default?: string;
  readonly example?: string;
  /** A regular expression the whole value must match. */
  readonly pattern?: string;
  /** The shape the text must have: checked by the asker too. */
  readonly shape?: 'text' | 'number' | 'boolean' | 'email' | 'list' | 'directory';
  /** May be left empty. */
  readonly optional?: boolean;
}

/** A value typed unseen. Never in an event, never answered from a file. */
export interface SecretQuestion extends Asked {
  readonly type: 'secret';
  readonly pattern?: string;
}

export interface Option {
  readonly value: string;
  readonly label: string;
  /** The label where there is little room. */
  readonly short?: string;
  /** One key that chooses it at once. */
  readonly key?: string;
  readonly hint?: string;
}

/** One of several. Options are ways forward: each does what its label says. */
export interface ChoiceQuestion extends Asked {
  readonly type: 'choice';
  readonly options: readonly Option[];
  readonly default?: string;
  /** Many to look through: found by typing a part of the label. */
  readonly find?: boolean;
  /**
   * What kind of choice: `value` (an input or answer; files may answer it), `act` (Enter before an act), `work` (a person's step in
   * hand: done, open, copy …), `tick` (an item of a checklist), `way` (forward from a failure or a doubt), `optional`, `resume`.
   */
  readonly about: 'value' | 'act' | 'work' | 'tick' | 'way' | 'optional' | 'resume';
}

/** Yes or no; never yes by default. `--yes` answers it. */
export interface ConfirmQuestion extends Asked {
  readonly type: 'confirm';
}

/** A point of no return: the name is typed. Nothing but a person (or the actor of a rehearsal) answers it. */
export interface NameQuestion extends Asked {
  readonly type: 'name';
  readonly name: string;
}

export type Question = TextQuestion | SecretQuestion | ChoiceQuestion | ConfirmQuestion | NameQuestion;

export type Answer =
  /** For confirm: 'yes' or 'no'. For choice: the option's value. */
  | { readonly value: string }
  /** Nobody here can answer that; `why` says what would. The run stops and is kept (exit 4). */
  | { readonly absent: string }
  /** The person said `q`. */
  | { readonly stop: true }
  /** The person wants another way; only where the question has `aside`. */
  | { readonly aside: true }
  /** The question was withdrawn: `signal` was aborted (the world answered first, or the run is ending). */
  | { readonly withdrawn: true };
