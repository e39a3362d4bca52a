// Carrying out the act of a step: shown, agreed to, on disk as started, done, on disk as ended.
import type { Step } from '../runbook/model.ts';
import type { Json } from '../step.ts';
import { formatDuration } from '../text/duration.ts';
import { agree } from './agree.ts';
import { ask, stopFor } from './ask.ts';
import { goesOn, startBackground } from './background.ts';
import { cardOf } from './card.ts';
import { stepOf } from './evolve.ts';
import { lookAndKeep } from './look.ts';
import { guarded, Output } from './ports.ts';
import { type Performed, type Prepared, prepare } from './prepare.ts';
import { chooseSideWay, sideWays } from './side.ts';
import type { Sitting } from './sitting.ts';
import { Stop } from './stop.ts';
import { settleUnknown } from './ways.ts';
import { work } from './work.ts';

/** Act on a step. Afterwards the journal has its end, unless a person chose another way. */
export async function act(sitting: Sitting, step: Step): Promise<void> {
  const offer = sitting.offer(step);
  const prepared = await prepare(sitting, step);
  if (prepared === undefined) return;
  if (prepared === 'by-hand') return work(sitting, step);
  const before = stepOf(sitting.state, step.id).looks.act;
  if (before?.is === 'unknown' && offer.person !== undefined) return settleUnknown(sitting, step);
  guarded(sitting, step, prepared.texts);
  const commands = prepared.commands.map(shown);
  const attempt = stepOf(sitting.state, step.id).attempts.length + 1;
  const background = goesOn(sitting, step);
  // One that is done is started again: it was agreed to.
  const again = background && stepOf(sitting.state, step.id).status === 'done';
  if (sitting.repeats(step)) await pauseBefore(sitting, step, attempt);
  else if (!again && !(await agreed(sitting, step, commands))) return;
  sitting.agreedTo(step);

  const proves = !background && step.form.form !== 'uses' && step.verify.length > 0;
  const soBefore = proves && (await seenBefore(sitting, step));
  const since = before?.since;
  sitting.append({
    type: 'step.started',
    step: step.id,
    attempt,
    does: background ? 'background' : 'act',
    ...(since !== undefined && { since }),
    ...(soBefore && { soBefore }),
    commands,
  });
  sitting.journal.at(step.id);
  if (background) return startBackground(sitting, step, attempt, prepared);
  await carry(sitting, step, attempt, prepared, since === undefined ? {} : { since });
}

/** Does what is prepared, between its start on disk and its end. */
export async function carry(
  sitting: Sitting,
  step: Step,
  attempt: number,
  prepared: Prepared,
  since: { since?: Json },
): Promise<void> {
  const working = sitting.working(step, step.title);
  const receipt = sitting.journal.receipt(step.id, attempt);
  const output = new Output(sitting, receipt, working);
  const losses = sitting.lossesOf(step);
  const sleepAgain = sitting.world.awake?.();
  let acted: Performed;
  try {
    acted = await prepared.run(output, attempt, since);
  } catch (error) {
    // Stopped from within (a secret nobody could give, a forbidden word): whether anything was done is looked at.
    if (error instanceof Stop)
      sitting.append({ type: 'step.ended', step: step.id, attempt, result: 'unclear', why: error.message });
    throw error;
  } finally {
    sleepAgain?.();
    working.stop();
    receipt.end();
  }
  const lost = losses.find((signal) => signal.aborted);
  if (lost) acted = { ...acted, ended: 'failed', why: String(lost.reason) };
  const tail = output.tail();
  const { process } = acted;
  const why = acted.ended === 'ok' ? undefined : acted.why;
  const hint = acted.ended === 'failed' ? (hintFor(step, [why ?? '', ...tail]) ?? acted.hint) : undefined;
  sitting.append({
    type: 'step.ended',
    step: step.id,
    attempt,
    result: sitting.signal.aborted && acted.ended !== 'ok' ? 'unclear' : acted.ended,
    ...(why !== undefined && { why }),
    ...(hint !== undefined && { hint }),
    ...(typeof process?.exit === 'number' && { exit: process.exit }),
    ...(process?.signal !== undefined && { signal: process.signal }),
    ...(process?.timedOut && { timedOut: true }),
    ...(acted.ended === 'ok' && acted.outputs && { outputs: acted.outputs }),
    ...(acted.ended === 'ok' && acted.seen !== undefined && { seen: acted.seen }),
    tail,
    ...(receipt.name !== undefined && { receipt: receipt.name }),
  });
}

/** The runbook's own words for a failure (`on-error`). */
function hintFor(step: Step, texts: readonly string[]): string | undefined {
  return step.onError.find(({ match }) => texts.some((text) => new RegExp(match, 'i').test(text)))?.hint;
}

async function seenBefore(sitting: Sitting, step: Step): Promise<boolean> {
  const looked = await lookAndKeep(sitting, step, 'before');
  return looked.is === 'so';
}

/** Shown with what it costs and cannot take back; every act waits for Enter. false: the person chose another way. */
async function agreed(sitting: Sitting, step: Step, commands: readonly string[]): Promise<boolean> {
  sitting.face.card(await cardOf(sitting, step, commands));
  if (!(await agree(sitting, step))) return false;
  if (sitting.alone || step.confirm !== undefined || step.irreversible !== undefined) return true;
  const choice = await ask(
    sitting,
    {
      id: `steps.${step.id}.act`,
      type: 'choice',
      about: 'act',
      message: commands.length > 0 ? 'Run this?' : `Do "${step.title}" now?`,
      options: [
        { value: 'go', label: 'go on' },
        { value: 'alone', key: 'a', label: 'go on alone until the next step for a person', short: 'go on alone' },
        ...sideWays(sitting, step),
      ],
      default: 'go',
    },
    step,
  );
  if (choice === 'alone') sitting.alone = true;
  if (choice === 'go' || choice === 'alone') return true;
  await chooseSideWay(sitting, step, choice);
  return false;
}

/** `retry`: the pause between two attempts. What was agreed to for the first holds for the next. */
async function pauseBefore(sitting: Sitting, step: Step, attempt: number): Promise<void> {
  const ms = step.retry?.interval ?? 0;
  const why = stepOf(sitting.state, step.id).attempts.at(-1)?.ended?.why ?? 'it failed';
  const working = sitting.face.working(
    step.id,
    `${step.title}: ${why}; attempt ${attempt} of ${step.retry?.attempts} in ${formatDuration(ms)}`,
  );
  await sitting.world.clock.sleep(ms, sitting.signal);
  working.stop();
  if (sitting.signal.aborted) throw stopFor({ withdrawn: true }, step);
}

/** A command as a person would type it. */
export function shown(argv: readonly string[]): string {
  if (argv.length === 1) return argv[0] ?? '';
  return argv
    .map((part) => (/^[A-Za-z0-9_@%+=:,./-]+$/.test(part) ? part : `'${part.replaceAll("'", "'\\''")}'`))
    .join(' ');
}
