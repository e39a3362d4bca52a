// What expressions can name of the steps, kept up to date event by event: worked out anew each time it is the square of a long runbook.
import type { Runbook } from '../runbook/model.ts';
import type { Contexts } from '../text/expression.ts';
import type { LaunchEvent } from './events.ts';
import { stepOf } from './evolve.ts';
import type { RunState } from './state.ts';

type Named = Contexts['steps'][string];

export class NamedSteps {
  readonly #steps: Record<string, Named> = {};
  /** Outputs that a person gave for a step that could not leave them (`steps.ID.outputs.NAME`). */
  readonly #given = new Map<string, Readonly<Record<string, string>>>();

  constructor(runbook: Runbook, state: RunState) {
    for (const { question, value } of state.answers) this.#supply(question, value);
    for (const { id } of runbook.steps) this.#refresh(id, state);
  }

  /** As things stand: it goes on with the run. */
  get all(): Contexts['steps'] {
    return this.#steps;
  }

  /** After `event`, which led to `state`. */
  heard(event: LaunchEvent, state: RunState): void {
    const supplied = event.type === 'answer.given' ? this.#supply(event.question, event.value) : undefined;
    const id = supplied ?? ('step' in event ? event.step : undefined);
    if (id !== undefined && Object.hasOwn(this.#steps, id)) this.#refresh(id, state);
  }

  #supply(question: string, value: string): string | undefined {
    const [, id, name] = /^steps\.([^.]+)\.outputs\.(.+)$/.exec(question) ?? [];
    if (id !== undefined && name !== undefined) this.#given.set(id, { ...this.#given.get(id), [name]: value });
    return id;
  }

  #refresh(id: string, state: RunState): void {
    const { status, outputs } = stepOf(state, id);
    const ended = status === 'done' || status === 'failed' || status === 'skipped' || status === 'not-needed';
    this.#steps[id] = { outputs: { ...outputs, ...this.#given.get(id) }, ...(ended && { outcome: status }) };
  }
}
