// Values that are not there: asked for in the shape they should have had, instead of going on with an empty text.
import type { Step } from '../runbook/model.ts';
import { fill } from '../text/expression.ts';
import { ask } from './ask.ts';
import { stepOf } from './evolve.ts';
import { recallSecret } from './secrets.ts';
import type { Sitting } from './sitting.ts';
import { Stop } from './stop.ts';
import { namesIn } from './values-used.ts';

/** Ask for each missing value that a person can know. Throws Stop for one that nobody can (an unset `env`, a secret). */
export async function supply(sitting: Sitting, step: Step, missing: readonly string[]): Promise<void> {
  for (const name of missing) {
    if (name.startsWith('secrets.')) {
      await recallSecret(sitting, step, name.split('.').slice(1));
      continue;
    }
    if (!/^steps\.[^.]+\.outputs\./.test(name))
      throw new Stop(`"${step.title}" needs ${name}, which is not there`, 4, step.id);
    await askOutput(sitting, step, name, `"${step.title}" needs ${name}, and no step left it. What is it?`);
  }
}

/** A value that a step left, or should have. */
export async function askOutput(sitting: Sitting, step: Step, id: string, message: string): Promise<void> {
  const value = await ask(sitting, { id, type: 'text', message }, step);
  sitting.append({ type: 'answer.given', question: id, message, value, by: sitting.operator, step: step.id });
}

/** A step that is skipped or done by hand leaves no outputs: those that later steps use are asked for now. */
export async function supplyOutputsOf(sitting: Sitting, step: Step): Promise<void> {
  const has = stepOf(sitting.state, step.id).outputs;
  for (const name of outputsUsed(sitting, step.id)) {
    if (Object.hasOwn(has, name)) continue;
    await askOutput(
      sitting,
      step,
      `steps.${step.id}.outputs.${name}`,
      `Later steps use "${name}" of "${step.title}". What is it?`,
    );
  }
}

function outputsUsed(sitting: Sitting, id: string): readonly string[] {
  const begin = `steps.${id}.outputs.`;
  const names = sitting.runbook.steps.flatMap(({ place, digest, prose, ...definition }) => namesIn(definition));
  return [...new Set(names)].filter((name) => name.startsWith(begin)).map((name) => name.slice(begin.length));
}

/** Before a look: values that what is looked at needs and that a person can give. True when some were asked for. */
export async function supplyFor(sitting: Sitting, step: Step): Promise<boolean> {
  const missing = missingFor(sitting, step);
  if (missing.length > 0) await supply(sitting, step, missing);
  return missing.length > 0;
}

/** Of what a person is told to copy and to open: values of earlier steps that none of them left. A secret is asked for only when it is copied. */
export function missingToTell(sitting: Sitting, step: Step): readonly string[] {
  const contexts = sitting.contexts();
  const missing = [...Object.values(step.copy ?? {}), ...(step.open === undefined ? [] : [step.open])].flatMap(
    (text) => {
      const filled = fill(text, contexts);
      return filled.ok ? [] : filled.missing;
    },
  );
  return [...new Set(missing)].filter(
    (name) => /^steps\.[^.]+\.outputs\./.test(name) && !name.startsWith(`steps.${step.id}.`),
  );
}

/** Names of those values, as things stand. */
export function missingFor(sitting: Sitting, step: Step): readonly string[] {
  const contexts = sitting.contexts();
  const looked = step.form.form === 'uses' ? [step.form.with] : [];
  for (const check of [...step.verify, ...step.unless, ...(step.background?.readyWhen ?? [])])
    if ('with' in check.does) looked.push(check.does.with);
  const missing = looked.flatMap((value) => {
    const filled = fill(value, contexts);
    return filled.ok ? [] : filled.missing;
  });
  // What the step itself leaves is not there before it has.
  return [...new Set(missing)].filter(
    (name) => /^(steps\.[^.]+\.outputs|secrets)\./.test(name) && !name.startsWith(`steps.${step.id}.`),
  );
}
