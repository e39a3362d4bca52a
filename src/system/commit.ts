// At which commit the project stands. Apart from where it is, since a list of runbooks starts no processes and must not load what does.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface Commit {
  /** Full hash. */
  readonly hash: string;
  /** Something in the project's folder is not committed. */
  readonly dirty: boolean;
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
