// Names of steps, their outputs and outcomes: are they there, and there in time?
import { z } from 'zod';
import { didYouMean } from '../text/closest.ts';
import type { Chain, Segment } from '../text/expression-tree.ts';
import { type DraftStep, mapOf } from './draft.ts';
import { comesAfter } from './needs.ts';
import { kindUses, type Subject } from './rule.ts';
import type { Site } from './sites.ts';
import { tooLong, type WrongName } from './wrong-name.ts';

export function wrongStep(chain: Chain, segment: Segment, site: Site, subject: Subject): WrongName | undefined {
  const { byId, steps } = subject;
  const { name: id } = segment;
  const step = byId.get(id);
  const [, , part, output] = chain.segments;
  if (!step)
    return {
      segment,
      code: 'unknown-step',
      message: `no step is called "${id}"`,
      remedy: didYouMean(id, byId.keys()) ?? 'name the id of a step',
    };
  if (part?.name !== 'outputs' && part?.name !== 'outcome') {
    return {
      segment: part ?? segment,
      code: 'unknown-context',
      message: 'a step has "outputs" and "outcome"',
      remedy: `write steps.${id}.outputs.NAME or steps.${id}.outcome`,
    };
  }
  if (part.name === 'outputs' && (!output || output.computed)) {
    return {
      segment: part,
      code: 'unknown-context',
      message: 'name one output',
      remedy:
        namesOf(outputsOf(step, subject), (names) => `there are ${names.join(', ')}`) ??
        `write steps.${id}.outputs.NAME`,
    };
  }
  const late = tooEarly(step, segment, part.name, site, steps, byId);
  if (late) return late;
  if (part.name === 'outcome' || !output) return tooLong(chain, 3);
  const names = outputsOf(step, subject);
  if (names !== 'any' && !names.includes(output.name)) {
    const remedy =
      didYouMean(output.name, names) ?? (names.length > 0 ? `there are ${names.join(', ')}` : 'it leaves none');
    return {
      segment: output,
      code: 'unknown-output',
      message: `the step "${id}" has no output "${output.name}"`,
      remedy,
    };
  }
  return tooLong(chain, 4);
}

function tooEarly(
  target: DraftStep,
  segment: Segment,
  part: string,
  site: Site,
  steps: Subject['steps'],
  byId: Subject['byId'],
): WrongName | undefined {
  const { step } = site;
  if (!step) return undefined;
  if (step === target) {
    if (site.ownOutputs && part === 'outputs') return undefined;
    return {
      segment,
      code: 'output-order',
      message: `"${segment.name}" is this step itself: its ${part === 'outputs' ? 'outputs are' : 'outcome is'} not there yet`,
      remedy: 'name a step before it',
    };
  }
  if (comesAfter(step, segment.name, steps, byId)) return undefined;
  const later = target.index > step.index;
  const message = later
    ? `the step "${segment.name}" comes later`
    : `nothing says that "${segment.name}" comes before this step`;
  return {
    segment,
    code: 'output-order',
    ...(!later && { severity: 'warning' as const }),
    message,
    remedy: later ? 'move it up, or add it to "needs"' : `add it: needs: [..., ${segment.name}]`,
  };
}

/** Names of the outputs that a step can leave; `any` where they are not known before it runs. */
function outputsOf(step: DraftStep, { kinds }: Subject): readonly string[] | 'any' {
  const names = new Set(Object.keys(mapOf(step.raw.ask)));
  if (step.form === undefined || step.form === 'run' || step.form === 'script') return 'any';
  if (step.form === 'question') names.add('answer');
  for (const { kind: name } of kindUses(step)) {
    const kind = kinds.get(name);
    if (!kind) return 'any';
    if (kind.outputs?.def.catchall && !(kind.outputs.def.catchall instanceof z.ZodNever)) return 'any';
    for (const output of Object.keys(kind.outputs?.shape ?? {})) names.add(output);
  }
  return [...names];
}

const namesOf = (names: readonly string[] | 'any', say: (names: readonly string[]) => string): string | undefined =>
  names === 'any' || names.length === 0 ? undefined : say(names);
