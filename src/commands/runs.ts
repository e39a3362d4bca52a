// `launch runs`: all runs of the project, newest first, rehearsals after them.
import { safeLine } from '../text/escape.ts';
import type { Call } from './main.ts';
import { projectFolder } from './project-folder.ts';
import { readable, runsOf } from './runs-of.ts';

export async function runs({ io, flags }: Call): Promise<number> {
  const project = projectFolder(io, flags);
  const all = (['runs', 'rehearsals'] as const).flatMap((kind) => runsOf(io, flags, project, kind).list());
  if (flags.json) io.stdout.json(all, 2);
  else if (all.length === 0) io.stdout.write('There is no run yet.\n');
  else
    for (const run of all)
      io.stdout.write(
        `${safeLine(readable(run) ? `${run.id}  ${run.mode}  ${run.handedOver ? 'handed over' : (run.finished?.outcome ?? (run.paused ? 'stopped' : 'open'))}  ${run.lastAt}  ${run.operator}  ${run.runbook.title}` : `${run.id}  cannot be read: ${run.why}`)}\n`,
      );
  return 0;
}
