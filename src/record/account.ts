// Everything the record tells, as data: the Markdown and the JSON record are two faces of it. Pure.
import { hash } from 'node:crypto';
import { staleLines, staleOf } from '../engine/changed.ts';
import type { Evidence, How, LaunchEvent, Seen } from '../engine/events.ts';
import { stepOf } from '../engine/evolve.ts';
import type { LookState, RunState, Status, StepState, Tick } from '../engine/state.ts';
import type { Changed } from '../engine/values-used.ts';
import type { Runbook, Step } from '../runbook/model.ts';
import type { Json, Outputs } from '../step.ts';
import { fill, fillList } from './fill.ts';
import { type Happening, historyOf } from './history.ts';

export type RowStatus = Status | 'not-reached';

export interface Row {
  readonly id: string;
  readonly title: string;
  readonly form: string;
  readonly status: RowStatus;
  readonly how?: How;
  /** It was so before anything was done. */
  readonly already?: boolean;
  /** Who did it; for a step that was not reached: whose it is. */
  readonly who?: string;
  readonly at?: string;
  readonly reason?: string;
  readonly hint?: string;
  readonly waitsFor?: string;
  readonly outputs: Outputs;
  readonly evidence: Evidence;
  /** A done step looked at again later: what was seen last. */
  readonly again?: { readonly at: string; readonly is: LookState['is']; readonly seen: readonly Seen[] };
  /** Values it was done with that are others now, where nothing has been said of that yet. */
  readonly changed?: readonly Changed[];
  readonly attempts: number;
  /** Of a checklist: the results ticked, over all testers. */
  readonly ticked?: { readonly pass: number; readonly fail: number };
  readonly commands: readonly string[];
}

export interface Checklist {
  readonly step: string;
  readonly title: string;
  readonly testers: readonly string[];
  readonly items: readonly { readonly text: string; readonly ticks: readonly Tick[] }[];
}

interface OpenQuestion {
  readonly step: string;
  readonly question: string;
  readonly answer?: string;
  readonly by?: string;
  readonly at?: string;
  readonly status: RowStatus;
}

interface Given {
  readonly name: string;
  readonly description?: string;
  readonly secret: boolean;
  readonly value?: Json;
  readonly from?: string;
}

export interface Account {
  readonly record: 1;
  readonly run: string;
  readonly runbook: { readonly name: string; readonly file: string; readonly title: string; readonly digest: string };
  readonly mode: 'real' | 'rehearsal';
  readonly rehearsal?: { readonly fault?: string; readonly auto: boolean };
  readonly aim?: Readonly<Record<string, string>>;
  readonly outcome: 'done' | 'failed' | 'abandoned' | 'not-finished';
  readonly why?: string;
  readonly started: string;
  readonly ended?: string;
  readonly operators: readonly string[];
  readonly sittings: number;
  readonly commit?: string;
  readonly tool: string;
  /** What this was made from: the number and the SHA-256 of the last event it tells of. */
  readonly event: { readonly n: number; readonly hash: string };
  readonly counts: Readonly<Partial<Record<RowStatus, number>>>;
  /** What steps were done with and is another value now, in sentences. */
  readonly stale: readonly string[];
  readonly inputs: readonly Given[];
  readonly questions: readonly OpenQuestion[];
  readonly decisions: RunState['answers'];
  readonly phases: readonly { readonly title: string; readonly steps: readonly Row[] }[];
  /** Steps that were in an earlier version of the runbook only. */
  readonly gone: readonly Row[];
  readonly checklists: readonly Checklist[];
  readonly history: readonly Happening[];
  readonly secrets: readonly {
    readonly app: string;
    readonly name: string;
    readonly where: string;
    readonly at: string;
  }[];
  readonly notes: readonly {
    readonly text: string;
    readonly by: string;
    readonly at: string;
    readonly step?: string;
  }[];
  readonly undo: readonly {
    readonly step: string;
    readonly title: string;
    readonly run?: string;
    readonly manual?: string;
  }[];
}

/** `runbook` is the version that ran last. Writing a record is not itself told of, so that the next one has the same bytes. */
export function accountFor(runbook: Runbook, events: readonly LaunchEvent[], state: RunState): Account {
  const told = events.filter((event) => event.type !== 'record.written');
  const last = told.at(-1);
  if (!last) throw new Error('a run has at least one event');
  const { finished } = state;
  const text = (template: string): string => fill(template, state);
  const stale = staleOf(runbook, told);
  const changed = new Map(stale.map((one) => [one.step, one.changed]));
  const rows = runbook.steps.map((step) => ({
    ...rowOf(stepOf(state, step.id), step, text),
    changed: changed.get(step),
  }));
  const known = new Set(runbook.steps.map((step) => step.id));
  const gone = [...state.steps.values()]
    .filter((step) => !known.has(step.id))
    .map((step) => rowOf(step, undefined, text));
  return {
    record: 1,
    run: state.run,
    runbook: { name: state.runbook.name, file: state.runbook.file, title: runbook.title, digest: state.runbook.digest },
    mode: state.mode,
    rehearsal: state.rehearsal,
    aim: state.aim,
    outcome: finished?.outcome ?? 'not-finished',
    why: finished ? finished.why : state.paused?.why,
    started: state.startedAt,
    ended: finished?.at,
    operators: state.operators,
    sittings: state.sittings,
    commit: state.commit,
    tool: state.tool,
    // A line of the journal is exactly this text, so its hash is the `prev` of the line after it.
    event: { n: last.n, hash: hash('sha256', JSON.stringify(last), 'hex') },
    counts: count([...rows, ...gone]),
    stale: staleLines(runbook, stale),
    inputs: inputsOf(runbook, state, told),
    questions: runbook.steps.flatMap((step) => questionOf(step, state, text)),
    decisions: decisionsOf(runbook, state),
    phases: inPhases(runbook, rows),
    gone,
    checklists: runbook.steps.flatMap((step) => checklistOf(step, state, text)),
    history: historyOf(told),
    secrets: state.secrets.map(({ app, name, where, at }) => ({ app, name, where, at })),
    notes: told.flatMap((event) =>
      event.type === 'note.added' ? [{ text: event.text, by: event.by, at: event.at, step: event.step }] : [],
    ),
    undo: runbook.steps.flatMap((step) =>
      step.undo ? [{ step: step.id, title: text(step.title), ...step.undo }] : [],
    ),
  };
}

