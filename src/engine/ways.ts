// Ways forward from a failure, a no, what cannot be seen: what happened stands above, and each way does what its label says.
import type { Option } from '../question.ts';
import type { Step } from '../runbook/model.ts';
import { formatDuration } from '../text/duration.ts';
import { askUntil, stopFor } from './ask.ts';
import { stepOf } from './evolve.ts';
import { type Looked, lookAndKeep, tellLook } from './look.ts';
import { chooseSideWay, sideWays } from './side.ts';
import type { Sitting } from './sitting.ts';
import { Stop } from './stop.ts';
import { proofOf } from './verify.ts';

const AGAIN: Option = { value: 'again', key: 't', label: 'try again' };
export const LOOK: Option = { value: 'look', key: 'c', label: 'look again' };

interface Situation {
  readonly message: string;
  readonly detail: readonly string[];
  readonly options: readonly Option[];
  /** Where none of the ways is harmless. Else it is the first one. */
  readonly onEnter?: 'nothing';
  /** Without a person: stopped at a failed step (1), or kept for one (4). */
  readonly exit: 1 | 4;
}

/** Ask how to go on. The value of the chosen way; ways aside are done here, and give undefined. */
export async function chooseWay(sitting: Sitting, step: Step, situation: Situation): Promise<string | undefined> {
  sitting.alone = false;
  const answer = await askUntil(
    sitting,
    {
      id: `steps.${step.id}.way`,
      type: 'choice',
      about: 'way',
      message: situation.message,
      detail: situation.detail,
      options: [...situation.options, ...sideWays(sitting, step)],
      default: situation.onEnter === 'nothing' ? undefined : situation.options[0]?.value,
    },
    sitting.signal,
    step,
  );
  if ('absent' in answer) throw new Stop(`${situation.message} ${answer.absent}`.trim(), situation.exit, step.id);
  if (!('value' in answer)) throw stopFor(answer, step);
  if (situation.options.some((option) => option.value === answer.value)) return answer.value;
  await chooseSideWay(sitting, step, answer.value);
  return undefined;
}

const reopen = (sitting: Sitting, step: Step, why: string, to: 'look' | 'act') =>
  sitting.append({ type: 'step.reopened', step: step.id, why, by: sitting.operator, to });

/** A failed (or undone) step. */
export async function settleFailure(sitting: Sitting, step: Step): Promise<void> {
  const at = stepOf(sitting.state, step.id);
  const offer = sitting.offer(step);
  if (offer.looks && isOfBefore(sitting, step)) return lookOnce(sitting, step);
  const undone = at.status === 'undone';
  const way = await chooseWay(sitting, step, {
    message: undone
      ? `"${step.title}" was taken back.`
      : `"${step.title}" failed: ${(at.reason ?? 'no reason was given').replace(/\.+$/, '')}.`,
    detail: [...at.tail, ...(at.looks.done ? tellLook(at.looks.done) : []), ...(at.hint ? [at.hint] : [])],
    options: [
      { ...AGAIN, ...(offer.acts && { hint: 'acts once more, also where it is so already' }) },
      ...(offer.looks ? [LOOK] : []),
    ],
    exit: 1,
  });
  if (way === 'again') reopen(sitting, step, 'tried again', 'act');
  if (way === 'look') await lookOnce(sitting, step);
}

/** Nobody is there to choose, and it failed in a sitting before: it may have become so since. Looked at once. */
function isOfBefore(sitting: Sitting, step: Step): boolean {
  if (sitting.face.present || sitting.lookedAt.has(step.id)) return false;
  sitting.lookedAt.set(step.id, sitting.world.clock.now().getTime());
  const last = sitting.journal.events.findLast(
    (event) => event.type === 'run.resumed' || (event.type === 'step.failed' && event.step === step.id),
  );
  return last?.type === 'run.resumed' && stepOf(sitting.state, step.id).status === 'failed';
}

/** Look again at a failed step: so → done; else it stays failed, with what is seen now. */
async function lookOnce(sitting: Sitting, step: Step): Promise<void> {
  const looked = await lookAndKeep(sitting, step, 'done');
  if (looked.is === 'so') concludeBy(sitting, step, looked);
  else sitting.face.tell(tellLook(looked));
}

function concludeBy(sitting: Sitting, step: Step, looked: Looked): void {
  sitting.append({
    type: 'step.done',
    step: step.id,
    ...proofOf(looked),
    by: sitting.operator,
    outputs: looked.outputs,
  });
}

/** The look before the act has no answer: nothing is made on the strength of it. */
export async function settleUnknown(sitting: Sitting, step: Step): Promise<void> {
  const before = stepOf(sitting.state, step.id).looks.act;
  const way = await chooseWay(sitting, step, {
    message: `It cannot be seen whether "${step.title}" is so already${whyUnseen(before)}.`,
    detail: notSo(before),
    options: [LOOK],
    exit: 4,
  });
  if (way === 'look') reopen(sitting, step, 'looked at again', 'look');
}

/** It waited until its deadline, and cannot be seen: looked at again, waited for longer, or settled by the person. */
export async function settleUnseen(sitting: Sitting, step: Step): Promise<void> {
  const { looks, waiting } = stepOf(sitting.state, step.id);
  const { within } = sitting.offer(step);
  const way = await chooseWay(sitting, step, {
    message: `It cannot be seen whether "${step.title}" is so${whyUnseen(looks.done)}.`,
    detail: notSo(looks.done),
    options: [LOOK, { value: 'wait', key: 'w', label: `wait for it, ${formatDuration(within)} more` }],
    exit: 4,
  });
  if (way === undefined) return;
  // Looked at once more: what is seen after that decides.
  const until = new Date(sitting.world.clock.now().getTime() + (way === 'wait' ? within : 1)).toISOString();
  sitting.append({ type: 'step.waiting', step: step.id, for: 'verify', what: waiting?.what ?? step.title, until });
  sitting.lookedAt.delete(step.id);
}

type Before = Pick<Looked, 'checks'> | undefined;

/** In the sentence itself: it is all that is read where nobody is asked. */
function whyUnseen(before: Before): string {
  const whys = (before?.checks ?? []).flatMap((check) =>
    check.is === 'unknown' ? [[check.why, check.hint].filter(Boolean).join('; ')] : [],
  );
  return whys.length === 0 ? '' : `: ${[...new Set(whys)].join('; ')}`;
}

const notSo = (before: Before): readonly string[] =>
  tellLook({ checks: (before?.checks ?? []).filter(({ is }) => is === 'not-so') });

/** `already:` says done before, the world says not. */
export async function settleAlready(sitting: Sitting, step: Step): Promise<void> {
  const before = stepOf(sitting.state, step.id).looks.act;
  const way = await chooseWay(sitting, step, {
    message: `The plan says "${step.title}" was done already (${step.already}), and it is not so.`,
    detail: before ? tellLook(before) : [],
    options: [LOOK, { value: 'act', key: 'r', label: 'do it now' }],
    exit: 4,
  });
  if (way === 'look') reopen(sitting, step, 'looked at again', 'look');
  if (way === 'act')
    sitting.append({
      type: 'answer.given',
      question: `steps.${step.id}.way`,
      message: 'Do it now?',
      value: 'act',
      by: sitting.operator,
      step: step.id,
    });
}
