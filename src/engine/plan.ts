// What a run would do, given what is so already. Looks only.
import type { Step } from '../runbook/model.ts';
import { fill } from '../text/expression.ts';
import { shown } from './act.ts';
import { describes } from './card.ts';
import { stepOf } from './evolve.ts';
import { type Looked, lookAt, wantOf } from './look.ts';
import type { Sitting } from './sitting.ts';
import { tell } from './tell.ts';

export interface PlanLine {
  readonly step: Step;
  readonly will: 'over' | 'so-already' | 'run' | 'ask' | 'wait' | 'look' | 'cannot-be-seen' | 'unknown' | 'not-needed';
  readonly commands: readonly string[];
  /** What was seen, or why nothing was. */
  readonly note?: string;
}

/** The line of one step. Values that are not known yet stand as `(known after …)`; such a step is not looked at. */
export async function planStep(sitting: Sitting, step: Step): Promise<PlanLine> {
  const at = stepOf(sitting.state, step.id);
  const offer = sitting.offer(step);
  if (at.status === 'done' || at.status === 'skipped' || at.status === 'not-needed')
    return { step, will: 'over', commands: [], note: at.status };
  if (step.notNeeded !== undefined) return { step, will: 'not-needed', commands: [], note: step.notNeeded };
  const known = step.if === undefined ? undefined : sitting.known().truth(step.if);
  if (known?.ok && !known.value) return { step, will: 'not-needed', commands: [], note: `if: ${step.if}` };
  if (offer.waits) return { step, will: 'wait', commands: [] };
  if (offer.person === 'items' || offer.person === 'question') return { step, will: 'ask', commands: [] };

  const want =
    step.form.form === 'uses' && offer.kind ? wantOf(offer.kind, fill(step.form.with, sitting.contexts())) : undefined;
  const commands = commandsOf(sitting, step, want);
  if (want && 'problem' in want) return { step, will: 'unknown', commands, note: want.problem };
  if (offer.kind?.disturbs)
    return { step, will: offer.acts ? 'run' : 'look', commands, note: `not looked at: ${offer.kind.disturbs.why}` };
  const looked = offer.looksFirst || !offer.acts ? await lookAt(sitting, step, 'plan') : undefined;
  return { step, ...judged(looked, offer.acts, offer.person !== undefined), commands, ...noteOf(looked) };
}

function judged(looked: Looked | undefined, acts: boolean, person: boolean): { readonly will: PlanLine['will'] } {
  const todo = person ? 'ask' : acts ? 'run' : 'look';
  if (!looked || looked.checks.length === 0) return { will: acts || person ? todo : 'cannot-be-seen' };
  if (looked.is === 'so') return { will: 'so-already' };
  return { will: looked.is === 'unknown' ? 'unknown' : todo };
}

function noteOf(looked: Looked | undefined): { readonly note?: string } {
  const first = looked?.checks.find((check) => check.is === looked.is);
  const note = first?.seen ?? first?.why;
  return note === undefined ? {} : { note };
}

function commandsOf(sitting: Sitting, step: Step, want: ReturnType<typeof wantOf> | undefined): readonly string[] {
  if (step.form.form === 'run') return [tell(sitting, step.form.command).trimEnd()];
  const kind = sitting.offer(step).kind;
  if (want && 'value' in want && kind?.commands) return kind.commands(want.value).map(shown);
  const line = describes(sitting, step).describes;
  return kind?.act && line !== undefined ? [line] : [];
}
