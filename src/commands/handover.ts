// `launch handover`: a run goes on with someone else, on another machine. Packed, opened there, or taken back.
import { resolve } from 'node:path';
import { evolve } from '../engine/evolve.ts';
import type { RunState } from '../engine/state.ts';
import type { Runbook } from '../runbook/model.ts';
import { handoverOf, type OpenJournal } from '../store/files.ts';
import { hashOf } from '../store/lines.ts';
import { realDisk } from '../system/disk.ts';
import { groupLives } from '../system/identity.ts';
import { claimFile } from '../system/own-files.ts';
import { count } from '../ui/outline.ts';
import { describeStatus, statusText } from '../ui/words.ts';
import { calledAs } from './again.ts';
import { facesFor } from './faces.ts';
import { frozenRun } from './frozen.ts';
import { Exit, type Io, isPresent, UsageError } from './io.ts';
import { learnTokens } from './launching.ts';
import type { Call } from './main.ts';
import { projectFolder } from './project-folder.ts';
import { chooseRun, operatorOf, runsOf } from './runs-of.ts';

export async function handover(call: Call): Promise<number> {
  const [verb, ...rest] = call.names;
  if (verb === 'open') return (await import('./handover-open.ts')).openHandover({ ...call, names: rest });
  if (verb === 'take-back') return takeBack({ ...call, names: rest });
  return packRun(call);
}

async function packRun(call: Call): Promise<number> {
  const { io, flags } = call;
  const project = projectFolder(io, flags);
  const runs = runsOf(io, flags, project, 'runs');
  const id = chooseRun(runs, call.names, flags);
  const { runbook } = await frozenRun({ ...call, flags: { ...flags, run: id } });
  // One that is handed over already is packed again as it was: its file may have been lost, or never written.
  const journal = runs.open(id, { handedOver: true });
  try {
    const before = evolve(journal.events);
    if (before.finished)
      throw new UsageError(`${id} is finished`, `its record is what others need: launch export --run ${id}`);
    requireEnded(io, before, runbook);
    requireNoSecret(io, journal, runbook);
    const file = flags.out ?? `${id}.handover.json`;
    const { text, names } = await written(io, file, async () => {
      const by = operatorOf(io, flags);
      const to = flags.to === undefined ? {} : { to: flags.to };
      if (!before.handedOver) journal.append({ type: 'run.handed-over', by, ...to }, { sync: true, at: new Date() });
      const { pack } = await import('../store/handover.ts');
      const summary = summaryOf(runbook, evolve(journal.events));
      return pack(realDisk(), runs.folder(id), { run: id, title: runbook.title, summary });
    });
    tell(io, [
      ...summaryOf(runbook, evolve(journal.events)),
      '',
      `Packed: ${file} (${contents(names)}; what commands wrote is redacted, and no secret is in it).`,
      `SHA-256 ${hashOf(text)}`,
      `There, in a copy of this project: launch handover open ${file}`,
      'From now on nothing is done in this folder; status, log and export still work.',
    ]);
    return 0;
  } finally {
    journal.close();
  }
}

/** Where we are, what is in doubt, who is needed: for whoever opens the file. */
function summaryOf(runbook: Runbook, state: RunState): readonly string[] {
  const left = runbook.steps.filter(({ id }) => !OVER.has(state.steps.get(id)?.status ?? 'pending'));
  const people = new Map<string, string[]>();
  for (const { who, title } of left) if (who !== undefined) people.set(who, [...(people.get(who) ?? []), `"${title}"`]);
  const doubts = left.filter(
    ({ id }) => state.steps.get(id)?.status === 'in-doubt' || state.steps.get(id)?.status === 'running',
  );
  const secrets = state.secretInputs.length > 0 ? [`To be typed again: ${state.secretInputs.join(', ')} (secret)`] : [];
  return [
    statusText(runbook, state, { now: new Date() }),
    ...doubts.map(
      ({ id, title }) => `In doubt: "${title}" (${describeStatus(state.steps.get(id))}); it is looked at first`,
    ),
    ...[...people].map(([who, titles]) => `Needed: ${who}, for ${titles.join(', ')}`),
    ...secrets,
  ];
}

const OVER: ReadonlySet<string> = new Set(['done', 'skipped', 'not-needed']);

