// Steps that are done, looked at once more: what is no longer so is shown, and the person says what becomes of it.
import type { Step } from '../runbook/model.ts';
import { ask } from './ask.ts';
import { canLookAgain, lookAgain } from './drift.ts';
import type { Sitting } from './sitting.ts';

/** Each done step whose looks mean something later too. Nothing is run, and nothing is opened again unasked. */
export async function recheck(sitting: Sitting): Promise<void> {
  const steps = sitting.runbook.steps.filter((step) => canLookAgain(sitting, step));
  let so = 0;
  for (const step of steps) if (await stillSo(sitting, step)) so += 1;
  sitting.face.tell([`Done steps looked at again: ${so} of ${steps.length} as they were`]);
}

async function stillSo(sitting: Sitting, step: Step): Promise<boolean> {
  const looked = await lookAgain(sitting, step);
  if (looked.is === 'not-so' && (await opensAgain(sitting, step)))
    sitting.append({ type: 'step.reopened', step: step.id, why: 'no longer so', by: sitting.operator, to: 'look' });
  return looked.is === 'so';
}

async function opensAgain(sitting: Sitting, step: Step): Promise<boolean> {
  const answer = await ask(
    sitting,
    {
      id: `steps.${step.id}.drift`,
      type: 'choice',
      about: 'way',
      message: `"${step.title}" is no longer so.`,
      options: [
        { value: 'open', key: 'r', label: 'open it again', hint: 'it is the next step then' },
        { value: 'leave', key: 'l', label: 'leave it as it is', hint: 'it stays done' },
      ],
    },
    step,
  );
  return answer === 'open';
}
