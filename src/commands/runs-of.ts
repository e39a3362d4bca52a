// The runs of a project, opened with what this process is; and the one a command speaks of.

import { openRuns, type RunSummary, type Runs, type RunsKind } from '../store/files.ts';
import { realDisk } from '../system/disk.ts';
import { identityOf, livesAs } from '../system/identity.ts';
import { operatorName, readSettings } from '../system/settings.ts';
import { didYouMean } from '../text/closest.ts';
import type { Flags } from './flags.ts';
import { type Io, UsageError } from './io.ts';

export type Readable = Extract<RunSummary, { readable: true }>;

export const operatorOf = (io: Io, flags: Flags): string => flags.who ?? operatorName(readSettings(io.env), io.env);

export function runsOf(io: Io, flags: Flags, project: string, kind: RunsKind): Runs {
  return openRuns(project, kind, {
    disk: realDisk(),
    me: { ...identityOf(io.pid), operator: operatorOf(io, flags) },
    now: () => new Date(),
    lives: (process) => livesAs(process) === 'alive',
  });
}

export const readable = (run: RunSummary): run is Readable => run.readable;

/** Not finished; or finished, and killed before its record was written. */
export const isOpen = ({ finished, recorded }: Readable): boolean =>
  !finished || (finished.outcome !== 'abandoned' && !recorded);

/** The only run that begins so, among these kinds of runs in their order. */
export function runWith(prefix: string, ...kinds: readonly Runs[]): { readonly runs: Runs; readonly id: string } {
  const runs = kinds.find((one) => one.find(prefix).length > 0);
  const found = runs?.find(prefix) ?? [];
  const [id, ...more] = found;
  if (runs && id !== undefined && more.length === 0) return { runs, id };
  throw new UsageError(
    found.length > 1 ? `"${prefix}" is the beginning of ${found.join(', ')}` : `no run begins with "${prefix}"`,
    '`launch runs` lists them',
  );
}

/** A runbook by its name, or by a beginning that only one has. */
function calledIn(runs: readonly RunSummary[], word: string): string {
  const known = new Set(runs.filter(readable).map(({ runbook }) => runbook.name));
  const starting = [...known].filter((name) => name.startsWith(word));
  return !known.has(word) && starting.length === 1 ? (starting[0] ?? word) : word;
}

/** The run named by `--run`, else the newest of the runbook (open ones first), also among rehearsals when told so. */
export function chooseRun(runs: Runs, names: readonly string[], flags: Flags): string {
  if (flags.run !== undefined) return runWith(flags.run, runs).id;
  const all = runs.list();
  const name = names[0] && calledIn(all, names[0]);
  const mine = all.filter(
    (run) => name === undefined || (readable(run) ? run.runbook.name === name : run.id.startsWith(`${name}-`)),
  );
  const chosen = mine.find((run) => !readable(run) || !run.finished) ?? mine[0];
  if (!chosen)
    throw new UsageError(
      name === undefined ? 'there is no run yet' : `there is no run of ${name} yet`,
      (name !== undefined &&
        didYouMean(
          name,
          all.filter(readable).map(({ runbook }) => runbook.name),
        )) ||
        '`launch NAME` starts one; a rehearsal is named by `--run ID` (`launch runs` lists them)',
    );
  return chosen.id;
}
