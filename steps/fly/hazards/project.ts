// The hazards of every fly.toml of a project, each against what runbooks rely on.
import type { Finding } from '../../../src/text/finding.ts';
import { findingAt } from '../../../src/text/place.ts';
import { readSettings } from '../../../src/text/settings-file.ts';
import { simplify } from '../fly-toml.ts';
import type { ProjectFiles } from './project-files.ts';
import { findHazards } from './rules.ts';
import { flyFilesOf, readSurroundings } from './surroundings.ts';
import type { FlyStep, Relied } from './view.ts';

/** What one runbook says about Fly. */
export interface FlyRunbook {
  readonly steps: readonly FlyStep[];
  readonly secrets: readonly (Relied['secrets'][number] & { readonly app: string })[];
  readonly staging: readonly string[];
}

export async function findFlyHazards(
  project: ProjectFiles,
  runbooks: readonly FlyRunbook[],
): Promise<{ readonly files: number; readonly findings: readonly Finding[] }> {
  const named = runbooks.flatMap(({ steps }) => steps.flatMap((step) => fileOf(step) ?? []));
  const files = [...new Set([...flyFilesOf(project), ...named])].sort();
  const findings: Finding[] = [];
  let read = 0;
  for (const path of files) {
    const source = await project.read(path);
    if (source === undefined) findings.push(...missing(path, runbooks));
    else {
      read++;
      findings.push(...(await hazardsIn(path, source, project, runbooks)));
    }
  }
  return { files: read, findings };
}

async function hazardsIn(
  path: string,
  source: string,
  project: ProjectFiles,
  runbooks: readonly FlyRunbook[],
): Promise<readonly Finding[]> {
  const file = readSettings(path, source);
  if ('fault' in file)
    return [
      findingAt(file.lines, file.span, {
        code: 'unreadable',
        message: `it cannot be read: ${file.fault}`,
        why: 'every fly command for the app fails, also with `-a`',
        remedy: 'correct it here',
      }),
    ];
  const config = simplify(file);
  const relied = runbooks.map((runbook) => reliedOn(path, config.app, runbook));
  const runbook: Relied = {
    steps: relied.flatMap(({ steps }) => steps),
    secrets: relied.flatMap(({ secrets }) => secrets),
    staging: relied.flatMap(({ staging }) => staging),
  };
  const accepted = runbook.steps.flatMap((step) => (fileOf(step) === path ? Object.keys(accepts(step)) : []));
  return findHazards({ file, config, project: await readSurroundings(path, config, project), runbook }, accepted);
}

/** The steps about the app that a step names with this file; where none names it, those about the app of the file. */
function reliedOn(path: string, app: string | undefined, { steps, secrets, staging }: FlyRunbook): Relied {
  const naming = steps.filter((step) => fileOf(step) === path);
  const apps = new Set(naming.length > 0 ? naming.flatMap((step) => appOf(step) ?? []) : [app]);
  return {
    steps: steps.filter(
      (step) =>
        naming.includes(step) || (appOf(step) !== undefined && apps.has(appOf(step)) && fileOf(step) === undefined),
    ),
    secrets: secrets.filter((secret) => apps.has(secret.app)),
    staging: naming.length > 0 ? staging : [],
  };
}

function missing(path: string, runbooks: readonly FlyRunbook[]): readonly Finding[] {
  const [step] = runbooks.flatMap(({ steps }) => steps.filter((one) => fileOf(one) === path));
  if (!step) return [];
  const { file, line, column, length, text } = step.spot;
  return [
    {
      severity: 'error',
      code: 'no-file',
      message: `the step ${step.id} uses ${path}, which is not there`,
      why: 'without it a deploy takes the configuration of the release before, or fails',
      remedy: 'write it, or correct the name; it counts from the project folder',
      place: { file, line, column, length },
      text,
    },
  ];
}

const fileOf = ({ kind, want }: FlyStep): string | undefined => {
  const path = kind === 'fly/config' ? want.file : want.config;
  return typeof path === 'string' ? path.replace(/^\.\//, '') : undefined;
};
const appOf = ({ kind, want }: FlyStep): string | undefined => {
  const app = kind === 'fly/app' ? want.name : want.app;
  return typeof app === 'string' ? app : undefined;
};
const accepts = ({ want: { accept } }: FlyStep): object =>
  typeof accept === 'object' && accept !== null ? accept : {};
