// Everything that is compared for an app: its secrets and staging's on Fly, [env] of its fly.toml, the runbook, the code. Looks only.
import type { SecretsToCompare } from '../../src/secrets/diff.ts';
import { type Inventory, takeInventory } from '../../src/secrets/inventory.ts';
import type { LookingSecrets, Use } from '../../src/system/ports.ts';
import { readSettings } from '../../src/text/settings-file.ts';
import { listSecrets } from '../fly/client.ts';
import { simplify } from '../fly/fly-toml.ts';
import type { Problem } from '../fly/trouble.ts';

export interface Sides {
  readonly sides: SecretsToCompare;
  readonly inventory: Inventory;
  /** The app it is compared with, where its secrets cannot be read. */
  readonly unread?: { readonly app: string; readonly problem: Problem };
}

/** `problem`: the app's own secrets cannot be read. `broken`: its fly.toml cannot. */
export async function gatherSides(
  { app, compareWith }: { readonly app: string; readonly compareWith?: string | undefined },
  ports: Use<'processes' | 'files'> & { readonly secrets: Pick<LookingSecrets, 'declared'> },
): Promise<Sides | { readonly problem: Problem } | { readonly broken: string }> {
  const declared = ports.secrets.declared(app);
  const otherApp = compareWith ?? declared.compareWith;
  const [own, other, env] = await Promise.all([
    listSecrets(app, ports),
    otherApp === undefined || otherApp === app ? undefined : listSecrets(otherApp, ports),
    envOf(app, ports),
  ]);
  if (!own.ok) return { problem: own.problem };
  if (env !== undefined && 'broken' in env) return env;
  const inventory = await takeInventory(ports.files, env === undefined ? {} : { flyToml: env.file });
  return {
    inventory,
    sides: {
      app,
      declared: declared.names,
      ...(declared.notNow && { notNow: declared.notNow }),
      ...(declared.ofOthers && { ofOthers: declared.ofOthers }),
      ...(declared.comparedBy !== undefined && { comparedBy: declared.comparedBy }),
      stored: own.value,
      ...(other?.ok && otherApp !== undefined && { other: { app: otherApp, stored: other.value } }),
      ...(env !== undefined && { env }),
      inventory: inventory.entries,
    },
    ...(other !== undefined &&
      !other.ok &&
      otherApp !== undefined && { unread: { app: otherApp, problem: other.problem } }),
  };
}

/** `[env]` of the fly.toml that belongs to the app: the one that names it, else a `fly.toml` that names none. */
async function envOf(
  app: string,
  { files }: Use<'files'>,
): Promise<SecretsToCompare['env'] | { readonly broken: string }> {
  const names = (await files.list('.')).filter((name) => /^fly.*\.toml$/.test(name)).sort();
  const read = await Promise.all(
    names.map(async (file) => {
      const text = (await files.read(file)) ?? '';
      const written = readSettings(file, text);
      const toml = 'fault' in written ? written : simplify(written);
      // A broken file still says whose it is: of another app it is not ours to judge.
      const named = 'fault' in toml ? /^app\s*=\s*["']([^"']+)["']/m.exec(text)?.[1] : toml.app;
      return { file, toml, named };
    }),
  );
  const own =
    read.find(({ named }) => named === app) ??
    read.find(({ file, named }) => file === 'fly.toml' && named === undefined);
  if (own === undefined) return undefined;
  if ('fault' in own.toml)
    return {
      broken: `${own.file} is not a fly.toml that can be read: \`fly config validate -c ${own.file}\` says more`,
    };
  return { file: own.file, values: own.toml.env };
}
