// Which rehearsal: the project it belongs to, the open one that was begun the same way, or a fresh one.
import { join } from 'node:path';
import { evolve } from '../engine/evolve.ts';
import { outlineOf } from '../engine/outline.ts';
import { LockedError } from '../engine/store.ts';
import type { Runbook } from '../runbook/model.ts';
import { copyName, type OpenJournal, type Runs } from '../store/files.ts';
import { isThere, makeSampleProject } from '../system/own-files.ts';
import { findProject, listRunbooks } from '../system/project.ts';
import { closest } from '../text/closest.ts';
import type { Flags } from './flags.ts';
import { type Io, UsageError } from './io.ts';
import { isOpen, readable, runWith } from './runs-of.ts';

/** The project with that runbook; else a new folder with the packaged sample, whose path is printed. */
export function rehearsalProject(io: Io, flags: Flags, name: string): string {
  const project = findProject(flags.dir ?? io.cwd);
  if (project !== undefined && (name.endsWith('.md') || listRunbooks(project).some((one) => one.startsWith(name))))
    return project;
  const sample = join(io.packageFolder, 'runbooks', `${name}.md`);
  if (!isThere(sample)) {
    const near = closest(name, project === undefined ? [] : listRunbooks(project));
    throw new UsageError(
      `no runbook is called "${name}", here or in the package`,
      near === undefined ? '`launch rehearse prod` rehearses the sample' : `did you mean ${near}?`,
    );
  }
  const folder = makeSampleProject(sample, name, join(io.packageFolder, 'runbooks', 'fixtures', name));
  io.stderr.write(`There is no such runbook here: the packaged sample is rehearsed in ${folder}\n`);
  return folder;
}

export interface Beginning {
  readonly auto: boolean;
  readonly fresh: boolean;
  readonly fault: string | undefined;
  readonly operator: string;
  /** `--run`: this one, and no other. */
  readonly run: string | undefined;
}

/** The open rehearsal begun the same way, or a fresh one. A rehearsal is of one version: where another one is closed for that, it is told. */
export function openOne(runs: Runs, runbook: Runbook, beginning: Beginning, tell: (line: string) => void): OpenJournal {
  const { auto, fresh, run } = beginning;
  const open = fresh
    ? undefined
    : run !== undefined
      ? runWith(run, runs).id
      : runs
          .list()
          .find((one) => readable(one) && one.runbook.name === runbook.name && isOpen(one) && one.auto === auto)?.id;
  const journal = open === undefined ? undefined : openUnlessHeld(runs, open, beginning);
  if (journal === undefined) return begin(runs, runbook, beginning);
  const state = evolve(journal.events);
  if (state.runbook.digest === runbook.digest) return journal;
  if (!state.finished) {
    journal.append(
      { type: 'run.finished', outcome: 'abandoned', why: 'the runbook was changed' },
      { sync: true, at: new Date() },
    );
    tell(
      `The open rehearsal ${state.run} was of the runbook before it was changed: it is closed, and a fresh one begins.`,
    );
  }
  journal.close();
  return begin(runs, runbook, beginning);
}

/** undefined where another process plays it just now: with nobody to be told, a fresh one does as well. */
function openUnlessHeld(runs: Runs, id: string, { auto, run }: Beginning): OpenJournal | undefined {
  try {
    return runs.open(id);
  } catch (error) {
    if (error instanceof LockedError && auto && run === undefined) return undefined;
    throw error;
  }
}

function begin(runs: Runs, runbook: Runbook, { auto, fault, operator }: Beginning): OpenJournal {
  const at = new Date();
  return runs.create(
    {
      type: 'run.started',
      run: runs.newId(runbook.name, at, (bytes) =>
        Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('hex'),
      ),
      runbook: {
        name: runbook.name,
        file: runbook.file,
        title: runbook.title,
        digest: runbook.digest,
        copy: copyName(runbook.digest),
      },
      outline: outlineOf(runbook),
      operator,
      tool: LAUNCHBOOK_VERSION,
      mode: 'rehearsal',
      rehearsal: { auto, ...(fault !== undefined && { fault }) },
    },
    { at, source: runbook.source },
  );
}
