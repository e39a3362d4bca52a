// `launch verify`: are the done steps of a run still so? Looks only; what it saw stands in the journal of that run.
import { changedWords } from '../engine/changed.ts';
import { lookAtAll, type Standing, standingOf } from '../engine/drift.ts';
import { Stop } from '../engine/stop.ts';
import type { Journal } from '../engine/store.ts';
import { tableLines } from '../ui/told-lines.ts';
import { standingLines, standingSummary } from '../ui/words.ts';
import { shownFace } from './faces.ts';
import { inMemory } from './in-memory.ts';
import { type KeptRun, keptRun, takeRunOrSay } from './kept-run.ts';
import { sittingOf } from './launching.ts';
import type { Call } from './main.ts';
import { looksByOwnCode } from './project.ts';
import { operatorOf } from './runs-of.ts';
import { themeOf } from './style.ts';
import { requireTrust } from './trust.ts';

export async function verify(call: Call): Promise<number> {
  const { io, flags } = call;
  const run = await keptRun(call);
  const trusted = looksByOwnCode(run.runbook);
  if (trusted) await requireTrust(io, flags, run.runbook);
  const held = takeRunOrSay(call, run, 'what is seen is not written down.');
  try {
    const standings = await looked(call, run, held ?? inMemory(run.id, run.runs.read(run.id)), trusted);
    if (flags.json) io.stdout.json(document(run, standings, held !== undefined), 2);
    else show(call, run, standings, held !== undefined);
    return EXITS[standingOf(standings)];
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    io.stderr.write(io.redactor.text(`launch: ${error.message}\n`));
    return error.exit;
  } finally {
    held?.close();
  }
}

const EXITS = { so: 0, 'not-so': 1, unknown: 4 } as const;

async function looked(
  { io, flags }: Call,
  { runbook, world }: KeptRun,
  journal: Journal,
  trusted: boolean,
): Promise<readonly Standing[]> {
  const sitting = await sittingOf({
    io,
    runbook,
    journal,
    world,
    // The table says it all, once, on stdout.
    face: { ...shownFace(io, { ...flags, json: false }, runbook), happened: () => {} },
    operator: operatorOf(io, flags),
    skip: {},
    recheck: false,
    trusted,
  });
  return lookAtAll(sitting);
}

function document({ id, runbook }: KeptRun, standings: readonly Standing[], written: boolean): object {
  const steps = standings.map(({ step, ...standing }) => ({ step: step.id, title: step.title, ...standing }));
  return { run: id, runbook: runbook.name, is: standingOf(standings), written, steps };
}

function show({ io, flags }: Call, { id, runbook }: KeptRun, standings: readonly Standing[], written: boolean): void {
  const theme = themeOf(io, flags);
  const lines = [
    ...tableLines(
      standingLines(standings, (changed) => changedWords(runbook, changed)),
      theme,
    ),
    '',
    standingSummary(id, standings),
  ];
  io.stdout.write(io.redactor.text(`${lines.join('\n')}\n`));
  if (written && standings.some(({ checks }) => checks.length > 0))
    io.stderr.write(`The record with what was seen now: launch export --run ${id} --out FILE\n`);
}
