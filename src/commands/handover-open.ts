// `launch handover open FILE`: the run of another machine goes on here. Checked whole, agreed to, unpacked, carried on.
import { kindNames, loadKind } from '../../steps/index.ts';
import { evolve } from '../engine/evolve.ts';
import type { RunState } from '../engine/state.ts';
import { StateError } from '../engine/store.ts';
import { loadRunbook } from '../runbook/load.ts';
import type { Runbook } from '../runbook/model.ts';
import { handoverOf } from '../store/files.ts';
import type { Unpacked } from '../store/handover.ts';
import { hashOf } from '../store/lines.ts';
import { diskFiles } from '../system/files.ts';
import { UsageError } from './io.ts';
import type { Call } from './main.ts';
import { readOwn } from './own-files.ts';
import { readRunbook, runbookFile } from './project.ts';
import { projectFolder } from './project-folder.ts';
import { run } from './run.ts';
import { isOpen, operatorOf, readable, runsOf } from './runs-of.ts';
import { requireTrust } from './trust.ts';

export async function openHandover(call: Call): Promise<number> {
  const { io, names, flags } = call;
  const [file] = names;
  if (file === undefined) throw new UsageError('which file?', '`launch handover open FILE`');
  const project = projectFolder(io, flags);
  const text = readOwn(io, 'handover open', file);
  const { readHandover } = await import('../store/handover.ts');
  const unpacked = readHandover(text, file);
  const state = evolve(unpacked.events);
  const { name } = state.runbook;
  io.stderr.write(`${[...unpacked.handover.summary, `SHA-256 ${hashOf(text)}`].join('\n')}\n`);
  // Before anything is written: the project has the runbook, and both it and the version that came with the run are trusted.
  const current = await readRunbook(io, project, runbookFile(io, flags, project, state.runbook.file), flags);
  await requireTrust(io, flags, current);
  const frozen = await frozenIn(project, unpacked, state.runbook);
  if (frozen.digest !== current.digest) await requireTrust(io, flags, frozen);
  const runs = runsOf(io, flags, project, 'runs');
  const other = runs
    .list()
    .find(
      (one) => readable(one) && one.runbook.name === name && one.id !== state.run && isOpen(one) && !one.handedOver,
    );
  if (other)
    throw new UsageError(
      `a run of ${name} is open here: ${other.id}`,
      `finish it, or hand it over, before another is opened`,
    );
  const before = handoverOf(unpacked.events)?.by ?? state.operator;
  const taken = { type: 'run.resumed', operator: operatorOf(io, flags), before } as const;
  await runs.unpack(unpacked, { taken, at: new Date() });
  io.stderr.write(`${state.run} is here now.\n`);
  const words = io.argv.filter((word) => word !== 'handover' && word !== 'open' && word !== file);
  const argv = [name, ...words, '--run', state.run];
  return run({ io: { ...io, argv }, names: [state.runbook.file], flags: { ...flags, run: state.run } });
}

/** The version that the run began with, or that was adopted since: it rules until an edit is taken up. */
async function frozenIn(project: string, { files }: Unpacked, version: RunState['runbook']): Promise<Runbook> {
  const source = files.get(version.copy)?.toString('utf8') ?? '';
  const own = diskFiles(project);
  const { runbook } = await loadRunbook({
    file: version.file,
    source,
    kindNames,
    loadKind,
    readFile: (path) => own.read(path),
  });
  if (runbook) return runbook;
  throw new StateError(
    `the runbook that came with the run (${version.copy}) cannot be used in this project`,
    'Nothing was unpacked. Bring the project to the commit that the run was begun at, then open the file again.',
  );
}
