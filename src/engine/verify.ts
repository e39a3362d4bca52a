// After the act, and for what is only looked at: is it so now? If not yet, it waits, with its deadline on disk.
import type { Step } from '../runbook/model.ts';
import { formatDuration } from '../text/duration.ts';
import type { Seen } from './events.ts';
import { stepOf } from './evolve.ts';
import { type Looked, lookAt, tellLook } from './look.ts';
import { type Sitting, Stop } from './sitting.ts';

/** A `wait` with more than this left is not waited out without a person. */
const PATIENCE = 60 * 60_000;

/** The look before the act. So → the step is done, and nothing is run. */
export async function lookFirst(sitting: Sitting, step: Step): Promise<void> {
  const looked = await lookAt(sitting, step, 'act');
  sitting.append({
    type: 'step.looked',
    step: step.id,
    for: 'act',
    is: looked.is,
    checks: looked.checks,
    outputs: looked.outputs,
    ...(looked.since !== undefined && { since: looked.since }),
  });
}

/** The first look after the act, or of a step that is only looked at. */
export async function verify(sitting: Sitting, step: Step): Promise<void> {
  sitting.journal.at(step.id);
  const looked = await lookAt(sitting, step, 'done');
  record(sitting, step, looked);
  if (looked.is === 'so') return;
  const at = stepOf(sitting.state, step.id);
  const attempt = at.attempts.at(-1);
  const ended = attempt?.ended;
  if (ended && ended.result !== 'ok' && attempt.resolved?.as !== 'done') return;
  if (isFinal(looked)) return fail(sitting, step, looked);
  // The deadline counts from the end of the act; without an act from this first look.
  const from = ended ? Date.parse(ended.at) : sitting.world.clock.now().getTime();
  const until = new Date(from + sitting.offer(step).within).toISOString();
  sitting.append({ type: 'step.waiting', step: step.id, for: 'verify', what: describe(looked), until });
}

const isFinal = (looked: Looked): boolean => looked.is === 'not-so' && looked.checks.some((check) => check.final);

const describe = (looked: Looked): string =>
  looked.checks
    .filter((check) => check.is !== 'so')
    .map((check) => check.what)
    .join(', ');

function record(sitting: Sitting, step: Step, looked: Looked): void {
  sitting.append({
    type: 'step.looked',
    step: step.id,
    for: 'done',
    is: looked.is,
    checks: looked.checks,
    outputs: looked.outputs,
  });
}

function fail(sitting: Sitting, step: Step, looked: Looked): void {
  const first = looked.checks.find((check) => check.is === 'not-so');
  const why = first ? `${first.what}: expected ${first.expected}, seen ${first.seen}` : 'it is not so';
  sitting.append({ type: 'step.failed', step: step.id, why, ...(first?.hint !== undefined && { hint: first.hint }) });
}

/** Written down as done: how it is known, with what was seen and what it left. */
export function conclude(sitting: Sitting, step: Step): void {
  const at = stepOf(sitting.state, step.id);
  const attempt = at.attempts.at(-1);
  const looks = [at.looks.act, at.looks.doubt, at.looks.done].filter((look) => look?.is === 'so');
  const seen: readonly Seen[] = looks.at(-1)?.checks ?? [];
  const acted = at.status === 'running' && attempt !== undefined;
  const byPerson = attempt?.resolved?.by === 'person';
  const notSimulated = sitting.world.pretend !== undefined && acted && attempt.ended?.seen === 'not simulated';
  const how =
    seen.length > 0 && !byPerson
      ? 'verified'
      : byPerson
        ? 'on-word'
        : step.already !== undefined && !acted
          ? 'on-plan'
          : notSimulated
            ? 'on-plan'
            : 'verified';
  sitting.append({
    type: 'step.done',
    step: step.id,
    how,
    by: sitting.operator,
    outputs: Object.assign({}, attempt?.ended?.outputs, ...looks.map((look) => look?.outputs)),
    evidence: {
      ...(seen.length > 0 && { seen }),
      ...(acted &&
        attempt.ended && {
          tail: attempt.ended.tail,
          ...(attempt.ended.receipt !== undefined && { receipt: attempt.ended.receipt }),
        }),
      ...(attempt?.ended?.seen !== undefined && { note: attempt.ended.seen }),
      ...(notSimulated && { notSimulated: true }),
    },
    ...(how === 'on-plan' && step.already !== undefined && { reason: step.already }),
    ...(!acted && seen.length > 0 && { already: true }),
  });
}

