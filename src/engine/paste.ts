// Values that a person brings from the page where they worked: asked for when the step is done, and given again later where one was wrong.
import type { Question } from '../question.ts';
import type { Ask, Step } from '../runbook/model.ts';
import { fill } from '../text/expression.ts';
import { ask } from './ask.ts';
import { stepOf } from './evolve.ts';
import type { Sitting } from './sitting.ts';

export const pasteId = (step: Step, { name }: Ask): string => `steps.${step.id}.ask.${name}`;

export function pasteQuestion(sitting: Sitting, step: Step, one: Ask): Question {
  const filled = one.message === undefined ? undefined : fill(one.message, sitting.contexts());
  const message = filled?.ok ? String(filled.value) : (one.message ?? one.name);
  const before = pastedBefore(sitting, step, one);
  const isDone = stepOf(sitting.state, step.id).status === 'done';
  const more = {
    id: pasteId(step, one),
    message,
    ...(isDone && { anew: true as const }),
    ...(before !== undefined && { default: before }),
  };
  if (one.options) {
    const options = one.options.map((option) => ({ value: option, label: option }));
    return { ...more, type: 'choice', about: 'value', options };
  }
  return {
    ...more,
    type: 'text',
    ...(one.pattern !== undefined && { pattern: one.pattern }),
    ...(one.example !== undefined && { example: one.example }),
    // What later steps were done with is replaced, never taken away.
    ...(!one.required && !isDone && { optional: true }),
  };
}

export function keepPasted(
  sitting: Sitting,
  step: Step,
  one: Ask,
  { message, value }: { readonly message: string; readonly value: string },
): void {
  const question = pasteId(step, one);
  if (pastedBefore(sitting, step, one) === value) sitting.face.tell([`It is ${value} already.`]);
  else sitting.append({ type: 'answer.given', question, message, value, by: sitting.operator, step: step.id });
}

/** Ask for a value of a step that is done once more: the step itself stays done. */
export async function pasteAgain(sitting: Sitting, step: Step, one: Ask): Promise<void> {
  const asked = pasteQuestion(sitting, step, one);
  keepPasted(sitting, step, one, { message: asked.message, value: await ask(sitting, asked, step) });
}

/** What was pasted back, where the step is done with it. */
export function pastedBefore({ state }: Sitting, step: Step, { name }: Ask): string | undefined {
  const { status, outputs } = stepOf(state, step.id);
  return status === 'done' && Object.hasOwn(outputs, name) ? outputs[name] : undefined;
}
