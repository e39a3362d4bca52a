// Taking back done steps: the last one first, each by its own way, and looked at until it is gone.
import type { Step } from '../runbook/model.ts';
import type { Look } from '../step.ts';
import { fill } from '../text/expression.ts';
import { carry, shown } from './act.ts';
import { ask, askUntil, stopFor } from './ask.ts';
import { cardOf } from './card.ts';
import { changedWords } from './changed.ts';
import { settleDoubt } from './doubt.ts';
import { stepOf } from './evolve.ts';
import { allowFolders } from './folders.ts';
import { lookGone } from './gone.ts';
import { wantOf } from './look.ts';
import { actPorts, guarded } from './ports.ts';
import { preflight } from './preflight.ts';
import { type Prepared, prepareCommand } from './prepare.ts';
import type { Sitting } from './sitting.ts';
import type { Attempt, StepState } from './state.ts';
import { Stop } from './stop.ts';
import { tell } from './tell.ts';

/** A done step, and how it can be taken back. */
export interface TakingBack {
  readonly step: Step;
  /** `none`: it cannot be. */
  readonly by: 'kind' | 'run' | 'person' | 'none';
  /** One sentence: what is taken back, what is lost; why it cannot be, where more is to say than that. */
  readonly what: string;
  /** Nothing brings back what is lost: this is typed before. */
  readonly lost?: string;
}

/** The done steps, the last one first. */
export function takingsBack(sitting: Sitting): readonly TakingBack[] {
  const { runbook, state } = sitting;
  return runbook.steps
    .filter((step) => stepOf(state, step.id).status === 'done')
    .map((step, index) => ({ step, index, at: stepOf(state, step.id).at ?? '' }))
    .sort((a, b) => (a.at === b.at ? b.index - a.index : a.at < b.at ? 1 : -1))
    .map(({ step }) => takingBack(sitting, step));
}

function takingBack(sitting: Sitting, step: Step): TakingBack {
  if (!madeHere(stepOf(sitting.state, step.id)))
    return { step, by: 'none', what: 'it was so already, and this run did not make it' };
  const changed = sitting.changedSinceMade(step);
  if (changed.length > 0)
    return {
      step,
      by: 'none',
      what: `since it was done, ${changedWords(sitting.runbook, changed)}`,
    };
  const name = step.irreversible === undefined ? undefined : tell(sitting, step.irreversible);
  const asked = name !== undefined && { lost: name };
  if (step.undo) {
    const [by, text] = 'run' in step.undo ? (['run', step.undo.run] as const) : (['person', step.undo.manual] as const);
    return { step, by, what: tell(sitting, text).trimEnd(), ...asked };
  }
  const kind = sitting.offer(step).kind;
  if (!kind?.undo || step.form.form !== 'uses')
    return { step, by: 'none', what: isOnlySeen(sitting, step) ? 'it made nothing' : '' };
  const want = wantOf(kind, fill(step.form.with, sitting.contexts()));
  if ('problem' in want) return { step, by: 'kind', what: want.problem, ...asked };
  const lost = kind.undo.loses?.(want.value);
  return { step, by: 'kind', what: kind.undo.describe(want.value), ...asked, ...(lost !== undefined && { lost }) };
}

/** A look, an answer, a time: nothing was made that could go. */
function isOnlySeen(sitting: Sitting, step: Step): boolean {
  const { acts, person } = sitting.offer(step);
  return !acts && person !== 'work';
}

/** Found to be so by a look alone, and no act of this run stands behind it: it is somebody else's. */
function madeHere({ how, reason, already, attempts }: StepState): boolean {
  // On a person's word, or the plan's, or by hand with a reason: not by a look alone.
  if (how !== 'verified' || reason !== undefined) return true;
  const failed = ({ ended, resolved }: Attempt) => ended?.result === 'failed' || resolved?.as === 'not-done';
  const last = attempts.findLast((attempt) => attempt.does !== 'undo' || !failed(attempt));
  return last ? last.does !== 'undo' : !already;
}

/** How taking back ended. */
export type TakenBack = { readonly undone: readonly string[] } | { readonly stopped: string; readonly exit: 1 | 4 };

/** Which of those that are left are taken back next; none: it is over. */
export type Chooser = (left: readonly TakingBack[]) => Promise<readonly string[]>;

