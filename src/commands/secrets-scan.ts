// `launch secrets scan`: every name of the environment that the project reads or names.

import { resolve } from 'node:path';
import { kindNames, loadKind } from '../../steps/index.ts';
import { loadRunbook } from '../runbook/load.ts';
import { type InventoryOptions, takeInventory } from '../secrets/inventory.ts';
import { diskFiles, FileError } from '../system/files.ts';
import { findProject, listRunbooks } from '../system/project.ts';
import { sourceTree } from '../system/source-tree.ts';
import { UsageError } from './io.ts';
import type { Call } from './main.ts';
import { inventoryMarkdown, inventoryText } from './secrets-tables.ts';
import { widthOf } from './style.ts';

export async function scan({ io, names, flags }: Call): Promise<number> {
  const [extra] = names;
  if (extra !== undefined)
    throw new UsageError(`secrets scan takes no name ("${extra}")`, 'the project is where you are, or --dir DIR');
  const format = flags.json ? 'json' : (flags.format ?? 'text');
  if (format !== 'text' && format !== 'markdown' && format !== 'json')
    throw new UsageError(`--format ${format} is not there`, 'text, markdown or json');
  const from = resolve(io.cwd, flags.dir ?? '.');
  const project = findProject(from) ?? from;
  const runbooks = await declaredIn(project);
  const inventory = await takeInventory(sourceTree(project), { runbooks: runbooks.declared });
  const notes = [...inventory.notes, ...runbooks.notes];
  if (format === 'json') io.stdout.json({ ...inventory, notes }, 2);
  else
    io.stdout.write(
      format === 'markdown' ? inventoryMarkdown(inventory) : inventoryText({ ...inventory, notes }, widthOf(io.stdout)),
    );
  return 0;
}

/** What the runbooks of the project declare, each with its place. One that is not valid is named and left out. */
async function declaredIn(project: string) {
  const files = diskFiles(project);
  const declared: NonNullable<InventoryOptions['runbooks']>[number][] = [];
  const notes: string[] = [];
  for (const name of listRunbooks(project)) {
    const file = `runbooks/${name}.md`;
    const source = await files.read(file).catch((error: unknown) => {
      if (!(error instanceof FileError)) throw error;
      notes.push(error.message);
      return undefined;
    });
    if (source === undefined) continue;
    const { runbook } = await loadRunbook({ file, source, kindNames, loadKind, readFile: (path) => files.read(path) });
    if (!runbook) notes.push(`${file} is not valid and was left out: \`launch lint ${name}\` says why`);
    const lines = source.split('\n');
    for (const spec of (runbook?.secrets ?? []).flatMap(({ names }) => names)) {
      const line = lines.findIndex((text) => new RegExp(`^\\s*["']?${spec.name}["']?\\s*:`).test(text)) + 1;
      declared.push({ file, line: Math.max(1, line), spec });
    }
  }
  return { declared, notes };
}
