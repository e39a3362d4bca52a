// What does a step offer? The one place where forms and kinds become answers to questions; everyone else asks the offer, never the form.
import type { Check, Runbook, Step } from '../runbook/model.ts';
import type { StepKind } from '../step.ts';

export interface Offer {
  /** It can be seen before its act whether the act is needed. */
  readonly looksFirst: boolean;
  /** It can be seen whether it is so. */
  readonly looks: boolean;
  readonly acts: boolean;
  /** A person is needed: with their hands, ticking items, answering. */
  readonly person?: 'work' | 'items' | 'question';
  /** Nothing to do but wait for a time. */
  readonly waits: boolean;
  /** The kind of a `uses` step. */
  readonly kind?: StepKind;
  /** Something of what is looked at means something later too. */
  readonly lasts: boolean;
  /** Milliseconds: how often its looks are asked and how long they may take to come true. */
  readonly every: number;
  readonly within: number;
}

export type Kinds = ReadonlyMap<string, StepKind>;
export type Offers = ReadonlyMap<string, Offer>;

const EVERY = 5_000;
const WITHIN = 5 * 60_000;
/** Nothing is looked at without a pause, whatever a runbook says. */
const SHORTEST = 1_000;

const NOTHING: Omit<Offer, 'every' | 'within'> = {
  looksFirst: false,
  looks: false,
  acts: false,
  waits: false,
  lasts: false,
};

/** A kind may answer of the moment only; a command is taken to mean what it says later too. */
export const isLasting = ({ does }: Check, kinds: Kinds): boolean =>
  'run' in does || kinds.get(does.uses)?.lasts !== false;

function shape(step: Step, kinds: Kinds): Omit<Offer, 'every' | 'within'> {
  const looks = step.verify.length > 0;
  const lasts = step.verify.some((check) => isLasting(check, kinds));
  const first = step.unless.length > 0;
  switch (step.form.form) {
    case 'uses': {
      const kind = kinds.get(step.form.kind);
      if (!kind) throw new Error(`the kind ${step.form.kind} of step ${step.id} is not loaded`);
      const acts = kind.act !== undefined;
      const own = kind.verify !== undefined;
      return {
        kind,
        looks: own || looks,
        looksFirst: own && (acts || kind.guide !== undefined),
        acts,
        ...(kind.guide && { person: 'work' as const }),
        waits: false,
        lasts: (own && kind.lasts !== false) || lasts,
      };
    }
    case 'run':
    case 'script':
      return {
        ...NOTHING,
        acts: true,
        looks: looks || (step.background?.readyWhen.length ?? 0) > 0,
        looksFirst: first,
        // Whether it is ready says nothing of another day.
        lasts: lasts && step.background === undefined,
      };
    case 'manual':
      return { ...NOTHING, person: 'work', looks, lasts, looksFirst: first || looks };
    case 'checklist':
      return { ...NOTHING, person: 'items' };
    case 'question':
      return { ...NOTHING, person: 'question' };
    case 'wait':
      return { ...NOTHING, waits: true };
    case 'gate':
      return { ...NOTHING, looks: true, lasts };
    default:
      return step.form satisfies never;
  }
}

/** The longest `within` and the shortest `every` of what is looked at decide for the step. */
export function offerOf(step: Step, kinds: Kinds, durations: (text: string) => number | undefined): Offer {
  const offered = shape(step, kinds);
  const own = offered.kind?.verify !== undefined;
  const given = (text: string | undefined) => (text === undefined ? undefined : durations(text));
  const checks = [...(step.background?.readyWhen ?? []), ...step.verify];
  const withins = checks.map((check) => check.within ?? WITHIN);
  const everies = checks.map((check) => check.every ?? EVERY);
  if (own) {
    withins.push(step.within ?? given(offered.kind?.within) ?? WITHIN);
    everies.push(
      Math.max(step.every ?? given(offered.kind?.every) ?? EVERY, given(offered.kind?.disturbs?.every) ?? 0),
    );
  }
  return {
    ...offered,
    within: withins.length ? Math.max(...withins) : (step.within ?? WITHIN),
    every: Math.max(everies.length ? Math.min(...everies) : (step.every ?? EVERY), SHORTEST),
  };
}

/** Names of all kinds a runbook uses, in steps and checks. */
export function kindsOf(runbook: Runbook): readonly string[] {
  const names = new Set<string>();
  const add = (checks: readonly Check[]) => {
    for (const check of checks) if ('uses' in check.does) names.add(check.does.uses);
  };
  for (const step of runbook.steps) {
    if (step.form.form === 'uses') names.add(step.form.kind);
    add(step.verify);
    add(step.unless);
    if (step.background) add(step.background.readyWhen);
  }
  return [...names];
}