/** Takes back what is chosen, the last done first, until nothing more is. What a killed sitting left in doubt is settled before. */
export async function takeBack(sitting: Sitting, choose: Chooser): Promise<TakenBack> {
  const undoneBefore = new Set(undoneOf(sitting));
  try {
    await allowFolders(sitting);
    for (const step of sitting.runbook.steps)
      while (stepOf(sitting.state, step.id).status === 'in-doubt') await settleDoubt(sitting, step);
    await preflight(sitting);
    for (;;) {
      const left = takingsBack(sitting);
      const ids = await choose(left);
      if (ids.length === 0) return { undone: undoneOf(sitting).filter((id) => !undoneBefore.has(id)) };
      for (const one of left.filter(({ step }) => ids.includes(step.id))) await takeOneBack(sitting, one);
    }
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    sitting.append({ type: 'run.paused', why: error.message, ...(error.step !== undefined && { step: error.step }) });
    return { stopped: error.message, exit: error.exit };
  }
}

const undoneOf = ({ runbook, state }: Sitting): readonly string[] =>
  runbook.steps.map(({ id }) => id).filter((id) => stepOf(state, id).status === 'undone');

async function takeOneBack(sitting: Sitting, taking: TakingBack): Promise<void> {
  const { step, by, what } = taking;
  if (by === 'none') throw new Stop(`"${step.title}" cannot be taken back${what && `: ${what}`}`, 1, step.id);
  let agreed = false;
  while (stepOf(sitting.state, step.id).status === 'done') {
    const before = await lookGone(sitting, step);
    if (before?.is === 'so') return undone(sitting, step, before.seen);
    if (before?.is === 'unknown') {
      if ((await chooseWay(sitting, step, before, [LOOK])) === 'leave') return;
      continue;
    }
    agreed ||= await agreeTo(sitting, taking);
    if (!agreed) return;
    if (by === 'person') await byPerson(sitting, step, what);
    else if (!(await act(sitting, step))) return;
    if ((await settle(sitting, step, by === 'person')) === 'leave') return;
  }
}

/** What is lost for good, or was meant never to be taken back, is named by typing it. */
async function agreeTo(sitting: Sitting, { step, what, lost }: TakingBack): Promise<boolean> {
  const id = `steps.${step.id}.undo`;
  if (lost !== undefined) {
    const message = `Taking "${step.title}" back cannot be made good again: ${what}. Type ${lost} to do it.`;
    const typed = await ask(sitting, { id, type: 'name', message, name: lost }, step);
    if (typed !== lost) return false;
    sitting.append({ type: 'answer.given', question: id, message, value: typed, by: sitting.operator, step: step.id });
    return true;
  }
  const message = `Take "${step.title}" back?`;
  const said = await ask(sitting, { id, type: 'confirm', message, detail: [what] }, step);
  sitting.append({ type: 'answer.given', question: id, message, value: said, by: sitting.operator, step: step.id });
  return said === 'yes';
}

async function byPerson(sitting: Sitting, step: Step, what: string): Promise<void> {
  const question = {
    id: `steps.${step.id}.undo-work`,
    type: 'choice' as const,
    about: 'work' as const,
    message: 'Do this, then say so.',
    detail: [what],
    options: [
      { value: 'done', label: 'I have done it' },
      { value: 'stop', key: 'q', label: 'stop and keep' },
    ],
    default: 'done',
  };
  if ((await ask(sitting, question, step)) === 'stop') throw stopFor({ stop: true }, step);
}

/** Started on disk, done, ended on disk. false: a value was missing, or it could not begin. */
async function act(sitting: Sitting, step: Step): Promise<boolean> {
  const prepared = await prepareUndo(sitting, step);
  if (!prepared) return false;
  guarded(sitting, step, prepared.texts);
  const commands = prepared.commands.map(shown);
  sitting.face.card(await cardOf(sitting, step, commands));
  const attempt = stepOf(sitting.state, step.id).attempts.length + 1;
  sitting.append({ type: 'step.started', step: step.id, attempt, does: 'undo', commands });
  sitting.journal.at(step.id);
  await carry(sitting, step, attempt, prepared, {});
  return true;
}

