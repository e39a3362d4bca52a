// The one loop: decide (pure), perform (through ports), append (to disk), show. Ends when the run does, or when this sitting must.

import type { Step } from '../runbook/model.ts';
import { fill } from '../text/expression.ts';
import { act } from './act.ts';
import { ask } from './ask.ts';
import { endBackgrounds, endLeftovers } from './background.ts';
import { cardOf } from './card.ts';
import { noticeClock } from './deadlines.ts';
import { type Decision, decide } from './decide.ts';
import { settleDoubt } from './doubt.ts';
import { stepOf } from './evolve.ts';
import { allowFolders } from './folders.ts';
import { tellForecast } from './forecast.ts';
import { askInput } from './input.ts';
import { items } from './items.ts';
import { wantsPerson } from './one-thing.ts';
import { preflight } from './preflight.ts';
import { question } from './question-step.ts';
import { recheck } from './recheck.ts';
import type { Sitting } from './sitting.ts';
import { settleStale } from './stale.ts';
import type { RunState } from './state.ts';
import { Stop } from './stop.ts';
import { supply, supplyFor } from './supply.ts';
import { beginWait, conclude, lookFirst, verify } from './verify.ts';
import { glance, glanceMeanwhile, watch } from './waiting.ts';
import { settleAlready, settleFailure, settleUnknown, settleUnseen } from './ways.ts';
import { work } from './work.ts';

/** How a sitting ended: `finished` with the run's outcome, or why it stopped, with the exit code of DESIGN §6. */
export type SittingEnd =
  | { readonly finished: 'done' | 'failed' }
  | { readonly stopped: string; readonly exit: 1 | 4; readonly step?: string };

/** A person may turn round on one step; more turns than this without an event are a bug of ours, better said than waited out. */
const TURNS_WITHOUT_EVENT = 1000;

export async function carryOut(sitting: Sitting): Promise<SittingEnd> {
  try {
    skipAsTold(sitting);
    noticeClock(sitting);
    await endLeftovers(sitting);
    let checkedWith: RunState['inputs'] | undefined;
    let idle = 0;
    let before = 0;
    for (;;) {
      if (sitting.signal.aborted) throw new Stop('interrupted', 4);
      const decision = decide(sitting.state, sitting.known());
      idle = sitting.state.last.n === before ? idle + 1 : 0;
      before = sitting.state.last.n;
      if (idle > TURNS_WITHOUT_EVENT) throw new Error(`nothing comes of "${decision.do}"`);
      if (decision.do === 'finish') {
        await endBackgrounds(sitting, 'all');
        sitting.append({ type: 'run.finished', outcome: decision.outcome });
        return { finished: decision.outcome };
      }
      // Inputs and doubts come before anything else; tools, logins and accounts before the first look or act.
      const early = decision.do === 'input' || decision.do === 'settle-doubt';
      if (!early && checkedWith !== sitting.state.inputs) {
        const first = checkedWith === undefined;
        await allowFolders(sitting);
        await preflight(sitting);
        checkedWith = sitting.state.inputs;
        // An input was given again.
        if (!first) continue;
        tellForecast(sitting);
        // Beside what a person has in hand; a rehearsal has nobody who thinks.
        if (sitting.face.present && !sitting.world.pretend)
          sitting.meanwhile = (signal) => glanceMeanwhile(sitting, signal);
        if (sitting.recheck) {
          await recheck(sitting);
          continue;
        }
      }
      if (checkedWith && BEGINS.has(decision.do) && (await glance(sitting))) continue;
      await perform(sitting, decision);
      await endBackgrounds(sitting, 'not-needed');
    }
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    await endBackgrounds(sitting, 'all');
    sitting.append({ type: 'run.paused', why: error.message, ...(error.step !== undefined && { step: error.step }) });
    return { stopped: error.message, exit: error.exit, ...(error.step !== undefined && { step: error.step }) };
  }
}

/** Decisions that begin something: before them is the moment to look at what waits. */
const BEGINS = new Set<Decision['do']>(['look', 'offer', 'act', 'work', 'items', 'question', 'wait']);

