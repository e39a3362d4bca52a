// Which single thing should happen next? Pure: no clock, no disk, no questions asked here.
import type { Input, Runbook, Step } from '../runbook/model.ts';
import { stepOf } from './evolve.ts';
import type { Offer, Offers } from './offer.ts';
import type { RunState, StepState } from './state.ts';
import { backgroundSteps, stepsById } from './step-index.ts';

export type Decision =
  /** An input is open: ask it. */
  | { readonly do: 'input'; readonly input: Input }
  /** Started, end unknown: look for the child, then at the world, then ask. */
  | { readonly do: 'settle-doubt'; readonly step: Step }
  | { readonly do: 'not-needed'; readonly step: Step; readonly reason: string }
  /** It was done with values that are others now: looked at with them, or the person says what becomes of it. */
  | { readonly do: 'stale'; readonly step: Step }
  /** `if` needs values that are not there: the person is asked for them. */
  | { readonly do: 'supply'; readonly step: Step; readonly missing: readonly string[] }
  /** Ask the world whether the act is needed at all. */
  | { readonly do: 'look'; readonly step: Step }
  /** Optional: do it, or leave it? */
  | { readonly do: 'offer'; readonly step: Step }
  | { readonly do: 'act'; readonly step: Step }
  /** The act has ended, or there is none: is it so now? */
  | { readonly do: 'verify'; readonly step: Step }
  /** The last look said so, and nothing else is open: write down that it is done. */
  | { readonly do: 'conclude'; readonly step: Step }
  /** A person has this in hand. */
  | { readonly do: 'work'; readonly step: Step }
  | { readonly do: 'items'; readonly step: Step }
  | { readonly do: 'question'; readonly step: Step }
  /** Begin to wait for a time. */
  | { readonly do: 'wait'; readonly step: Step }
  /** It failed for good. */
  | {
      readonly do: 'fail';
      readonly step: Step;
      readonly why: string;
      readonly hint?: string;
      readonly tail?: readonly string[];
    }
  /** It failed, or cannot be seen: a person says how to go on. */
  | {
      readonly do: 'way';
      readonly step: Step;
      readonly because: 'failed' | 'unknown' | 'unseen' | 'undone' | 'already-not-so';
    }
  /** Nothing to do but watch these until one of them comes true. */
  | { readonly do: 'watch'; readonly steps: readonly Step[] }
  | { readonly do: 'finish'; readonly outcome: 'done' | 'failed' };

/** What `decide` may know besides the events. */
export interface Known {
  readonly runbook: Runbook;
  /** The steps that are not satisfied, and those of them that are in doubt, where someone keeps them: the others are not gone through. */
  readonly open?: readonly Step[];
  readonly doubtful?: readonly Step[];
  readonly offers: Offers;
  /** The value of an `if`, or the names of values it needs that are not there. */
  truth(
    source: string,
  ): { readonly ok: true; readonly value: boolean } | { readonly ok: false; readonly missing: readonly string[] };
  /** Secret inputs whose value this sitting has. */
  readonly secretsAtHand: ReadonlySet<string>;
  /** Ids of `background` steps whose command runs in this sitting. */
  readonly up: ReadonlySet<string>;
  /** A step that comes before the others as soon as it can. */
  readonly first?: string;
  /** The first step that is over and was done with values that are others now. */
  readonly stale?: Step;
}

const OVER = new Set<StepState['status']>(['done', 'skipped', 'not-needed']);

const ENDED = new Set<StepState['status']>(['done', 'failed', 'skipped', 'not-needed', 'undone']);

/** Is the step no longer in the way of those that need it? */
export function isSatisfied(step: Step, state: StepState): boolean {
  return OVER.has(state.status) || (state.status === 'failed' && step.continueOnError);
}

