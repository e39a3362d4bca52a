// A doubt: started, and the end is not known. First the child that may still run, then the world, then the person.
import type { Step } from '../runbook/model.ts';
import { parseDuration } from '../text/duration.ts';
import { mayRetry } from './decide.ts';
import { stepOf } from './evolve.ts';
import { lookGone } from './gone.ts';
import { lookAndKeep, tellLook } from './look.ts';
import { endOrphans } from './orphans.ts';
import type { Sitting } from './sitting.ts';
import { supplyFor } from './supply.ts';
import { chooseWay, LOOK } from './ways.ts';

/** For a step that acted, and for one that was being taken back. */
export async function settleDoubt(sitting: Sitting, step: Step): Promise<void> {
  const attempt = stepOf(sitting.state, step.id).attempts.at(-1);
  if (!attempt) throw new Error(`step ${step.id} is in doubt without an attempt`);
  await endOrphans(sitting, step, attempt.children);
  if (attempt.does === 'undo') return settleUndo(sitting, step, attempt.n);
  const offer = sitting.offer(step);
  if (offer.looks) {
    await supplyFor(sitting, step);
    const settles = offer.kind?.settles;
    if (settles !== undefined && attempt.children.length > 0) await settle(sitting, step, parseDuration(settles) ?? 0);
    const looked = await lookAndKeep(sitting, step, 'doubt');
    if (looked.is === 'so' && !attempt.soBefore)
      return resolve(sitting, step, attempt.n, 'look', 'done', 'it is so in the world');
    if (looked.is === 'not-so' && (offer.kind?.verify || mayRetry(step, stepOf(sitting.state, step.id)))) {
      resolve(sitting, step, attempt.n, 'look', 'not-done', 'it is not so in the world');
      return giveUp(sitting, step);
    }
  }
  await askDoubt(sitting, step, attempt.n);
}

/** Taking it back was begun, and its end is not known: gone, still there, or the person says. */
async function settleUndo(sitting: Sitting, step: Step, attempt: number): Promise<void> {
  const looked = await lookGone(sitting, step);
  if (looked?.is === 'so')
    return void sitting.append({ type: 'step.undone', step: step.id, by: sitting.operator, seen: looked.seen });
  if (looked?.is === 'not-so') return resolve(sitting, step, attempt, 'look', 'not-done', 'it is still there');
  const way = await chooseWay(sitting, step, {
    message: `Taking "${step.title}" back was begun, and it is not known whether it was done.`,
    detail: looked ? [looked.why] : [],
    options: [
      LOOK,
      { value: 'was-done', key: 'y', label: 'it was taken back' },
      { value: 'was-not', key: 'r', label: 'it was not: it is still there' },
    ],
    exit: 4,
  });
  if (way === 'was-done') sitting.append({ type: 'step.undone', step: step.id, by: sitting.operator });
  if (way === 'was-not') resolve(sitting, step, attempt, 'person', 'not-done', 'the operator says so');
}

/** An act that ends without a clear answer again and again is not begun for ever: as often as `retry` says, else twice. */
function giveUp(sitting: Sitting, step: Step): void {
  const { attempts } = stepOf(sitting.state, step.id);
  const unclear = attempts.length - 1 - attempts.findLastIndex((one) => !(one.ended && one.resolved?.by === 'look'));
  if (unclear < (step.retry?.attempts ?? 2)) return;
  const ended = attempts.at(-1)?.ended;
  sitting.append({ type: 'step.failed', step: step.id, why: ended?.why ?? 'it failed', tail: ended?.tail ?? [] });
}

function resolve(
  sitting: Sitting,
  step: Step,
  attempt: number,
  by: 'look' | 'person',
  as: 'done' | 'not-done',
  why: string,
): void {
  sitting.append({ type: 'step.resolved', step: step.id, attempt, by, as, why });
}

async function askDoubt(sitting: Sitting, step: Step, attempt: number): Promise<void> {
  const at = stepOf(sitting.state, step.id);
  const ended = at.attempts.at(-1)?.ended;
  const { looks } = sitting.offer(step);
  const way = await chooseWay(sitting, step, {
    message: `"${step.title}" was started, and it is not known whether it was done.`,
    detail: [
      ...(ended?.why ? [`It ended without a clear answer: ${ended.why}`] : []),
      ...(ended?.tail ?? []),
      ...(at.looks.doubt ? tellLook(at.looks.doubt) : []),
    ],
    options: [
      ...(looks ? [LOOK] : []),
      { value: 'was-done', key: 'y', label: 'it was done' },
      { value: 'was-not', key: 'r', label: 'it was not done: do it again' },
    ],
    ...(!looks && { onEnter: 'nothing' as const }),
    exit: 4,
  });
  if (way === 'was-done') resolve(sitting, step, attempt, 'person', 'done', 'the operator says so');
  if (way === 'was-not') resolve(sitting, step, attempt, 'person', 'not-done', 'the operator says so');
}

/** What the ended child held (a lease) goes by itself: only then is a look worth something. */
async function settle(sitting: Sitting, step: Step, ms: number): Promise<void> {
  const working = sitting.face.working(step.id, `Waiting ${Math.round(ms / 1000)} s for what its process held`);
  await sitting.world.clock.sleep(ms, sitting.signal);
  working.stop();
}
