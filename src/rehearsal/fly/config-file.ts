// Which configuration file a command means, and which app (facts/flyctl.md §2.3).
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Definition, isTable, text } from './definition.ts';
import { FlyError, NoStandIn } from './errors.ts';

export interface LoadedConfig {
  readonly path: string;
  readonly definition: Definition;
}

/** Loads `-c FILE`, or fly.toml, fly.json, fly.yaml of the folder. undefined where there is none. A broken file fails the command. */
export async function loadConfigFile(folder: string, given: string | undefined): Promise<LoadedConfig | undefined> {
  const path = given
    ? resolve(folder, given)
    : ['fly.toml', 'fly.json', 'fly.yaml'].map((name) => join(folder, name)).find(existsSync);
  if (path === undefined) return undefined;
  if (!existsSync(path)) throw new FlyError(`config file not found at specified path: ${path}`);
  try {
    return { path, definition: migrated(await parse(path)) };
  } catch (error) {
    if (error instanceof NoStandIn) throw error;
    throw new FlyError(`failed loading app config from ${path}: ${error instanceof Error ? error.message : error}`);
  }
}

/** `--app`, else `FLY_APP`, else the file's `app`. */
export function appName(
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  config: LoadedConfig | undefined,
): string {
  const name = flag || env.FLY_APP || text(config?.definition.app);
  if (!name)
    throw new FlyError(
      'the config for your app is missing an app name, add an app field to the fly.toml file or specify with the -a flag',
    );
  return name;
}

async function parse(path: string): Promise<unknown> {
  const content = readFileSync(path, 'utf8');
  if (path.endsWith('.json')) return JSON.parse(content);
  if (path.endsWith('.yaml')) throw new NoStandIn('fly.yaml: write it as fly.toml');
  const { parse: parseToml } = await import('smol-toml');
  return parseToml(content);
}

/** Old spellings are understood (§4.1). */
function migrated(parsed: unknown): Definition {
  if (!isTable(parsed)) throw new Error('not a table');
  const renamed: Record<string, string> = { mount: 'mounts', compute: 'vm', computes: 'vm', metric: 'metrics' };
  return Object.fromEntries(Object.entries(parsed).map(([key, value]) => [renamed[key] ?? key, value]));
}