export function decide(state: RunState, known: Known): Decision {
  const { runbook, open = runbook.steps, doubtful = open } = known;
  const doubt = doubtful.find((step) => stepOf(state, step.id).status === 'in-doubt');
  if (doubt) return { do: 'settle-doubt', step: doubt };

  const input = runbook.inputs.find((one) => isOpen(one, state, known));
  if (input) return { do: 'input', input };

  // Nothing more is built on what was done with the old value.
  if (known.stale) return { do: 'stale', step: known.stale };

  const byId = stepsById(runbook);
  const ready = (step: Step) =>
    step.needs.every((id) => {
      const needed = byId.get(id);
      return !needed || isSatisfied(needed, stepOf(state, id));
    });

  const backgrounds = backgroundSteps(runbook);
  const watched: Step[] = [];
  const unseen: Step[] = [];
  const later: Step[] = [];
  for (const step of inOrder(open, known.first)) {
    const at = stepOf(state, step.id);
    if (isSatisfied(step, at) || !ready(step)) continue;
    if (step.id === known.first && isLater(at)) return resume(step, known);
    const decision = at.status === 'waiting' ? undefined : next(step, at, offerFor(step, known), known);
    if (decision && SETTLED.has(decision.do)) return decision;
    const down = backgrounds.find((one) => isDown(one, step, state, known));
    if (down) return breaksAgain(down, state) ?? { do: 'act', step: down };
    if (decision) return decision;
    if (isLater(at)) later.push(step);
    else (isUnseen(at) ? unseen : watched).push(step);
  }
  const [blind] = unseen;
  if (blind) return { do: 'way', step: blind, because: 'unseen' };
  const [put] = later;
  if (put) return resume(put, known);
  if (watched.length > 0) return { do: 'watch', steps: watched };
  const failed = open.some((step) => !isSatisfied(step, stepOf(state, step.id)));
  return { do: 'finish', outcome: failed ? 'failed' : 'done' };
}

const inOrder = (steps: readonly Step[], first: string | undefined): readonly Step[] =>
  first === undefined ? steps : [...steps].sort((a, b) => Number(b.id === first) - Number(a.id === first));

/** A person has put it aside. */
const isLater = ({ waiting }: StepState): boolean => waiting?.for === 'person' || waiting?.for === 'items';

/** Nobody but the world or the clock ends it. */
export const isWatched = ({ status, waiting }: StepState): boolean =>
  status === 'waiting' && (waiting?.for === 'verify' || waiting?.for === 'time');

/** Needed by this step, and no longer running since its sitting ended or it broke: started again. */
function isDown(background: Step, by: Step, state: RunState, known: Known): boolean {
  const { status, attempts } = stepOf(state, background.id);
  if (status !== 'done' || attempts.at(-1)?.does !== 'background') return false;
  return !known.up.has(background.id) && !isOver(background, state) && needs(known.runbook, by, background.id);
}

/** Decisions that need nothing in the background. */
const SETTLED = new Set<Decision['do']>(['fail', 'way', 'conclude', 'not-needed', 'supply', 'offer']);

/** One that ends by itself each time it is started is not started for ever. */
function breaksAgain(step: Step, state: RunState): Decision | undefined {
  const { attempts } = stepOf(state, step.id);
  const broken = attempts.slice(-MOST_BREAKS).filter(({ ended }) => ended?.result === 'failed');
  if (broken.length < MOST_BREAKS) return undefined;
  return { do: 'fail', step, why: broken.at(-1)?.ended?.why ?? 'it does not stay up' };
}

const MOST_BREAKS = 5;

/** Is a `background` step no longer needed? */
export function isOver({ background }: Step, state: RunState): boolean {
  const last = background?.stopAfter;
  return last !== undefined && ENDED.has(stepOf(state, last).status);
}

/** Does a step need another, itself or by way of others? */
export function needs(runbook: Runbook, step: Step, id: string): boolean {
  const byId = stepsById(runbook);
  const seen = new Set<string>();
  const reaches = (from: Step): boolean =>
    from.needs.some((need) => {
      if (need === id) return true;
      const next = seen.has(need) ? undefined : byId.get(need);
      seen.add(need);
      return next !== undefined && reaches(next);
    });
  return reaches(step);
}

/** Its deadline has passed, and the last look could not tell: a person says how to go on. */
export function isUnseen({ waiting, looks: { done } }: StepState): boolean {
  if (waiting?.for !== 'verify' || waiting.until === undefined || done?.is !== 'unknown') return false;
  return Date.parse(done.at) >= Date.parse(waiting.until);
}

function resume(step: Step, known: Known): Decision {
  return offerFor(step, known).person === 'items' ? { do: 'items', step } : { do: 'work', step };
}

function isOpen(input: Input, state: RunState, known: Known): boolean {
  if (input.secret) return !known.secretsAtHand.has(input.name);
  return !Object.hasOwn(state.inputs, input.name);
}

