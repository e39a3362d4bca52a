// Which values does a step use, by its expressions, and with which of them was it done? Derived from the events, never stored.
import type { Runbook, Step } from '../runbook/model.ts';
import type { Json } from '../step.ts';
import { type Contexts, references, type Truth } from '../text/expression.ts';
import type { LaunchEvent } from './events.ts';
import { apply } from './evolve.ts';
import type { RunState, StepState } from './state.ts';
import { stepsById } from './step-index.ts';
import { StepsNow } from './steps-now.ts';

/** A value that a step was done with, and that is another one now. `name`: `inputs.domain`, `steps.users.outputs.answer`. */
export interface Changed {
  readonly name: string;
  readonly was: Json;
  readonly now: Json;
}

/** A step that is over, with what has changed since. */
export interface Stale {
  readonly step: Step;
  readonly changed: readonly Changed[];
}

type Values = ReadonlyMap<string, Json>;

/** The question by which a person lets a step stay as it was done. */
export const keepId = ({ id }: Step): string => `steps.${id}.values`;
export const KEEP = 'left as it is';

/** What each step was done with. It goes on with the run: `heard` takes each event after those it was made from. */
export class ValuesUsed {
  readonly #runbook: Runbook;
  readonly #steps: StepsNow;
  #state: RunState | undefined;
  readonly #made = new Map<string, Values>();
  /** With which values its last act was begun: what that made stays, also where the step is opened again. */
  readonly #acted = new Map<string, Values>();
  /** With which values a person has let it stay. */
  readonly #kept = new Map<string, Values>();
  /** Steps with a value that is another one now. Kept event by event: asked of all steps for every decision it is the square of a long runbook. */
  readonly #others = new Set<Step>();
  /** By `inputs.NAME` and `steps.ID`: the steps that use something of it. */
  readonly #users = new Map<string, Set<Step>>();

  constructor(runbook: Runbook, events: readonly LaunchEvent[]) {
    this.#runbook = runbook;
    for (const step of runbook.steps)
      for (const name of namesUsed(step)) {
        const source = sourceOf(name);
        this.#users.set(source, (this.#users.get(source) ?? new Set()).add(step));
      }
    const [first, ...more] = events;
    this.#state = first && apply(undefined, first);
    this.#steps = new StepsNow(runbook, this.#stateNow());
    for (const event of more) this.heard(event);
  }

  heard(event: LaunchEvent): void {
    const before = 'step' in event && event.step !== undefined ? this.#stateNow().steps.get(event.step) : undefined;
    this.#state = apply(this.#stateNow(), event);
    const touched = this.#steps.heard(event, this.#state);
    const step = 'step' in event && event.step !== undefined ? stepsById(this.#runbook).get(event.step) : undefined;
    if (step) this.#note(step, event, before);
    const sources = event.type === 'input.given' ? [`inputs.${event.name}`] : touched.map(({ id }) => `steps.${id}`);
    this.#compare([...touched, ...sources.flatMap((source) => [...(this.#users.get(source) ?? [])])]);
  }

  #compare(steps: readonly Step[]): void {
    for (const step of new Set(steps)) {
      if (this.#changed(this.#made.get(step.id)).length > 0) this.#others.add(step);
      else this.#others.delete(step);
    }
  }

  /** What the step is done with from this event on. */
  #note(step: Step, event: LaunchEvent, before: StepState | undefined): void {
    switch (event.type) {
      case 'step.started':
        if (event.does === 'undo') return;
        this.#made.set(step.id, this.#valuesOf(step));
        this.#acted.set(step.id, this.#valuesOf(step));
        return;
      case 'item.ticked':
        if (!this.#made.has(step.id)) this.#made.set(step.id, this.#valuesOf(step));
        return;
      case 'step.done': {
        // Done by hand, or seen to be so once more: with what is so now, not with what an earlier act had.
        const anew = before?.status === 'done' || event.reason !== undefined;
        if (anew || !this.#made.has(step.id)) this.#made.set(step.id, this.#valuesOf(step));
        return;
      }
      case 'step.not-needed':
        this.#made.set(step.id, this.#valuesOf(step));
        return;
      case 'answer.given':
        if (event.question === keepId(step) && event.value === KEEP) this.#kept.set(step.id, this.#valuesOf(step));
        return;
      case 'step.reopened':
      case 'step.undone':
      case 'step.skipped':
        this.#made.delete(step.id);
        this.#kept.delete(step.id);
        return;
      case 'step.resolved':
        if (event.as === 'not-done' && before?.how === undefined) this.#made.delete(step.id);
        return;
      default:
    }
  }

  /** Steps that are over and were done with other values, in order; those that a person lets stay so are not among them. */
  stale(truth: (condition: string) => Truth): readonly Stale[] {
    if (this.#others.size === 0) return [];
    const others = this.#runbook.steps.filter((step) => this.#others.has(step));
    return others.flatMap((step) => {
      const changed = this.#changedSince(step, this.#made.get(step.id), truth);
      const anew = this.#kept.has(step.id) ? this.#changedSince(step, this.#kept.get(step.id), truth) : changed;
      return changed.length > 0 && anew.length > 0 ? [{ step, changed }] : [];
    });
  }

  /** What has changed since it acted, or was done without an act; also where a person lets it stay so. */
  changedSinceMade({ id }: Step): readonly Changed[] {
    return this.#changed(this.#acted.get(id) ?? this.#made.get(id));
  }

  #changedSince(step: Step, then: Values | undefined, truth: (condition: string) => Truth): readonly Changed[] {
    const status = this.#stateNow().steps.get(step.id)?.status;
    if (!then || (status !== 'done' && status !== 'not-needed')) return [];
    const changed = this.#changed(then);
    if (changed.length === 0) return changed;
    const conditions = new Set(conditionNames(step));
    const works = new Set(workNames(step));
    const other = isOtherwise(step, status, truth);
    return changed.filter(({ name }) => (status === 'done' && works.has(name)) || (conditions.has(name) && other));
  }

  #changed(then: Values = new Map()): readonly Changed[] {
    return [...then].flatMap(([name, was]) => {
      const now = this.#valueOf(name);
      return now === undefined || now === was || JSON.stringify(now) === JSON.stringify(was)
        ? []
        : [{ name, was, now }];
    });
  }

  #valuesOf(step: Step): Values {
    const values = new Map<string, Json>();
    for (const name of new Set(namesUsed(step))) {
      const value = this.#valueOf(name);
      if (value !== undefined) values.set(name, value);
    }
    return values;
  }

