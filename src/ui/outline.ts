// What sentences need of a runbook: its title, and the title, phase and person of each step. A `Runbook` is one.
import type { Outline as Named } from '../engine/outline.ts';

export type { OutlineStep } from '../engine/outline.ts';

export interface Outline extends Named {
  readonly inputs?: readonly { readonly name: string }[];
}

export function titleOf(outline: Outline, id: string): string {
  return outline.steps[positionOf(outline, id)]?.title ?? id;
}

/** From 0; -1 where there is no such step. Each event asks for it. */
export function positionOf({ steps }: Outline, id: string): number {
  let places = positions.get(steps);
  if (!places) positions.set(steps, (places = new Map(steps.map((step, at) => [step.id, at]))));
  return places.get(id) ?? -1;
}

const positions = new WeakMap<Outline['steps'], ReadonlyMap<string, number>>();

export const count = (amount: number, noun: string): string => `${amount} ${noun}${amount === 1 ? '' : 's'}`;