/** Begin a wait for a time: kept as an absolute one. */
export function beginWait(sitting: Sitting, step: Step, until: Date): void {
  sitting.append({ type: 'step.waiting', step: step.id, for: 'time', what: step.title, until: until.toISOString() });
}

/** Watch what waits until one of them comes true, fails, or nobody is there to wait that long. */
export async function watch(sitting: Sitting, steps: readonly Step[]): Promise<void> {
  const first = steps[0];
  if (!first) return;
  const working = sitting.face.working(first.id, watchedFor(sitting, steps));
  const next = new Map(steps.map((step) => [step.id, 0]));
  try {
    while (!sitting.signal.aborted) {
      const now = sitting.world.clock.now().getTime();
      for (const step of steps) {
        if ((next.get(step.id) ?? 0) > now) continue;
        if (await watchOne(sitting, step, (sentence) => working.say(sentence))) return;
        next.set(step.id, sitting.world.clock.now().getTime() + sitting.offer(step).every);
      }
      const due = Math.min(...steps.map((step) => dueAt(sitting, step, next.get(step.id) ?? 0)));
      await sitting.world.clock.sleep(Math.max(0, due - sitting.world.clock.now().getTime()), sitting.signal);
    }
  } finally {
    working.stop();
  }
}

const watchedFor = (sitting: Sitting, steps: readonly Step[]): string =>
  `Waiting for ${steps.map((step) => stepOf(sitting.state, step.id).waiting?.what ?? step.title).join('; ')}`;

function dueAt(sitting: Sitting, step: Step, next: number): number {
  const waiting = stepOf(sitting.state, step.id).waiting;
  const until = waiting?.until === undefined ? Number.POSITIVE_INFINITY : Date.parse(waiting.until);
  return waiting?.for === 'time' ? until : Math.min(next, Math.max(until, next));
}

/** One look at one waiting step. True when its state changed. */
async function watchOne(sitting: Sitting, step: Step, say: (sentence: string) => void): Promise<boolean> {
  const waiting = stepOf(sitting.state, step.id).waiting;
  const until = Date.parse(waiting?.until ?? '');
  const left = until - sitting.world.clock.now().getTime();
  if (waiting?.for === 'time') {
    if (left <= 0) {
      sitting.append({
        type: 'step.done',
        step: step.id,
        how: 'verified',
        by: sitting.operator,
        outputs: {},
        evidence: { note: `waited until ${waiting.until}` },
      });
      return true;
    }
    if (!sitting.face.present && left > PATIENCE)
      throw new Stop(`"${step.title}" waits until ${waiting.until}`, 4, step.id);
    say(`${step.title}: ${formatDuration(left)} left`);
    return false;
  }
  const looked = await lookAt(sitting, step, 'done');
  if (sitting.signal.aborted) return false;
  if (looked.is === 'so') {
    record(sitting, step, looked);
    return true;
  }
  if (isFinal(looked) || (left <= 0 && looked.is === 'not-so')) {
    record(sitting, step, looked);
    fail(sitting, step, looked);
    return true;
  }
  if (left <= 0) {
    record(sitting, step, looked);
    throw new Stop(`"${step.title}" cannot be seen: ${tellLook(looked).join(' ')}`, 4, step.id);
  }
  say(`not yet: ${tellLook(looked).slice(0, 3).join(' ').replace(/\s+/g, ' ')} (${formatDuration(left)} left)`);
  return false;
}
