// The run that a command speaks of, as its journal has it.
import type { LaunchEvent } from '../engine/events.ts';
import { evolve } from '../engine/evolve.ts';
import type { RunState } from '../engine/state.ts';
import type { Runs } from '../store/files.ts';
import type { Call } from './main.ts';
import { projectFolder } from './project-folder.ts';
import { chooseRun, runsOf, runWith } from './runs-of.ts';

export interface FoundRun {
  readonly project: string;
  readonly runs: Runs;
  readonly id: string;
  readonly events: readonly LaunchEvent[];
  readonly state: RunState;
}

/** A real one, or the rehearsal that `--run` names. */
export function foundRun({ io, names, flags }: Call): FoundRun {
  const project = projectFolder(io, flags);
  const real = runsOf(io, flags, project, 'runs');
  const rehearsals = runsOf(io, flags, project, 'rehearsals');
  const { runs, id } =
    flags.run === undefined ? { runs: real, id: chooseRun(real, names, flags) } : runWith(flags.run, real, rehearsals);
  const events = runs.read(id);
  return { project, runs, id, events, state: evolve(events) };
}
