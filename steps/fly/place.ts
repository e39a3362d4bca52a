// Where a deploy finds its fly.toml and what it builds, as absolute paths: fly resolves a relative one against the folder that is built.
import type { Use } from '../../src/system/ports.ts';

export interface Place {
  readonly config: string;
  readonly directory?: string;
}

export async function locate(
  { config, directory }: { readonly config: string; readonly directory?: string },
  { files }: Use<'files'>,
): Promise<Place | { readonly why: string }> {
  try {
    // Without a file fly would deploy the configuration of the release that runs (facts/flyctl.md §2.3).
    if ((await files.read(config)) === undefined) return { why: `there is no ${config}` };
    if (directory === undefined) return { config: await files.resolve(config) };
    if ((await files.list(directory)).length === 0) return { why: `there is nothing in ${directory}` };
    return { config: await files.resolve(config), directory: await files.resolve(directory) };
  } catch (error) {
    // The port refuses a path outside the project with a sentence.
    return { why: error instanceof Error ? error.message : String(error) };
  }
}
