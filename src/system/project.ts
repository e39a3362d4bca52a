// Where the project is, which runbooks it has, and at which commit it stands.
import { execFile } from 'node:child_process';
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

export interface Commit {
  /** Full hash. */
  readonly hash: string;
  /** Something in the project's folder is not committed. */
  readonly dirty: boolean;
}

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

/** undefined where the project is not in a git repository, has no commit yet, or git is missing. */
export async function readCommit(project: string): Promise<Commit | undefined> {
  try {
    const { stdout } = await promisify(execFile)('git', ['status', '--porcelain=v2', '--branch', '--', '.'], {
      cwd: project,
      env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
      timeout: 10_000,
      maxBuffer: 64 * 2 ** 20,
    });
    const lines = stdout.split('\n').filter(Boolean);
    const hash = /^# branch\.oid ([0-9a-f]{40,64})$/m.exec(stdout)?.[1];
    return hash === undefined ? undefined : { hash, dirty: lines.some((line) => !line.startsWith('#')) };
  } catch {
    return undefined; // No repository and no git are the same here: there is no commit to name.
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
