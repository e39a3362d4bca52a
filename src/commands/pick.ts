// `launch` alone: what there is to do next. In a terminal it is picked, an open run first; else it is a list.
import type { Option } from '../question.ts';
import { isPresent } from './io.ts';
import { hasRuns, type Listed, listText, rowsOf } from './list.ts';
import type { Call } from './main.ts';
import { projectFolder } from './project-folder.ts';
import type { Readable } from './runs-of.ts';

interface Row extends Listed {
  /** What goes on when it is picked. */
  readonly open?: Readable;
}

export async function pick(call: Call): Promise<number> {
  const { io, flags } = call;
  const project = projectFolder(io, flags);
  const open = await openRuns(call, project);
  const rows = rowsOf(project).map((row): Row => {
    const run = open.find(({ runbook }) => runbook.name === row.name);
    return { ...row, ...(run && { open: run }) };
  });
  if (rows.length > 0 && isPresent(io, flags)) return choose(call, rows);
  io.stdout.write(listText(rows));
  return 0;
}

/** The newest first; read only where there were runs at all. */
async function openRuns({ io, flags }: Call, project: string): Promise<readonly Readable[]> {
  if (!hasRuns(project)) return [];
  const { isOpen, readable, runsOf } = await import('./runs-of.ts');
  return runsOf(io, flags, project, 'runs')
    .list()
    .filter(readable)
    .filter((run) => isOpen(run) && !run.handedOver);
}

async function choose(call: Call, rows: readonly Row[]): Promise<number> {
  const { io, flags } = call;
  const { facesFor } = await import('./faces.ts');
  const { when } = await import('../ui/times.ts');
  // A face needs an outline; before a runbook is picked there is none.
  const faces = await facesFor(io, flags, { outline: { title: 'launch', steps: [] }, again: 'launch' });
  const sorted = [...rows].sort((a, b) => later(a, b));
  const answer = await faces.face.ask(
    {
      id: 'pick',
      type: 'choice',
      about: 'value',
      message: 'What is next?',
      options: sorted.map((row) => optionOf(row, (at) => when(at, new Date()))),
      ...(sorted[0]?.open && { default: sorted[0].name }),
    },
    { signal: io.signal },
  );
  faces.close();
  if (!('value' in answer)) return 4;
  const { run } = await import('./run.ts');
  return run({ ...call, names: [answer.value] });
}

function optionOf({ name, title, open }: Row, when: (at: string) => string): Option {
  const called = title === '' ? name : `${name}  ${title}`;
  if (!open) return { value: name, label: `begin ${called}` };
  const { id, paused, lastAt } = open;
  const where = paused?.step === undefined ? '' : ` at ${paused.step}`;
  return { value: name, label: `go on with ${called}`, hint: `${id}, left ${when(paused?.at ?? lastAt)}${where}` };
}

/** The one with the newer open run first; those without stay as they are. */
function later(a: Row, b: Row): number {
  const [one, other] = [a.open?.lastAt ?? '', b.open?.lastAt ?? ''];
  return one < other ? 1 : one > other ? -1 : 0;
}
