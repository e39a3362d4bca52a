// Steps that wait for the world or for a time: looked at between other actions, beside an open question, and when nothing else is left to do.
import type { Step } from '../runbook/model.ts';
import { formatDuration } from '../text/duration.ts';
import { noticeSlip, waitingSteps } from './deadlines.ts';
import { stepOf } from './evolve.ts';
import { keepLook, lookAt, tellSeen } from './look.ts';
import type { Sitting } from './sitting.ts';
import { Stop } from './stop.ts';
import { missingFor } from './supply.ts';
import { conclude, fail, isFinal } from './verify.ts';

/** A `wait` with more than this left is not waited out without a person. */
const PATIENCE = 60 * 60_000;

/** Looks at each waiting step whose turn it is. True when one of them has changed. */
export async function glance(sitting: Sitting): Promise<boolean> {
  for (const step of waitingSteps(sitting)) {
    // A secret of the sitting before is asked for only when nothing else is left to do.
    if (dueAt(sitting, step) > now(sitting) || missingFor(sitting, step).length > 0) continue;
    if (await lookOnce(sitting, step, sitting.signal, () => {})) return true;
  }
  return false;
}

/** The same again and again until `signal` is aborted: while the person has another step in hand. */
export async function glanceMeanwhile(sitting: Sitting, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const waiting = waitingSteps(sitting).filter((step) => missingFor(sitting, step).length === 0);
    if (waiting.length === 0) return;
    await sleepUntil(sitting, Math.min(...waiting.map((step) => dueAt(sitting, step))), signal);
    for (const step of waiting) {
      if (signal.aborted) return;
      if (dueAt(sitting, step) <= now(sitting)) await lookOnce(sitting, step, signal, () => {});
    }
  }
}

/** Nothing else to do: watched until one of them comes true, fails, or nobody is there to wait that long. */
export async function watch(sitting: Sitting, steps: readonly Step[]): Promise<void> {
  const watched = sitting.face.present ? steps : steps.filter((step) => !isLong(sitting, step));
  const [first] = watched;
  if (!first) throw tooLong(sitting, steps);
  const since = Math.min(...watched.map((step) => sinceOf(sitting, step)));
  let hurry = new AbortController();
  const looked = watched.filter((step) => stepOf(sitting.state, step.id).waiting?.for !== 'time');
  const what = watched.map((step) => stepOf(sitting.state, step.id).waiting?.what ?? step.title).join('; ');
  const working = sitting.working(first, `${looked.length > 0 ? 'Waiting until' : 'Waiting'}: ${what}`, {
    already: now(sitting) - since,
    ...(looked.length > 0 && { look: () => hurry.abort() }),
  });
  try {
    while (!sitting.signal.aborted) {
      for (const step of watched) {
        // What goes on in the background may have ended meanwhile.
        if (stepOf(sitting.state, step.id).status !== 'waiting') return;
        if (dueAt(sitting, step) > now(sitting)) continue;
        if (await lookOnce(sitting, step, sitting.signal, (sentence) => working.say(sentence))) return;
      }
      sayTimes(sitting, watched, (sentence) => working.say(sentence));
      const due = Math.min(...watched.map((step) => dueAt(sitting, step)));
      await sleepUntil(sitting, due, AbortSignal.any([sitting.signal, hurry.signal]));
      if (!hurry.signal.aborted) continue;
      hurry = new AbortController();
      hasten(sitting, looked, (sentence) => working.say(sentence));
    }
  } finally {
    working.stop();
  }
}

/** The person wants a look now: so it is, but where a look disturbs it keeps its pace. */
function hasten(sitting: Sitting, steps: readonly Step[], say: (sentence: string) => void): void {
  for (const step of steps) {
    const { kind, every } = sitting.offer(step);
    if (kind?.disturbs) say(`looked at every ${formatDuration(every)}, no sooner: ${kind.disturbs.why}`);
    else sitting.lookedAt.delete(step.id);
  }
}

