// What is asked of all steps for every decision, kept up to date event by event: worked out anew it is the square of a long runbook.
import type { Runbook, Step } from '../runbook/model.ts';
import type { Contexts } from '../text/expression.ts';
import { isSatisfied } from './decide.ts';
import type { LaunchEvent } from './events.ts';
import { stepOf } from './evolve.ts';
import type { RunState } from './state.ts';
import { stepsById } from './step-index.ts';

export class StepsNow {
  readonly #runbook: Runbook;
  readonly #named: Record<string, Contexts['steps'][string]> = {};
  /** Outputs that a person gave for a step that could not leave them (`steps.ID.outputs.NAME`). */
  readonly #given = new Map<string, Readonly<Record<string, string>>>();
  readonly #waiting = new Set<Step>();
  readonly #doubtful = new Set<Step>();
  readonly #open = new Set<Step>();
  #inOrder: readonly Step[] | undefined;

  constructor(runbook: Runbook, state: RunState) {
    this.#runbook = runbook;
    for (const { question, value } of state.answers) this.#supply(question, value);
    for (const step of runbook.steps) this.#refresh(step, state);
  }

  /** What expressions can name of them. It goes on with the run. */
  get named(): Contexts['steps'] {
    return this.#named;
  }

  /** Those that are in the way of what needs them, in order. */
  get open(): readonly Step[] {
    return (this.#inOrder ??= this.#runbook.steps.filter((step) => this.#open.has(step)));
  }

  /** Those that wait, in order. */
  get waiting(): readonly Step[] {
    return this.#openOf(this.#waiting);
  }

  /** Those in doubt, in order. */
  get doubtful(): readonly Step[] {
    return this.#openOf(this.#doubtful);
  }

  #openOf(steps: ReadonlySet<Step>): readonly Step[] {
    return steps.size === 0 ? [] : this.open.filter((step) => steps.has(step));
  }

  /** After `event`, which led to `state`. Returns the steps that may be otherwise now. */
  heard(event: LaunchEvent, state: RunState): readonly Step[] {
    const supplied = event.type === 'answer.given' ? this.#supply(event.question, event.value) : undefined;
    const id = supplied ?? ('step' in event ? event.step : undefined);
    const step = id === undefined ? undefined : stepsById(this.#runbook).get(id);
    const touched = event.type === 'run.resumed' ? this.#runbook.steps : step ? [step] : [];
    for (const one of touched) this.#refresh(one, state);
    return touched;
  }

  #supply(question: string, value: string): string | undefined {
    const [, id, what, name] = /^steps\.([^.]+)\.(outputs|ask)\.(.+)$/.exec(question) ?? [];
    if (id === undefined || name === undefined) return undefined;
    const { [name]: before, ...others } = this.#given.get(id) ?? {};
    // What the step itself asks for is among its outputs, and newer than what was given in its place.
    this.#given.set(id, what === 'ask' ? others : { ...others, [name]: value });
    return id;
  }

  #refresh(step: Step, state: RunState): void {
    const at = stepOf(state, step.id);
    const { status, outputs } = at;
    const ended = status === 'done' || status === 'failed' || status === 'skipped' || status === 'not-needed';
    this.#named[step.id] = { outputs: { ...outputs, ...this.#given.get(step.id) }, ...(ended && { outcome: status }) };
    if (status === 'waiting') this.#waiting.add(step);
    else this.#waiting.delete(step);
    if (status === 'in-doubt') this.#doubtful.add(step);
    else this.#doubtful.delete(step);
    if (isSatisfied(step, at)) {
      if (this.#open.delete(step)) this.#inOrder = this.#inOrder?.filter((one) => one !== step);
    } else if (!this.#open.has(step)) {
      this.#open.add(step);
      this.#inOrder = undefined;
    }
  }
}
