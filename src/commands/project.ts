// A runbook of the project: its file, read and checked.
import { relative, resolve } from 'node:path';
import { kindNames, loadKind } from '../../steps/index.ts';
import { kindsOf } from '../engine/offer.ts';
import { loadRunbook } from '../runbook/load.ts';
import type { Runbook } from '../runbook/model.ts';
import type { StepKind } from '../step.ts';
import { diskFiles } from '../system/files.ts';
import { isThere } from '../system/own-files.ts';
import { listRunbooks } from '../system/project.ts';
import { closest } from '../text/closest.ts';
import { isError } from '../text/finding.ts';
import { renderFinding } from '../text/render-finding.ts';
import { count } from '../ui/outline.ts';
import type { Flags } from './flags.ts';
import { Exit, type Io, UsageError } from './io.ts';

/** A runbook's file from its name or path, relative to the project. A path counts from where the person is. */
export function runbookFile(
  io: Io,
  flags: Flags,
  project: string,
  name: string,
  /** What else the word may have been meant for, where no command stands before it. */
  commands: readonly string[] = [],
): string {
  if (name.endsWith('.md') || name.includes('/'))
    return pathInProject(resolve(io.cwd, flags.dir ?? '.'), project, name);
  const known = listRunbooks(project);
  if (known.includes(name)) return `runbooks/${name}.md`;
  const starting = known.filter((one) => one.startsWith(name));
  if (starting.length === 1 && starting[0] !== undefined) return `runbooks/${starting[0]}.md`;
  const near = closest(name, [...known, ...commands]);
  const hint =
    starting.length > 1
      ? `${starting.join(', ')} begin so`
      : near
        ? `did you mean ${known.includes(near) ? near : `\`launch ${near}\``}?`
        : `runbooks here: ${known.join(', ') || 'none'}`;
  throw new UsageError(`no runbook is called "${name}"`, hint);
}

function pathInProject(from: string, project: string, path: string): string {
  const here = resolve(from, path);
  const inside = relative(project, isThere(here) ? here : resolve(project, path));
  if (inside.startsWith('..'))
    throw new UsageError(
      `${path} lies outside the project ${project}`,
      'go to the project it belongs to, or give --dir',
    );
  return inside;
}

/** Reads and checks a runbook. Findings go to stderr; an error in them ends with exit 3. */
export async function readRunbook(io: Io, project: string, file: string, flags: Flags): Promise<Runbook> {
  const files = diskFiles(project);
  const source = await files.read(file);
  if (source === undefined) throw new UsageError(`there is no ${file} in ${project}`, '`launch` lists the runbooks');
  const { runbook, findings } = await loadRunbook({
    file,
    source,
    kindNames,
    loadKind,
    readFile: (path) => files.read(path),
  });
  for (const finding of findings) io.stderr.write(`${renderFinding(finding)}\n`);
  const inTheWay = flags.strict ? findings : findings.filter(isError);
  if (!runbook || inTheWay.length > 0) {
    io.stderr.write(`${count(inTheWay.length, 'finding')} to mend before it can run.\n`);
    throw new Exit(3);
  }
  return runbook;
}

/** A file of the project. */
export const isOwnKind = (name: string): boolean => /^\.{0,2}\//.test(name);

/** Would looking at its steps run what is the project's own: commands as checks, kinds in files? */
export const looksByOwnCode = (runbook: Runbook): boolean =>
  kindsOf(runbook).some(isOwnKind) ||
  runbook.steps.some((step) => [...step.verify, ...step.unless].some((check) => 'run' in check.does));

/** The kinds a runbook uses, loaded; those of the project only where it is trusted. */
export async function loadKinds(
  runbook: Runbook,
  { project, trusted }: { readonly project: string; readonly trusted: boolean },
): Promise<ReadonlyMap<string, StepKind>> {
  const kinds = new Map<string, StepKind>();
  for (const name of kindsOf(runbook)) {
    if (isOwnKind(name)) {
      const { loadOwnKind, unloadedKind } = await import('./own-kinds.ts');
      kinds.set(name, trusted ? await loadOwnKind(project, runbook, name) : unloadedKind(name));
      continue;
    }
    const kind = await loadKind(name);
    if (kind) kinds.set(name, kind);
  }
  return kinds;
}
