// `launch status --json`: where a run stands, for programs, with the ways forward of what holds it up.
import { frozenRun } from './frozen.ts';
import type { Call } from './main.ts';
import { waysOf } from './ways-of.ts';

export async function statusJson(call: Call): Promise<void> {
  const { runbook, state, id } = await frozenRun(call);
  const steps = runbook.steps.map((step) => {
    const { status: stands = 'pending' } = state.steps.get(step.id) ?? {};
    const ways = waysOf(state, step, stands);
    const { id: called, title, phase } = step;
    return { ...state.steps.get(called), id: called, title, phase, status: stands, ...(ways.length > 0 && { ways }) };
  });
  call.io.stdout.json({ ...state, run: id, steps }, 2);
}
