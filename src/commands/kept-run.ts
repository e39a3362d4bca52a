// A run that is there, for what comes beside or after carrying it out: looking again, taking back, one thing at a time.
import { LockedError, StateError } from '../engine/store.ts';
import type { OpenJournal } from '../store/files.ts';
import { aimed, readAim } from '../system/aim.ts';
import { createRealWorld } from '../system/real-world.ts';
import type { World } from '../system/world.ts';
import { checkAim } from './aim-before.ts';
import { type FrozenRun, frozenRun } from './frozen.ts';
import { UsageError } from './io.ts';
import type { Call } from './main.ts';
import { projectFolder } from './project-folder.ts';
import { operatorOf, readable, runsOf } from './runs-of.ts';

export interface KeptRun extends FrozenRun {
  readonly world: World;
}

/** With the runbook as it was frozen, and the world it was aimed at. */
export async function keptRun(call: Call): Promise<KeptRun> {
  const frozen = await frozenRun(call);
  const { io, flags } = call;
  if (frozen.state.mode === 'rehearsal')
    throw new UsageError(
      `${frozen.id} is a rehearsal: its world is gone`,
      'name a run of the real world (`launch runs` lists them)',
    );
  const aim = readAim(io.env);
  checkAim(frozen.state.aim, aimed(aim));
  return { ...frozen, world: createRealWorld({ project: projectFolder(io, flags), aim, env: io.env }) };
}

/** The open run that is meant: of several, `--run` says which. */
export async function openRun(call: Call): Promise<KeptRun> {
  const { io, flags } = call;
  if (flags.run === undefined) {
    const open = runsOf(io, flags, projectFolder(io, flags), 'runs')
      .list()
      .filter((one) => readable(one) && !one.finished);
    if (open.length > 1)
      throw new UsageError(`several runs are open: ${open.map(({ id }) => id).join(', ')}`, 'say which with --run ID');
  }
  const run = await keptRun({ ...call, names: [] });
  if (run.state.finished) throw new UsageError(`${run.id} is finished`, '`launch NAME --new` starts a fresh run');
  return run;
}

/** Holds the run. What a process that is gone had begun is in doubt from here on. */
export function takeRun({ io, flags }: Call, { runs, id, world }: KeptRun, { sits = false } = {}): OpenJournal {
  const journal = runs.open(id);
  if (journal.torn)
    io.stderr.write(`The last line of the journal was not whole; it was set aside as ${journal.torn.file}.\n`);
  const before = journal.before && { before: journal.before.operator };
  if (sits || before)
    journal.append(
      { type: 'run.resumed', operator: operatorOf(io, flags), ...before },
      { sync: false, at: world.clock.now() },
    );
  return journal;
}

/** The same, or undefined where someone else holds it or it cannot be written: said, with what follows from it. */
export function takeRunOrSay(call: Call, run: KeptRun, follows: string): OpenJournal | undefined {
  try {
    return takeRun(call, run);
  } catch (error) {
    if (!(error instanceof LockedError || error instanceof StateError)) throw error;
    call.io.stderr.write(`${error.message}: ${follows}\n`);
    return undefined;
  }
}
