// Asking the world: the kind's own verify and the runbook's checks, combined by one rule.
import type { Check, Step } from '../runbook/model.ts';
import type { Json, Look, Outputs, StepKind } from '../step.ts';
import { type Filled, fill } from '../text/expression.ts';
import type { Seen } from './events.ts';
import { stepOf } from './evolve.ts';
import { isLasting } from './offer.ts';
import { lookPorts } from './ports.ts';
import { shellOf } from './shell.ts';
import type { Sitting } from './sitting.ts';
import { tell } from './tell.ts';

export interface Looked {
  readonly is: 'so' | 'not-so' | 'unknown';
  readonly checks: readonly Seen[];
  readonly outputs: Outputs;
  readonly since?: Json;
}

/**
 * Which looks: before an act only what says whether the act is needed; after it, and later, all. `values`: a done step whose values have
 * changed since, which is drift to the journal; nothing that an earlier act was measured against counts.
 */
export type Purpose = 'plan' | 'act' | 'before' | 'done' | 'doubt' | 'drift' | 'values';

/** Any not so → not so; else any unknown → unknown; else so. */
export function combine(checks: readonly Seen[]): 'so' | 'not-so' | 'unknown' {
  if (checks.some((check) => check.is === 'not-so')) return 'not-so';
  return checks.some((check) => check.is === 'unknown') ? 'unknown' : 'so';
}

/** Look at a step. `pretend`: the checks are due, so a rehearsal makes its world so first. */
export async function lookAt(
  sitting: Sitting,
  step: Step,
  purpose: Purpose,
  background?: AbortSignal,
): Promise<Looked> {
  // What goes on beside something else has its own signal, and is not shown; the plan shows itself.
  const shown = background === undefined && purpose !== 'plan';
  const working = shown ? sitting.working(step, `Looking: ${step.title}`) : undefined;
  return look(sitting, step, purpose, background ?? sitting.signal).finally(() => working?.stop());
}

/** One look, and what it saw in the journal. */
export async function lookAndKeep(
  sitting: Sitting,
  step: Step,
  purpose: Exclude<Purpose, 'plan' | 'values'>,
): Promise<Looked> {
  const looked = await lookAt(sitting, step, purpose);
  keepLook(sitting, step, purpose, looked);
  return looked;
}

/** What a look saw, in the journal; what is built on later only where something may be. */
export function keepLook(sitting: Sitting, step: Step, purpose: Exclude<Purpose, 'values'>, looked: Looked): void {
  const { is, checks, outputs, since } = looked;
  sitting.append({
    type: 'step.looked',
    step: step.id,
    for: purpose,
    is,
    checks,
    ...(purpose !== 'before' && purpose !== 'drift' && { outputs }),
    ...(purpose === 'act' && since !== undefined && { since }),
  });
}

async function look(sitting: Sitting, step: Step, purpose: Purpose, signal: AbortSignal): Promise<Looked> {
  const seen: Seen[] = [];
  let outputs: Outputs = {};
  let since: Json | undefined;
  const first = purpose === 'act' || purpose === 'plan' || purpose === 'values';
  const later = purpose === 'drift' || purpose === 'values';
  const offer = sitting.offer(step);
  // What a person has not done with the new value yet, a rehearsal does not make so.
  const due = purpose === 'done' || purpose === 'drift' || (purpose === 'values' && offer.person !== 'work');
  const ofNow = later && offer.kind?.lasts === false;
  if (offer.kind?.verify && step.form.form === 'uses' && purpose !== 'before' && !ofNow) {
    // "Not there yet" before the first act needs no `since`; afterwards the one of the attempt counts.
    // A person's step has no attempt: what the first look saw is in its event.
    const { attempts, looks } = stepOf(sitting.state, step.id);
    const before = first ? undefined : (attempts.at(-1)?.since ?? (offer.person && looks.act?.since));
    const look = await lookByKind(
      sitting,
      step,
      offer.kind,
      step.form.with,
      { ...(before !== undefined && { since: before }) },
      due && (offer.acts ? 'by-hand' : true),
      signal,
    );
    seen.push(look.seen);
    outputs = look.outputs;
    since = look.since;
  }
  for (const check of checksFor(step, purpose, offer.kind?.verify !== undefined)) {
    if (signal.aborted) break;
    if (later && !isLasting(check, sitting.kinds)) continue;
    const look = await lookByCheck(sitting, step, check, due, signal);
    seen.push(look.seen);
    outputs = { ...outputs, ...look.outputs };
  }
  return {
    is: combine(seen),
    checks: seen.map((one) => ({ ...sitting.redacted(one), is: one.is })),
    outputs: sitting.redacted(outputs),
    ...(since !== undefined && { since: sitting.redacted(since) }),
  };
}

