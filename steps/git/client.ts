// The one door to git: how it is called, and what it means when it does not answer.
import { z } from 'zod';
import type { Look, Requirement } from '../../src/step.ts';
import type { Ended, Use } from '../../src/system/ports.ts';

export const gitTool: Requirement = {
  tool: 'git',
  get: 'https://git-scm.com/downloads, or the package of your system',
};

/** Never a prompt that nobody sees, and never a lock for a look. */
export const GIT_ENV = { GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };

/** A look at the repository of the project folder. */
export const git = (argv: readonly string[], { processes }: Use<'processes'>): Promise<Ended> =>
  processes.look(['git', ...argv], { env: GIT_ENV });

/** Git did not tell: unknown, with its own words. */
export function unseen(ended: Ended): Look & { readonly is: 'unknown' } {
  if (ended.missing) return { is: 'unknown', why: 'there is no git on this machine', hint: `Get it: ${gitTool.get}.` };
  if (ended.timedOut) return { is: 'unknown', why: 'git did not answer in time' };
  const said = reasonOf(ended);
  if (/not a git repository/.test(said))
    return {
      is: 'unknown',
      why: 'the project folder is not a git repository',
      hint: 'Run `git init` there, or leave this step out.',
    };
  if (/dubious ownership/.test(said)) {
    return {
      is: 'unknown',
      why: 'git refuses this folder: it belongs to another user',
      hint: 'git config --global --add safe.directory <the project folder>',
    };
  }
  return { is: 'unknown', why: `git: ${said}` };
}

/** The last line git said on stderr, else how it ended. */
export function reasonOf({ stderr, exit, signal }: Ended): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const telling = lines.find((line) => /^(fatal|error|remote):|rejected/.test(line.trim())) ?? lines.at(-1);
  return telling?.trim() ?? `ended with ${exit ?? signal}`;
}

/** The commit a name stands for: its hash, or undefined where there is no such name. */
export async function commitOf(
  name: string,
  ports: Use<'processes'>,
): Promise<{ readonly commit: string | undefined } | { readonly unseen: Look }> {
  const ended = await git(['rev-parse', '--verify', '--quiet', `${name}^{commit}`], ports);
  if (ended.exit === 0) return { commit: ended.stdout.trim() };
  // Quiet and exit 1: no such name. Anything else is git in trouble.
  return ended.exit === 1 && ended.stderr.trim() === '' ? { commit: undefined } : { unseen: unseen(ended) };
}

/** Paths of the project, taken as they are: no patterns, no options. */
export const Paths = z
  .array(z.string().regex(/^(?![-:])[^*?[\]\0]+$/, 'a path of the project, without patterns'))
  .min(1);

export const short = (commit: string): string => commit.slice(0, 8);
