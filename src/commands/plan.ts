// `launch plan`: each step with what a run would do about it. Looks only; leaves no trace on disk.

import { type PlanLine, planStep } from '../engine/plan.ts';
import { safeJson } from '../text/escape.ts';
import { createTheme, styleFor } from '../ui/theme.ts';
import { tableLines } from '../ui/told-lines.ts';
import { planLines, planSummary } from '../ui/words.ts';
import { UsageError } from './io.ts';
import { lookingSitting } from './looking.ts';
import type { Call } from './main.ts';
import { looksByOwnCode, readRunbook, runbookFile } from './project.ts';
import { projectFolder } from './project-folder.ts';
import { requireTrust } from './trust.ts';

export async function plan({ io, names, flags }: Call): Promise<number> {
  const [name] = names;
  if (name === undefined) throw new UsageError('which runbook?', '`launch plan prod`');
  const project = projectFolder(io, flags);
  const runbook = await readRunbook(io, project, runbookFile(io, flags, project, name), flags);
  const trusted = looksByOwnCode(runbook);
  if (trusted) await requireTrust(io, flags, runbook);
  const sitting = await lookingSitting({ io, flags, names }, { project, runbook, trusted });
  const lines: PlanLine[] = [];
  for (const step of runbook.steps) lines.push(await planStep(sitting, step));
  if (flags.json)
    io.stdout.write(
      `${safeJson(
        lines.map(({ step, ...line }) => ({ step: step.id, title: step.title, ...line })),
        2,
      )}\n`,
    );
  else {
    const theme = createTheme(
      styleFor({
        env: io.env,
        terminal: Boolean(io.stdout.isTTY),
        columns: io.stdout.columns,
        noColor: flags['no-color'],
        plain: flags.plain,
      }),
    );
    io.stdout.write(`${[...tableLines(planLines(lines), theme), '', planSummary(lines)].join('\n')}\n`);
  }
  const left = lines.some(({ will }) => will !== 'over' && will !== 'so-already' && will !== 'not-needed');
  return flags['exit-code'] && left ? 6 : 0;
}
