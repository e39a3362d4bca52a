// The first screen of a resume: where it was left, what has changed since, and how the person wants to go on.
import { kindNames, loadKind } from '../../steps/index.ts';
import { staleLines, staleOf } from '../engine/changed.ts';
import { apply, evolve } from '../engine/evolve.ts';
import type { Face } from '../engine/face.ts';
import { outlineOf } from '../engine/outline.ts';
import { redactedOutline } from '../engine/redacted-fact.ts';
import type { RunState } from '../engine/state.ts';
import { StateError } from '../engine/store.ts';
import type { Option } from '../question.ts';
import { compareRunbooks } from '../runbook/changes.ts';
import { loadRunbook } from '../runbook/load.ts';
import type { Runbook } from '../runbook/model.ts';
import type { OpenJournal, Runs } from '../store/files.ts';
import { diskFiles } from '../system/files.ts';
import { changeLines, resumeLines } from '../ui/words.ts';
import type { Io } from './io.ts';

interface Resuming {
  readonly io: Io;
  readonly face: Face;
  readonly runs: Runs;
  readonly journal: OpenJournal;
  readonly current: Runbook;
  readonly project: string;
  readonly operator: string;
  readonly commit?: string;
  /** Started again means tried again, by the runbook as it is now: for a run that is one command. */
  readonly afresh?: boolean;
  /** The time of the run: virtual in a rehearsal. */
  now(): Date;
}

/** How to go on: by which version of the runbook, from where, and whether done steps are looked at again. undefined: not now. */
export type Resumed = { readonly runbook: Runbook; readonly recheck: boolean; readonly state: RunState } | undefined;

/** Edits of the runbook are adopted by an event; until then the frozen copy rules. Nothing is written before the person goes on. */
export async function resume(resuming: Resuming): Promise<Resumed> {
  const { io, face, journal, current, operator, commit, afresh = false, now } = resuming;
  if (journal.torn)
    io.stderr.write(`The last line of the journal was not whole; it was set aside as ${journal.torn.file}.\n`);
  let state = evolve(journal.events);
  const frozen = state.runbook.digest === current.digest ? current : await thaw(resuming, state.runbook);
  const changed = frozen === current ? undefined : compareRunbooks(frozen, current);
  const moved = commit !== undefined && state.commit !== undefined && { commit: { from: state.commit, to: commit } };
  const changes = { edited: [], added: [], gone: [], parts: [], ...changed, ...moved };
  const stale = staleLines(frozen, staleOf(frozen, journal.events));
  face.tell(resumeLines(frozen, state, { now: now(), changes, stale }));

  let runbook = afresh ? current : frozen;
  let recheck = false;
  if (afresh && changed) face.tell(changeLines(frozen, current, changed));
  for (;;) {
    const choice = await chosen(resuming, runbook === frozen && changed !== undefined, recheck);
    if (choice === 'stop') return undefined;
    if (choice === 'again') recheck = true;
    else if (choice === 'changes' && changed) {
      face.tell(changeLines(frozen, current, changed));
      if (await adopts(resuming)) runbook = current;
    } else break;
  }
  const append = (fact: Parameters<OpenJournal['append']>[0], sync: boolean) => {
    const event = journal.append(fact, { sync, at: now() });
    state = apply(state, event);
    face.happened(event, state);
  };
  const before = journal.before && { before: journal.before.operator };
  if (!isHere(resuming, state.commit))
    append({ type: 'run.resumed', operator, ...before, ...(commit !== undefined && { commit }) }, false);
  if (runbook !== frozen && changed) {
    const copy = journal.freeze(current.digest, current.source);
    const version = { digest: current.digest, copy, ...(commit !== undefined && { commit }) };
    append(
      {
        type: 'runbook.adopted',
        ...changed,
        outline: redactedOutline(outlineOf(current), (text) => io.redactor.text(text)),
        ...version,
      },
      true,
    );
  }
  for (const step of afresh ? failedIn(state) : [])
    append({ type: 'step.reopened', step, why: 'started again', by: operator, to: 'look' }, false);
  return { runbook, recheck, state };
}

/** A run that was just taken over from another machine has said so already, where nothing else is new. */
function isHere({ journal, operator, commit }: Resuming, known: string | undefined): boolean {
  const last = journal.events.at(-1);
  return last?.type === 'run.resumed' && last.operator === operator && (commit === undefined || commit === known);
}

const failedIn = ({ steps }: RunState): readonly string[] =>
  [...steps].flatMap(([id, { status }]) => (status === 'failed' ? [id] : []));

async function chosen({ face, io }: Resuming, changed: boolean, recheck: boolean): Promise<string> {
  const options: readonly Option[] = [
    { value: 'go', label: 'go on' },
    ...(changed ? [{ value: 'changes', key: 'v', label: 'changes' }] : []),
    ...(recheck ? [] : [{ value: 'again', key: 'r', label: 'look at done steps again' }]),
    { value: 'stop', key: 'q', label: 'not now' },
  ];
  const message = recheck ? 'Go on? Done steps are looked at again first.' : 'Go on?';
  const question = { id: 'run.resume', type: 'choice', about: 'resume', message, options, default: 'go' } as const;
  const answer = await face.ask(question, { signal: io.signal });
  return 'value' in answer ? answer.value : 'stop';
}

async function adopts({ face, io }: Resuming): Promise<boolean> {
  const answer = await face.ask(
    {
      id: 'run.adopt',
      type: 'choice',
      about: 'way',
      message: 'Which version goes on?',
      options: [
        { value: 'frozen', key: 'f', label: 'the one this run began with' },
        { value: 'adopt', key: 'c', label: 'the changed one' },
      ],
      default: 'frozen',
    },
    { signal: io.signal },
  );
  return 'value' in answer && answer.value === 'adopt';
}

async function thaw(
  { runs, journal, project }: Resuming,
  version: { readonly file: string; readonly copy: string },
): Promise<Runbook> {
  const source = runs.frozen(journal.run, version.copy);
  const files = diskFiles(project);
  const loaded =
    source === undefined
      ? undefined
      : await loadRunbook({ file: version.file, source, kindNames, loadKind, readFile: (path) => files.read(path) });
  if (loaded?.runbook) return loaded.runbook;
  throw new StateError(
    `the copy of the runbook that this run began with (${version.copy}) cannot be used`,
    'begin a fresh run with --new',
  );
}
