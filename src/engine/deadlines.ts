// Times that are waited for: which steps have one, and that no deadline passes while the machine sleeps or comes later for a clock that is set back.
import type { Step } from '../runbook/model.ts';
import { isUnseen, isWatched } from './decide.ts';
import { stepOf } from './evolve.ts';
import type { Sitting } from './sitting.ts';

/** The clock went so much further than time did: the machine itself has slept. */
const SLEPT = 30_000;
/** It was set back when it went so much less far. */
const SET_BACK = 5_000;

/** Those that nobody but the world or the clock ends. */
export function waitingSteps(sitting: Sitting): readonly Step[] {
  return sitting.waiting.filter((step) => {
    const at = stepOf(sitting.state, step.id);
    return isWatched(at) && !isUnseen(at);
  });
}

/** In this sitting: the machine may have slept, or the clock been set back, since this was last asked for. */
export const noticeSlip = (sitting: Sitting): void => shiftDeadlines(sitting, sitting.slip());

/** A new sitting: the clock may have been set back since the last event of the one before. */
export function noticeClock(sitting: Sitting): void {
  const before = sitting.journal.events.at(-2);
  if (before) shiftDeadlines(sitting, Math.min(0, sitting.world.clock.now().getTime() - Date.parse(before.at)));
}

/** `by`: how much further the clock went than time did. A time that the runbook names is never moved. */
function shiftDeadlines(sitting: Sitting, by: number): void {
  if (by < SLEPT && by > -SET_BACK) return;
  for (const step of waitingSteps(sitting)) {
    const waiting = stepOf(sitting.state, step.id).waiting;
    if (waiting?.until === undefined) continue;
    // A time goes on while the machine sleeps; a deadline does not pass.
    const moves = waiting.for === 'verify' || (by < 0 && step.form.form === 'wait' && 'ms' in step.form);
    if (!moves) continue;
    const until = new Date(Date.parse(waiting.until) + by).toISOString();
    sitting.append({ type: 'step.waiting', step: step.id, for: waiting.for, what: waiting.what, until });
    if (waiting.for === 'verify') sitting.lookedAt.delete(step.id);
  }
}