  /** undefined while it is not there: a step that is open again has left nothing yet. */
  #valueOf(name: string): Json | undefined {
    const [context, first = '', field, last = ''] = name.split('.');
    if (context === 'inputs') {
      const { inputs } = this.#stateNow();
      return Object.hasOwn(inputs, first) ? inputs[first] : undefined;
    }
    const at = this.#steps.named[first];
    if (field === 'outcome') return at?.outcome;
    return at && Object.hasOwn(at.outputs, last) ? at.outputs[last] : undefined;
  }

  /** The contexts that are in the events: what `env` and secrets hold is not. */
  contexts(): Contexts {
    const { inputs, run, startedAt, operator } = this.#stateNow();
    const date = startedAt.slice(0, 10);
    return { inputs, steps: this.#steps.named, run: { id: run, date, operator }, env: {}, secrets: {} };
  }

  #stateNow(): RunState {
    if (!this.#state) throw new Error('a run has at least one event');
    return this.#state;
  }
}

/** `inputs.domain`, `steps.users`. */
const sourceOf = (name: string): string => name.split('.', 2).join('.');

/** `if` decides otherwise than it did; a value that is not there decides nothing. */
function isOtherwise(step: Step, status: 'done' | 'not-needed', truth: (condition: string) => Truth): boolean {
  const now = step.if === undefined ? undefined : truth(step.if);
  return now?.ok === true && now.value !== (status === 'done');
}

const conditionNames = (step: Step): readonly string[] => usedBy(step).condition;
const workNames = (step: Step): readonly string[] => usedBy(step).work;

/** Names of all values that what a step does, and how it is seen, hang on. */
export const namesUsed = (step: Step): readonly string[] => [...workNames(step), ...conditionNames(step)];

const known = new WeakMap<Step, { readonly condition: readonly string[]; readonly work: readonly string[] }>();

function usedBy(step: Step) {
  const before = known.get(step);
  if (before) return before;
  const condition = step.if === undefined || step.if.includes('${{') ? step.if : `\${{ ${step.if} }}`;
  // What it leaves itself is not what it was done with.
  const foreign = (names: readonly string[]) => names.filter((name) => !name.startsWith(`steps.${step.id}.`));
  const used = { condition: foreign(namesIn(condition ?? '')), work: foreign(namesIn(workOf(step))) };
  known.set(step, used);
  return used;
}

/** What decides what is done, and how it is seen; not what is only told (who, costs, a default). */
function workOf(step: Step): object {
  const { form, verify, unless, env, workingDirectory, open, copy, confirm, irreversible, background } = step;
  const asked = form.form === 'question' ? { ...form, default: '', example: '' } : form;
  return { asked, verify, unless, env, workingDirectory, open, copy, confirm, irreversible, background };
}

/** Names whose value is in the events, of anything that is plain data. */
export function namesIn(part: unknown): readonly string[] {
  // A step is plain data, as JSON is; only its texts matter here.
  return references(JSON.parse(JSON.stringify(part))).flatMap(({ path }) => nameOf(path) ?? []);
}

/** `inputs.X`, `steps.ID.outputs.Y`, `steps.ID.outcome`; undefined for what is not in the events, or worked out while running. */
function nameOf([context, first, field, last]: readonly string[]): string | undefined {
  if (first === undefined || first === '*') return undefined;
  if (context === 'inputs') return `inputs.${first}`;
  if (context !== 'steps') return undefined;
  if (field === 'outcome') return `steps.${first}.outcome`;
  return field === 'outputs' && last !== undefined && last !== '*' ? `steps.${first}.outputs.${last}` : undefined;
}
