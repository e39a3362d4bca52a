// What a command of the runbook is started with: its values in the environment, never in its text, and the folder it runs in.
import type { Step } from '../runbook/model.ts';
import { fill, shellParts } from '../text/expression.ts';
import type { Sitting } from './sitting.ts';

export interface Shell {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
  /** Absolute, checked to lie inside. */
  readonly cwd?: string;
  /** Names of the person's environment that it does not get. */
  readonly without: readonly string[];
}

export type Shelled = Shell | { readonly missing: readonly string[] } | { readonly problem: string };

/** A command with its expressions moved into the environment: values are never code. */
export async function shellOf(sitting: Sitting, step: Step, command: string): Promise<Shelled> {
  const contexts = sitting.contexts();
  const parts = shellParts(command);
  const env: Record<string, string> = {};
  const missing: string[] = [];
  const problems: string[] = [];
  const textOf = (text: string): string => {
    const filled = fill(text, contexts);
    if (filled.ok) return typeof filled.value === 'string' ? filled.value : JSON.stringify(filled.value);
    missing.push(...filled.missing);
    if (filled.problem !== undefined) problems.push(filled.problem);
    return '';
  };
  for (const [name, source] of Object.entries(parts.env)) env[name] = textOf(`\${{ ${source} }}`);
  for (const [name, text] of Object.entries(step.env)) env[name] = textOf(text);
  const folder = step.workingDirectory === undefined ? undefined : textOf(step.workingDirectory);
  if (missing.length > 0) return { missing };
  if (problems.length > 0) return { problem: problems.join('; ') };
  const shell = { command: parts.command, env, without: withheld(sitting, step.env) };
  if (folder === undefined) return shell;
  try {
    return { ...shell, cwd: await sitting.world.files.resolve(folder) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Variables whose value is known as secret, by name or by what they hold, unless they are among the `named` of a step. */
export function withheld(sitting: Sitting, named: Step['env']): readonly string[] {
  const values = new Set([...sitting.secretValues.values(), ...sitting.secretInputs.values()]);
  const names = new Set([...sitting.secretValues.keys()].map((key) => key.split('\u0000')[1] ?? key));
  const sources = sitting.declared().flatMap(({ secret, from }) => (secret && from && 'env' in from ? [from.env] : []));
  const held = Object.entries(sitting.environment).flatMap(([name, value]) => (values.has(value) ? [name] : []));
  return [...new Set([...names, ...sources, ...held])].filter((name) => !Object.hasOwn(named, name));
}
