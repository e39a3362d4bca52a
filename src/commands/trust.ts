// Trust: one digest a runbook. What may run is shown, and asked, before anything of it does.
import type { Runbook } from '../runbook/model.ts';
import { isTrusted, trustDigest } from '../system/settings.ts';
import type { Flags } from './flags.ts';
import { Exit, type Io, isPresent, UsageError } from './io.ts';
import type { Call } from './main.ts';
import { readRunbook, runbookFile } from './project.ts';
import { projectFolder } from './project-folder.ts';

export async function trust({ io, names, flags }: Call): Promise<number> {
  const [name] = names;
  if (name === undefined) throw new UsageError('which runbook?', '`launch trust prod`');
  const project = projectFolder(io, flags);
  const runbook = await readRunbook(io, project, runbookFile(io, flags, project, name), flags);
  io.stdout.write(`${canRun(runbook).join('\n')}\n`);
  if (isTrusted(runbook.digest, io.env)) {
    io.stdout.write('This version is trusted.\n');
    return 0;
  }
  return (await askTrust(io, flags, runbook)) ? 0 : 7;
}

/** May what is the runbook's own run here? Asks nothing. */
export const mayRun = (io: Io, flags: Flags, { digest }: Runbook): boolean =>
  isTrusted(digest, io.env) ||
  (flags.trust !== undefined && flags.trust.length >= 12 && digest.startsWith(flags.trust));

/** Exit 7 unless this version is trusted, or is trusted now. */
export async function requireTrust(io: Io, flags: Flags, runbook: Runbook): Promise<void> {
  if (mayRun(io, flags, runbook)) return;
  if (flags.trust !== undefined) {
    io.stderr.write(
      `launch: --trust names another version: this one is ${runbook.digest}\n  \`launch trust ${runbook.name}\` shows what it can run\n`,
    );
    throw new Exit(7);
  }
  io.stderr.write(`${canRun(runbook).join('\n')}\n`);
  if (!(await askTrust(io, flags, runbook))) throw new Exit(7);
}

/** What a runbook can run, and its digest. */
function canRun(runbook: Runbook): readonly string[] {
  const commands = runbook.steps.flatMap((step) => {
    const looks = [...step.verify, ...step.unless, ...(step.background?.readyWhen ?? [])];
    const checks = looks.flatMap((check) =>
      'run' in check.does ? [`  ${step.id} (check): ${check.does.run.trimEnd()}`] : [],
    );
    const undo = step.undo && 'run' in step.undo ? [`  ${step.id} (taking it back): ${step.undo.run.trimEnd()}`] : [];
    if (step.form.form === 'run') return [`  ${step.id}: ${step.form.command.trimEnd()}`, ...checks, ...undo];
    return step.form.form === 'script'
      ? [`  ${step.id}: a script of ${step.form.script.split('\n').length} lines`, ...checks, ...undo]
      : [...checks, ...undo];
  });
  const sources = runbook.secrets.flatMap(({ names }) =>
    names.flatMap(({ name, from }) =>
      from && 'command' in from ? [`  the value of ${name}: ${from.command.join(' ')}`] : [],
    ),
  );
  const kinds = [...new Set(runbook.steps.flatMap((step) => (step.form.form === 'uses' ? [step.form.kind] : [])))];
  return [
    `${runbook.title} (${runbook.file})`,
    `Kinds: ${kinds.join(', ') || 'none'}`,
    ...(commands.length + sources.length > 0
      ? ['Commands of its own:', ...commands, ...sources]
      : ['It has no commands of its own.']),
    ...(runbook.uses.length > 0 ? [`Files it names: ${runbook.uses.map(({ path }) => path).join(', ')}`] : []),
    `Digest: ${runbook.digest}`,
  ];
}

async function askTrust(io: Io, flags: Flags, runbook: Runbook): Promise<boolean> {
  if (!isPresent(io, flags)) {
    io.stderr.write(
      `launch: this version of ${runbook.name} is not trusted, and nothing of it was run\n  read it, then give --trust ${runbook.digest}\n`,
    );
    return false;
  }
  const { facesFor } = await import('./faces.ts');
  const faces = await facesFor(io, { ...flags, yes: false }, { outline: runbook, again: `launch ${runbook.name}` });
  try {
    const answer = await faces.face.ask(
      { id: 'trust', type: 'confirm', message: 'Trust this version of the runbook?' },
      { signal: io.signal },
    );
    if (!('value' in answer) || answer.value !== 'yes') return false;
    await trustDigest(runbook.digest, io.env);
    return true;
  } finally {
    faces.close();
  }
}
