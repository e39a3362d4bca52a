// `launch status`: where a run stands. Never needs the lock.
import { tableLines } from '../ui/told-lines.ts';
import { resumeLines, statusTable, statusText } from '../ui/words.ts';
import { frozenRun } from './frozen.ts';
import type { Call } from './main.ts';
import { themeOf } from './style.ts';
import { waysOf } from './ways-of.ts';

export async function status(call: Call): Promise<number> {
  const { io, flags } = call;
  const { runbook, state, id } = await frozenRun(call);
  const now = new Date();
  if (flags.json) {
    const steps = runbook.steps.map((step) => {
      const { status: stands = 'pending' } = state.steps.get(step.id) ?? {};
      const ways = waysOf(state, step, stands);
      const { id: called, title, phase } = step;
      return { ...state.steps.get(called), id: called, title, phase, status: stands, ...(ways.length > 0 && { ways }) };
    });
    io.stdout.json({ ...state, run: id, steps }, 2);
    return 0;
  }
  if (flags.text) {
    io.stdout.write(`${statusText(runbook, state, { now })}\n`);
    return 0;
  }
  const theme = themeOf(io, flags);
  const lines = [
    ...resumeLines(runbook, state, { now }),
    '',
    ...tableLines(statusTable(runbook, state, { width: (io.stdout.columns || 100) - 4, now }), theme),
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}
