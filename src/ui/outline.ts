// What sentences need of a runbook: its title, and the title, phase and person of each step. A `Runbook` is one.

export interface Outline {
  readonly title: string;
  readonly steps: readonly OutlineStep[];
  readonly inputs?: readonly { readonly name: string }[];
}
export interface OutlineStep {
  readonly id: string;
  readonly title: string;
  readonly phase: string;
  readonly who?: string;
}

export function titleOf(outline: Outline, id: string): string {
  return outline.steps.find((step) => step.id === id)?.title ?? id;
}

export const count = (amount: number, noun: string): string => `${amount} ${noun}${amount === 1 ? '' : 's'}`;
