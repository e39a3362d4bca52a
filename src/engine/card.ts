// A step as it is laid before the person: everything filled in that is known, secrets by name.
import type { Step } from '../runbook/model.ts';
import { fill, references } from '../text/expression.ts';
import type { Card } from './face.ts';
import { wantOf } from './look.ts';
import type { Sitting } from './sitting.ts';
import { tell } from './tell.ts';

export async function cardOf(sitting: Sitting, step: Step, commands: readonly string[] = []): Promise<Card> {
  const guide = guideOf(sitting, step);
  const { runbook } = sitting;
  const open = step.open ?? guide?.open;
  const costs = costsOf(sitting, step);
  const account = accountOf(sitting, step);
  return {
    id: step.id,
    title: step.title,
    phase: step.phase,
    ...openingOf(sitting, step),
    position: runbook.steps.indexOf(step) + 1,
    total: runbook.steps.length,
    prose: [step.prose, guide?.text ?? ''].filter((text) => text !== '').join('\n\n'),
    ...(step.who !== undefined && { who: tell(sitting, step.who) }),
    ...describes(sitting, step),
    commands: commands.map((command) => sitting.redactor.text(command)),
    ...(account !== undefined && { account }),
    ...(costs !== undefined && { costs }),
    ...(step.takes !== undefined && { takes: step.takes }),
    ...(open !== undefined && { open: tell(sitting, open) }),
    copy: copiesOf(sitting, step).map(({ label, text, secret }) => ({
      label,
      value: tell(sitting, text),
      ...(secret && { secret: true }),
    })),
    waiting: sitting.waiting.filter((one) => one.id !== step.id).map((one) => one.title),
  };
}

/** Once a sitting: with the first step of the phase that comes before a person. */
function openingOf({ runbook, opened }: Sitting, { id, phase }: Step): { opening?: string } {
  if (!opened.has(phase)) opened.set(phase, id);
  const opening = runbook.phases.find(({ title }) => title === phase)?.opening ?? '';
  return opened.get(phase) === id && opening !== '' ? { opening } : {};
}

/** As whom an act is carried out, in the words in which it was told before the first. */
function accountOf(sitting: Sitting, step: Step): string | undefined {
  const { kind, acts } = sitting.offer(step);
  return acts && kind?.login ? sitting.accounts.get(kind.login.account) : undefined;
}

/** The runbook's own words; else those of the kind, where they are known by now. */
export function costsOf(sitting: Sitting, step: Step): string | undefined {
  if (step.costs !== undefined) return tell(sitting, step.costs);
  const { kind } = sitting.offer(step);
  if (!kind?.costs || step.form.form !== 'uses') return undefined;
  const want = wantOf(kind, fill(step.form.with, sitting.contexts()));
  return 'value' in want ? kind.costs(want.value) : undefined;
}

/** What can be copied, in order, as it is written: the kind's own values, then the runbook's. */
export function copiesOf(
  sitting: Sitting,
  step: Step,
): readonly { readonly label: string; readonly text: string; readonly secret: boolean }[] {
  return Object.entries({ ...guideOf(sitting, step)?.copy, ...step.copy }).map(([label, text]) => ({
    label,
    text,
    secret: references(text).some(
      ({ path }) => path[0] === 'secrets' || (path[0] === 'inputs' && sitting.input(path[1] ?? '')?.secret),
    ),
  }));
}

function guideOf(sitting: Sitting, step: Step) {
  const kind = sitting.offer(step).kind;
  if (!kind?.guide || step.form.form !== 'uses') return undefined;
  const want = wantOf(kind, fill(step.form.with, sitting.contexts()));
  return 'value' in want ? kind.guide(want.value) : undefined;
}

/** The plan's line of a step. */
export function describes(sitting: Sitting, step: Step): { describes?: string } {
  const kind = sitting.offer(step).kind;
  if (!kind || step.form.form !== 'uses') return {};
  const want = wantOf(kind, fill(step.form.with, sitting.contexts()));
  return { describes: 'value' in want ? kind.describe(want.value) : kind.summary };
}
