// `launch <runbook>`: start a run, or go on with the open one, to its end or to where this sitting must stop.

import { evolve, finishOf } from '../engine/evolve.ts';
import type { Face } from '../engine/face.ts';
import type { SittingEnd } from '../engine/loop.ts';
import { outlineOf } from '../engine/outline.ts';
import { redactedFace } from '../engine/redacted-face.ts';
import { redactedFact, redactedOutline } from '../engine/redacted-fact.ts';
import { StateError } from '../engine/store.ts';
import type { Runbook } from '../runbook/model.ts';
import type { Json } from '../step.ts';
import { copyName, type OpenJournal, type Runs } from '../store/files.ts';
import { aimed, readAim } from '../system/aim.ts';
import { type Commit, readCommit } from '../system/commit.ts';
import { createRealWorld } from '../system/real-world.ts';
import { againOf } from './again.ts';
import { checkAim } from './aim-before.ts';
import { readAnswers, unheard } from './answers.ts';
import { facesFor } from './faces.ts';
import type { Flags } from './flags.ts';
import { Exit, type Io, UsageError } from './io.ts';
import { carryOn, finishedAs, type Launching, learnReady, readSkips, swept, writeRecord } from './launching.ts';
import { type Call, commandNames } from './main.ts';
import { readRunbook, runbookFile } from './project.ts';
import { projectFolder } from './project-folder.ts';
import type { Placed } from './record-place.ts';
import { resume } from './resuming.ts';
import { chooseRun, isOpen, operatorOf, readable, runsOf } from './runs-of.ts';
import { requireTrust } from './trust.ts';

export async function run({ io, names, flags }: Call): Promise<number> {
  const [name] = names;
  if (name === undefined) throw new UsageError('which runbook?', '`launch` lists them');
  const project = projectFolder(io, flags);
  const file = runbookFile(io, flags, project, name, commandNames);
  const commit = readCommit(project); // Never rejects; git is asked beside the reading.
  const current = await readRunbook(io, project, file, flags);
  return launchOf(
    { io, names, flags },
    { project, current, commit, trusted: current, again: againOf(io, name), record: true },
  );
}

export interface Launch {
  readonly project: string;
  readonly current: Runbook;
  readonly commit: Promise<Commit | undefined>;
  /** The runbook that trust is given to: the one carried out, or the one it is a part of. */
  readonly trusted: Runbook;
  /** How the person goes on with it. */
  readonly again: string;
  /** At the end the record is written to its place in the project. Without one it is the run of one command, which is tried again when it is given again. */
  readonly record: boolean;
}

/** Starts or goes on with a run. */
export async function launchOf({ io, names, flags }: Call, launch: Launch): Promise<number> {
  const { project, current, again } = launch;
  const aim = readAim(io.env);
  const answers = readAnswers(io, flags, launch.trusted);
  const skip = readSkips(current, flags);
  await requireTrust(io, flags, launch.trusted);
  const runs = runsOf(io, flags, project, 'runs');
  const operator = operatorOf(io, flags);
  const world = createRealWorld({ project, aim, env: io.env });
  await learnReady(io, { runbook: current, world });
  const text = (one: string): string => io.redactor.text(one);
  const outline = { ...redactedOutline(outlineOf(current), text), inputs: current.inputs };
  const faces = await facesFor(io, flags, { outline, again, answers });
  const commit = await launch.commit;
  let journal: OpenJournal | undefined;
  try {
    const beginning = runs.holdBeginning(current.name);
    try {
      journal =
        (await openRun(runs, launch, flags, names, faces.face)) ??
        begin(runs, current, { operator, commit: commit?.hash, aim: aimed(aim), random: world.random, text });
    } finally {
      beginning.release();
    }
    const [first] = journal.events;
    if (first?.type === 'run.started') checkAim(first.aim, aimed(aim));
    const now = () => new Date();
    const standing = {
      io,
      face: redactedFace(faces.face, io.redactor),
      runs,
      journal,
      current,
      project,
      operator,
      commit: commit?.hash,
      now,
    };
    const resuming = { ...standing, afresh: !launch.record };
    const goesOn = journal.events.length > 1 && !finishedAs(journal);
    const resumed = goesOn ? await resume(resuming) : { runbook: current, recheck: false, state: undefined };
    if (!resumed) {
      faces.close();
      return close({ io, flags, end: { stopped: 'not now', exit: 4 }, again }, async () => '');
    }
    const { runbook, recheck, state } = resumed;
    const stays = state ? unheard(answers, runbook, state) : [];
    if (stays.length > 0) faces.face.tell(stays);
    if (aimed(aim))
      io.stderr.write(`This run is aimed elsewhere than the real world: ${Object.keys(aimed(aim) ?? {}).join(', ')}\n`);
    const launching = {
      io,
      runbook,
      journal,
      world,
      face: faces.face,
      operator,
      skip,
      recheck,
      trusted: true,
      ...(state && { state }),
      lastInputs: () => inputsBefore(runs, launching.journal),
    };
    const end = await carryOn(launching);
    faces.close();
    let after: readonly string[] = [];
    const code = await close({ io, flags, end, again }, async () => {
      if (!launch.record) return undefined;
      return writeRecord(launching, async (text) => {
        const placed = await placeOrSayHow(launching, text);
        after = placed.after;
        return placed.path;
      });
    });
    for (const line of after) io.stderr.write(`${line}\n`);
    return await swept(launching, code);
  } finally {
    faces.close();
    journal?.close();
  }
}

