// A run and what its steps are called: for what tells where it stands, or what has happened.
import { type Outline, outlineIn } from '../engine/outline.ts';
import { type FoundRun, foundRun } from './found-run.ts';
import type { Call } from './main.ts';

/** From the journal alone; the runbook is read where an older launch wrote the journal. */
export async function outlinedRun(call: Call): Promise<FoundRun & { readonly outline: Outline }> {
  const run = foundRun(call);
  const outline = outlineIn(run.events) ?? (await (await import('./frozen.ts')).thawed(run)).runbook;
  return { ...run, outline };
}
