// `launch import`: a plan that was written for people becomes a runbook, and what became of it is told.
import { basename, relative, resolve } from 'node:path';
import { kindNames, loadKind } from '../../steps/index.ts';
import { type Imported, importPlan } from '../authoring/import.ts';
import { beyondLimits } from '../document/limits.ts';
import { loadRunbook } from '../runbook/load.ts';
import { diskFiles } from '../system/files.ts';
import { findProject } from '../system/project.ts';
import { isError } from '../text/finding.ts';
import { indexLines } from '../text/place.ts';
import { renderFinding } from '../text/render-finding.ts';
import { count } from '../ui/outline.ts';
import { calledAs } from './again.ts';
import { type Io, UsageError } from './io.ts';
import { type Call, commandNames } from './main.ts';
import { newFile, readOwn, writeOwn } from './own-files.ts';

export async function importFile({ io, names, flags }: Call): Promise<number> {
  const [given, ...more] = names;
  if (given === undefined || more.length > 0)
    throw new UsageError('one plan is imported', 'write `launch import PLAN.md`');
  const from = resolve(io.cwd, flags.dir ?? '.');
  const project = findProject(from) ?? from;
  // As it is found again by whoever reads the runbook; from outside only its name.
  const inside = relative(project, resolve(io.cwd, given));
  const file = inside.startsWith('..') ? basename(inside) : inside;
  const source = readOwn(io, 'import', given);
  const beyond = beyondLimits(indexLines(file, source));
  if (beyond) throw new UsageError(`${given}: ${beyond.message}`, beyond.remedy ?? 'give a Markdown file');
  const imported = importPlan({ file, source, date: new Date().toISOString().slice(0, 10) });
  if (!imported)
    throw new UsageError(
      `${given} has nothing to do in it`,
      'steps are made of boxes (`- [ ]`), and of lists below headings such as "Steps" or "Phase 1"',
    );
  const name = nameOf(file);
  const { path, shown } = newFile(io, flags.out, resolve(project, `runbooks/${name}.md`));
  await writeOwn(io, '--out', path, imported.text);
  tell(io, imported, { shown, called: flags.out === undefined ? name : relative(project, path) });
  return check(io, { project, file: relative(project, path), source: imported.text });
}

/** `launch plan` is a command, and so a runbook of that name could be started by its path only. */
function nameOf(file: string): string {
  const name = file
    .replace(/^.*\//, '')
    .replace(/\.\w+$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return commandNames.includes(name) || name === '' || name === 'readme'
    ? `${name === '' ? '' : `${name}-`}launch`
    : name;
}

const FORMS: readonly (readonly [form: string, one: string, more: string])[] = [
  ['uses', 'is done and proven by a kind of the library', 'are done and proven by kinds of the library'],
  ['run', 'is a command', 'are commands'],
  ['manual', 'is for a person', 'are for a person'],
  ['checklist', 'is a checklist', 'are checklists'],
  ['question', 'is a question', 'are questions'],
  ['wait', 'is a wait', 'are waits'],
];

function tell(
  io: Io,
  { steps, phases, inputs, names, notes, left }: Imported,
  { shown, called }: { readonly shown: string; readonly called: string },
): void {
  const forms = FORMS.flatMap(([form, one, more]) => {
    const many = steps.filter(({ keys }) => Object.hasOwn(keys, form)).length;
    return many === 0 ? [] : [`${String(many).padStart(5)} ${many === 1 ? one : more}`];
  });
  const asked = inputs.length === 0 ? [] : [`Asked when it starts: ${inputs.join(', ')}`];
  const secrets = names.length === 0 ? [] : [`Secrets and configuration: ${names.join(', ')}`];
  const told = (what: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', what, ...lines.map((line) => `  ${line}`)];
  const lines = [
    `${shown}: ${count(steps.length, 'step')} in ${count(phases, 'phase')}. What is no step stands in it as text.`,
    ...forms,
    ...asked,
    ...secrets,
    ...told('Commands of the plan that are left to a person:', notes),
    ...told('Lists, tables and commands that are no steps, and stand as text:', left),
    '',
    `Read it once, then: ${calledAs(io)} rehearse ${called}`,
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
}

/** Whatever the plan was: what was made of it is a runbook, or it is said where it is not. */
async function check(
  io: Io,
  { project, file, source }: { readonly project: string; readonly file: string; readonly source: string },
): Promise<number> {
  const files = diskFiles(project);
  const { findings } = await loadRunbook({ file, source, kindNames, loadKind, readFile: (path) => files.read(path) });
  for (const finding of findings) io.stderr.write(`${renderFinding(finding)}\n`);
  return findings.some(isError) ? 3 : 0;
}
