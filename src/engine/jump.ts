// To another step: back to one that is over, which is opened again, or on to one that need not wait for what is open. Or to an input.
import type { Option } from '../question.ts';
import type { Input, Step } from '../runbook/model.ts';
import { fewOf } from '../text/few.ts';
import { ask } from './ask.ts';
import { isSatisfied, isWatched } from './decide.ts';
import { canLookAgain, lookAgain } from './drift.ts';
import { stepOf } from './evolve.ts';
import { askInput, textOf } from './input.ts';
import { pasteAgain, pastedBefore, pasteId } from './paste.ts';
import type { Sitting } from './sitting.ts';
import { namesUsed } from './values-used.ts';

/** All steps in their order, each with what going there means; where we are is to stay. */
export async function jump(sitting: Sitting, from: Step): Promise<void> {
  const id = await ask(
    sitting,
    {
      id: `steps.${from.id}.jump`,
      type: 'choice',
      about: 'way',
      message: 'To which step? Type a part of its name.',
      find: true,
      options: [
        ...sitting.runbook.steps.map((one) =>
          one === from
            ? { value: '', label: one.title, hint: 'stay here' }
            : { value: one.id, label: one.title, hint: whatFollows(sitting, one) },
        ),
        ...sitting.runbook.inputs.flatMap((input) => inputOption(sitting, input)),
        ...pasted(sitting).map(({ id: value, label }) => ({ value, label, hint: 'asked again' })),
      ],
      default: '',
    },
    from,
  );
  const input = sitting.runbook.inputs.find(({ name }) => id === `inputs.${name}`);
  if (input) return askInput(sitting, input);
  const again = pasted(sitting).find((one) => one.id === id);
  if (again) return pasteAgain(sitting, again.step, again.ask);
  const target = sitting.runbook.steps.find((one) => one.id === id);
  if (!target) return;
  if (isOver(sitting, target)) return goBack(sitting, target);
  const obstacle = obstacleTo(sitting, target);
  if (obstacle === undefined) sitting.first = target.id;
  else sitting.face.tell([`"${target.title}" ${obstacle}.`]);
}

/** A value that was given can be given again; a secret is asked in each sitting. */
function inputOption({ state }: Sitting, { name, description, secret }: Input): readonly Option[] {
  const given = state.inputs[name];
  if (secret || given === undefined) return [];
  return [{ value: `inputs.${name}`, label: `${description ?? name} = ${textOf(given)}`, hint: 'asked again' }];
}

/** What was pasted back at steps that are done: given again without doing them again. */
const pasted = (sitting: Sitting) =>
  sitting.runbook.steps.flatMap((step) =>
    step.ask.flatMap((ask) => {
      const value = pastedBefore(sitting, step, ask);
      const label = `${ask.name} of "${step.title}" = ${value}`;
      return value === undefined ? [] : [{ id: pasteId(step, ask), step, ask, label }];
    }),
  );

const isOver = (sitting: Sitting, step: Step): boolean => isSatisfied(step, stepOf(sitting.state, step.id));

/** What going there means, in words. */
function whatFollows(sitting: Sitting, target: Step): string {
  if (isOver(sitting, target)) return whatIsOpenedAgain(sitting, target);
  const obstacle = obstacleTo(sitting, target);
  if (obstacle !== undefined) return obstacle;
  const passed = passedOver(sitting, target);
  return passed.length === 0 ? 'now' : `now; after it ${some(passed)}`;
}

/** Why an open step cannot be the next one, as the end of a sentence; undefined where it can. */
function obstacleTo(sitting: Sitting, target: Step): string | undefined {
  const need = sitting.open.find((one) => target.needs.includes(one.id));
  if (need) return `comes after "${need.title}", which is open`;
  return isWatched(stepOf(sitting.state, target.id)) ? 'is waited for, and looked at meanwhile' : undefined;
}

/** Open steps before it that could be done now, and stay open. */
function passedOver(sitting: Sitting, target: Step): readonly Step[] {
  const { open } = sitting;
  return open.slice(0, open.indexOf(target)).filter((one) => obstacleTo(sitting, one) === undefined);
}

/** Reopens one finished step; those that need it and can be looked at are looked at again, not run. */
async function goBack(sitting: Sitting, target: Step): Promise<void> {
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

function whatIsOpenedAgain(sitting: Sitting, target: Step): string {
  const looked = lookedAtAfter(sitting, target);
  const built = builtOn(sitting, target);
  return [
    looked.length === 0 ? 'opened again' : `opened again; then looked at again: ${some(looked)}`,
    ...(built.length > 0 ? [`if what it leaves changes, also: ${some(built)}`] : []),
    ...(looked.length + built.length === 0 ? ['no later step is looked at again'] : []),
  ].join('; ');
}

/** Done steps that need it and can be looked at: they are, when it is opened again. */
const lookedAtAfter = (sitting: Sitting, target: Step): readonly Step[] =>
  dependentsOf(sitting, target.id).filter((one) => canLookAgain(sitting, one) && !uses(one, target));

/** Done with what it left: that is not there before it is done again, and is compared then. */
const builtOn = ({ runbook, state }: Sitting, target: Step): readonly Step[] =>
  runbook.steps.filter((one) => stepOf(state, one.id).status === 'done' && uses(one, target));

const uses = (step: Step, { id }: Step): boolean =>
  namesUsed(step).some((name) => name.startsWith(`steps.${id}.outputs.`));

/** All steps that need this one, also by way of others, in order. */
function dependentsOf(sitting: Sitting, id: string): readonly Step[] {
  const reached = new Set([id]);
  return sitting.runbook.steps.filter((step) => {
    if (step.id === id || !step.needs.some((need) => reached.has(need))) return false;
    reached.add(step.id);
    return true;
  });
}

const some = (steps: readonly Step[]): string => fewOf(steps.map(({ title }) => title));
