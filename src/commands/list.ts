// The runbooks of a project as lines. Part of the entry, so that a bare `launch` in a pipe loads nothing more where nothing was run yet.
import { join } from 'node:path';
import { readTitle } from '../runbook/title.ts';
import { isThere, readHead } from '../system/own-files.ts';
import { findProject, listRunbooks } from '../system/project.ts';
import { safeLine } from '../text/escape.ts';

const HEAD_BYTES = 4096;

export interface Listed {
  readonly name: string;
  /** '' where it is not to be had without a parser. */
  readonly title: string;
}

/** What nobody can pick from; undefined where there is more to say: no project, or runs that may be open. */
export function bareList(from: string): string | undefined {
  const project = findProject(from);
  return project === undefined || hasRuns(project) ? undefined : listText(rowsOf(project));
}

export const hasRuns = (project: string): boolean => isThere(join(project, '.launch/runs'));

export const rowsOf = (project: string): readonly Listed[] =>
  listRunbooks(project).map((name) => ({
    name,
    title: readTitle(readHead(join(project, 'runbooks', `${name}.md`), HEAD_BYTES)) ?? '',
  }));

export function listText(rows: readonly (Listed & { readonly open?: { readonly id: string } })[]): string {
  if (rows.length === 0)
    return 'There is no runbook yet. Make one: launch import PLAN.md of a plan, launch init of this project; or write runbooks/NAME.md (docs/format.md).\n';
  return rows
    .map(({ name, title, open }) => `${safeLine(`${name.padEnd(20)} ${title}${open ? ` (open: ${open.id})` : ''}`)}\n`)
    .join('');
}
