// `launch` alone: what there is to do. In a terminal one is picked; else it is a list.
import { isPresent } from './io.ts';
import { listText, type Row, rowsOf } from './list.ts';
import type { Call } from './main.ts';
import { projectFolder } from './project-folder.ts';

export async function pick({ io, flags }: Call): Promise<number> {
  const project = projectFolder(io, flags);
  const rows = rowsOf(project);
  if (rows.length > 0 && isPresent(io, flags)) return choose({ io, flags, names: rows.map(({ name }) => name) }, rows);
  io.stdout.write(listText(rows));
  return 0;
}

async function choose(call: Call, rows: readonly Row[]): Promise<number> {
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
