// Where a run stands, in words: the first screen of a resume, the status table, and a paragraph to paste for the team.
import type { Evidence, How } from '../engine/events.ts';
import { type Proof, proofBehind } from '../engine/proof.ts';
import type { RunState, StepState } from '../engine/state.ts';
import type { ChangedPart } from '../runbook/changes.ts';
import { fewOf } from '../text/few.ts';
import { count, type Outline, type OutlineStep, titleOf } from './outline.ts';
import type { Tone } from './theme.ts';
import { elapsed, when } from './times.ts';
import { cells, clip, pad } from './width.ts';

/** What is different from when the run was last left. */
export interface Changes {
  readonly edited: readonly string[];
  readonly added: readonly string[];
  readonly gone: readonly string[];
  /** Beside the steps; runs of before did not keep it. */
  readonly parts?: readonly ChangedPart[];
  readonly commit?: { readonly from: string; readonly to: string };
}

type Edits = Omit<Changes, 'commit'>;

/** How many steps there are of each sort; `over` need nothing more. */
export interface Standing {
  readonly total: number;
  readonly over: number;
  readonly done: number;
  readonly failed: readonly OutlineStep[];
  readonly waiting: readonly OutlineStep[];
  readonly inDoubt: readonly OutlineStep[];
  readonly next?: OutlineStep;
}

export function standingOf(outline: Outline, state: RunState): Standing {
  const having = (...statuses: readonly StepState['status'][]) =>
    outline.steps.filter((step) => statuses.includes(statusOf(state, step)));
  const [next] = having('pending', 'running', 'undone');
  return {
    total: outline.steps.length,
    over: having('done', 'skipped', 'not-needed').length,
    done: having('done').length,
    failed: having('failed'),
    waiting: having('waiting'),
    inDoubt: having('in-doubt', 'running'),
    ...(next && { next }),
  };
}

/**
 * The first screen of a resume (DESIGN §4): where it was left, what is in doubt, what has changed. Shorter when there is less to say.
 * Not yet made safe for a terminal.
 */
export function resumeLines(
  outline: Outline,
  state: RunState,
  {
    now,
    changes,
    stale = [],
  }: { readonly now: Date; readonly changes?: Changes /** Sentences. */; readonly stale?: readonly string[] },
): readonly string[] {
  const standing = standingOf(outline, state);
  const stopped = state.paused?.at ?? state.last.at;
  const at = stoppedAt(outline, state, standing);
  const head = [
    state.run,
    `${standing.over} of ${standing.total} done`,
    state.handedOver
      ? `handed over ${when(state.last.at, now)}: it goes on elsewhere`
      : `stopped ${when(stopped, now)}${at ? ` at ${at}` : ''}`,
  ].join(' · ');
  const doubts = standing.inDoubt.map((step) => `In doubt: "${step.title}" (started, and its end is not known)`);
  const waiting = standing.waiting.map(
    (step) => `Waiting: "${step.title}" (${describeStatus(state.steps.get(step.id), now)})`,
  );
  const changed = changes ? changeWords(changes) : '';
  return [head, ...doubts, ...waiting.slice(0, 3), ...stale, ...(changed ? [`Changed since: ${changed}`] : [])];
}

/** What `v` shows: each step that is not as it was when the run began, and what is not beside the steps. */
export function changeLines(
  before: Outline,
  after: Outline,
  { edited, added, gone, parts = [] }: Edits,
): readonly string[] {
  return [
    ...edited.map((id) => `edited  "${titleOf(after, id)}"`),
    ...added.map((id) => `added   "${titleOf(after, id)}"`),
    ...gone.map((id) => `gone    "${titleOf(before, id)}"`),
    ...parts.map(({ part, names = [] }) => `edited  ${part}${names.length > 0 ? `: ${names.join(', ')}` : ''}`),
  ];
}

/** One line a step under its phase: `done      Create the Fly app      verified`. */
export function statusTable(
  outline: Outline,
  state: RunState,
  { width, now }: { readonly width: number; readonly now: Date },
): readonly StatusLine[] {
  const lines: StatusLine[] = [];
  let phase = '';
  const longest = Math.min(40, Math.max(8, ...outline.steps.map((step) => cells(step.title))));
  const digits = String(outline.steps.length).length;
  outline.steps.forEach((step, index) => {
    if (step.phase !== phase) lines.push({ tone: 'heading', text: step.phase });
    phase = step.phase;
    const at = state.steps.get(step.id);
    const text = `${String(index + 1).padStart(digits)}  ${pad(clip(step.title, longest), longest)}  ${describeStatus(at, now)}`;
    lines.push({ tone: TONES[at?.status ?? 'pending'], text: clip(text, width) });
  });
  return lines;
}

export interface StatusLine {
  readonly tone: Tone | 'heading';
  readonly text: string;
}

/** A paragraph to paste for the team. */
export function statusText(
  outline: Outline,
  state: RunState,
  { now, stale = [] }: { readonly now: Date; readonly stale?: readonly string[] },
): string {
  const standing = standingOf(outline, state);
  const kind = state.mode === 'rehearsal' ? 'rehearsal ' : '';
  const named = (steps: readonly OutlineStep[]) => steps.map((step) => `"${step.title}"`).join(', ');
  const sentences = [
    `${outline.title}: ${kind}${state.run}, ${standing.over} of ${count(standing.total, 'step')} done${standing.over === standing.done ? '' : ` (${standing.over - standing.done} skipped or not needed)`}.`,
    ...(standing.failed.length ? [`Failed: ${named(standing.failed)}.`] : []),
    ...(standing.inDoubt.length ? [`In doubt: ${named(standing.inDoubt)}.`] : []),
    ...standing.waiting.map((step) => `"${step.title}" is ${describeStatus(state.steps.get(step.id), now)}.`),
    ...stale.map((line) => `${line}.`),
    ending(outline, state, standing, now),
  ];
  return sentences.join(' ');
}

