// Inputs of type directory: paths below what the person gave are allowed, in every sitting.
import type { Runbook } from '../runbook/model.ts';
import type { Sitting } from './sitting.ts';
import type { RunState } from './state.ts';
import { Stop } from './stop.ts';

export async function allowFolders(sitting: Sitting): Promise<void> {
  for (const { name, folder } of foldersOf(sitting.runbook, sitting.state)) {
    try {
      await sitting.world.files.allow(folder);
    } catch (error) {
      throw new Stop(`inputs.${name}: ${error instanceof Error ? error.message : String(error)}`, 1);
    }
  }
}

/** Those that were given. */
export const foldersOf = (
  { inputs }: Pick<Runbook, 'inputs'>,
  state: RunState,
): readonly { readonly name: string; readonly folder: string }[] =>
  inputs.flatMap(({ name, type }) => {
    const folder = state.inputs[name];
    return type === 'directory' && typeof folder === 'string' && folder !== '' ? [{ name, folder }] : [];
  });