async function perform(sitting: Sitting, decision: Exclude<Decision, { do: 'finish' }>): Promise<void> {
  switch (decision.do) {
    case 'input':
      return askInput(sitting, decision.input);
    case 'settle-doubt':
      return settleDoubt(sitting, decision.step);
    case 'stale':
      return settleStale(sitting, decision.step);
    case 'not-needed':
      sitting.append({ type: 'step.not-needed', step: decision.step.id, reason: decision.reason });
      return;
    case 'supply':
      return supply(sitting, decision.step, decision.missing);
    case 'look':
      if (await supplyFor(sitting, decision.step)) return;
      return lookFirst(sitting, decision.step);
    case 'offer':
      return offerIt(sitting, decision.step);
    case 'act':
      return act(sitting, decision.step);
    case 'verify':
      if (await supplyFor(sitting, decision.step)) return;
      return verify(sitting, decision.step);
    case 'conclude':
      return conclude(sitting, decision.step);
    case 'work':
      return work(sitting, decision.step);
    case 'items':
      return items(sitting, decision.step);
    case 'question':
      return question(sitting, decision.step);
    case 'wait':
      return beginWait(sitting, decision.step, waitEnd(sitting, decision.step));
    case 'fail':
      sitting.append({
        type: 'step.failed',
        step: decision.step.id,
        why: decision.why,
        ...(decision.hint !== undefined && { hint: decision.hint }),
        ...(decision.tail && { tail: decision.tail }),
      });
      return;
    case 'way':
      if (decision.because === 'unknown') return settleUnknown(sitting, decision.step);
      if (decision.because === 'unseen') return settleUnseen(sitting, decision.step);
      if (decision.because === 'already-not-so') return settleAlready(sitting, decision.step);
      return settleFailure(sitting, decision.step);
    case 'watch':
      // A secret of the sitting before is not at hand in this one.
      for (const step of decision.steps) if (await supplyFor(sitting, step)) return;
      return watch(sitting, decision.steps);
    default:
      return decision satisfies never;
  }
}

/** `--skip ID=REASON`, as far as the steps are still open. */
function skipAsTold(sitting: Sitting): void {
  for (const [id, reason] of Object.entries(sitting.skip)) {
    const { status } = stepOf(sitting.state, id);
    const step = sitting.runbook.steps.find((one) => one.id === id);
    if (status !== 'pending' && status !== 'failed' && status !== 'waiting') continue;
    if (step && !sitting.face.present && wantsPerson(step, 'skipped'))
      throw new Stop(`"${step.title}" is a gate or a point of no return: only a person can leave it out`, 4, id);
    sitting.append({ type: 'step.skipped', step: id, reason, by: sitting.operator });
  }
}

async function offerIt(sitting: Sitting, step: Step): Promise<void> {
  sitting.face.card(await cardOf(sitting, step));
  const id = `steps.${step.id}.optional`;
  const message = `"${step.title}" is optional.`;
  const options = [
    { value: 'do', key: 'd', label: 'do it' },
    { value: 'leave', key: 'l', label: 'leave it' },
  ];
  const value = await ask(sitting, { id, type: 'choice', about: 'optional', message, options }, step);
  if (value === 'do')
    sitting.append({ type: 'answer.given', question: id, message, value, by: sitting.operator, step: step.id });
  else sitting.append({ type: 'step.skipped', step: step.id, reason: 'optional', by: sitting.operator });
}

function waitEnd(sitting: Sitting, step: Step): Date {
  const form = step.form;
  if (form.form !== 'wait') throw new Error(`step ${step.id} does not wait`);
  if ('ms' in form) return new Date(sitting.world.clock.now().getTime() + form.ms);
  const filled = fill(form.until, sitting.contexts());
  const until = new Date(filled.ok ? String(filled.value) : '');
  if (Number.isNaN(until.getTime()))
    throw new Stop(
      `"${step.title}" waits until "${form.until}", which is no time (write it like 2026-11-22T09:00:00Z)`,
      4,
      step.id,
    );
  return until;
}
