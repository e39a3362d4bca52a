// The fly.toml says what the runbook relies on, and nothing in it or around it is a known hazard. Reads the project; asks nobody.
import { z } from 'zod';
import { defineStep, type Look } from '../../src/step.ts';
import type { Use } from '../../src/system/ports.ts';
import type { Finding } from '../../src/text/finding.ts';
import { placeAt } from '../../src/text/place.ts';
import { readSettings, type SettingsFile } from '../../src/text/settings-file.ts';
import { configWants, differencesOf } from './config-wants.ts';
import { type FlyToml, simplify } from './fly-toml.ts';
import { walkProject } from './hazards/project-files.ts';
import { findHazards, flyHazards } from './hazards/rules.ts';
import { readSurroundings } from './hazards/surroundings.ts';

const wanted = z.strictObject({
  file: z.string().min(1).describe('From the project folder'),
  ...configWants,
  accept: z
    .partialRecord(z.enum(flyHazards.map(({ code }) => code)), z.string().min(1))
    .optional()
    .describe('Hazards that are meant: code → why'),
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
  reads: ({ file }) => [file],
  describe: ({ file, app }) => `${file} is right for ${app}: what the runbook relies on, no known hazard`,
  verify: async (want, ports) => {
    const expected = `${want.file} for ${want.app}`;
    const text = await readText(want.file, ports);
    if (text.is === 'refused') return { is: 'unknown', why: text.why };
    if (text.is === 'none') return { is: 'not-so', expected, seen: `there is no ${want.file}`, final: true };
    const file = readSettings(want.file, text.text);
    if ('fault' in file) {
      const { line } = placeAt(file.lines, file.span.offset);
      return { is: 'not-so', expected, seen: `${want.file}:${line} cannot be read: ${file.fault}`, final: true };
    }
    return compare(want, simplify(file), await hazardsAround(want, file, ports));
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

async function hazardsAround(
  want: Want,
  file: SettingsFile,
  ports: Use<'files' | 'secrets'>,
): Promise<readonly Finding[]> {
  const found = simplify(file);
  const project = await readSurroundings(want.file, found, await walkProject(ports));
  const { names } = ports.secrets.declared(want.app);
  const runbook = { steps: [], secrets: names, staging: [] };
  return findHazards({ file, config: found, project, runbook }, Object.keys(want.accept ?? {}));
}

function compare(want: Want, found: FlyToml, hazards: readonly Finding[]): Look {
  const differences = differencesOf(want, found);
  const stopping = hazards.filter(({ severity }) => severity === 'error');
  if (differences.length + stopping.length > 0) {
    const expected = [...differences.map((one) => one.expected), ...stopping.map(({ remedy }) => remedy)].join('; ');
    const seen = [...differences.map((one) => one.seen), ...stopping.map(said)].join('; ');
    return {
      is: 'not-so',
      expected,
      seen,
      hint: `correct ${want.file}; \`launch lint --project\` shows each line, and why it hurts`,
      final: true,
    };
  }
  const warning = hazards.map((one) => `${said(one)}: ${one.remedy}`).join('; ') || undefined;
  const mounts = found.mounts.map(
    ({ source, destination, groups }) => `${source} at ${destination} (${groups.join(', ')})`,
  );
  const seen = [
    `app ${found.app}`,
    ...(found.region ? [`region ${found.region}`] : []),
    `groups ${found.groups.join(', ')}`,
    ...mounts,
  ].join('; ');
  return { is: 'so', seen, ...(warning !== undefined && { warning }) };
}

const said = ({ place, message, why }: Finding): string => `${place.file}:${place.line} ${message} (${why})`;
