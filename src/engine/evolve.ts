// What do the events of a run add up to? Pure: no clock, no disk. What one event does to its step stands in evolve-step.ts.
import type { LaunchEvent } from './events.ts';
import { applyToStep, cutOff, newStep, type StepEvent } from './evolve-step.ts';
import type { RunState, StepState } from './state.ts';

/** The state after all events. Throws where the first is not `run.started`. */
export function evolve(events: readonly LaunchEvent[]): RunState {
  let state: RunState | undefined;
  for (const event of events) state = apply(state, event);
  if (!state) throw new Error('a run has at least one event');
  return state;
}

/**
 * The state after one more event. The state given is used up: its map of steps goes on in the one returned, so that
 * 10,000 events do not copy it 10,000 times. Every `StepState` is a value of its own and never changes.
 */
export function apply(state: RunState | undefined, event: LaunchEvent): RunState {
  if (event.type === 'run.started') return begin(event);
  if (!state) throw new Error(`the first event of a run is run.started, not ${event.type}`);
  // Ours to change, see above: most events touch one step only, and copying all of a run for each is half of a resume.
  const next: { -readonly [K in keyof RunState]: RunState[K] } = change(state, event);
  next.last = { n: event.n, at: event.at };
  return next;
}

/** How the run has ended, as `evolve` says it: seen from its last events alone. undefined while it is open. */
export function finishOf(events: readonly LaunchEvent[]): RunState['finished'] {
  const last = events.findLast(({ type }) => type === 'run.finished' || type === 'step.reopened');
  return last?.type === 'run.finished' ? { at: last.at, outcome: last.outcome, why: last.why } : undefined;
}

/** Where one step stands; `pending` where nothing is known of it. */
export function stepOf(state: RunState, id: string): StepState {
  return state.steps.get(id) ?? newStep(id);
}

function begin(event: Extract<LaunchEvent, { type: 'run.started' }>): RunState {
  return {
    run: event.run,
    runbook: event.runbook,
    mode: event.mode,
    rehearsal: event.rehearsal,
    aim: event.aim,
    tool: event.tool,
    operator: event.operator,
    operators: [event.operator],
    startedAt: event.at,
    commit: event.runbook.commit,
    handedOver: false,
    inputs: {},
    secretInputs: [],
    answers: [],
    secrets: [],
    steps: new Map(),
    notes: [],
    sittings: 1,
    last: { n: event.n, at: event.at },
  };
}

function change(state: RunState, event: Exclude<LaunchEvent, { type: 'run.started' }>): RunState {
  switch (event.type) {
    case 'run.resumed':
      return resume(state, event);
    case 'run.paused':
      return { ...state, paused: { at: event.at, why: event.why, step: event.step } };
    case 'run.handed-over':
      return { ...state, handedOver: true };
    case 'run.finished':
      return { ...state, paused: undefined, finished: { at: event.at, outcome: event.outcome, why: event.why } };
    case 'runbook.adopted': {
      const { digest, copy, commit } = event;
      return { ...state, runbook: { ...state.runbook, digest, copy, commit }, commit: commit ?? state.commit };
    }
    case 'input.given':
      return giveInput(state, event);
    case 'answer.given':
      return giveAnswer(state, event);
    case 'secret.kept': {
      const { app, name, where, at, salt, hash, step } = event;
      const others = state.secrets.filter((known) => known.app !== app || known.name !== name);
      return {
        ...state,
        secrets: [...others, { app, name, where, at, salt, hash, ...(step && { step }), arrived: false }],
      };
    }
    case 'note.added': {
      if (event.step !== undefined) return withStep(state, event.step, event);
      return { ...state, notes: [...state.notes, { text: event.text, by: event.by, at: event.at }] };
    }
    case 'record.written':
      return { ...state, record: { file: event.file, of: event.of, hash: event.hash } };
    case 'trust.given':
      return state;
    case 'step.reopened':
      // A run whose step is opened again is not finished.
      return { ...withStep(state, event.step, event), finished: undefined };
    case 'step.ended':
      return withStep(event.result === 'ok' ? arrived(state, event.step) : state, event.step, event);
    default:
      return withStep(state, event.step, event);
  }
}

const arrived = (state: RunState, step: string): RunState => ({
  ...state,
  secrets: state.secrets.map((sent) => (sent.step === step ? { ...sent, arrived: true } : sent)),
});

function withStep(state: RunState, id: string, event: StepEvent): RunState {
  // The map is ours (see `apply`); only the type that leaves this file is readonly.
  (state.steps as Map<string, StepState>).set(id, applyToStep(stepOf(state, id), event));
  return state;
}

/** A new sitting: whoever held the run is gone, and with them what was only in their hands. */
function resume(state: RunState, event: Extract<LaunchEvent, { type: 'run.resumed' }>): RunState {
  const steps = state.steps as Map<string, StepState>; // as in `withStep`
  for (const [id, step] of steps) {
    const next = cutOff(step);
    if (next !== step) steps.set(id, next);
  }
  const { operator } = event;
  const operators = state.operators.includes(operator) ? state.operators : [...state.operators, operator];
  return {
    ...state,
    operator,
    operators,
    commit: event.commit ?? state.commit,
    paused: undefined,
    handedOver: false,
    sittings: state.sittings + 1,
  };
}

function giveInput(state: RunState, event: Extract<LaunchEvent, { type: 'input.given' }>): RunState {
  const { name, value, secret } = event;
  if (secret) {
    return { ...state, secretInputs: [...state.secretInputs.filter((known) => known !== name), name] };
  }
  return value === undefined ? state : { ...state, inputs: { ...state.inputs, [name]: value } };
}

function giveAnswer(state: RunState, event: Extract<LaunchEvent, { type: 'answer.given' }>): RunState {
  const step = event.step ?? /^steps\.([^.]+)\./.exec(event.question)?.[1];
  const { question, message, value, by, at } = event;
  const next = step === undefined ? state : withStep(state, step, event);
  return {
    ...next,
    answers: [...next.answers, { question, message, value, by, at, ...(step !== undefined && { step }) }],
  };
}
