// Done steps, looked at once more: is what was done still so? Nothing is run, and nothing is opened again.
import type { Step } from '../runbook/model.ts';
import { seenNames } from './changed.ts';
import type { Evidence, How, Seen } from './events.ts';
import { stepOf } from './evolve.ts';
import { allowFolders } from './folders.ts';
import { keepLook, type Looked, lookAt } from './look.ts';
import type { Sitting } from './sitting.ts';
import { Stop } from './stop.ts';
import type { Changed } from './values-used.ts';

/** Done, and something that can be looked at means something later too. */
export function canLookAgain(sitting: Sitting, step: Step): boolean {
  const { looks, lasts } = sitting.offer(step);
  return stepOf(sitting.state, step.id).status === 'done' && looks && lasts;
}

/** One look, and what it saw in the journal. `values`: those it was done with have changed. */
export async function lookAgain(sitting: Sitting, step: Step, purpose: 'drift' | 'values' = 'drift'): Promise<Looked> {
  const working = sitting.working(step, `Looking again: ${step.title}`);
  const looked = await lookAt(sitting, step, purpose).finally(() => working.stop());
  keepLook(sitting, step, 'drift', looked);
  return looked;
}

/** How a done step stands now. */
export interface Standing {
  readonly step: Step;
  /** `not-looked`: what it was known by says nothing later, or there was nothing to look at. */
  readonly now: Looked['is'] | 'on-word' | 'not-looked';
  readonly was?: How;
  readonly by?: string;
  readonly evidence?: Evidence;
  /** What a person only said was so is shown, and is never drift. */
  readonly counts: boolean;
  readonly checks: readonly Seen[];
  /** Values it was done with that are others now, as far as no look tells what becomes of it. */
  readonly changed?: readonly Changed[];
}

/** All done steps, in order. Throws Stop where a look may not be made at all, or the person stops. */
export async function lookAtAll(sitting: Sitting): Promise<readonly Standing[]> {
  await allowFolders(sitting);
  const standings: Standing[] = [];
  const stale = new Map(sitting.stale.map(({ step, changed }) => [step, changed]));
  for (const step of sitting.runbook.steps) {
    if (sitting.signal.aborted) throw new Stop('interrupted', 4);
    const { status, how: was, by, evidence } = stepOf(sitting.state, step.id);
    if (status !== 'done') continue;
    const values = stale.get(step);
    const looked = canLookAgain(sitting, step)
      ? await lookAgain(sitting, step, values ? 'values' : 'drift')
      : undefined;
    const seen = seenNames(sitting, step);
    const changed = values?.filter(({ name }) => !seen.has(name)) ?? [];
    const unseen = was === 'on-word' ? 'on-word' : 'not-looked';
    const counts = looked !== undefined && was !== 'on-word';
    const checks = looked?.checks ?? [];
    const now = looked?.is ?? unseen;
    standings.push({ step, now, was, by, evidence, counts, checks, ...(changed.length > 0 && { changed }) });
  }
  return standings;
}

/** Any that counts and is not so: not so; else any that could not be seen, or was done with another value: unknown. */
export const standingOf = (standings: readonly Standing[]): Looked['is'] => {
  const counted = standings.filter(({ counts }) => counts).map(({ now }) => now);
  if (counted.includes('not-so')) return 'not-so';
  return counted.includes('unknown') || standings.some(({ changed }) => changed) ? 'unknown' : 'so';
};
