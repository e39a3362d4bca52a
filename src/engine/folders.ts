// Inputs of type directory: paths below what the person gave are allowed, in every sitting.
import { type Sitting, Stop } from './sitting.ts';

export async function allowFolders(sitting: Sitting): Promise<void> {
  for (const { name, type } of sitting.runbook.inputs) {
    const folder = sitting.state.inputs[name];
    if (type !== 'directory' || typeof folder !== 'string' || folder === '') continue;
    try {
      await sitting.world.files.allow(folder);
    } catch (error) {
      throw new Stop(`inputs.${name}: ${error instanceof Error ? error.message : String(error)}`, 1);
    }
  }
}
