// What a runbook can ask of a fly.toml, and where the file says otherwise.
import { z } from 'zod';
import type { TomlPath } from '../../src/text/toml-places.ts';
import { appName, groupName, regionCode } from './fields.ts';
import type { FlyToml } from './fly-toml.ts';

export const configWants = {
  app: appName,
  region: regionCode.optional().describe('primary_region'),
  groups: z
    .array(groupName)
    .min(1)
    .optional()
    .describe('Exactly these process groups; without [processes] it is `app`'),
  mounts: z.record(z.string(), z.string()).optional().describe('Volume name → path where it is mounted'),
  'internal-port': z.int().min(1).max(65535).optional(),
  'health-path': z.string().startsWith('/').optional().describe('Path of a health check'),
  env: z.record(z.string(), z.string()).optional().describe('Names and values that [env] must hold'),
};

/** Each of them as far as it is known: before a run an expression may not be. */
const known = z.object({
  app: configWants.app.optional().catch(undefined),
  region: configWants.region.catch(undefined),
  groups: configWants.groups.catch(undefined),
  mounts: configWants.mounts.catch(undefined),
  'internal-port': configWants['internal-port'].catch(undefined),
  'health-path': configWants['health-path'].catch(undefined),
  env: configWants.env.catch(undefined),
});

export interface Difference {
  readonly at: TomlPath;
  readonly expected: string;
  readonly seen: string;
}

export function differencesOf(wanted: Readonly<Record<string, unknown>>, found: FlyToml): readonly Difference[] {
  const want = known.parse(wanted);
  const differences: Difference[] = [];
  const hold = (right: boolean, at: TomlPath, expected: string, seen: string): void => {
    if (!right) differences.push({ at, expected, seen });
  };
  if (want.app)
    hold(
      found.app === want.app,
      ['app'],
      `app = "${want.app}"`,
      found.app === undefined ? 'no app' : `app = "${found.app}"`,
    );
  if (want.region)
    hold(
      found.region === want.region,
      ['primary_region'],
      `primary_region = "${want.region}"`,
      found.region === undefined ? 'no primary_region' : `primary_region = "${found.region}"`,
    );
  if (want.groups)
    hold(
      sameSet(want.groups, found.groups),
      ['processes'],
      `process groups ${want.groups.join(', ')}`,
      `process groups ${found.groups.join(', ')}`,
    );
  for (const [source, destination] of Object.entries(want.mounts ?? {})) {
    const mount = found.mounts.find((one) => one.source === source);
    hold(
      mount?.destination === destination,
      mount ? [...mount.at, 'destination'] : ['mounts'],
      `${source} mounted at ${destination}`,
      mount ? `${source} mounted at ${mount.destination}` : `${source} is not mounted`,
    );
  }
  const port = want['internal-port'];
  const ports = found.services.flatMap((service) => service.port ?? []);
  if (port)
    hold(
      ports.includes(port),
      [...(found.services[0]?.at ?? ['http_service']), 'internal_port'],
      `internal_port = ${port}`,
      ports.length > 0 ? `internal_port = ${ports.join(', ')}` : 'no service',
    );
  const path = want['health-path'];
  const checks = [...found.services.flatMap((service) => service.checks), ...found.checks];
  const paths = checks.flatMap((check) => check.path ?? []);
  if (path)
    hold(
      paths.includes(path),
      checks[0] ? [...checks[0].at, 'path'] : ['http_service'],
      `a health check of ${path}`,
      paths.length > 0 ? `health checks of ${paths.join(', ')}` : 'no http health check',
    );
  for (const [name, value] of Object.entries(want.env ?? {})) {
    const has = found.env[name];
    hold(
      has === value,
      ['env', name],
      `${name} = "${value}" in [env]`,
      has === undefined ? `${name} is not in [env]` : `${name} = "${has}" in [env]`,
    );
  }
  return differences;
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));