/** A step's status in words: `done, verified`, `waiting for jam`, `failed: exit 1`. */
export function describeStatus(step: StepState | undefined, now?: Date): string {
  if (!step) return 'pending';
  switch (step.status) {
    case 'done':
      return `done, ${howWords(step.how ?? 'on-word', step.by, step.evidence)}`;
    case 'failed':
    case 'skipped':
    case 'not-needed':
      return `${STATUS[step.status]}${step.reason ? `: ${step.reason}` : ''}`;
    case 'waiting':
      return waitingWords(step, now);
    case 'pending':
    case 'running':
    case 'in-doubt':
    case 'undone':
      return STATUS[step.status];
    default:
      return step.status satisfies never;
  }
}

/** "2 steps edited, 1 added, secrets edited (API_KEY)". */
export function editedWords({ edited, added, gone, parts = [] }: Edits): string {
  const steps = [
    ...(edited.length ? [`${count(edited.length, 'step')} edited`] : []),
    ...(added.length ? [`${edited.length ? added.length : count(added.length, 'step')} added`] : []),
    ...(gone.length ? [`${edited.length || added.length ? gone.length : count(gone.length, 'step')} gone`] : []),
  ];
  const beside = parts.map(({ part, names = [] }) => `${part} edited${names.length > 0 ? ` (${fewOf(names)})` : ''}`);
  return [...steps, ...beside].join(', ');
}

function ending(outline: Outline, state: RunState, standing: Standing, now: Date): string {
  const { finished, paused } = state;
  const took = elapsed(new Date(finished?.at ?? state.last.at).getTime() - new Date(state.startedAt).getTime());
  if (finished)
    return `${{ done: 'Finished', failed: 'Ended as failed', abandoned: 'Abandoned' }[finished.outcome]} ${when(finished.at, now)}, ${took} after its start, by ${state.operator}.`;
  const next = standing.next
    ? ` Next: "${standing.next.title}"${standing.next.who ? ` (${standing.next.who})` : ''}.`
    : '';
  if (state.handedOver)
    return `Handed over ${when(state.last.at, now)} by ${state.operator}: it goes on elsewhere.${next}`;
  // Why it stopped at a step is told to who sits there, with the command that goes on: the team is told where.
  if (paused) {
    const where =
      paused.step === undefined ? `: ${paused.why.replace(/\.$/, '')}` : ` at "${titleOf(outline, paused.step)}"`;
    return `Stopped ${when(paused.at, now)} by ${state.operator}${where}.${next}`;
  }
  return `Last heard of ${when(state.last.at, now)}, ${state.operator}.${next}`;
}

function stoppedAt(outline: Outline, state: RunState, standing: Standing): string {
  const id =
    state.paused?.step ??
    standing.inDoubt[0]?.id ??
    standing.waiting[0]?.id ??
    standing.failed[0]?.id ??
    standing.next?.id;
  if (id === undefined) return '';
  const status = state.steps.get(id)?.status;
  const who = outline.steps.find((step) => step.id === id)?.who;
  const why = status === 'failed' ? ' (failed)' : who && status !== 'done' ? ` (waiting for ${who})` : '';
  return `"${titleOf(outline, id)}"${why}`;
}

function changeWords({ commit, ...edits }: Changes): string {
  const edited = editedWords(edits);
  const moved =
    commit && commit.from !== commit.to ? [`commit ${commit.from.slice(0, 7)} → ${commit.to.slice(0, 7)}`] : [];
  return [...(edited ? [edited] : []), ...moved].join(', ');
}

function waitingWords(step: StepState, now: Date | undefined): string {
  const { waiting } = step;
  if (!waiting) return STATUS.waiting;
  const until = waiting.until === undefined ? '' : ` until ${now ? when(waiting.until, now) : waiting.until}`;
  if (waiting.for === 'person') return `waiting for ${waiting.what}${until}`;
  if (waiting.for === 'time') return `waiting${until || ` for ${waiting.what}`}`;
  return `waiting${until}: ${waiting.what}`;
}

const statusOf = (state: RunState, step: OutlineStep): StepState['status'] =>
  state.steps.get(step.id)?.status ?? 'pending';

/** How it is known that a step is done: `verified`, `by its exit code`, `on the word of ann`. */
export function howWords(how: How, by: string | undefined, evidence: Evidence = {}): string {
  const words = PROOFS[proofBehind(how, evidence)];
  return how === 'on-word' && by ? `${words} of ${by}` : words;
}

const PROOFS: Readonly<Record<Proof, string>> = {
  look: 'verified',
  answer: 'by its own answer',
  exit: 'by its exit code',
  time: 'its time is over',
  start: 'it was started',
  word: 'on the word',
  plan: 'as the plan says',
};
const STATUS = {
  pending: 'pending',
  running: 'running',
  waiting: 'waiting',
  'in-doubt': 'in doubt',
  done: 'done',
  failed: 'failed',
  skipped: 'skipped',
  'not-needed': 'not needed',
  undone: 'taken back',
} as const;

const TONES: Readonly<Record<StepState['status'], Tone>> = {
  pending: 'quiet',
  running: 'note',
  waiting: 'note',
  'in-doubt': 'care',
  done: 'good',
  failed: 'bad',
  skipped: 'care',
  'not-needed': 'quiet',
  undone: 'care',
};
