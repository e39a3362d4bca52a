// The fly.toml says what the runbook relies on, and holds none of the known hazards. Reads the file; asks nobody.
import { z } from 'zod';
import { defineStep, type Look } from '../../src/step.ts';
import type { Use } from '../../src/system/ports.ts';
import { appName, groupName, regionCode } from './fields.ts';
import { hazardsOf } from './fly-hazards.ts';
import { type FlyToml, readFlyToml } from './fly-toml.ts';

const wanted = z.strictObject({
  file: z.string().min(1).describe('From the project folder'),
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
  'own-volumes': z
    .boolean()
    .default(false)
    .describe('Process groups that mount the same name are meant to keep separate data'),
});
type Want = z.output<typeof wanted>;

export const config = defineStep({
  name: 'fly/config',
  summary: 'The fly.toml says what the runbook relies on, without known hazards',
  example: `with:
  file: fly.prod.toml
  app: solserver-prod
  region: sjc
  groups: [app]
  mounts: { solserver_data: /data }
  internal-port: 8080
  health-path: /health
  env: { CONTROL_PLANE_DB_PATH: /data/control_plane.db }`,
  with: wanted,
  checkedAgainst: 'source',
  describe: ({ file, app }) => `${file} is right for ${app}: what the runbook relies on, no known hazard`,
  verify: async (want, ports) => {
    const expected = `${want.file} for ${want.app}`;
    const text = await readText(want.file, ports);
    if (text.is === 'refused') return { is: 'unknown', why: text.why };
    if (text.is === 'none') return { is: 'not-so', expected, seen: `there is no ${want.file}`, final: true };
    const read = readFlyToml(text.text, want.file);
    if ('fault' in read)
      return { is: 'not-so', expected, seen: `${want.file} cannot be read: ${read.fault}`, final: true };
    return compare(want, read);
  },
});

async function readText(
  file: string,
  { files }: Use<'files'>,
): Promise<{ is: 'read'; text: string } | { is: 'none' } | { is: 'refused'; why: string }> {
  try {
    const text = await files.read(file);
    return text === undefined ? { is: 'none' } : { is: 'read', text };
  } catch (error) {
    // The port refuses a path outside the project with a sentence.
    return { is: 'refused', why: error instanceof Error ? error.message : String(error) };
  }
}

function compare(want: Want, found: FlyToml): Look {
  const differences = differencesOf(want, found);
  const hazards = hazardsOf(found).filter(({ code }) => !(want['own-volumes'] && code === 'shared-mount'));
  const stopping = hazards.filter(({ stops }) => stops);
  if (differences.length + stopping.length > 0) {
    const expected = [...differences.map(({ expected }) => expected), ...stopping.map(({ remedy }) => remedy)].join(
      '; ',
    );
    const seen = [...differences.map(({ seen }) => seen), ...stopping.map(({ says }) => says)].join('; ');
    return {
      is: 'not-so',
      expected,
      seen,
      hint: `correct ${want.file}; \`fly config validate --strict -c ${want.file} -a ${want.app}\` finds misspelt keys`,
      final: true,
    };
  }
  const warning = hazards.map(({ says, remedy }) => `${says}: ${remedy}`).join('; ') || undefined;
  const mounts = found.mounts.map(
    ({ source, destination, groups }) => `${source} at ${destination} (${groups.join(', ')})`,
  );
  const seen = [
    `app ${found.app}`,
    ...(found.region ? [`region ${found.region}`] : []),
    `groups ${found.groups.join(', ')}`,
    ...mounts,
  ].join('; ');
  return { is: 'so', seen, warning };
}

interface Difference {
  readonly expected: string;
  readonly seen: string;
}

function differencesOf(want: Want, found: FlyToml): Difference[] {
  const differences: Difference[] = [];
  const hold = (right: boolean, expected: string, seen: string): void => {
    if (!right) differences.push({ expected, seen });
  };
  hold(found.app === want.app, `app = "${want.app}"`, found.app === undefined ? 'no app' : `app = "${found.app}"`);
  if (want.region)
    hold(
      found.region === want.region,
      `primary_region = "${want.region}"`,
      found.region === undefined ? 'no primary_region' : `primary_region = "${found.region}"`,
    );
  if (want.groups)
    hold(
      sameSet(want.groups, found.groups),
      `process groups ${want.groups.join(', ')}`,
      `process groups ${found.groups.join(', ')}`,
    );
  for (const [source, destination] of Object.entries(want.mounts ?? {})) {
    const mount = found.mounts.find((one) => one.source === source);
    hold(
      mount?.destination === destination,
      `${source} mounted at ${destination}`,
      mount ? `${source} mounted at ${mount.destination}` : `${source} is not mounted`,
    );
  }
  const port = want['internal-port'];
  if (port)
    hold(
      found.ports.includes(port),
      `internal_port = ${port}`,
      found.ports.length > 0 ? `internal_port = ${found.ports.join(', ')}` : 'no service',
    );
  const path = want['health-path'];
  if (path)
    hold(
      found.healthPaths.includes(path),
      `a health check of ${path}`,
      found.healthPaths.length > 0 ? `health checks of ${found.healthPaths.join(', ')}` : 'no http health check',
    );
  for (const [name, value] of Object.entries(want.env ?? {})) {
    const has = found.env[name];
    hold(
      has === value,
      `${name} = "${value}" in [env]`,
      has === undefined ? `${name} is not in [env]` : `${name} = "${has}" in [env]`,
    );
  }
  return differences;
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));
