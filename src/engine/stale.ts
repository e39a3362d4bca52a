// A step that is done, and was done with a value that is another one now: looked at with the new one, or the person says what becomes of it.
import type { Step } from '../runbook/model.ts';
import { askUntil, stopFor } from './ask.ts';
import { changedWords, seenNames } from './changed.ts';
import { lookAgain } from './drift.ts';
import { stepOf } from './evolve.ts';
import { type Looked, tellLook } from './look.ts';
import type { Sitting } from './sitting.ts';
import { Stop } from './stop.ts';
import { KEEP, keepId } from './values-used.ts';
import { proofOf } from './verify.ts';

/** Never run again unasked, and never left without a word. */
export async function settleStale(sitting: Sitting, step: Step): Promise<void> {
  const changed = sitting.stale.find((one) => one.step === step)?.changed ?? [];
  const what = changedWords(sitting.runbook, changed);
  if (stepOf(sitting.state, step.id).status === 'not-needed') return open(sitting, step, `needed since ${what}`);
  const seen = seenNames(sitting, step);
  const shows = changed.some(({ name }) => seen.has(name));
  if (shows) sitting.face.tell([`Since "${step.title}" was done, ${what}.`]);
  const looked = shows ? await lookAgain(sitting, step, 'values') : undefined;
  if (looked?.is === 'not-so' && opensByItself(sitting, step)) return open(sitting, step, `not so since ${what}`);
  if (looked?.is === 'so' && changed.every(({ name }) => seen.has(name))) return stillDone(sitting, step, looked);
  await askWhat(sitting, step, what, looked);
}

/** Opened, it is looked at before anything else; or it has no act. What else would act is for the person to say. */
function opensByItself(sitting: Sitting, step: Step): boolean {
  const { acts, kind } = sitting.offer(step);
  const measured = stepOf(sitting.state, step.id).attempts.at(-1)?.since !== undefined;
  return !acts || (kind?.verify !== undefined && !measured);
}

function open(sitting: Sitting, step: Step, why: string): void {
  const acted = stepOf(sitting.state, step.id).attempts.some(({ does }) => does !== 'undo');
  sitting.append({ type: 'step.reopened', step: step.id, why, by: sitting.operator, to: 'look' });
  if (acted) sitting.face.tell(['What it made before stays as it is.']);
}

/** So with the new value too: done once more, with what was seen and what it leaves now. */
function stillDone(sitting: Sitting, step: Step, looked: Looked): void {
  const { outputs } = stepOf(sitting.state, step.id);
  sitting.append({
    type: 'step.done',
    step: step.id,
    ...proofOf(looked),
    by: sitting.operator,
    outputs: { ...outputs, ...looked.outputs },
    ...(sitting.offer(step).acts && { already: true }),
  });
}

async function askWhat(sitting: Sitting, step: Step, what: string, looked: Looked | undefined): Promise<void> {
  const message = `Since "${step.title}" was done, ${what}. ${WHY[looked?.is ?? 'unseen']}`;
  sitting.alone = false;
  const answer = await askUntil(
    sitting,
    {
      id: keepId(step),
      type: 'choice',
      about: 'way',
      message,
      detail: looked ? tellLook(looked) : [],
      options: [
        { value: 'open', key: 'r', label: 'open it again', hint: 'it comes up anew, with the new value' },
        { value: 'leave', key: 'l', label: 'leave it as it is', hint: 'the record says so' },
        ...(looked ? [{ value: 'look', key: 'c', label: 'look again' }] : []),
        { value: 'stop', key: 'q', label: 'stop and keep' },
      ],
    },
    sitting.signal,
    step,
  );
  if ('absent' in answer) throw new Stop(`${message} ${answer.absent}`.trim(), 4, step.id);
  if (!('value' in answer) || answer.value === 'stop') throw stopFor('value' in answer ? { stop: true } : answer, step);
  if (answer.value === 'open') open(sitting, step, what);
  if (answer.value !== 'leave') return;
  const question = keepId(step);
  sitting.append({ type: 'answer.given', question, message, value: KEEP, by: sitting.operator, step: step.id });
}

const WHY = {
  so: 'Looks tell only in part whether it still holds.',
  'not-so': 'It is not so now.',
  unknown: 'It cannot be seen whether it is so now.',
  unseen: 'No look tells whether it still holds.',
} as const;
