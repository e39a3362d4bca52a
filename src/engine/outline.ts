// What the journal names of a runbook: enough to say where its run stands, without reading the runbook again.
import type { LaunchEvent } from './events.ts';

export interface OutlineStep {
  readonly id: string;
  readonly title: string;
  readonly phase: string;
  readonly who?: string;
}

/** A `Runbook` is one. */
export interface Outline {
  readonly title: string;
  readonly steps: readonly OutlineStep[];
}

export const outlineOf = ({ title, steps }: Outline): Outline => ({
  title,
  steps: steps.map(({ id, title, phase, who }) => ({ id, title, phase, ...(who !== undefined && { who }) })),
});

/** Of the version that the run goes by. undefined where it was written before events had one. */
export const outlineIn = (events: readonly LaunchEvent[]): Outline | undefined =>
  events.findLast((event) => event.type === 'run.started' || event.type === 'runbook.adopted')?.outline;
