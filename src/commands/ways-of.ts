// The ways forward of a step that holds a run up, for who reads the status as JSON: which command, and whether a person must type it.
import { wantsPerson } from '../engine/one-thing.ts';
import type { RunState, Status } from '../engine/state.ts';
import type { Step } from '../runbook/model.ts';

interface Way {
  readonly way: string;
  readonly command: string;
  /** Only in a terminal. */
  readonly person: boolean;
}

/** Empty where nothing is to be decided, and where the run is over or elsewhere. */
export function waysOf(state: RunState, step: Step, status: Status): readonly Way[] {
  if (!HOLDS_UP.has(status) || state.finished || state.handedOver) return [];
  const rehearsal = state.mode === 'rehearsal';
  const goOn = { way: 'go on', command: `launch ${rehearsal ? 'rehearse ' : ''}${state.runbook.name}`, person: false };
  // What was started is looked at first; and a rehearsal has nothing to mark.
  if (status === 'in-doubt' || rehearsal) return [goOn];
  const mark = `launch mark ${step.id}`;
  const skipped = { way: 'skip', command: `${mark} skipped --reason "…"`, person: wantsPerson(step, 'skipped') };
  const isMarkedDone = step.form.form !== 'checklist' && step.form.form !== 'question';
  return [
    ...(status === 'waiting' ? [] : [{ way: 'try again', command: `${mark} again`, person: false }]),
    goOn,
    ...(isMarkedDone ? [{ way: 'done by hand', command: `${mark} done`, person: true }] : []),
    skipped,
  ];
}

const HOLDS_UP: ReadonlySet<Status> = new Set(['failed', 'undone', 'in-doubt', 'waiting'] as const);
