// After the act, and for what is only looked at: is it so now? If not yet, it waits, with its deadline on disk.
import type { Step } from '../runbook/model.ts';
import { noticeSlip } from './deadlines.ts';
import type { Evidence, How, Seen } from './events.ts';
import { stepOf } from './evolve.ts';
import { type Looked, lookAndKeep, provesNothing } from './look.ts';
import type { Sitting } from './sitting.ts';

/** The look before the act. So → the step is done, and nothing is run. */
export async function lookFirst(sitting: Sitting, step: Step): Promise<void> {
  await lookAndKeep(sitting, step, 'act');
}

/** The first look after the act, or of a step that is only looked at. */
export async function verify(sitting: Sitting, step: Step): Promise<void> {
  sitting.journal.at(step.id);
  noticeSlip(sitting);
  const looked = await lookAndKeep(sitting, step, 'done');
  if (looked.is === 'so') return;
  const at = stepOf(sitting.state, step.id);
  const attempt = at.attempts.at(-1);
  const ended = attempt?.ended;
  if (ended && ended.result !== 'ok' && attempt.resolved?.as !== 'done') return;
  if (isFinal(looked)) return fail(sitting, step, looked);
  // The deadline counts from the end of the act; without an act from this first look.
  const from = ended ? Date.parse(ended.at) : sitting.world.clock.now().getTime();
  const until = new Date(from + sitting.offer(step).within).toISOString();
  sitting.append({ type: 'step.waiting', step: step.id, for: 'verify', what: describe(looked), until });
  sitting.lookedAt.set(step.id, sitting.world.clock.now().getTime());
}

export const isFinal = (looked: Looked): boolean =>
  looked.is === 'not-so' && looked.checks.some((check) => check.final);

const describe = (looked: Looked): string =>
  looked.checks
    .filter((check) => check.is !== 'so')
    .map((check) => check.what)
    .join(', ');

export function fail(sitting: Sitting, step: Step, looked: Looked): void {
  const first = looked.checks.find((check) => check.is === 'not-so');
  const why = first ? `${first.what}: expected ${first.expected}, seen ${first.seen}` : 'it is not so';
  sitting.append({ type: 'step.failed', step: step.id, why, ...(first?.hint !== undefined && { hint: first.hint }) });
}

/** What a last look, or none, says of a step that a person calls done. */
export function proofOf(looked: Looked | undefined): { readonly how: How; readonly evidence: Evidence } {
  if (!looked) return { how: 'on-word', evidence: {} };
  const seen = looked.checks;
  if (looked.is !== 'so') return { how: 'on-word', evidence: { seen } };
  if (provesNothing(seen)) return { how: 'on-plan', evidence: { seen, notSimulated: true } };
  return { how: 'verified', evidence: { seen } };
}

/** Written down as done: how it is known, with what was seen and what it left. */
export function conclude(sitting: Sitting, step: Step): void {
  const at = stepOf(sitting.state, step.id);
  const attempt = at.attempts.at(-1);
  const looks = [at.looks.act, at.looks.doubt, at.looks.done].filter((look) => look?.is === 'so');
  const seen: readonly Seen[] = looks.at(-1)?.checks ?? [];
  const acted = at.acted && attempt !== undefined;
  const byPerson = attempt?.resolved?.by === 'person';
  const played = sitting.world.pretend !== undefined && acted && attempt.ended?.seen === 'not simulated';
  const notSimulated = played || provesNothing(seen);
  const onPlan = notSimulated || (step.already !== undefined && !acted && seen.length === 0);
  const how = byPerson ? 'on-word' : onPlan ? 'on-plan' : 'verified';
  sitting.append({
    type: 'step.done',
    step: step.id,
    how,
    by: sitting.operator,
    outputs: Object.assign({}, attempt?.ended?.outputs, ...looks.map((look) => look?.outputs)),
    evidence: {
      ...(seen.length > 0 && { seen }),
      ...(acted &&
        attempt.ended && {
          tail: attempt.ended.tail,
          ...(attempt.ended.receipt !== undefined && { receipt: attempt.ended.receipt }),
        }),
      ...(attempt?.ended?.seen !== undefined && { note: attempt.ended.seen }),
      ...(notSimulated && { notSimulated: true }),
    },
    ...(how === 'on-plan' && step.already !== undefined && { reason: step.already }),
    ...(!acted && !notSimulated && seen.length > 0 && sitting.offer(step).acts && { already: true }),
  });
}

/** Begin a wait for a time: kept as an absolute one. */
export function beginWait(sitting: Sitting, step: Step, until: Date): void {
  sitting.append({ type: 'step.waiting', step: step.id, for: 'time', what: step.title, until: until.toISOString() });
}