function checksFor(step: Step, purpose: Purpose, kindLooks: boolean): readonly Check[] {
  if (purpose === 'before') return step.verify;
  // Checks of the runbook say whether the step is done, never whether the kind's act was: a failing one causes no second act.
  if (purpose === 'doubt' && step.form.form === 'uses' && kindLooks) return [];
  if (purpose === 'act' || purpose === 'plan') {
    // What the plan says was done is looked at by all that would say so after an act.
    if (step.already !== undefined && step.verify.length > 0) return step.verify;
    if (step.form.form === 'uses') return [];
    if (step.form.form === 'manual') return step.unless.length > 0 ? step.unless : step.verify;
    return step.form.form === 'gate' ? step.verify : step.unless;
  }
  return [...(step.background?.readyWhen ?? []), ...step.verify];
}

interface OneLook {
  readonly seen: Seen;
  readonly outputs: Outputs;
  readonly since?: Json;
}

async function lookByCheck(
  sitting: Sitting,
  step: Step,
  check: Check,
  due: boolean,
  signal: AbortSignal,
): Promise<OneLook> {
  if ('run' in check.does) return lookByCommand(sitting, step, check.does.run);
  const kind = sitting.kinds.get(check.does.uses);
  if (!kind?.verify) return unknown(check.does.uses, `${check.does.uses} cannot look`);
  return lookByKind(sitting, step, kind, check.does.with, {}, due, signal);
}

async function lookByKind(
  sitting: Sitting,
  step: Step,
  kind: StepKind,
  raw: Json,
  context: { since?: Json },
  /** `by-hand`: only where this kind cannot act here, so that a person does it. */
  due: boolean | 'by-hand',
  signal: AbortSignal,
): Promise<OneLook> {
  const want = wantOf(kind, fill(raw, sitting.contexts()));
  if ('problem' in want) return want.missing.length > 0 ? unknown(kind.name, want.problem) : unfit(kind, want.problem);
  const what = kind.describe(want.value);
  const played = due === 'by-hand' ? await isByHand(kind, want.value, sitting) : due;
  if (played && sitting.world.pretend && !(await sitting.world.pretend.makeSo(kind.name, want.value, step.id)))
    return unplayed(what);
  let look: Look;
  try {
    look = (await kind.verify?.(want.value, lookPorts(sitting, signal), context)) ?? {
      is: 'unknown',
      why: `${kind.name} cannot look`,
    };
  } catch (error) {
    if (signal.aborted) return unknown(what, 'the look was broken off');
    throw error;
  }
  const { since, outputs, ...rest } = { since: undefined, outputs: {}, ...look };
  return { seen: { ...rest, what }, outputs: outputs ?? {}, ...(since !== undefined && { since }) };
}

/** No look helps, however long it is waited for: what is asked for cannot be. */
const unfit = ({ name }: StepKind, problem: string): OneLook => ({
  seen: {
    is: 'not-so',
    what: name,
    expected: `values that ${name} takes`,
    seen: problem,
    hint: 'Mend the input or the runbook: waiting does not help.',
    final: true,
  },
  outputs: {},
});

