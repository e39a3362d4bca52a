// `launch status`: where a run stands. Never needs the lock.
import { resumeLines, statusTable, statusText } from '../ui/standing.ts';
import { tableLines } from '../ui/told-lines.ts';
import type { Call } from './main.ts';
import { outlinedRun } from './outlined.ts';
import { themeOf } from './style.ts';

export async function status(call: Call): Promise<number> {
  const { io, flags } = call;
  if (flags.json) {
    await (await import('./status-json.ts')).statusJson(call);
    return 0;
  }
  const { outline, state } = await outlinedRun(call);
  const now = new Date();
  if (flags.text) {
    io.stdout.write(`${statusText(outline, state, { now })}\n`);
    return 0;
  }
  const theme = themeOf(io, flags);
  const lines = [
    ...resumeLines(outline, state, { now }),
    '',
    ...tableLines(statusTable(outline, state, { width: (io.stdout.columns || 100) - 4, now }), theme),
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}
