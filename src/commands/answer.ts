// `launch answer QUESTION VALUE`: one question of an open run, by its id or its name, as a file of answers would; also one that was answered.
import { staleLines } from '../engine/changed.ts';
import { answerOne } from '../engine/one-thing.ts';
import { Stop } from '../engine/stop.ts';
import type { Runbook } from '../runbook/model.ts';
import { createHeadlessFace } from '../ui/headless.ts';
import { calledAs } from './again.ts';
import { checkId } from './answers.ts';
import { shownFace } from './faces.ts';
import { UsageError } from './io.ts';
import { openRun, takeRun } from './kept-run.ts';
import { sittingOf } from './launching.ts';
import type { Call } from './main.ts';
import { operatorOf } from './runs-of.ts';
import { mayRun } from './trust.ts';

export async function answer(call: Call): Promise<number> {
  const { io, flags, names } = call;
  const [asked, value, ...more] = names;
  if (asked === undefined || value === undefined || more.length > 0)
    throw new UsageError(
      'which question, and what is the answer?',
      '`launch answer users "Europe"`, `launch answer page.team ABC`',
    );
  const run = await openRun(call);
  const { runbook, world } = run;
  const id = idOf(runbook, asked);
  checkId(id, asked, runbook);
  const again = `${calledAs(io)} ${run.state.runbook.name}`;
  const journal = takeRun(call, run);
  try {
    const shown = shownFace(io, flags, runbook);
    const sitting = await sittingOf({
      io,
      runbook,
      journal,
      world,
      face: createHeadlessFace({ shown, answers: { [id]: value }, yes: false, again }),
      operator: operatorOf(io, flags),
      skip: {},
      recheck: false,
      trusted: mayRun(io, flags, runbook),
    });
    await answerOne(sitting, id);
    const stale = staleLines(runbook, sitting.stale);
    if (stale.length > 0)
      sitting.face.tell([...stale, 'What can be looked at is looked at again when the run goes on.']);
    io.stderr.write(`Go on with: ${again}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    throw new UsageError(error.message, `\`launch status --run ${run.id}\` says where it stands`);
  } finally {
    journal.close();
  }
}

/** Called as a person says it: the step of a question, `STEP.VALUE` or the step alone of what is pasted back, an input. */
function idOf({ steps, inputs }: Runbook, asked: string): string {
  const [, called = asked, value] = /^([^.]+)\.([^.]+)$/.exec(asked) ?? [];
  const step = steps.find(({ id }) => id === called);
  if (step?.form.form === 'question' && value === undefined) return `steps.${called}.answer`;
  const [pasted, ...more] = step?.ask.filter(({ name }) => value === undefined || name === value) ?? [];
  if (pasted && more.length === 0) return `steps.${called}.ask.${pasted.name}`;
  return inputs.some(({ name }) => name === asked) ? `inputs.${asked}` : asked;
}
