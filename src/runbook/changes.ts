// What is different between two versions of a runbook, by the ids of its steps.
import type { Runbook } from './model.ts';

export interface Changes {
  readonly edited: string[];
  readonly added: string[];
  readonly gone: string[];
}

/** Prose does not count: a step is edited when its definition is. */
export function compareRunbooks(before: Runbook, after: Runbook): Changes {
  const old = new Map(before.steps.map((step) => [step.id, step.digest]));
  const now = new Set(after.steps.map((step) => step.id));
  return {
    edited: after.steps.filter(({ id, digest }) => old.has(id) && old.get(id) !== digest).map(({ id }) => id),
    added: after.steps.filter(({ id }) => !old.has(id)).map(({ id }) => id),
    gone: before.steps.filter(({ id }) => !now.has(id)).map(({ id }) => id),
  };
}