async function prepareUndo(sitting: Sitting, step: Step): Promise<Prepared | undefined> {
  if (step.undo && 'run' in step.undo) return prepareCommand(sitting, step, step.undo.run);
  const kind = sitting.offer(step).kind;
  const undo = kind?.undo;
  if (!kind || !undo || step.form.form !== 'uses') throw new Error(`step ${step.id} cannot be taken back`);
  const want = wantOf(kind, fill(step.form.with, sitting.contexts()));
  if ('problem' in want) throw new Stop(`"${step.title}" cannot be taken back: ${want.problem}`, 4, step.id);
  const { outputs } = stepOf(sitting.state, step.id);
  return {
    commands: [],
    texts: [JSON.stringify(want.value)],
    run: (output, attempt) => undo.act(want.value, actPorts(sitting, step, attempt, output), { outputs }),
  };
}

/** After it: gone, not gone, or not to be seen. `again`: the loop goes round. */
async function settle(sitting: Sitting, step: Step, byWord: boolean): Promise<'again' | 'leave'> {
  if (stepOf(sitting.state, step.id).status === 'in-doubt') {
    await settleDoubt(sitting, step);
    return 'again';
  }
  const last = stepOf(sitting.state, step.id).attempts.at(-1);
  const ended = last?.does === 'undo' ? last.ended : undefined;
  const looked = await untilGone(sitting, step, ended?.result === 'failed');
  if (looked?.is === 'so') undone(sitting, step, looked.seen);
  else if (!looked && (byWord || ended?.result === 'ok')) undone(sitting, step);
  else return notGone(sitting, step, looked ?? { is: 'unknown', why: ended?.why ?? 'it failed' });
  return 'again';
}

async function notGone(sitting: Sitting, step: Step, looked: Look): Promise<'again' | 'leave'> {
  const last = stepOf(sitting.state, step.id).attempts.at(-1);
  const way = await chooseWay(sitting, step, looked, [LOOK, AGAIN], last?.ended?.tail);
  if (way === 'look') return settle(sitting, step, false);
  // What was there before is there still.
  if (last?.does === 'undo' && !last.resolved && stepOf(sitting.state, step.id).status !== 'done')
    sitting.append({
      type: 'step.resolved',
      step: step.id,
      attempt: last.n,
      by: 'look',
      as: 'not-done',
      why: 'it was not taken back',
    });
  return way === 'again' ? 'again' : 'leave';
}

/** Looks every so often until it is gone or the time for that is over. `once`: what failed is not waited for. */
async function untilGone(sitting: Sitting, step: Step, once: boolean): Promise<Look | undefined> {
  const { every, within } = sitting.offer(step);
  const { clock } = sitting.world;
  const until = clock.now().getTime() + within;
  const working = sitting.working(step, `Looking whether "${step.title}" is gone`);
  try {
    for (;;) {
      const looked = await lookGone(sitting, step);
      if (!looked || looked.is === 'so' || once || clock.now().getTime() >= until) return looked;
      await clock.sleep(every, sitting.signal);
      if (sitting.signal.aborted) throw stopFor({ withdrawn: true }, step);
    }
  } finally {
    working.stop();
  }
}

function undone(sitting: Sitting, step: Step, seen?: string): void {
  sitting.append({ type: 'step.undone', step: step.id, by: sitting.operator, ...(seen !== undefined && { seen }) });
}

const LOOK = { value: 'look', key: 'c', label: 'look again' };
const AGAIN = { value: 'again', key: 't', label: 'try again' };
const LEAVE = { value: 'leave', key: 'l', label: 'leave it as it is', hint: 'it stays done' };
const STOP = { value: 'stop', key: 'q', label: 'stop and keep' };

async function chooseWay(
  sitting: Sitting,
  step: Step,
  looked: Look,
  ways: readonly (typeof LOOK)[],
  tail: readonly string[] = [],
): Promise<string> {
  const seen = looked.is === 'unknown' ? looked.why : looked.seen;
  const message = `"${step.title}" is not seen to be gone: ${seen}`;
  const options = [...ways, LEAVE, STOP];
  const id = `steps.${step.id}.undo-way`;
  const question = { id, type: 'choice' as const, about: 'way' as const, message, detail: tail, options };
  const answer = await askUntil(sitting, question, sitting.signal, step);
  if ('absent' in answer) throw new Stop(`${message} ${answer.absent}`, 1, step.id);
  if (!('value' in answer) || answer.value === 'stop') throw stopFor(answer, step);
  return answer.value;
}
