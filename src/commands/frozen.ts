// The runbook of a run as it was frozen: what export, verify and undo speak of.
import { kindNames, loadKind } from '../../steps/index.ts';
import { StateError } from '../engine/store.ts';
import { loadRunbook } from '../runbook/load.ts';
import type { Runbook } from '../runbook/model.ts';
import { diskFiles } from '../system/files.ts';
import { type FoundRun, foundRun } from './found-run.ts';
import type { Call } from './main.ts';

export interface FrozenRun extends FoundRun {
  readonly runbook: Runbook;
}

export const frozenRun = (call: Call): Promise<FrozenRun> => thawed(foundRun(call));

export async function thawed(run: FoundRun): Promise<FrozenRun> {
  const { project, runs, id, state } = run;
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
  return { ...run, runbook: loaded.runbook };
}
