// `launch` alone: what there is to do. In a terminal one is picked; else it is a list.
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { readTitle } from '../runbook/title.ts';
import { listRunbooks } from '../system/project.ts';
import { safeLine } from '../text/escape.ts';
import { isPresent } from './io.ts';
import type { Call } from './main.ts';
import { projectFolder } from './project-folder.ts';

const HEAD_BYTES = 4096;

export async function pick({ io, flags }: Call): Promise<number> {
  const project = projectFolder(io, flags);
  const names = listRunbooks(project);
  const rows = names.map((name) => ({ name, title: readTitle(head(join(project, 'runbooks', `${name}.md`))) ?? '' }));
  if (rows.length > 0 && isPresent(io, flags)) return choose({ io, flags, names }, rows);
  for (const { name, title } of rows) io.stdout.write(`${safeLine(`${name.padEnd(20)} ${title}`)}\n`);
  if (rows.length === 0) io.stdout.write('There is no runbook yet: write runbooks/NAME.md (docs/format.md).\n');
  return 0;
}

async function choose(call: Call, rows: readonly { readonly name: string; readonly title: string }[]): Promise<number> {
  const { io, flags } = call;
  const { facesFor } = await import('./faces.ts');
  // A face needs an outline; before a runbook is picked there is none.
  const faces = await facesFor(io, flags, { outline: { title: 'launch', steps: [] }, again: 'launch' });
  const answer = await faces.face.ask(
    {
      id: 'pick',
      type: 'choice',
      about: 'value',
      message: 'Which runbook?',
      options: rows.map(({ name, title }) => ({ value: name, label: title === '' ? name : `${name}  ${title}` })),
    },
    { signal: io.signal },
  );
  faces.close();
  if (!('value' in answer)) return 4;
  const { run } = await import('./run.ts');
  return run({ ...call, names: [answer.value] });
}

function head(path: string): string {
  const file = openSync(path, 'r');
  const bytes = Buffer.alloc(HEAD_BYTES);
  const size = readSync(file, bytes, 0, HEAD_BYTES, 0);
  closeSync(file);
  return bytes.toString('utf8', 0, size);
}
