// `launch status --json`: where a run stands, for programs, with the ways forward of what holds it up.
import { staleOf } from '../engine/changed.ts';
import { frozenRun } from './frozen.ts';
import type { Call } from './main.ts';
import { waysOf } from './ways-of.ts';

export async function statusJson(call: Call): Promise<void> {
  const { runbook, events, state, id } = await frozenRun(call);
  const stale = staleOf(runbook, events);
  const steps = runbook.steps.map((step) => {
    const { status: stands = 'pending' } = state.steps.get(step.id) ?? {};
    const ways = waysOf(state, step, stands);
    const { id: called, title, phase } = step;
    const changed = stale.find((one) => one.step === step)?.changed;
    const more = { ...(changed && { changed }), ...(ways.length > 0 && { ways }) };
    return { ...state.steps.get(called), id: called, title, phase, status: stands, ...more };
  });
  call.io.stdout.json({ ...state, run: id, steps }, 2);
}