const now = (sitting: Sitting): number => sitting.world.clock.now().getTime();

/** When it began to wait, maybe in another sitting. */
const sinceOf = (sitting: Sitting, step: Step): number => {
  const since = stepOf(sitting.state, step.id).waiting?.since;
  return since === undefined ? now(sitting) : Date.parse(since);
};

const untilOf = (sitting: Sitting, step: Step): number =>
  Date.parse(stepOf(sitting.state, step.id).waiting?.until ?? '');

/** When it is looked at next: a time at its end, a check every so often and once more at its deadline. */
function dueAt(sitting: Sitting, step: Step): number {
  if (stepOf(sitting.state, step.id).waiting?.for === 'time') return untilOf(sitting, step);
  const last = sitting.lookedAt.get(step.id);
  if (last === undefined) return 0;
  return Math.min(last + sitting.offer(step).every, Math.max(untilOf(sitting, step), last + 1));
}

/** One look at one waiting step. True when its state has changed. */
async function lookOnce(
  sitting: Sitting,
  step: Step,
  signal: AbortSignal,
  say: (sentence: string) => void,
): Promise<boolean> {
  if (stepOf(sitting.state, step.id).waiting?.for === 'time') {
    endWait(sitting, step);
    return true;
  }
  noticeSlip(sitting);
  const began = now(sitting);
  const looked = await lookAt(sitting, step, 'done', signal);
  if (signal.aborted || stepOf(sitting.state, step.id).status !== 'waiting') return false;
  sitting.lookedAt.set(step.id, now(sitting));
  const until = untilOf(sitting, step);
  // Only a look that began after the deadline ends the wait: the machine may have slept through the one before.
  const over = began >= until;
  if (looked.is === 'so' || over || isFinal(looked)) {
    keepLook(sitting, step, 'done', looked);
    if (looked.is === 'so') conclude(sitting, step);
    if (looked.is === 'not-so') fail(sitting, step, looked);
    return true;
  }
  const left = formatDuration(Math.max(0, until - now(sitting)));
  // What is waited for, and what was expected, stands in the line above: here is room for what is there. How long still comes first:
  // on a narrow screen the end of the line is cut.
  say(`not yet (${left} left): ${tellSeen(looked)}`);
  return false;
}

function endWait(sitting: Sitting, step: Step): void {
  sitting.append({
    type: 'step.done',
    step: step.id,
    how: 'verified',
    by: sitting.operator,
    outputs: {},
    evidence: { note: `waited until ${stepOf(sitting.state, step.id).waiting?.until}` },
  });
}

function sayTimes(sitting: Sitting, steps: readonly Step[], say: (sentence: string) => void): void {
  for (const step of steps) {
    if (stepOf(sitting.state, step.id).waiting?.for !== 'time') continue;
    const left = `${formatDuration(Math.max(0, untilOf(sitting, step) - now(sitting)))} left`;
    // Of one alone the line above has the title.
    say(steps.length === 1 ? left : `${step.title}: ${left}`);
  }
}

const isLong = (sitting: Sitting, step: Step): boolean =>
  stepOf(sitting.state, step.id).waiting?.for === 'time' && untilOf(sitting, step) - now(sitting) > PATIENCE;

function tooLong(sitting: Sitting, steps: readonly Step[]): Stop {
  const [soonest] = [...steps].sort((a, b) => untilOf(sitting, a) - untilOf(sitting, b));
  if (!soonest) throw new Error('nothing waits');
  const until = stepOf(sitting.state, soonest.id).waiting?.until;
  return new Stop(`"${soonest.title}" waits until ${until}`, 4, soonest.id);
}

/** Sleeps; where the machine slept meanwhile, or the clock was set back, what waits is given the time it lost or gained. */
async function sleepUntil(sitting: Sitting, due: number, signal: AbortSignal): Promise<void> {
  await sitting.world.clock.sleepUntil(due, signal);
  if (!signal.aborted) noticeSlip(sitting);
}
