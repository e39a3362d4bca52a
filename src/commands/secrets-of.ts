// The apps of a runbook and the secrets it declares for them, with its inputs filled in: for commands that stand outside a run.

import { declaredSecrets } from '../engine/declared.ts';
import type { Runbook } from '../runbook/model.ts';
import type { DeclaredSecrets } from '../system/ports.ts';
import { listRunbooks } from '../system/project.ts';
import { type Contexts, fill, truth } from '../text/expression.ts';
import { readAnswers } from './answers.ts';
import type { Flags } from './flags.ts';
import { type Io, UsageError } from './io.ts';
import type { Call } from './main.ts';
import { readRunbook, runbookFile } from './project.ts';
import { projectFolder } from './project-folder.ts';

export interface Declared extends DeclaredSecrets {
  readonly app: string;
}

/** The runbook that was named, else the only one there is. */
export async function runbookOf(
  { io, names, flags }: Call,
  command: string,
): Promise<{ project: string; runbook: Runbook }> {
  const project = projectFolder(io, flags);
  const known = listRunbooks(project);
  const name = names[0] ?? (known.length === 1 ? known[0] : undefined);
  if (name === undefined)
    throw new UsageError(
      `secrets ${command}: which runbook?`,
      `\`launch secrets ${command} NAME\`; here: ${known.join(', ') || 'none'}`,
    );
  const runbook = await readRunbook(io, project, runbookFile(io, flags, project, name), flags);
  if (runbook.secrets.length === 0)
    throw new UsageError(
      `${runbook.file} declares no secrets`,
      'write them under `secrets:`; `launch secrets scan` lists what the code reads',
    );
  return { project, runbook };
}

/** Every app the runbook declares secrets for. Throws UsageError where an input that names one has no value. */
export function declaredApps(io: Io, flags: Flags, runbook: Runbook): readonly Declared[] {
  const contexts = contextsOf(io, flags, runbook);
  return runbook.secrets.map(({ app, compareWith, names }) => {
    const filled = fill(app, contexts);
    needed(`the app ${app} is not known`, filled);
    if (compareWith !== undefined) needed(`the app ${compareWith} is not known`, fill(compareWith, contexts));
    for (const { name, when, to, default: standard } of names) {
      if (when !== undefined) needed(`whether ${name} is needed is not known`, truth(when, contexts));
      if (to === 'fly-env' && standard !== undefined)
        needed(`the value of ${name} is not known`, fill(standard, contexts));
    }
    const name = filled.ok ? String(filled.value) : app;
    return { app: name, ...declaredSecrets(runbook.secrets, name, contexts) };
  });
}

/** What only steps of a run give is not to be had here, and left to the run. */
function needed(what: string, found: { readonly ok: boolean; readonly missing?: readonly string[] }): void {
  const missing = (found.missing ?? []).filter((name) => name.startsWith('inputs.'));
  if (missing.length === 0) return;
  throw new UsageError(
    `${what}: ${missing.join(', ')} ${missing.length === 1 ? 'has' : 'have'} no value`,
    missing.map((name) => `--input ${name.replace(/^inputs\./, '')}=VALUE`).join(' '),
  );
}

function contextsOf(io: Io, flags: Flags, runbook: Runbook): Contexts {
  const answers = readAnswers(io, flags, runbook);
  const inputs = runbook.inputs.flatMap(({ name, default: standard }) => {
    const value = answers[`inputs.${name}`] ?? standard;
    return value === undefined ? [] : [[name, value] as const];
  });
  const env = Object.entries(io.env).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return {
    inputs: Object.fromEntries(inputs),
    steps: {},
    run: { id: '', date: '', operator: '' },
    env: Object.fromEntries(env),
    secrets: {},
  };
}