const isByHand = async (kind: StepKind, want: unknown, sitting: Sitting): Promise<boolean> =>
  kind.guide !== undefined && kind.canAct !== undefined && !(await kind.canAct(want, lookPorts(sitting)));

/** A `with` filled in and parsed by the kind's schema, or why that cannot be. */
export function wantOf(
  kind: StepKind,
  filled: Filled,
): { readonly value: unknown } | { readonly problem: string; readonly missing: readonly string[] } {
  if (!filled.ok)
    return {
      problem: filled.problem ?? `needs ${filled.missing.join(', ')}, which is not known yet`,
      missing: filled.missing,
    };
  const parsed = kind.with.safeParse(filled.value);
  if (parsed.success) return { value: parsed.data };
  const problem = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'with'}: ${issue.message}`).join('; ');
  return { problem: `\`with\` of ${kind.name} is not right once filled in (${problem})`, missing: [] };
}

/** A check written as a command: exit 0 so, 1 not so, anything else unknown; `warning: …` printed with exit 0 is a warning. */
async function lookByCommand(sitting: Sitting, step: Step, command: string): Promise<OneLook> {
  const what = tell(sitting, command.trim().split('\n')[0] ?? command);
  if (sitting.plays(step)) return unplayed(what);
  const shell = await shellOf(sitting, step, command);
  if ('missing' in shell) return unknown(what, `needs ${shell.missing.join(', ')}, which is not known yet`);
  if ('problem' in shell) return unknown(what, shell.problem);
  const { env, cwd, without } = shell;
  const ended = await sitting.world.processes.look(['bash', '-euo', 'pipefail', '-c', shell.command], {
    environment: 'person',
    env,
    without,
    ...(cwd !== undefined && { cwd }),
    ...(step.timeout !== undefined && { timeout: step.timeout }),
  });
  const said = lastLine(ended.stdout) ?? lastLine(ended.stderr);
  if (ended.exit === 0) {
    const warning = /^warning: (.*)$/m.exec(ended.stdout)?.[1];
    return { seen: { is: 'so', what, seen: said ?? 'exit 0', ...(warning !== undefined && { warning }) }, outputs: {} };
  }
  if (ended.exit === 1)
    return { seen: { is: 'not-so', what, expected: 'exit 0', seen: said ?? 'exit 1' }, outputs: {} };
  const why = ended.timedOut ? 'timed out' : `ended with ${ended.exit ?? ended.signal}`;
  return unknown(what, said ? `${why}: ${said}` : why);
}

const unplayed = (what: string): OneLook => ({
  seen: { is: 'so', what, seen: 'not simulated', notSimulated: true },
  outputs: {},
});

/** Of all that was looked at, nothing was there in a rehearsal: it says "go on", and proves nothing. */
export const provesNothing = (checks: readonly Seen[]): boolean =>
  checks.length > 0 && checks.every((check) => check.notSimulated);

const unknown = (what: string, why: string): OneLook => ({ seen: { is: 'unknown', what, why }, outputs: {} });

const lastLine = (text: string): string | undefined =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .at(-1)
    ?.slice(0, 300);

/** One sentence for a look: what was expected and what was seen. */
export function tellLook(looked: Pick<Looked, 'checks'>): readonly string[] {
  return looked.checks
    .filter((check) => check.is !== 'so')
    .flatMap((check) =>
      check.is === 'unknown'
        ? [`${check.what}: cannot be seen (${check.why})`, ...(check.hint ? [`  ${check.hint}`] : [])]
        : [
            `${check.what}`,
            `  expected  ${check.expected}`,
            `  seen      ${check.seen}`,
            ...(check.hint ? [`  ${check.hint}`] : []),
          ],
    );
}

/** In one line: what is there instead. */
export const tellSeen = (looked: Pick<Looked, 'checks'>): string =>
  looked.checks
    .filter((check) => check.is !== 'so')
    .map((check) => (check.is === 'unknown' ? `cannot be seen (${check.why})` : `seen ${check.seen}`))
    .join('; ')
    .replace(/\s+/g, ' ');
