// One thing at a time, beside the walk through a run: a step marked, a question answered. The same rules as in the wizard.
import type { Step } from '../runbook/model.ts';
import { ask } from './ask.ts';
import { isSatisfied } from './decide.ts';
import { stepOf } from './evolve.ts';
import { allowFolders } from './folders.ts';
import { askInput } from './input.ts';
import { question } from './question-step.ts';
import { byHand, skip } from './side.ts';
import type { Sitting } from './sitting.ts';
import { Stop } from './stop.ts';
import { askOutput } from './supply.ts';
import { askToPaste } from './work.ts';

export type Mark = 'done' | 'skipped' | 'again';

/** Why a step cannot be marked so, in one sentence; undefined where it can. */
export function whyNotMarked(sitting: Sitting, step: Step, as: Mark): string | undefined {
  if (as === 'again') return whyNotAgain(sitting, step);
  const over = whyOver(sitting, step);
  if (over !== undefined) return over;
  if (as === 'skipped') return undefined;
  const { form } = step.form;
  if (form === 'question') return `"${step.title}" is a question: \`launch answer steps.${step.id}.answer VALUE\``;
  if (form === 'checklist') return `"${step.title}" is a checklist: its items are ticked one by one`;
  const open = sitting.runbook.steps.find(
    (one) => step.needs.includes(one.id) && !isSatisfied(one, stepOf(sitting.state, one.id)),
  );
  return open && `"${step.title}" comes after "${open.title}", which is not done`;
}

function whyNotAgain(sitting: Sitting, step: Step): string | undefined {
  const { status } = stepOf(sitting.state, step.id);
  if (status === 'failed' || status === 'undone') return undefined;
  return `"${step.title}" has not failed: only a failed step is tried again`;
}

function whyOver({ state }: Sitting, step: Step): string | undefined {
  const { status } = stepOf(state, step.id);
  if (status === 'done' || status === 'skipped' || status === 'not-needed')
    return `"${step.title}" is ${status.replace('-', ' ')} already`;
  if (status === 'running' || status === 'in-doubt')
    return `"${step.title}" was started, and what became of it is not known: \`launch ${state.runbook.name}\` looks first`;
  return undefined;
}

/** Leaving out a gate or a point of no return is for a person to say. */
export const wantsPerson = (step: Step, as: Mark): boolean =>
  as === 'done' || (as === 'skipped' && (step.form.form === 'gate' || step.irreversible !== undefined));

/** False where the person did not want it in the end. Throws Stop where nobody can say what must be said. */
export async function mark(sitting: Sitting, step: Step, as: Mark, reason?: string): Promise<boolean> {
  await allowFolders(sitting);
  if (as === 'again') return tryAgain(sitting, step, reason);
  if (as === 'done') await byHand(sitting, step, reason);
  else if (!wantsPerson(step, as) || (await isSure(sitting, step))) await skip(sitting, step, reason);
  return stepOf(sitting.state, step.id).status === as;
}

/** The same as at the failure itself: the next sitting acts once more. */
function tryAgain(sitting: Sitting, step: Step, reason = 'tried again'): boolean {
  sitting.append({ type: 'step.reopened', step: step.id, why: reason, by: sitting.operator, to: 'act' });
  return true;
}

async function isSure(sitting: Sitting, step: Step): Promise<boolean> {
  const what = step.form.form === 'gate' ? 'a gate' : 'a point of no return';
  const message = `"${step.title}" is ${what}. Leave it out?`;
  return (await ask(sitting, { id: `steps.${step.id}.skip-sure`, type: 'confirm', message }, step)) === 'yes';
}

/** The answer to one question, by its id. Throws Stop where it cannot be answered now, or not so. */
export async function answerOne(sitting: Sitting, id: string): Promise<void> {
  const [, name] = /^inputs\.(.+)$/.exec(id) ?? [];
  if (name !== undefined) return answerInput(sitting, name);
  const [, stepId, what, detail = ''] = /^steps\.([^.]+)\.(answer|ask|outputs)\.?(.*)$/.exec(id) ?? [];
  const step = sitting.runbook.steps.find((one) => one.id === stepId);
  if (!step) throw new Stop(`nothing is asked by the name ${id}`, 4);
  if (what === 'outputs') return answerOutput(sitting, step, detail);
  const over = whyOver(sitting, step);
  if (over !== undefined && stepOf(sitting.state, step.id).status !== 'done') throw new Stop(over, 4, step.id);
  const pasted = step.ask.find((one) => one.name === detail);
  if (what === 'answer') await question(sitting, step);
  else if (pasted) await askToPaste(sitting, step, pasted);
}

async function answerInput(sitting: Sitting, name: string): Promise<void> {
  const input = sitting.input(name);
  if (!input) throw new Stop(`the runbook of this run has no input ${name}`, 4);
  await askInput(sitting, input);
  if (!Object.hasOwn(sitting.state.inputs, name)) throw new Stop(`${name} was not taken`, 4);
}

/** What a step leaves itself is never replaced. */
async function answerOutput(sitting: Sitting, step: Step, name: string): Promise<void> {
  const at = stepOf(sitting.state, step.id);
  if (!isSatisfied(step, at))
    throw new Stop(`"${step.title}" is not done: it may still leave ${name} itself`, 4, step.id);
  if (Object.hasOwn(at.outputs, name)) throw new Stop(`"${step.title}" has left ${name} itself`, 4, step.id);
  await askOutput(sitting, step, `steps.${step.id}.outputs.${name}`, `${name} of "${step.title}"`);
}
