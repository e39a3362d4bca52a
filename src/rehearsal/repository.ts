// The repository of a rehearsal: a copy of the project's HEAD with a bare remote beside it, so that tags and pushes hurt nobody.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from './stand-in-file.ts';

export interface Repository {
  /** Where `git` runs in place of the project folder. Made at the first call. Rejects with git's own words when it cannot be made. */
  folder(): Promise<string>;
  /** What `git` needs in its environment to behave the same on every machine, at this moment of the virtual clock. */
  environment(): Readonly<Record<string, string>>;
  /** Runs git in the copy; the answer is its stdout, trimmed. Rejects when it fails. */
  git(...args: readonly string[]): Promise<string>;
}

export interface RepositoryOptions {
  /** The folder of the stand-in world. */
  readonly folder: string;
  readonly project: string;
  readonly fixtures?: string;
  /** Used for PATH and little else. */
  readonly env: Readonly<Record<string, string>>;
  now(): Date;
}

export function createRepository(options: RepositoryOptions): Repository {
  const environment = (): Readonly<Record<string, string>> => gitEnvironment(options);
  const run = (cwd: string, args: readonly string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const settings = { cwd, env: { ...withoutGit(options.env), ...environment() }, maxBuffer: 64 * 1024 * 1024 };
      execFile('git', [...args], settings, (error, stdout, stderr) => {
        if (error) reject(new Error(`git ${args[0]}: ${stderr.trim() || error.message}`, { cause: error }));
        else resolve(stdout.trim());
      });
    });
  let made: Promise<string> | undefined;
  const folder = (): Promise<string> => {
    made ??= make(options, run);
    return made;
  };
  return { folder, environment, git: async (...args) => run(await folder(), args) };
}

type Git = (cwd: string, args: readonly string[]) => Promise<string>;

/** Complete under its name or not there: it is made beside and renamed. */
async function make({ folder, project, fixtures }: RepositoryOptions, git: Git): Promise<string> {
  // The project may belong to another user (a container): it is only read, by commands that run nothing of it.
  replaceFile(join(folder, 'gitconfig'), '[safe]\n\tdirectory = *\n');
  const repository = join(folder, 'repo');
  const prefix = await git(project, ['rev-parse', '--show-prefix']).catch(() => undefined);
  const hasHead =
    prefix !== undefined &&
    (await git(project, ['rev-parse', '--verify', 'HEAD']).then(
      () => true,
      () => false,
    ));
  const inside = join(repository, hasHead ? prefix : '');
  if (existsSync(repository)) return inside;
  const remote = join(folder, 'remote.git');
  const draft = `${repository}.new`;
  for (const leftover of [remote, draft]) rmSync(leftover, { recursive: true, force: true });
  if (hasHead) {
    const top = await git(project, ['rev-parse', '--show-toplevel']);
    await git(folder, ['clone', '--quiet', '--bare', '--template=', top, remote]);
  } else await seed(remote, draft, fixtures, git);
  rmSync(draft, { recursive: true, force: true });
  await git(folder, ['clone', '--quiet', '--template=', remote, draft]);
  // The project's own folder may not be committed yet.
  mkdirSync(join(draft, hasHead ? prefix : ''), { recursive: true });
  renameSync(draft, repository);
  return inside;
}

/** No repository in the project: a first commit of the fixtures, or an empty one. */
async function seed(remote: string, draft: string, fixtures: string | undefined, git: Git): Promise<void> {
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  await git(draft, ['init', '--quiet', '--template=', '--initial-branch=main']);
  if (fixtures !== undefined && existsSync(fixtures)) cpSync(fixtures, draft, { recursive: true });
  await git(draft, ['add', '--all']);
  await git(draft, ['commit', '--quiet', '--allow-empty', '--no-verify', '--message', 'As the rehearsal begins']);
  await git(draft, ['clone', '--quiet', '--bare', '--template=', '.', remote]);
}

/** `GIT_DIR` and its like would point git back at the project. */
const withoutGit = (env: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('GIT_')));

/** No configuration of the person or the machine, no questions, no hooks, no credentials. */
function gitEnvironment({ folder, now }: RepositoryOptions): Readonly<Record<string, string>> {
  return {
    HOME: join(folder, 'home'),
    XDG_CONFIG_HOME: join(folder, 'home', '.config'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: join(folder, 'gitconfig'),
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: 'file',
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_AUTHOR_NAME: 'Rehearsal',
    GIT_AUTHOR_EMAIL: 'rehearsal@stand-in.invalid',
    GIT_COMMITTER_NAME: 'Rehearsal',
    GIT_COMMITTER_EMAIL: 'rehearsal@stand-in.invalid',
    GIT_AUTHOR_DATE: now().toISOString(),
    GIT_COMMITTER_DATE: now().toISOString(),
  };
}
