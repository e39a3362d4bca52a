// `launch status`: where a run stands. Never needs the lock.
import { staleLines, staleOf } from '../engine/changed.ts';
import { tableLines } from '../ui/told-lines.ts';
import { resumeLines, statusTable, statusText } from '../ui/words.ts';
import { frozenRun } from './frozen.ts';
import type { Call } from './main.ts';
import { themeOf } from './style.ts';
import { waysOf } from './ways-of.ts';

export async function status(call: Call): Promise<number> {
  const { io, flags } = call;
  const { runbook, events, state, id } = await frozenRun(call);
  const stale = staleOf(runbook, events);
  const now = new Date();
  if (flags.json) {
    const steps = runbook.steps.map((step) => {
      const { status: stands = 'pending' } = state.steps.get(step.id) ?? {};
      const ways = waysOf(state, step, stands);
      const { id: called, title, phase } = step;
      const changed = stale.find((one) => one.step === step)?.changed;
      const more = { ...(changed && { changed }), ...(ways.length > 0 && { ways }) };
      return { ...state.steps.get(called), id: called, title, phase, status: stands, ...more };
    });
    io.stdout.json({ ...state, run: id, steps }, 2);
    return 0;
  }
  if (flags.text) {
    io.stdout.write(`${statusText(runbook, state, { now, stale: staleLines(runbook, stale) })}\n`);
    return 0;
  }
  const theme = themeOf(io, flags);
  const lines = [
    ...resumeLines(runbook, state, { now, stale: staleLines(runbook, stale) }),
    '',
    ...tableLines(statusTable(runbook, state, { width: (io.stdout.columns || 100) - 4, now }), theme),
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}
