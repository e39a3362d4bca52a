// Which steps come before which: `needs` as written, or the step above.
import type { DraftStep } from './draft.ts';

/** Ids of the steps that a step needs. */
export function needsOf(step: DraftStep, steps: readonly DraftStep[]): readonly string[] {
  if (Array.isArray(step.raw.needs)) return step.raw.needs.filter((id) => typeof id === 'string');
  const before = steps[step.index - 1]?.id;
  return before === undefined ? [] : [before];
}

/** Ids in a circle, from one step back to it; undefined where there is none. Walks without calling itself: 10,000 steps are a long chain. */
export function findCircle(
  steps: readonly DraftStep[],
  byId: ReadonlyMap<string, DraftStep>,
): readonly string[] | undefined {
  const settled = new Set<string>();
  for (const start of byId.values()) {
    const path: { readonly step: DraftStep; readonly rest: string[] }[] = [];
    const onPath = new Set<string>();
    const enter = (step: DraftStep) => {
      path.push({ step, rest: [...needsOf(step, steps)] });
      onPath.add(step.id ?? '');
    };
    if (!settled.has(start.id ?? '')) enter(start);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const next = top.rest.shift();
      if (next === undefined) {
        settled.add(top.step.id ?? '');
        onPath.delete(top.step.id ?? '');
        path.pop();
      } else if (onPath.has(next)) {
        const ids = path.map(({ step }) => step.id ?? '');
        return [...ids.slice(ids.indexOf(next)), next];
      } else if (!settled.has(next)) {
        const step = byId.get(next);
        if (step) enter(step);
      }
    }
  }
  return undefined;
}

/** Does `step` come after `id`, by its needs and theirs? */
export function comesAfter(
  step: DraftStep,
  id: string,
  steps: readonly DraftStep[],
  byId: ReadonlyMap<string, DraftStep>,
): boolean {
  const target = byId.get(id)?.index ?? -1;
  const seen = new Set<DraftStep>();
  const open = [step];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    // Steps without needs of their own form a chain that is walked in one leap.
    const first = chainStart(at, steps);
    if (target >= first.index && target < at.index) return true;
    for (const need of needsOf(first, steps)) {
      const before = byId.get(need);
      if (before?.index === target) return true;
      if (before) open.push(before);
    }
  }
  return false;
}

const starts = new WeakMap<readonly DraftStep[], readonly number[]>();

/** The first step of the chain that ends here, each link being "the step above". */
function chainStart(step: DraftStep, steps: readonly DraftStep[]): DraftStep {
  let found = starts.get(steps);
  if (!found) {
    const begun: number[] = [];
    for (const { raw, index } of steps)
      begun.push(index > 0 && !Array.isArray(raw.needs) ? (begun[index - 1] ?? index) : index);
    found = begun;
    starts.set(steps, found);
  }
  return steps[found[step.index] ?? step.index] ?? step;
}
