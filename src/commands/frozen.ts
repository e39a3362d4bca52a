// The runbook of a run as it was frozen: what status, log and export speak of.
import { kindNames, loadKind } from '../../steps/index.ts';
import type { LaunchEvent } from '../engine/events.ts';
import { evolve } from '../engine/evolve.ts';
import type { RunState } from '../engine/state.ts';
import { StateError } from '../engine/store.ts';
import { loadRunbook } from '../runbook/load.ts';
import type { Runbook } from '../runbook/model.ts';
import type { Runs } from '../store/files.ts';
import { diskFiles } from '../system/files.ts';
import type { Call } from './main.ts';
import { projectFolder } from './project-folder.ts';
import { chooseRun, runsOf, runWith } from './runs-of.ts';

export interface FrozenRun {
  readonly runs: Runs;
  readonly id: string;
  readonly runbook: Runbook;
  readonly events: readonly LaunchEvent[];
  readonly state: RunState;
}

/** The run a command speaks of: a real one, or the rehearsal that `--run` names. */
export async function frozenRun({ io, names, flags }: Call): Promise<FrozenRun> {
  const project = projectFolder(io, flags);
  const real = runsOf(io, flags, project, 'runs');
  const rehearsals = runsOf(io, flags, project, 'rehearsals');
  const { runs, id } =
    flags.run === undefined ? { runs: real, id: chooseRun(real, names, flags) } : runWith(flags.run, real, rehearsals);
  const events = runs.read(id);
  const state = evolve(events);
  const source = runs.frozen(id, state.runbook.copy);
  const files = diskFiles(project);
  const loaded =
    source === undefined
      ? undefined
      : await loadRunbook({
          file: state.runbook.file,
          source,
          kindNames,
          loadKind,
          readFile: (path) => files.read(path),
        });
  if (!loaded?.runbook)
    throw new StateError(
      `the runbook of ${id} (${state.runbook.copy}) cannot be read`,
      `look at .launch: the copy is kept beside the journal`,
    );
  return { runs, id, runbook: loaded.runbook, events, state };
}
