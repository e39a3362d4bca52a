// `launch mark STEP done`, `skipped --reason …` or `again`: one step of an open run, without walking through the others.
import { type Mark, mark as markStep, wantsPerson, whyNotMarked } from '../engine/one-thing.ts';
import { Stop } from '../engine/stop.ts';
import type { Runbook, Step } from '../runbook/model.ts';
import { didYouMean } from '../text/closest.ts';
import { againOf, calledAs, inTerminal } from './again.ts';
import { readAnswers } from './answers.ts';
import { facesFor } from './faces.ts';
import { isPresent, UsageError } from './io.ts';
import { openRun, takeRun } from './kept-run.ts';
import { sittingOf, swept } from './launching.ts';
import type { Call } from './main.ts';
import { looksByOwnCode } from './project.ts';
import { operatorOf } from './runs-of.ts';
import { mayRun, requireTrust } from './trust.ts';

export async function mark(call: Call): Promise<number> {
  const { io, flags } = call;
  const { id, as, reason } = read(call);
  const run = await openRun(call);
  const { runbook, world } = run;
  const step = stepCalled(runbook, id);
  const there = isPresent(io, flags);
  if (!there && wantsPerson(step, as)) return onlyThere(call, step, as);
  if (!there && as === 'skipped' && reason === undefined)
    throw new UsageError('why is it skipped?', 'give --reason "…" for the record');
  if (as === 'done' && looksByOwnCode(runbook)) await requireTrust(io, flags, runbook);
  const answers = readAnswers(io, flags, runbook);
  const journal = takeRun(call, run);
  // `--yes` never says that something was done, nor that a gate is left out.
  const faces = await facesFor(io, { ...flags, yes: false }, { outline: runbook, again: againOf(io, 'mark'), answers });
  try {
    const launching = {
      io,
      runbook,
      journal,
      world,
      face: faces.face,
      operator: operatorOf(io, flags),
      skip: {},
      recheck: false,
      trusted: mayRun(io, flags, runbook),
    };
    const sitting = await sittingOf(launching);
    const why = whyNotMarked(sitting, step, as);
    if (why !== undefined) throw new UsageError(why, `\`launch status --run ${run.id}\` says where it stands`);
    const marked = await markStep(sitting, step, as, reason);
    faces.close();
    io.stderr.write(`${marked ? '' : 'Nothing was marked. '}Go on with: ${calledAs(io)} ${run.state.runbook.name}\n`);
    return await swept(launching, marked ? 0 : 4);
  } catch (error) {
    faces.close();
    if (!(error instanceof Stop)) throw error;
    io.stderr.write(io.redactor.text(`launch: nothing was marked: ${error.message}\n`));
    return error.exit;
  } finally {
    faces.close();
    journal.close();
  }
}

function read({ names, flags }: Call): { readonly id: string; readonly as: Mark; readonly reason?: string } {
  const [id, as, ...more] = names;
  if (id === undefined || (as !== 'done' && as !== 'skipped' && as !== 'again') || more.length > 0)
    throw new UsageError(
      'which step, and what is it?',
      '`launch mark STEP done`, `launch mark STEP skipped --reason "…"`, or `launch mark STEP again`',
    );
  const reason = flags.reason?.trim();
  if (reason === '') throw new UsageError('--reason is empty', 'give the reason for the record');
  return { id, as, ...(reason !== undefined && { reason }) };
}

function stepCalled({ name, steps }: Runbook, id: string): Step {
  const step = steps.find((one) => one.id === id);
  if (step) return step;
  const near = didYouMean(
    id,
    steps.map((one) => one.id),
  );
  throw new UsageError(`${name} has no step "${id}"`, near ?? '`launch status` lists the steps');
}

function onlyThere({ io }: Call, step: Step, as: Mark): number {
  const what = as === 'done' ? 'Only a person can say that a step is done' : 'Only a person can leave this out';
  io.stderr.write(`launch: ${what} ("${step.title}")\n  run \`${inTerminal(againOf(io, 'mark'))}\` in a terminal\n`);
  return 4;
}
