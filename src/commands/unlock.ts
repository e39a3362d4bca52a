// `launch unlock ID`: takes away the lock of a holder that nobody here can ask, because it is on another machine.
import type { Holder, Runs } from '../store/files.ts';
import { facesFor } from './faces.ts';
import type { Flags } from './flags.ts';
import { type Io, UsageError } from './io.ts';
import type { Call } from './main.ts';
import { projectFolder } from './project-folder.ts';
import { runsOf, runWith } from './runs-of.ts';

export async function unlock({ io, names, flags }: Call): Promise<number> {
  const prefix = names[0] ?? flags.run;
  if (prefix === undefined) throw new UsageError('which run?', '`launch runs` lists them; then `launch unlock ID`');
  const project = projectFolder(io, flags);
  const { runs, id } = runWith(prefix, runsOf(io, flags, project, 'runs'), runsOf(io, flags, project, 'rehearsals'));
  const held = runs.holder(id);
  if (!held) return tell(io, `${id} is not locked.`);
  // Opening says who it is, and refuses with what to do instead of taking the lock away.
  if (held.standing === 'alive') runs.open(id).close();
  if (held.standing === 'elsewhere' && !(await isSure(io, flags, id, held.holder))) return 4;
  return takeAway(io, runs, id);
}

function takeAway(io: Io, runs: Runs, id: string): number {
  const before = runs.unlock(id);
  return tell(
    io,
    before === undefined || before.host === ''
      ? `${id} is no longer locked.`
      : `${id} is no longer locked: it was held by ${before.operator} on ${before.host} since ${before.since}.`,
  );
}

/** Asked with what is at stake: two who write at once. `--yes` answers it. */
async function isSure(io: Io, flags: Flags, id: string, holder: Holder): Promise<boolean> {
  const outline = { title: 'launch unlock', steps: [] };
  const faces = await facesFor(io, flags, { outline, again: `launch unlock ${id}` });
  try {
    faces.face.tell([...standing(id, holder), 'What it is doing at this moment is not stopped by this.']);
    const answer = await faces.face.ask(
      { id: 'unlock', type: 'confirm', message: `Is it certain that nobody works on ${id} any more?` },
      { signal: io.signal },
    );
    if ('absent' in answer) io.stderr.write(`launch: ${answer.absent}\n`);
    return 'value' in answer && answer.value === 'yes';
  } finally {
    faces.close();
  }
}

function standing(id: string, holder: Holder): readonly string[] {
  if (holder.host === '') return [`${id} is held, but its lock file cannot be read.`];
  const step = holder.step === undefined ? '' : `, at step "${holder.step}"`;
  return [
    `${id} is held by ${holder.operator} on ${holder.host} (process ${holder.pid}) since ${holder.since}${step}.`,
    'That is another machine: from here nobody can see whether the process lives. Ask there.',
  ];
}

function tell(io: Io, sentence: string): number {
  io.stdout.write(`${sentence}\n`);
  return 0;
}
