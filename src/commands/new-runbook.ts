// A runbook that is made: where it goes, and the command that comes next, as it can be typed from where the person is.
import { basename, dirname, relative, resolve } from 'node:path';
import { isThere } from '../system/own-files.ts';
import { findProject } from '../system/project.ts';
import { calledAs, quoted } from './again.ts';
import type { Flags } from './flags.ts';
import { type Io, UsageError } from './io.ts';

export interface NewRunbook {
  readonly path: string;
  /** From where the person is. */
  readonly shown: string;
}

/** `--out`, else its usual place. Throws UsageError where one is there (nothing is written over), and for what is no Markdown file. */
export function newRunbook(io: Io, out: string | undefined, usual: string): NewRunbook {
  const path = out === undefined ? usual : resolve(io.cwd, out);
  const shown = relative(io.cwd, path);
  if (!path.endsWith('.md')) throw new UsageError(`${out} is no Markdown file`, `--out ${quoted(`${out}.md`)}`);
  if (isThere(path)) throw new UsageError(`${shown} is there already`, 'name another file with --out');
  return { path, shown };
}

/** Once it is written: `Read it once, then: launch rehearse prod`, or what it still lacks for that. */
export function whatNext(io: Io, { dir, out }: Flags, path: string, first: string): string {
  const from = resolve(io.cwd, dir ?? '.');
  const home = findProject(from);
  const called = basename(path, '.md');
  const rehearse = (...words: readonly string[]) => `${first} ${calledAs(io)} rehearse ${words.map(quoted).join(' ')}`;
  const here = dir === undefined ? [] : ['--dir', dir];
  if (home !== undefined && isIn(home, path)) {
    if (out === undefined) return rehearse(called, ...here);
    return rehearse(dir === undefined ? dashless(out) : dashless(relative(from, path)), ...here);
  }
  const other = findProject(dirname(path));
  if (other !== undefined) return rehearse(relative(other, path), '--dir', relative(io.cwd, other));
  return `It lies in no project: put it into the folder runbooks/ of one. ${rehearse(called)}`;
}

const isIn = (folder: string, path: string): boolean => !relative(folder, path).startsWith('..');

/** A path that cannot be taken for a flag. */
const dashless = (path: string): string => (path.startsWith('-') ? `./${path}` : path);
