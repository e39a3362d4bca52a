// Asked before anything with an effect, whatever its form: `confirm`, and the name typed at a point of no return.
import type { Step } from '../runbook/model.ts';
import { fill } from '../text/expression.ts';
import { ask } from './ask.ts';
import { stepOf } from './evolve.ts';
import { askOrAside, goAside } from './side.ts';
import type { Sitting } from './sitting.ts';
import { Stop } from './stop.ts';

/** Before an act: each one anew, also after a crash. false: the person did not agree, and has chosen what becomes of the step. */
export async function agree(sitting: Sitting, step: Step): Promise<boolean> {
  if (step.confirm !== undefined && !(await confirm(sitting, step, step.confirm))) return false;
  return step.irreversible === undefined || typeName(sitting, step, textOf(sitting, step.irreversible));
}

/** Before a person takes a step in hand: once, however often they put it aside. */
export async function agreeOnce(sitting: Sitting, step: Step): Promise<boolean> {
  const { answers } = stepOf(sitting.state, step.id);
  const { confirm: text, irreversible: name } = step;
  if (text !== undefined && answers[confirmId(step)] !== 'yes' && !(await confirm(sitting, step, text))) return false;
  return name === undefined || answers[nameId(step)] !== undefined || typeName(sitting, step, textOf(sitting, name));
}

const confirmId = (step: Step): string => `steps.${step.id}.confirm`;
const nameId = (step: Step): string => `steps.${step.id}.name`;

async function confirm(sitting: Sitting, step: Step, text: string): Promise<boolean> {
  const id = confirmId(step);
  const message = textOf(sitting, text);
  const said = await ask(sitting, { id, type: 'confirm', message }, step);
  sitting.append({ type: 'answer.given', question: id, message, value: said, by: sitting.operator, step: step.id });
  if (said === 'yes') return true;
  await goAside(sitting, step, { message: `"${step.title}" was not confirmed.`, back: 'be asked again' });
  return false;
}

async function typeName(sitting: Sitting, step: Step, name: string): Promise<boolean> {
  const id = nameId(step);
  const message = `"${step.title}" cannot be taken back. Type ${name} to go on.`;
  const said = await askOrAside(sitting, { id, type: 'name', message, name }, step);
  if (said === undefined) return false;
  if (said !== name) throw new Stop(`the name typed for "${step.title}" was not ${name}`, 4, step.id);
  sitting.append({ type: 'answer.given', question: id, message, value: said, by: sitting.operator, step: step.id });
  return true;
}

function textOf(sitting: Sitting, text: string): string {
  const filled = fill(text, sitting.contexts());
  return filled.ok ? String(filled.value) : text;
}