function rowOf(at: StepState, step: Step | undefined, text: (template: string) => string): Row {
  const reached = at.status !== 'pending' || at.attempts.length > 0 || at.reopened > 0;
  return {
    id: at.id,
    title: text(step?.title ?? at.id),
    form: step?.form.form ?? 'unknown',
    status: reached ? at.status : 'not-reached',
    how: at.how,
    already: at.already,
    who: at.by ?? (at.at === undefined ? step?.who : undefined),
    at: at.at,
    reason: at.reason,
    hint: at.hint,
    waitsFor: at.waiting && at.waiting.what + (at.waiting.until === undefined ? '' : ` (until ${at.waiting.until})`),
    outputs: at.outputs,
    evidence: at.evidence ?? {},
    again: at.status === 'done' && at.looks.drift ? againOf(at.looks.drift) : undefined,
    attempts: at.attempts.length,
    ticked: at.ticks.length === 0 ? undefined : tickedOf(at.ticks),
    commands: at.attempts.filter((attempt) => attempt.does !== 'undo').at(-1)?.commands ?? [],
  };
}

const againOf = ({ at, is, checks }: LookState): Row['again'] => ({ at, is, seen: checks });

function tickedOf(ticks: readonly Tick[]): Row['ticked'] {
  const last = new Map(ticks.map(({ item, tester, result }) => [`${item} ${tester ?? ''}`, result]));
  const results = [...last.values()];
  const many = (result: Tick['result']) => results.filter((one) => one === result).length;
  return { pass: many('pass'), fail: many('fail') };
}

function count(rows: readonly Row[]): Account['counts'] {
  const counts: Partial<Record<RowStatus, number>> = {};
  for (const { status } of rows) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

function inPhases(runbook: Runbook, rows: readonly Row[]): Account['phases'] {
  const titles = [...new Set(runbook.steps.map((step) => step.phase))];
  return titles.map((title) => ({ title, steps: rows.filter((_, i) => runbook.steps[i]?.phase === title) }));
}

function inputsOf(runbook: Runbook, state: RunState, events: readonly LaunchEvent[]): readonly Given[] {
  const from = new Map(events.flatMap((event) => (event.type === 'input.given' ? [[event.name, event.from]] : [])));
  const declared = runbook.inputs.map(({ name, description, secret }) => ({ name, description, secret }));
  const known = new Set(declared.map(({ name }) => name));
  const others = [...from.keys()].filter((name) => !known.has(name));
  return [...declared, ...others.map((name) => ({ name, secret: state.secretInputs.includes(name) }))].map((input) => ({
    ...input,
    value: !input.secret && Object.hasOwn(state.inputs, input.name) ? state.inputs[input.name] : undefined,
    from: from.get(input.name),
  }));
}

function questionOf(step: Step, state: RunState, text: (template: string) => string): readonly OpenQuestion[] {
  if (step.form.form !== 'question') return [];
  const at = stepOf(state, step.id);
  const given = state.answers.findLast(({ question }) => question === answerId(step));
  const answer = at.status === 'done' ? (at.outputs.answer ?? given?.value) : undefined;
  const { status } = rowOf(at, step, text);
  return [{ step: step.id, question: text(step.form.question), answer, by: at.by, at: at.at, status }];
}

/** Every answer but those that stand in the table of open questions or only chose a way of working. */
function decisionsOf(runbook: Runbook, state: RunState): RunState['answers'] {
  const asked = new Set(runbook.steps.filter((step) => step.form.form === 'question').map(answerId));
  return state.answers.filter(({ question }) => !asked.has(question) && !/\.way$/.test(question));
}

const answerId = (step: Step): string => `steps.${step.id}.answer`;

function checklistOf(step: Step, state: RunState, text: (template: string) => string): readonly Checklist[] {
  if (step.form.form !== 'checklist') return [];
  const at = stepOf(state, step.id);
  const named = step.form.testers.flatMap((tester) => fillList(tester, state));
  // Who ticked under an earlier version of the list still counts.
  const ticked = at.ticks.flatMap(({ tester }) => (tester === undefined ? [] : [tester]));
  const items = step.form.items.map((item, i) => ({
    text: text(item.text),
    ticks: at.ticks.filter((tick) => tick.item === i),
  }));
  return [{ step: step.id, title: text(step.title), testers: [...new Set([...named, ...ticked])], items }];
}
