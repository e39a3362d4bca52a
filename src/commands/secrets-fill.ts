// `launch secrets fill`: the secrets of a runbook set without the rest of it, as a small run of its own: kept, gone on with, and looked at afterwards.
import { kindNames, loadKind } from '../../steps/index.ts';
import { readDocument } from '../document/document.ts';
import { loadRunbook } from '../runbook/load.ts';
import type { Runbook } from '../runbook/model.ts';
import { readCommit } from '../system/commit.ts';
import { isError } from '../text/finding.ts';
import { renderFinding } from '../text/render-finding.ts';
import { againOf } from './again.ts';
import type { Call } from './main.ts';
import { launchOf } from './run.ts';
import { runbookOf } from './secrets-of.ts';

export async function fill(call: Call): Promise<number> {
  const { project, runbook } = await runbookOf(call, 'fill');
  const current = await onlySecrets(runbook);
  const again = againOf(call.io, call.names[0] ?? runbook.name);
  const commit = readCommit(project);
  return launchOf(
    { ...call, names: [current.name] },
    { project, current, commit, trusted: runbook, again, record: false },
  );
}

/** A runbook with one step for each app: the inputs that its names need, its accounts and its guard. */
async function onlySecrets(runbook: Runbook): Promise<Runbook> {
  const { document } = readDocument(runbook.file, runbook.source);
  const { accounts, guard, inputs, secrets } = document?.front ?? {};
  const used = new Set([...JSON.stringify(secrets).matchAll(/\binputs\.([A-Za-z_]\w*)/g)].map(([, name]) => name));
  const apps = runbook.secrets.map(({ app }) => app);
  const front = {
    runbook: 1,
    title: `Secrets of ${runbook.title}`,
    ...(accounts !== undefined && { accounts }),
    ...(guard !== undefined && { guard }),
    ...(used.size > 0 && { inputs: entriesOf(inputs, (name) => used.has(name)) }),
    secrets: withoutSteps(secrets),
    steps: apps.map((app, index) => ({
      id: apps.length === 1 ? 'fill' : `fill-${index + 1}`,
      uses: 'secrets/fill',
      with: { app },
    })),
  };
  // JSON is YAML.
  const source = `---\n${JSON.stringify(front, null, 2)}\n---\n\n# Secrets of ${runbook.title.replaceAll('\n', ' ')}\n`;
  const file = `runbooks/secrets-${runbook.name}.md`;
  const made = await loadRunbook({ file, source, kindNames, loadKind, readFile: async () => undefined });
  if (made.runbook) return made.runbook;
  // The whole is valid: a part that is not is a mistake of ours.
  throw new Error(made.findings.filter(isError).map(renderFinding).join('\n'));
}

/** Names that a step sets are not ours, and that step is not here. */
function withoutSteps(secrets: unknown): object {
  return entriesOf(
    secrets,
    () => true,
    (app) => ({
      ...plain(app),
      names: entriesOf(plain(app).names, (_name, spec) => !Object.hasOwn(plain(spec), 'set-by')),
    }),
  );
}

function entriesOf(
  map: unknown,
  keep: (name: string, value: unknown) => boolean,
  change: (value: unknown) => unknown = (value) => value,
): object {
  const entries = Object.entries(plain(map)).filter(([name, value]) => keep(name, value));
  return Object.fromEntries(entries.map(([name, value]) => [name, change(value)]));
}

function plain(value: unknown): Readonly<Record<string, unknown>> {
  // What YAML parses to is plain.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