/** What still works for this run here would go on unseen. */
function requireEnded(io: Io, state: RunState, runbook: Runbook): void {
  for (const step of state.steps.values())
    for (const { ended, children } of step.attempts) {
      if (ended && ended.timedOut !== true) continue;
      const alive = children.find((child) => groupLives(child) === 'alive');
      if (!alive) continue;
      const title = runbook.steps.find(({ id }) => id === step.id)?.title ?? step.id;
      stop(
        io,
        `"${title}" still runs here (process group ${alive.group}), and would go on unseen`,
        `wait for its end, or end it (kill -- -${alive.group}); then hand over`,
      );
    }
}

/** A second look at what the run wrote, with what this environment knows as a token. */
function requireNoSecret(io: Io, journal: OpenJournal, runbook: Runbook): void {
  const { redactor } = io;
  const environment = Object.fromEntries(Object.entries(io.env).map(([name, value]) => [name, value ?? '']));
  learnTokens(redactor, { environment, runbook });
  const [leak] = journal.leaks((bytes) => redactor.holds(bytes));
  if (leak)
    stop(
      io,
      `${leak.secret} stands in ${journal.folder}/${leak.file}: nothing was packed`,
      'change that secret, and take it out of the file',
      1,
    );
}

function stop(io: Io, why: string, remedy: string, exit = 4): never {
  io.stderr.write(`launch: ${why}\n  ${remedy}\n`);
  throw new Exit(exit);
}

/** The file is made before the run is handed over: where it cannot be written, nothing has happened. */
async function written<T extends { readonly text: string }>(io: Io, file: string, make: () => Promise<T>): Promise<T> {
  const claimed = claim(resolve(io.cwd, file));
  try {
    const made = await make();
    claimed.write(made.text);
    return made;
  } catch (error) {
    claimed.giveUp();
    throw error;
  } finally {
    claimed.close();
  }
}

function claim(path: string): ReturnType<typeof claimFile> {
  try {
    return claimFile(path);
  } catch (error) {
    throw new UsageError(
      `--out: ${error instanceof Error ? error.message : String(error)}`,
      'name a file that is not there yet, in a folder that you may write to',
    );
  }
}

function contents(names: readonly string[]): string {
  const receipts = names.filter((name) => name.startsWith('receipts/')).length;
  const runbooks = names.filter((name) => name.startsWith('runbook-')).length;
  return `its journal, ${count(runbooks, 'version')} of the runbook, ${count(receipts, 'receipt')} of what commands wrote`;
}

/** Only for a person: whoever has the file can go on with it, and nothing can tell them. */
async function takeBack(call: Call): Promise<number> {
  const { io, flags } = call;
  const runs = runsOf(io, flags, projectFolder(io, flags), 'runs');
  const id = chooseRun(runs, call.names, flags);
  const journal = runs.open(id, { handedOver: true });
  try {
    const last = handoverOf(journal.events);
    if (!last) throw new UsageError(`${id} was not handed over`, `\`launch status --run ${id}\` says where it stands`);
    const to = last.to ?? 'whoever has the file';
    if (!isPresent(io, flags))
      stop(
        io,
        `taking ${id} back needs a person at a terminal`,
        `ask ${to} whether they work on it; then give the command in a terminal`,
      );
    if (!(await isSure(call, id, to, last.at))) return 4;
    const by = operatorOf(io, flags);
    journal.append({ type: 'run.resumed', operator: by, before: last.by }, { sync: false, at: new Date() });
    journal.append(
      { type: 'note.added', text: `Taken back; it had been handed over to ${to} at ${last.at}.`, by },
      { sync: true, at: new Date() },
    );
    tell(io, [`${id} is here again. Go on with: ${calledAs(io)} ${evolve(journal.events).runbook.name} --run ${id}`]);
    return 0;
  } finally {
    journal.close();
  }
}

async function isSure({ io, flags }: Call, id: string, to: string, at: string): Promise<boolean> {
  // A risk for two people is no matter of --yes.
  const faces = await facesFor(
    io,
    { ...flags, yes: false },
    { outline: { title: 'launch handover', steps: [] }, again: 'launch handover take-back' },
  );
  try {
    faces.face.tell([
      `${id} was handed over to ${to} at ${at}.`,
      'If they have opened the file they may be acting at this moment: two who act at once make things twice, and the two journals can never be joined again.',
      'The file stays usable: have it deleted.',
    ]);
    const message = `Is it certain that ${to} does not work on ${id}, and will not?`;
    const answer = await faces.face.ask({ id: 'handover', type: 'confirm', message }, { signal: io.signal });
    return 'value' in answer && answer.value === 'yes';
  } finally {
    faces.close();
  }
}

function tell(io: Io, lines: readonly string[]): void {
  io.stdout.write(`${lines.join('\n')}\n`);
}