/** Of the newest run of this runbook but this one. */
function inputsBefore(runs: Runs, { run, events }: OpenJournal): Readonly<Record<string, Json>> {
  const { runbook } = evolve(events);
  const last = runs.list().find((one) => readable(one) && one.id !== run && one.runbook.name === runbook.name);
  return last === undefined ? {} : evolve(runs.read(last.id)).inputs;
}

/** The run is finished and in the journal, whatever becomes of its record. */
async function placeOrSayHow(launching: Launching, text: string): Promise<Placed> {
  const { placeRecord } = await import('./record-place.ts');
  try {
    return await placeRecord(launching, text);
  } catch (cause) {
    throw new StateError(
      `the run is finished, but its record could not be written: ${cause instanceof Error ? cause.message : cause}`,
      `mend that, then start again: only the record is still to be written (or write it elsewhere: launch export --run ${launching.journal.run} --out FILE)`,
      { cause },
    );
  }
}

interface Ending {
  readonly io: Io;
  readonly flags: Flags;
  readonly end: SittingEnd;
  readonly again: string;
}

/** What is said last, and the exit code. Why it stopped stands on the screen already, but not for who reads JSON. */
export async function close(
  { io, flags, end, again }: Ending,
  record: () => Promise<string | undefined>,
): Promise<number> {
  if ('finished' in end) {
    const file = await record();
    io.stderr.write(
      `${end.finished === 'done' ? 'Finished.' : 'Finished, with failures.'}${file === undefined ? '' : ` The record: ${file}`}\n`,
    );
    return end.finished === 'done' ? 0 : 1;
  }
  io.stderr.write(io.redactor.text(`${flags.json ? `Stopped and kept: ${end.stopped}\n` : ''}Go on with: ${again}\n`));
  return end.exit;
}

/** The open run of this runbook; `--new` closes it, after asking. */
async function openRun(
  runs: Runs,
  { current: runbook, record }: Launch,
  flags: Flags,
  names: readonly string[],
  face: Face,
): Promise<OpenJournal | undefined> {
  const mine = runs
    .list()
    .filter((one) => (readable(one) ? one.runbook.name === runbook.name : one.id.startsWith(`${runbook.name}-`)));
  const open =
    flags.run !== undefined
      ? chooseRun(runs, names, flags)
      : mine.find(
          (one, index) =>
            // What was handed over is not gone on with here, and holds up a fresh run only while none was begun after it.
            !readable(one) || ((index === 0 || !one.handedOver) && (record ? isOpen(one) : !one.finished)),
        )?.id;
  if (open === undefined) return undefined;
  if (flags.new && mine.some((one) => one.id === open && readable(one) && one.handedOver)) {
    await leaveIt(open, face);
    return undefined;
  }
  const journal = runs.open(open);
  const over = finishOf(journal.events) !== undefined;
  if (over && journal.events.some(({ type }) => type === 'record.written')) {
    journal.close();
    throw new UsageError(`${open} is finished`, '--new starts a fresh run');
  }
  if (!flags.new) return journal;
  if (!over) await giveUp(journal, runbook, face);
  journal.close();
  return undefined;
}

/** A run that goes on elsewhere stays as it is: only who has it can give it up. Throws where the person does not want a second one. */
async function leaveIt(run: string, face: Face): Promise<void> {
  const message = `${run} was handed over and may be going on elsewhere. Begin a fresh run here all the same?`;
  await agreed(run, 'was handed over, and --new would begin a second run', message, face);
}

async function agreed(run: string, why: string, message: string, face: Face): Promise<void> {
  const answer = await face.ask(
    { id: 'run.abandon', type: 'confirm', message },
    { signal: new AbortController().signal },
  );
  if ('value' in answer && answer.value === 'yes') return;
  if ('absent' in answer) throw new UsageError(`${run} ${why}`, 'give --yes too');
  throw new Exit(4);
}

/** Throws, with the run kept and closed, where the person does not want that. */
async function giveUp(journal: OpenJournal, runbook: Runbook, face: Face): Promise<void> {
  const done = [...evolve(journal.events).steps.values()].filter(({ status }) => status === 'done').length;
  const message = `${journal.run} is open, with ${done} of ${runbook.steps.length} steps done. Give it up and begin a fresh run?`;
  try {
    await agreed(journal.run, 'is open, and --new would give it up', message, face);
  } catch (error) {
    journal.close();
    throw error;
  }
  journal.append({ type: 'run.finished', outcome: 'abandoned', why: '--new' }, { sync: true, at: new Date() });
}

function begin(
  runs: Runs,
  runbook: Runbook,
  more: {
    operator: string;
    commit?: string;
    aim?: Readonly<Record<string, string>>;
    random(bytes: number): string;
    text(one: string): string;
  },
): OpenJournal {
  const at = new Date();
  const started = redactedFact(
    {
      type: 'run.started',
      run: runs.newId(runbook.name, at, more.random),
      runbook: {
        name: runbook.name,
        file: runbook.file,
        title: runbook.title,
        digest: runbook.digest,
        copy: copyName(runbook.digest),
        ...(more.commit !== undefined && { commit: more.commit }),
      },
      outline: outlineOf(runbook),
      operator: more.operator,
      tool: LAUNCHBOOK_VERSION,
      mode: 'real',
      ...(more.aim && { aim: more.aim }),
    },
    more.text,
  );
  return runs.create(started, { at, source: runbook.source });
}
