// `launch lint --project`: what in fly.toml files, in the project around them and in Xcode projects will hurt at launch.
import type { FlyRunbook } from '../../steps/fly/hazards/project.ts';
import type { Runbook, Step } from '../runbook/model.ts';
import type { Use } from '../system/ports.ts';
import { type Contexts, fill } from '../text/expression.ts';
import type { Finding } from '../text/finding.ts';
import { isMap, type Json } from '../text/json.ts';

/** `files`: how many fly.toml files and Xcode projects were read. */
export async function findHazards(
  runbooks: readonly Runbook[],
  ports: Use<'files'>,
): Promise<{ readonly files: number; readonly findings: readonly Finding[] }> {
  const [{ isAside, walkProject }, { findFlyHazards }, { findXcodeHazards }] = await Promise.all([
    import('../../steps/fly/hazards/project-files.ts'),
    import('../../steps/fly/hazards/project.ts'),
    import('../../steps/xcode/project-hazards.ts'),
  ]);
  const project = await walkProject(ports);
  const fly = await findFlyHazards(project, runbooks.map(flyOf));
  const xcode = await findXcodeHazards(
    project.paths.filter((path) => !isAside(path)),
    ports,
  );
  return { files: fly.files + xcode.files, findings: [...fly.findings, ...xcode.findings] };
}

/** A runbook as the hazards see it, with inputs at their defaults; a value that is not known before a run is left out. */
function flyOf(runbook: Runbook): FlyRunbook {
  const contexts: Contexts = {
    inputs: Object.fromEntries(
      runbook.inputs.flatMap((input) => (input.default === undefined ? [] : [[input.name, input.default]])),
    ),
    steps: {},
    run: { id: '', date: '', operator: '' },
    env: {},
    secrets: {},
  };
  const known = (value: Json): Json | undefined => {
    const filled = fill(value, contexts);
    return filled.ok ? filled.value : undefined;
  };
  const text = (value: string): string => String(known(value) ?? value);
  return {
    steps: runbook.steps.flatMap((step) => flyStep(step, runbook, known)),
    secrets: runbook.secrets.flatMap(({ app, names }) => names.map((one) => ({ ...one, app: text(app) }))),
    staging: [
      ...runbook.forbid,
      ...runbook.secrets.flatMap(({ compareWith }) => (compareWith === undefined ? [] : [text(compareWith)])),
    ],
  };
}

function flyStep(
  { id, form, place, notNeeded }: Step,
  { file, source }: Runbook,
  known: (value: Json) => Json | undefined,
): FlyRunbook['steps'] {
  if (form.form !== 'uses' || !form.kind.startsWith('fly/') || notNeeded !== undefined) return [];
  const want = Object.fromEntries(
    Object.entries(isMap(form.with) ? form.with : {}).map(([key, value]) => [key, known(value)]),
  );
  const text = place.file === file ? (source.split(/\r?\n/)[place.line - 1] ?? '') : '';
  const spot = { file: place.file, line: place.line, column: place.column, length: place.length ?? 1, text };
  return [{ runbook: file, id, kind: form.kind, want, spot }];
}
