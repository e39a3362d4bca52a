// A step that is a question: asked once, answered for the record; answered anew where a person goes back to it.
import type { Question } from '../question.ts';
import type { Step } from '../runbook/model.ts';
import { fill } from '../text/expression.ts';
import { cardOf } from './card.ts';
import { stepOf } from './evolve.ts';
import { askOrAside } from './side.ts';
import type { Sitting } from './sitting.ts';

export async function question(sitting: Sitting, step: Step): Promise<void> {
  const form = step.form;
  if (form.form !== 'question') throw new Error(`step ${step.id} is not a question`);
  sitting.face.card(await cardOf(sitting, step));
  const id = `steps.${step.id}.answer`;
  const contexts = sitting.contexts();
  const text = (value: string) => {
    const filled = fill(value, contexts);
    return filled.ok ? String(filled.value) : value;
  };
  const message = text(form.question);
  const before = stepOf(sitting.state, step.id);
  const anew = before.reopened > 0 && { anew: true as const };
  const asked: Question = form.options
    ? {
        id,
        type: 'choice',
        about: 'value',
        message,
        ...anew,
        options: form.options.map((option) => ({ value: option, label: option })),
        ...(form.default !== undefined && { default: text(form.default) }),
      }
    : {
        id,
        type: 'text',
        message,
        ...anew,
        shape: form.shape === 'choice' ? 'text' : form.shape,
        ...(form.default !== undefined && { default: text(form.default) }),
        ...(form.example !== undefined && { example: form.example }),
        ...(form.pattern !== undefined && { pattern: form.pattern }),
      };
  const value = await askOrAside(sitting, asked, step);
  if (value === undefined) return;
  const { status, outputs } = before;
  if (status === 'done' && outputs.answer === value) return sitting.face.tell([`It is ${value} already.`]);
  if (status === 'done')
    sitting.append({ type: 'step.reopened', step: step.id, why: 'answered again', by: sitting.operator, to: 'look' });
  sitting.append({ type: 'answer.given', question: id, message, value, by: sitting.operator, step: step.id });
  sitting.append({
    type: 'step.done',
    step: step.id,
    how: 'on-word',
    by: sitting.operator,
    outputs: { answer: value },
    evidence: {},
  });
}
