// Where the project is, and which runbooks it has.
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The nearest folder from `from` upward that has a folder `runbooks`; absolute. */
export function findProject(from: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (isFolder(join(folder, 'runbooks'))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Names of the runbooks of a project (`prod` for runbooks/prod.md), sorted. A README and folders below are none. */
export function listRunbooks(project: string): readonly string[] {
  try {
    const entries = readdirSync(join(project, 'runbooks'), { withFileTypes: true });
    const files = entries.filter(
      (entry) => !entry.isDirectory() && entry.name.endsWith('.md') && !/^(\.|README\.md$)/i.test(entry.name),
    );
    return files.map((entry) => entry.name.slice(0, -'.md'.length)).sort();
  } catch {
    return []; // No such folder: the caller says what to do.
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false; // Not there, or not to be looked at.
  }
}

/** May something be made in this folder; or, where there is none yet, in the nearest one above it? */
export function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return missing && dirname(folder) !== folder && isWritable(dirname(folder));
  }
}

/** Of the Node.js that runs us. */
export const nodeVersion = (): string => process.versions.node;
