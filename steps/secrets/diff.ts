// Compare an app's secrets with staging, with [env] of its fly.toml and with the runbook. Names only, never a value.
import { parse } from 'smol-toml';
import { z } from 'zod';
import { compareSecrets, type Difference, type SecretsToCompare } from '../../src/secrets/diff.ts';
import { defineStep, type Look } from '../../src/step.ts';
import type { Use } from '../../src/system/ports.ts';
import { flyLogin, flyTool, listSecrets, notSeen } from '../fly/client.ts';
import { appName } from '../fly/fields.ts';

const With = z.strictObject({ app: appName, 'compare-with': appName.optional() });

export const diff = defineStep({
  name: 'secrets/diff',
  summary: 'Compare the secrets of an app with staging, fly.toml and the runbook',
  example: 'with: { app: solserver-prod, compare-with: solserver-staging }',
  with: With,
  describe: (want) =>
    `secrets of ${want.app} against the runbook, [env] and ${want['compare-with'] ?? 'the app it is compared with'}`,
  requires: [flyTool],
  login: flyLogin,
  verify: async (want, ports) => {
    const { app } = want;
    const declared = ports.secrets.declared(app);
    const list = await listSecrets(app, ports);
    if (!list.ok) return notSeen(list.problem, { app, expected: `the secrets of ${app}` });
    const otherApp = want['compare-with'] ?? declared.compareWith;
    const other =
      otherApp === undefined || otherApp === app
        ? undefined
        : { app: otherApp, list: await listSecrets(otherApp, ports) };
    if (other !== undefined && !other.list.ok) {
      const { why, hint } = other.list.problem;
      return {
        is: 'unknown',
        why: `the secrets of ${other.app} cannot be read: ${why}`,
        ...(hint !== undefined && { hint }),
      };
    }
    const env = await envOf(app, ports);
    if (env !== undefined && 'broken' in env) return { is: 'unknown', why: env.broken };
    const sides: SecretsToCompare = {
      app,
      declared: declared.names,
      stored: list.value,
      ...(other?.list.ok && { other: { app: other.app, stored: other.list.value } }),
      ...(env !== undefined && { env }),
    };
    return answer(sides, compareSecrets(sides));
  },
  checkedAgainst: 'stand-in',
});

function answer({ app, stored, other }: SecretsToCompare, differences: readonly Difference[]): Look {
  const wrong = differences.filter(({ weight }) => weight === 'wrong').map(({ sentence }) => sentence);
  const look = differences.filter(({ weight }) => weight === 'look').map(({ sentence }) => sentence);
  if (wrong.length > 0) {
    const expected = `everything the runbook requires of ${app}`;
    return {
      is: 'not-so',
      expected,
      seen: wrong.join('; '),
      ...(look.length > 0 && { hint: `Also: ${look.join('; ')}.` }),
    };
  }
  const beside = other === undefined ? '' : `, ${other.stored.length} on ${other.app}`;
  const seen = `nothing required is missing: ${stored.length} secrets on ${app}${beside}`;
  return { is: 'so', seen, ...(look.length > 0 && { warning: look.join('; ') }) };
}

const FlyToml = z.object({
  app: z.string().optional(),
  env: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
});

/** `[env]` of the fly.toml that belongs to the app: the one that names it, else a `fly.toml` that names none. */
async function envOf(
  app: string,
  { files }: Use<'files'>,
): Promise<SecretsToCompare['env'] | { readonly broken: string }> {
  const names = (await files.list('.')).filter((name) => /^fly.*\.toml$/.test(name)).sort();
  const read = await Promise.all(
    names.map(async (file) => ({ file, ...parseFlyToml((await files.read(file)) ?? '') })),
  );
  const own =
    read.find((one) => one.app === app) ?? read.find((one) => one.file === 'fly.toml' && one.app === undefined);
  if (own === undefined) return undefined;
  if (own.broken)
    return {
      broken: `${own.file} is not a fly.toml that can be read: \`fly config validate -c ${own.file}\` says more`,
    };
  return { file: own.file, values: own.values };
}

function parseFlyToml(text: string): {
  readonly app?: string;
  readonly values: Readonly<Record<string, string>>;
  readonly broken: boolean;
} {
  try {
    const { app, env } = FlyToml.parse(parse(text));
    const values = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)]));
    return { ...(app !== undefined && { app }), values, broken: false };
  } catch {
    // Broken TOML of another app is not ours to judge; the app's own is named by the caller.
    const app = /^app\s*=\s*["']([^"']+)["']/m.exec(text)?.[1];
    return { ...(app !== undefined && { app }), values: {}, broken: true };
  }
}
