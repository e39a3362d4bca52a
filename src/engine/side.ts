// The ways aside that every step offers: a note, done by hand, skip, back to another step, a shell, stop. Each does what its label says.
import type { Option } from '../question.ts';
import type { Step } from '../runbook/model.ts';
import { ask, stopFor } from './ask.ts';
import { isSatisfied } from './decide.ts';
import { canLookAgain, lookAgain } from './drift.ts';
import { stepOf } from './evolve.ts';
import { lookAt, tellLook } from './look.ts';
import { offersShell, shell } from './person-shell.ts';
import type { Sitting } from './sitting.ts';
import { stepsNeeding } from './step-index.ts';
import { supplyOutputsOf } from './supply.ts';
import { proofOf } from './verify.ts';

export function sideWays(sitting: Sitting, step: Step): readonly Option[] {
  const back = sitting.runbook.steps.some((one) => isSatisfied(one, stepOf(sitting.state, one.id)));
  return [
    { value: 'by-hand', key: 'd', label: 'done by hand' },
    { value: 'skip', key: 's', label: 'skip', hint: dependents(sitting, step) },
    { value: 'note', key: 'n', label: 'add a note' },
    ...(back ? [{ value: 'back', key: 'j', label: 'back to a step', hint: 'found by its name' }] : []),
    ...(offersShell(sitting) ? [{ value: 'shell', key: '!', label: 'a shell in the project' }] : []),
    { value: 'stop', key: 'q', label: 'stop and keep' },
  ];
}

export async function chooseSideWay(sitting: Sitting, step: Step, choice: string): Promise<void> {
  if (choice === 'by-hand') return byHand(sitting, step);
  if (choice === 'skip') return skip(sitting, step);
  if (choice === 'note') return note(sitting, step);
  if (choice === 'back') return back(sitting, step);
  if (choice === 'shell') return shell(sitting, step);
  if (choice === 'stop') throw stopFor({ stop: true }, step);
  throw new Error(`no way aside is called ${choice}`);
}

/** Who needs this step, in words; undefined when nobody does. */
function dependents(sitting: Sitting, step: Step): string | undefined {
  const needing = stepsNeeding(sitting.runbook, step.id).map((one) => one.title);
  if (needing.length === 0) return undefined;
  const some = needing.slice(0, 3).join(', ');
  return `${some}${needing.length > 3 ? ` and ${needing.length - 3} more` : ''} then go on without it`;
}

/** `given`: the reason, where it need not be asked for. */
export async function byHand(sitting: Sitting, step: Step, given?: string): Promise<void> {
  const id = `steps.${step.id}.by-hand`;
  const message = `How was "${step.title}" done, and why by hand? (nothing: it was not)`;
  const reason = given ?? (await ask(sitting, { id, type: 'text', message, optional: true }, step));
  if (reason === '') return;
  const looked = sitting.offer(step).looks ? await lookAt(sitting, step, 'done') : undefined;
  if (looked)
    sitting.append({
      type: 'step.looked',
      step: step.id,
      for: 'done',
      is: looked.is,
      checks: looked.checks,
      outputs: looked.outputs,
    });
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

/** Reopens one finished step; those that need it and can be looked at are looked at again, not run. */
async function back(sitting: Sitting, step: Step): Promise<void> {
  const { runbook, state } = sitting;
  const finished = runbook.steps.filter((one) => isSatisfied(one, stepOf(state, one.id)));
  const id = await ask(
    sitting,
    {
      id: `steps.${step.id}.back`,
      type: 'choice',
      about: 'way',
      message: 'Back to which step? Type a part of its name.',
      find: true,
      options: [
        { value: '', label: 'stay here' },
        ...finished.map((one) => ({ value: one.id, label: one.title, hint: whatFollows(sitting, one) })),
      ],
      default: '',
    },
    step,
  );
  const target = finished.find((one) => one.id === id);
  if (!target) return;
  sitting.append({ type: 'step.reopened', step: target.id, why: 'gone back to', by: sitting.operator, to: 'look' });
  for (const one of lookedAtAfter(sitting, target)) {
    const looked = await lookAgain(sitting, one);
    if (looked.is === 'not-so')
      sitting.append({
        type: 'step.reopened',
        step: one.id,
        why: `no longer so after going back to "${target.title}"`,
        by: sitting.operator,
        to: 'look',
      });
  }
}

/** Done steps that need it and can be looked at: they are, when it is opened again. */
const lookedAtAfter = (sitting: Sitting, target: Step): readonly Step[] =>
  dependentsOf(sitting, target.id).filter((one) => canLookAgain(sitting, one));

/** What going back to it means, in words. */
function whatFollows(sitting: Sitting, target: Step): string {
  const titles = lookedAtAfter(sitting, target).map((one) => one.title);
  if (titles.length === 0) return 'opened again; no later step is looked at again';
  const some = titles.slice(0, 3).join(', ');
  return `opened again; then looked at again: ${some}${titles.length > 3 ? ` and ${titles.length - 3} more` : ''}`;
}

/** All steps that need this one, also by way of others, in order. */
function dependentsOf(sitting: Sitting, id: string): readonly Step[] {
  const reached = new Set([id]);
  return sitting.runbook.steps.filter((step) => {
    if (step.id === id || !step.needs.some((need) => reached.has(need))) return false;
    reached.add(step.id);
    return true;
  });
}
