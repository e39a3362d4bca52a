// Asking in a sitting: an answer is a text, or the sitting stops (nobody there, or the person said stop).

import type { Answer, Question } from '../question.ts';
import type { Step } from '../runbook/model.ts';
import type { Sitting } from './sitting.ts';
import { Stop } from './stop.ts';

/** The answer's text. Throws Stop with exit 4 when nobody can answer, or the person stops. */
export async function ask(sitting: Sitting, question: Question, step?: Step): Promise<string> {
  const answer = await askUntil(sitting, question, sitting.signal, step);
  if ('value' in answer) return answer.value;
  throw stopFor(answer, step);
}

/** The same, but withdrawn when `signal` is aborted; `absent` and `stop` stay the caller's. What waits is looked at beside it. */
export async function askUntil(
  sitting: Sitting,
  question: Question,
  signal: AbortSignal,
  step?: Step,
): Promise<Answer> {
  const asking = sitting.face.ask(question, { signal, ...(step && { step: step.id }) });
  if (!sitting.meanwhile) return asking;
  const over = new AbortController();
  try {
    return await beside(asking, sitting.meanwhile(AbortSignal.any([signal, over.signal])));
  } finally {
    over.abort();
  }
}

/** The answer, without waiting for what goes on beside it; where that breaks, so does the asking. */
export function beside(asking: Promise<Answer>, meanwhile: Promise<void>): Promise<Answer> {
  return Promise.race([asking, meanwhile.then(() => asking)]);
}

export function stopFor(answer: Answer, step?: Step): Stop {
  if ('absent' in answer) return new Stop(answer.absent, 4, step?.id);
  if ('withdrawn' in answer) return new Stop('the run was interrupted', 4, step?.id);
  return new Stop('stopped by the operator', 4, step?.id);
}
