// `launch status`: where a run stands. Never needs the lock.
import { valuesMayChange } from '../engine/values-may-change.ts';
import { resumeLines, statusTable, statusText } from '../ui/standing.ts';
import { tableLines } from '../ui/told-lines.ts';
import type { FoundRun } from './found-run.ts';
import type { Call } from './main.ts';
import { outlinedRun } from './outlined.ts';
import { themeOf } from './style.ts';

export async function status(call: Call): Promise<number> {
  const { io, flags } = call;
  if (flags.json) {
    await (await import('./status-json.ts')).statusJson(call);
    return 0;
  }
  const run = await outlinedRun(call);
  const { outline, state } = run;
  const now = new Date();
  const stale = await staleIn(run);
  if (flags.text) {
    io.stdout.write(`${statusText(outline, state, { now, stale })}\n`);
    return 0;
  }
  const theme = themeOf(io, flags);
  const lines = [
    ...resumeLines(outline, state, { now, stale }),
    '',
    ...tableLines(statusTable(outline, state, { width: (io.stdout.columns || 100) - 4, now }), theme),
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

/** What was done with values that are others now. Only where one was given anew, the runbook is read for it. */
async function staleIn(run: FoundRun): Promise<readonly string[]> {
  if (!valuesMayChange(run.events)) return [];
  const { staleLines, staleOf } = await import('../engine/changed.ts');
  const { runbook } = await (await import('./frozen.ts')).thawed(run);
  return staleLines(runbook, staleOf(runbook, run.events));
}
