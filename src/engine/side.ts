// The ways aside that every step offers: a note, done by hand, skip, another step, a shell, stop. Each does what its label says.
import type { Option, Question } from '../question.ts';
import type { Step } from '../runbook/model.ts';
import { fewOf } from '../text/few.ts';
import { ask, askUntil, stopFor } from './ask.ts';
import { jump } from './jump.ts';
import { lookAndKeep, tellLook } from './look.ts';
import { offersShell, shell } from './person-shell.ts';
import type { Sitting } from './sitting.ts';
import { stepsNeeding } from './step-index.ts';
import { supplyOutputsOf } from './supply.ts';
import { proofOf } from './verify.ts';

export function sideWays(sitting: Sitting, step: Step): readonly Option[] {
  return [
    { value: 'by-hand', key: 'd', label: 'done by hand' },
    { value: 'skip', key: 's', label: 'skip', hint: dependents(sitting, step) },
    { value: 'note', key: 'n', label: 'add a note' },
    ...(sitting.runbook.steps.length > 1
      ? [{ value: 'jump', key: 'j', label: 'go to another step', hint: 'found by its name' }]
      : []),
    ...(offersShell(sitting) ? [{ value: 'shell', key: '!', label: 'a shell in the project' }] : []),
    { value: 'stop', key: 'q', label: 'stop and keep' },
  ];
}

export async function chooseSideWay(sitting: Sitting, step: Step, choice: string): Promise<void> {
  if (choice === 'by-hand') return byHand(sitting, step);
  if (choice === 'skip') return skip(sitting, step);
  if (choice === 'note') return note(sitting, step);
  if (choice === 'jump') return jump(sitting, step);
  if (choice === 'shell') return shell(sitting, step);
  if (choice === 'stop') throw stopFor({ stop: true }, step);
  throw new Error(`no way aside is called ${choice}`);
}

/** Who needs this step, in words; undefined when nobody does. */
function dependents(sitting: Sitting, step: Step): string | undefined {
  const needing = stepsNeeding(sitting.runbook, step.id).map((one) => `"${one.title}"`);
  if (needing.length === 0) return undefined;
  return `${fewOf(needing)} then ${needing.length === 1 ? 'goes' : 'go'} on without it`;
}

/** `given`: the reason, where it need not be asked for. */
export async function byHand(sitting: Sitting, step: Step, given?: string): Promise<void> {
  const id = `steps.${step.id}.by-hand`;
  const message = `How was "${step.title}" done, and why by hand? (nothing: it was not)`;
  const reason = given ?? (await ask(sitting, { id, type: 'text', message, optional: true }, step));
  if (reason === '') return;
  const looked = sitting.offer(step).looks ? await lookAndKeep(sitting, step, 'done') : undefined;
  if (looked && looked.is !== 'so') {
    const sure = {
      id: `steps.${step.id}.on-word`,
      type: 'confirm' as const,
      message: 'It cannot be seen to be done. Take it as done on your word?',
      detail: tellLook(looked),
    };
    if ((await ask(sitting, sure, step)) !== 'yes') return;
  }
  await supplyOutputsOf(sitting, step);
  sitting.append({
    type: 'step.done',
    step: step.id,
    ...proofOf(looked),
    by: sitting.operator,
    outputs: looked?.outputs ?? {},
    reason,
  });
}

/** `given`: the reason, where it need not be asked for. */
export async function skip(sitting: Sitting, step: Step, given?: string): Promise<void> {
  const after = dependents(sitting, step);
  const why = {
    id: `steps.${step.id}.skip`,
    type: 'text' as const,
    message: `Why is "${step.title}" skipped? (nothing: it is not)`,
    optional: true,
    ...(after !== undefined && { detail: [after] }),
  };
  const reason = given ?? (await ask(sitting, why, step));
  if (reason === '') return;
  await supplyOutputsOf(sitting, step);
  sitting.append({ type: 'step.skipped', step: step.id, reason, by: sitting.operator });
}

async function note(sitting: Sitting, step: Step): Promise<void> {
  const text = await ask(
    sitting,
    { id: `steps.${step.id}.note`, type: 'text', message: 'Note for the record', optional: true },
    step,
  );
  if (text !== '') sitting.append({ type: 'note.added', text, by: sitting.operator, step: step.id });
}

/** The answer; undefined where the person wanted something else than to answer, which is done then. */
export async function askOrAside(sitting: Sitting, question: Question, step: Step): Promise<string | undefined> {
  const answer = await askUntil(sitting, { ...question, aside: true }, sitting.signal, step);
  if ('value' in answer) return answer.value;
  if (!('aside' in answer)) throw stopFor(answer, step);
  await goAside(sitting, step, { message: 'What instead?', back: 'go back to the question' });
  return undefined;
}

/** The ways aside on their own. `back`: what it is to change nothing. */
export async function goAside(
  sitting: Sitting,
  step: Step,
  { message, back }: { readonly message: string; readonly back: string },
): Promise<void> {
  const id = `steps.${step.id}.aside`;
  const options = [{ value: 'ask-again', key: 'b', label: back }, ...sideWays(sitting, step)];
  const choice = await ask(sitting, { id, type: 'choice', about: 'way', message, options, default: 'ask-again' }, step);
  if (choice !== 'ask-again') await chooseSideWay(sitting, step, choice);
}
