// What one event does to the state of its step. Pure; a StepState never changes, each event makes a new one.
import type { LaunchEvent } from './events.ts';
import type { Attempt, StepState, Tick } from './state.ts';

type RunEvent =
  | 'run.started'
  | 'run.resumed'
  | 'run.paused'
  | 'run.handed-over'
  | 'run.finished'
  | 'runbook.adopted'
  | 'input.given'
  | 'secret.kept'
  | 'trust.given'
  | 'record.written';

/** Events that change one step. */
export type StepEvent = Exclude<LaunchEvent, { type: RunEvent }>;
type EventOf<T extends LaunchEvent['type']> = Extract<LaunchEvent, { type: T }>;

export function newStep(id: string): StepState {
  return {
    id,
    status: 'pending',
    attempts: [],
    looks: {},
    outputs: {},
    tail: [],
    ticks: [],
    notes: [],
    answers: {},
    again: false,
    acted: false,
    reopened: 0,
    failures: [],
  };
}

export function applyToStep(step: StepState, event: StepEvent): StepState {
  switch (event.type) {
    case 'step.looked': {
      const { is, at, checks, outputs = {}, since } = event;
      return { ...step, looks: { ...step.looks, [event.for]: { is, at, checks, outputs, since } } };
    }
    case 'step.started':
      return start(step, event);
    case 'step.spawned': {
      const { pid, group, startTime, bootId, host } = event;
      const child = { pid, group, startTime, bootId, host };
      return withAttempt(step, event.attempt, (attempt) => ({ ...attempt, children: [...attempt.children, child] }));
    }
    case 'step.ended':
      return end(step, event);
    case 'step.waiting':
      return wait(step, event);
    case 'step.resolved':
      return resolve(step, event);
    case 'step.done': {
      const { how, by, at, outputs, evidence, reason, already } = event;
      return { ...settled(step), status: 'done', how, by, at, outputs, evidence, reason, already };
    }
    case 'step.failed': {
      const { at, why, hint, tail = step.tail } = event;
      const failures = [...step.failures, { at, why }];
      return { ...settled(step), status: 'failed', at, reason: why, hint, tail, failures };
    }
    case 'step.skipped': {
      const { reason, by, at, outputs = {} } = event;
      return { ...settled(step), status: 'skipped', reason, by, at, outputs };
    }
    case 'step.not-needed':
      return { ...settled(step), status: 'not-needed', reason: event.reason, at: event.at };
    case 'step.undone': {
      const { by, at, seen } = event;
      return { ...settled(step), status: 'undone', by, at, reason: seen, outputs: {} };
    }
    case 'step.reopened':
      return reopen(step, event);
    case 'item.ticked':
      return { ...step, ticks: tick(step.ticks, event) };
    case 'note.added':
      return { ...step, notes: [...step.notes, { text: event.text, by: event.by, at: event.at }] };
    case 'answer.given':
      return corrected({ ...step, answers: { ...step.answers, [event.question]: event.value } }, event);
    default:
      return event satisfies never;
  }
}

/**
 * The same step when a new sitting begins. A started act with no end is in doubt; a background command is not (it is
 * started again when needed). Looks of an earlier sitting decide nothing any more, except at steps that have ended.
 */
export function cutOff(step: StepState): StepState {
  if (!open.has(step.status)) return step;
  const fresh = withoutLooks(step, 'act', 'before', 'done', 'doubt');
  const last = step.attempts.at(-1);
  // Whether it is gone was not looked at any more.
  if (last?.does === 'undo' && last.ended && !last.resolved && step.status === 'running')
    return { ...fresh, status: 'in-doubt' };
  if (!last || last.ended || last.resolved) return fresh;
  if (last.does === 'background') return { ...fresh, status: 'pending', waiting: undefined, acted: false };
  return step.status === 'running' ? { ...fresh, status: 'in-doubt' } : fresh;
}

const open: ReadonlySet<StepState['status']> = new Set(['pending', 'running', 'waiting', 'in-doubt']);

/** A value to paste back, given again when its step was done: from then on it is what the step left. */
function corrected(step: StepState, { question, value }: EventOf<'answer.given'>): StepState {
  const begin = `steps.${step.id}.ask.`;
  if (step.status !== 'done' || !question.startsWith(begin)) return step;
  return { ...step, outputs: { ...step.outputs, [question.slice(begin.length)]: value } };
}

