// `launch plan`: each step with what a run would do about it. Looks only; leaves no trace on disk.

import { type Ahead, forecast, forecastLines } from '../engine/forecast.ts';
import { tellLogins } from '../engine/needs.ts';
import { type PlanLine, planStep } from '../engine/plan.ts';
import { type Kept, withoutSecrets } from '../engine/redacted-fact.ts';
import { safeLine } from '../text/escape.ts';
import { tableLines } from '../ui/told-lines.ts';
import { planLines, planSummary } from '../ui/words.ts';
import { UsageError } from './io.ts';
import { lookingSitting } from './looking.ts';
import type { Call } from './main.ts';
import { looksByOwnCode, readRunbook, runbookFile } from './project.ts';
import { projectFolder } from './project-folder.ts';
import { themeOf } from './style.ts';
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
  const left = lines.filter(isLeft).map(({ step }) => step);
  const ahead = forecast(sitting, left);
  const text = (one: string): string => sitting.redactor.text(one);
  if (flags.json) io.stdout.json(withoutSecrets(document(lines, ahead), text, KEPT), 2);
  else {
    const theme = themeOf(io, flags);
    const told = [...(left.length > 0 ? await tellLogins(sitting) : []), ...forecastLines(ahead)];
    const block = told.length > 0 ? ['', ...told.map(safeLine)] : [];
    io.stdout.write(text(`${[...tableLines(planLines(lines), theme), ...block, '', planSummary(lines)].join('\n')}\n`));
  }
  return flags['exit-code'] && left.length > 0 ? 6 : 0;
}

const document = (lines: readonly PlanLine[], ahead: readonly Ahead[]) => ({
  steps: lines.map(({ step, ...line }) => ({ step: step.id, title: step.title, ...line })),
  ahead: ahead.map(({ steps, ...one }) => ({ ...one, steps: steps.map(({ id }) => id) })),
});

/** Ids and our own words are what a program goes by. */
const KEPT: Kept = { steps: { step: 'whole', will: 'whole' }, ahead: { about: 'whole', steps: 'whole' } };

const isLeft = ({ will }: PlanLine): boolean => will !== 'over' && will !== 'so-already' && will !== 'not-needed';
