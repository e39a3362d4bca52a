// Which step has an id, which need it, which go on in the background: worked out once for a runbook, which never changes.
import type { Runbook, Step } from '../runbook/model.ts';

interface Index {
  readonly byId: ReadonlyMap<string, Step>;
  readonly background: readonly Step[];
  readonly needing: ReadonlyMap<string, readonly Step[]>;
}

const indexes = new WeakMap<Runbook, Index>();

export function stepsById(runbook: Runbook): ReadonlyMap<string, Step> {
  return indexOf(runbook).byId;
}

/** The steps that need this one themselves, in order. */
export function stepsNeeding(runbook: Runbook, id: string): readonly Step[] {
  return indexOf(runbook).needing.get(id) ?? [];
}

export function backgroundSteps(runbook: Runbook): readonly Step[] {
  return indexOf(runbook).background;
}

function indexOf(runbook: Runbook): Index {
  const known = indexes.get(runbook);
  if (known) return known;
  const needing = new Map<string, Step[]>();
  for (const step of runbook.steps) {
    for (const id of new Set(step.needs)) {
      const others = needing.get(id);
      if (others) others.push(step);
      else needing.set(id, [step]);
    }
  }
  const made = {
    byId: new Map(runbook.steps.map((step) => [step.id, step])),
    background: runbook.steps.filter((step) => step.background),
    needing,
  };
  indexes.set(runbook, made);
  return made;
}
