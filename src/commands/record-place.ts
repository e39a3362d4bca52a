// Where the record of a run goes: a file of the project, or one below a folder that the person gave, such as the checkout of another repository.
import { basename, dirname, extname, resolve } from 'node:path';
import type { LaunchEvent } from '../engine/events.ts';
import { evolve } from '../engine/evolve.ts';
import { foldersOf } from '../engine/folders.ts';
import { isRecord } from '../record/check.ts';
import { fill } from '../record/fill.ts';
import type { Runbook } from '../runbook/model.ts';
import { readCommit } from '../system/commit.ts';
import type { Launching } from './launching.ts';

/** `record:` of the runbook, with the folder that was given filled in. */
export const recordPath = (runbook: Runbook, events: readonly LaunchEvent[]): string =>
  fill(runbook.record, evolve(events));

export interface Placed {
  readonly path: string;
  /** What is said after its path. */
  readonly after: readonly string[];
}

/** Writes it. A file that no launch has written is nobody's to replace: then it is written beside that. */
export async function placeRecord(
  { runbook, journal, world: { files, project } }: Pick<Launching, 'runbook' | 'journal' | 'world'>,
  text: string,
): Promise<Placed> {
  // Also in a sitting that has nothing else left to do.
  for (const { folder } of foldersOf(runbook, evolve(journal.events))) await files.allow(folder);
  const wanted = recordPath(runbook, journal.events);
  const there = await files.read(wanted);
  const isFree = there === undefined || isRecord(there);
  const ending = extname(wanted);
  const path = isFree ? wanted : `${wanted.slice(0, wanted.length - ending.length)}.${journal.run}${ending}`;
  await files.write(path, text);
  const commit = await howToCommit(project, path, journal.run);
  return {
    path,
    after: [
      ...(isFree ? [] : [`${wanted} was there and is no record of a launch: it was left as it is.`]),
      ...(commit === undefined ? [] : [`Commit it: ${commit}`]),
    ],
  };
}

/** As typed in the project's folder; undefined where the file is in no repository with a commit. */
async function howToCommit(project: string, path: string, run: string): Promise<string | undefined> {
  const folder = dirname(path);
  if ((await readCommit(resolve(project, folder))) === undefined) return undefined;
  const git = folder === '.' ? 'git' : `git -C ${quoted(folder)}`;
  const file = quoted(basename(path));
  return `${git} add ${file} && ${git} commit -m ${quoted(`Record of ${run}`)} -- ${file}`;
}

/** For a shell. */
const quoted = (text: string): string => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
