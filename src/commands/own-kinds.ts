// Kinds of the project (`uses: ./steps/x.mjs`): its own code, loaded only where this version of the runbook is trusted.
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { Runbook } from '../runbook/model.ts';
import { defineStep, type StepKind } from '../step.ts';
import { diskFiles } from '../system/files.ts';
import { UsageError } from './io.ts';

/** The kind that a file of the project exports. Its text is the one that trust was given to. */
export async function loadOwnKind(project: string, runbook: Runbook, path: string): Promise<StepKind> {
  const files = diskFiles(project);
  const name = path.replace(/^(?:\.\/)+/, '');
  const trusted = runbook.uses.find((one) => one.path === name)?.text;
  if (trusted === undefined || (await files.read(name)) !== trusted)
    throw wrong(path, 'it changed while it was loaded', 'start again');
  let loaded: { readonly default?: unknown };
  try {
    loaded = await import(pathToFileURL(await files.resolve(name)).href);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const old = name.endsWith('.ts');
    throw wrong(
      path,
      why,
      old ? 'Node reads TypeScript from 22.18 on; as .mjs it loads everywhere' : 'see that it loads in Node',
    );
  }
  if (typeof loaded.default !== 'function') throw wrong(path, 'it has no default export that is a function', SHAPE);
  const kind: unknown = loaded.default({ defineStep, z });
  if (!isKind(kind)) throw wrong(path, 'what it makes is no kind with name, summary, with and describe', SHAPE);
  return kind;
}

/** What stands for such a kind where it may not be loaded: it looks at nothing and does nothing. */
export const unloadedKind = (path: string): StepKind =>
  defineStep({
    name: path,
    summary: 'A kind of the project that is not loaded',
    example: '',
    with: z.record(z.string(), z.json()),
    describe: () => `${path} (not loaded: this version of the runbook is not trusted)`,
    act: async () => ({ ended: 'ok', seen: 'not simulated' }),
    checkedAgainst: 'stand-in',
  });

const SHAPE = 'export default ({ defineStep, z }) => defineStep({ name, summary, with, describe, verify, act })';

const wrong = (path: string, why: string, remedy: string): UsageError =>
  new UsageError(`${path} cannot be used as a kind: ${why}`, remedy);

/** A foreign object: what shared code asks of every kind is there. */
function isKind(value: unknown): value is StepKind {
  if (typeof value !== 'object' || value === null) return false;
  const { name, summary, describe, with: shape, verify, act, guide } = value as Partial<StepKind>; // asked part by part
  const named = typeof name === 'string' && typeof summary === 'string' && typeof describe === 'function';
  return named && typeof shape?.safeParse === 'function' && [verify, act, guide].some((one) => one !== undefined);
}