function offerFor(step: Step, known: Known): Offer {
  const offer = known.offers.get(step.id);
  if (!offer) throw new Error(`no offer for step ${step.id}`);
  return offer;
}

/** The next thing for one step whose needs are met and which is neither over nor waiting. */
function next(step: Step, at: StepState, offer: Offer, known: Known): Decision {
  switch (at.status) {
    case 'failed':
      return { do: 'way', step, because: 'failed' };
    case 'undone':
      return { do: 'way', step, because: 'undone' };
    case 'running':
      return afterAct(step, at, offer);
    default:
      return beforeAct(step, at, offer, known);
  }
}

function beforeAct(step: Step, at: StepState, offer: Offer, known: Known): Decision {
  if (step.notNeeded !== undefined) return { do: 'not-needed', step, reason: step.notNeeded };
  if (step.if !== undefined) {
    const truth = known.truth(step.if);
    if (!truth.ok) return { do: 'supply', step, missing: truth.missing };
    if (!truth.value) return { do: 'not-needed', step, reason: `if: ${step.if}` };
  }
  if (step.optional && at.answers[`steps.${step.id}.optional`] !== 'do') return { do: 'offer', step };
  if (offer.waits) return { do: 'wait', step };
  if (offer.person === 'items') return { do: 'items', step };
  if (offer.person === 'question') return { do: 'question', step };

  const before = at.looks.act;
  if (step.already !== undefined && !at.again) {
    if (!offer.looks) return { do: 'conclude', step };
    if (!before) return { do: 'look', step };
    if (before.is !== 'not-so') return { do: 'conclude', step };
    if (at.answers[`steps.${step.id}.way`] !== 'act') return { do: 'way', step, because: 'already-not-so' };
  }
  if (offer.looksFirst) {
    if (!before) return { do: 'look', step };
    if (before.is === 'so' && !at.again) return leavesChecksOpen(step) ? afterLook(step, at) : { do: 'conclude', step };
    if (before.is === 'unknown' && offer.acts && offer.person === undefined)
      return { do: 'way', step, because: 'unknown' };
  }
  if (offer.acts) return { do: 'act', step };
  if (offer.person === 'work') return { do: 'work', step };
  return afterLook(step, at);
}

/** What says whether the act of a `uses` step is needed, or was done, is the kind's own look: the runbook's checks come after it. */
const leavesChecksOpen = (step: Step): boolean => step.form.form === 'uses' && step.verify.length > 0;

/** Nothing to do but to look: a check as a step, a gate, or a kind that was so already with checks of the runbook still open. */
function afterLook(step: Step, at: StepState): Decision {
  return at.looks.done?.is === 'so' ? { do: 'conclude', step } : { do: 'verify', step };
}

function afterAct(step: Step, at: StepState, offer: Offer): Decision {
  const last = at.attempts.at(-1);
  const ended = last?.ended;
  // What goes on has ended before it was ready.
  if (last?.does === 'background' && ended)
    return { do: 'fail', step, why: ended.why ?? 'it ended before it was ready', tail: ended.tail };
  // A doubt that was resolved: by a person's word, or by a look that may have been lost with its sitting.
  if (last?.resolved) {
    const settled = last.resolved.by === 'person' || (at.looks.doubt?.is === 'so' && !leavesChecksOpen(step));
    return settled ? { do: 'conclude', step } : afterLook(step, at);
  }
  if (!ended && last?.does === 'background' && !offer.looks) return { do: 'conclude', step };
  if (!ended) return afterLook(step, at);
  if (ended.result === 'ok') return offer.looks ? afterLook(step, at) : { do: 'conclude', step };
  if (offer.looks && !at.looks.done) return { do: 'verify', step };
  if (at.looks.done?.is === 'so' && !last.soBefore) return { do: 'conclude', step };
  // What its own verify cannot see is not acted on again.
  const unseen = at.looks.done?.is === 'unknown' && offer.looksFirst;
  if (mayRetry(step, at) && !unseen) return { do: 'act', step };
  return {
    do: 'fail',
    step,
    why: ended.why ?? 'it failed',
    ...(ended.hint !== undefined && { hint: ended.hint }),
    tail: ended.tail,
  };
}

/** `retry` counts the first go only: what a person asks for again is one attempt each. */
export function mayRetry(step: Step, at: StepState): boolean {
  return step.retry !== undefined && at.reopened === 0 && at.attempts.length < step.retry.attempts;
}
