// The runbooks of a project as lines. Part of the entry, so that a bare `launch` in a pipe loads nothing more: no flags, no library.
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { readTitle } from '../runbook/title.ts';
import { listRunbooks } from '../system/project.ts';
import { safeLine } from '../text/escape.ts';

const HEAD_BYTES = 4096;

export interface Row {
  readonly name: string;
  /** '' where it is not to be had without a parser. */
  readonly title: string;
}

export function rowsOf(project: string): readonly Row[] {
  return listRunbooks(project).map((name) => ({
    name,
    title: readTitle(head(join(project, 'runbooks', `${name}.md`))) ?? '',
  }));
}

export function listText(rows: readonly Row[]): string {
  if (rows.length === 0) return 'There is no runbook yet: write runbooks/NAME.md (docs/format.md).\n';
  return rows.map(({ name, title }) => `${safeLine(`${name.padEnd(20)} ${title}`)}\n`).join('');
}

function head(path: string): string {
  const file = openSync(path, 'r');
  const bytes = Buffer.alloc(HEAD_BYTES);
  const size = readSync(file, bytes, 0, HEAD_BYTES, 0);
  closeSync(file);
  return bytes.toString('utf8', 0, size);
}
