// Is what a step made gone again? Asked before and after taking it back, and where that is in doubt.
import type { Step } from '../runbook/model.ts';
import type { Look } from '../step.ts';
import { fill } from '../text/expression.ts';
import { stepOf } from './evolve.ts';
import { lookAt, wantOf } from './look.ts';
import { lookPorts } from './ports.ts';
import type { Sitting } from './sitting.ts';

/** By the kind's own look; else gone is what the checks of the runbook no longer see. undefined: nothing can be looked at. */
export async function lookGone(sitting: Sitting, step: Step): Promise<Look | undefined> {
  const kind = sitting.offer(step).kind;
  if (!step.undo && kind?.undo && step.form.form === 'uses') {
    const want = wantOf(kind, fill(step.form.with, sitting.contexts()));
    if ('problem' in want) return { is: 'unknown', why: want.problem };
    return kind.undo.verify(want.value, lookPorts(sitting), { outputs: stepOf(sitting.state, step.id).outputs });
  }
  if (!sitting.offer(step).looks) return undefined;
  // Not as a look that is due: a rehearsal would make it so again.
  const looked = await lookAt(sitting, step, 'doubt');
  const [first] = looked.checks.filter((check) => check.is === looked.is);
  const seen = first?.seen ?? first?.why ?? '';
  if (looked.is === 'unknown') return { is: 'unknown', why: seen };
  return looked.is === 'not-so'
    ? { is: 'so', seen: `no longer so: ${seen}` }
    : { is: 'not-so', expected: 'gone', seen };
}