function start(step: StepState, event: EventOf<'step.started'>): StepState {
  const { attempt: n, does, at: startedAt, since, soBefore, commands } = event;
  const attempt: Attempt = { n, does, startedAt, since, soBefore, commands, children: [] };
  // What was seen after an earlier attempt says nothing of this one.
  const fresh = withoutLooks(step, 'done', 'doubt');
  // "Try again" is one attempt: after this one the world decides again.
  const attempts = [...step.attempts, attempt];
  return { ...fresh, status: 'running', attempts, waiting: undefined, again: false, acted: true };
}

function end(step: StepState, event: EventOf<'step.ended'>): StepState {
  const { at, result, why, hint, exit, signal, timedOut, outputs = {}, seen, tail = [], receipt } = event;
  const ended = { at, result, why, hint, exit, signal, timedOut, outputs, seen, tail, receipt };
  const next = withAttempt(step, event.attempt, (attempt) => ({ ...attempt, ended }));
  const does = next.attempts.find((attempt) => attempt.n === event.attempt)?.does;
  const doubtful = (result === 'unclear' || timedOut === true) && does !== 'background';
  if (doubtful && step.status === 'running') return { ...next, tail, status: 'in-doubt' };
  // An undo that failed leaves what was there before it.
  if (does === 'undo' && result === 'failed' && step.how) return { ...next, tail, status: 'done', acted: false };
  // Ended before it was ready: there is nothing to wait for.
  if (does === 'background' && step.status === 'waiting')
    return { ...next, tail, status: 'running', waiting: undefined };
  return { ...next, tail };
}

/** A step in doubt stays so while it waits: only an answer to the doubt ends it. */
function wait(step: StepState, event: EventOf<'step.waiting'>): StepState {
  const { what, until } = event;
  const since = step.waiting?.for === event.for ? step.waiting.since : event.at;
  const status = step.status === 'in-doubt' ? 'in-doubt' : 'waiting';
  return { ...step, status, waiting: { for: event.for, what, since, until } };
}

function resolve(step: StepState, event: EventOf<'step.resolved'>): StepState {
  const { by, as, why } = event;
  const next = withAttempt(step, event.attempt, (attempt) => ({ ...attempt, resolved: { by, as, why } }));
  const undoing = next.attempts.find((attempt) => attempt.n === event.attempt)?.does === 'undo';
  if (as === 'done') return { ...next, status: 'running', waiting: undefined };
  // An undo that did not happen leaves what was there before it.
  if (undoing && step.how) return { ...next, status: 'done', waiting: undefined, acted: false };
  const fresh = withoutLooks(next, 'act', 'before', 'done', 'doubt');
  return { ...fresh, status: 'pending', waiting: undefined, acted: false };
}

/** Open again. Attempts, failures and notes stay; what passed in a failed checklist stays too. */
/** The last tick of an item counts; that it failed before is kept with it. */
function tick(ticks: readonly Tick[], { item, tester, result, note, by, at }: EventOf<'item.ticked'>): readonly Tick[] {
  const isIt = (one: Tick) => one.item === item && one.tester === tester;
  const before = ticks.find(isIt);
  const failedBefore = [
    ...(before?.failedBefore ?? []),
    ...(before?.result === 'fail' ? [{ note: before.note, at: before.at }] : []),
  ];
  const now = { item, tester, result, note, by, at, ...(failedBefore.length > 0 && { failedBefore }) };
  return [...ticks.filter((one) => !isIt(one)), now];
}

function reopen(step: StepState, event: EventOf<'step.reopened'>): StepState {
  const { id, attempts, notes, failures } = step;
  const ticks = step.status === 'failed' ? step.ticks.filter((tick) => tick.result !== 'fail') : [];
  const reopened = step.reopened + 1;
  return { ...newStep(id), attempts, notes, failures, ticks, reopened, again: event.to === 'act' };
}

/** What no longer holds once a step has come to an end, whichever it is. */
function settled(step: StepState): StepState {
  return {
    ...step,
    waiting: undefined,
    again: false,
    how: undefined,
    already: undefined,
    by: undefined,
    reason: undefined,
    hint: undefined,
    evidence: undefined,
  };
}

function withAttempt(step: StepState, n: number, change: (attempt: Attempt) => Attempt): StepState {
  return { ...step, attempts: step.attempts.map((attempt) => (attempt.n === n ? change(attempt) : attempt)) };
}

function withoutLooks(step: StepState, ...purposes: readonly (keyof StepState['looks'])[]): StepState {
  if (!purposes.some((purpose) => step.looks[purpose])) return step;
  const looks = { ...step.looks };
  for (const purpose of purposes) delete looks[purpose];
  return { ...step, looks };
}
