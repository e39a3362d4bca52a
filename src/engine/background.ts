// Commands that go on while other steps run (a tunnel): started when a step needs them, ended after the last that does, never in doubt.
import type { Step } from '../runbook/model.ts';
import type { Ended } from '../system/ports.ts';
import type { HeldChild } from '../system/world.ts';
import { isOver } from './decide.ts';
import { stepOf } from './evolve.ts';
import type { Working } from './face.ts';
import { holdAct, Output } from './ports.ts';
import type { Prepared } from './prepare.ts';
import type { Sitting } from './sitting.ts';

/** One that was started in this sitting and has not ended. */
export interface Background {
  readonly step: Step;
  readonly attempt: number;
  readonly child: HeldChild;
  /** Aborted with the reason in words when it ends before it was told to. */
  readonly lost: AbortController;
  /** It was told to end. */
  ending: boolean;
  readonly over: Promise<void>;
}

/** Does this command go on? In a rehearsal only where it is really run. */
export const goesOn = (sitting: Sitting, step: Step): boolean => step.background !== undefined && !sitting.plays(step);

export async function startBackground(
  sitting: Sitting,
  step: Step,
  attempt: number,
  prepared: Prepared,
): Promise<void> {
  const { argv, options } = prepared.child ?? {};
  if (!argv || !options) throw new Error(`step ${step.id} has no command to go on with`);
  const receipt = sitting.journal.receipt(step.id, attempt);
  const output = new Output(sitting, receipt, SILENT);
  const { child, settled } = await holdAct(sitting, step, attempt, output, argv, options);
  const lost = new AbortController();
  const background: Background = {
    step,
    attempt,
    child,
    lost,
    ending: false,
    over: settled.then((ended) => {
      receipt.end();
      sitting.backgrounds.delete(step.id);
      const why = background.ending ? undefined : reasonOf(step, ended, output.tail());
      sitting.append({
        type: 'step.ended',
        step: step.id,
        attempt,
        result: background.ending ? 'ok' : 'failed',
        ...(why !== undefined && { why }),
        ...(typeof ended.exit === 'number' && { exit: ended.exit }),
        ...(ended.signal !== undefined && { signal: ended.signal }),
        tail: output.tail(),
        ...(receipt.name !== undefined && { receipt: receipt.name }),
      });
      if (why !== undefined) lost.abort(why);
    }),
  };
  // Where the disk refuses its end, the next event of the run says so.
  background.over.catch(() => undefined);
  sitting.backgrounds.set(step.id, background);
  child.go();
}

function reasonOf(step: Step, ended: Ended, tail: readonly string[]): string {
  const how = ended.signal ? `was ended by ${ended.signal}` : `ended with exit code ${ended.exit}`;
  const last = tail.at(-1) ?? ended.stderr.trim().split('\n').at(-1) ?? '';
  return `"${step.title}" ${how} while it was needed${last === '' ? '' : `: ${last}`}`;
}

/** Those that nobody needs any more, or all of them when the sitting ends. */
export async function endBackgrounds(sitting: Sitting, which: 'not-needed' | 'all'): Promise<void> {
  for (const background of [...sitting.backgrounds.values()]) {
    if (which === 'not-needed' && !isOver(background.step, sitting.state)) continue;
    background.ending = true;
    await background.child.end();
    await background.over;
  }
}

/** Left over from a sitting that was killed: never in doubt, so it is ended, and started again when it is needed. */
export async function endLeftovers(sitting: Sitting): Promise<void> {
  const { processes } = sitting.world;
  for (const step of sitting.runbook.steps) {
    const attempt = step.background && stepOf(sitting.state, step.id).attempts.at(-1);
    if (attempt?.does !== 'background' || attempt.ended) continue;
    for (const child of attempt.children) if (processes.lives(child) === 'alive') await processes.endOrphan(child);
    sitting.append({
      type: 'step.ended',
      step: step.id,
      attempt: attempt.n,
      result: 'ok',
      why: 'it was left over from an earlier sitting',
    });
  }
}

/** It goes on behind everything: only its receipt is written. */
const SILENT: Working = { output: () => {}, say: () => {}, stop: () => {} };
