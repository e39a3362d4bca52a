// `launch import`: a plan that was written for people becomes a runbook, and what became of it is told.
import { basename, dirname, relative, resolve } from 'node:path';
import { kindNames, loadKind } from '../../steps/index.ts';
import { type Imported, importPlan, type Plan } from '../authoring/import.ts';
import { beyondLimits } from '../document/limits.ts';
import { loadRunbook } from '../runbook/load.ts';
import { takeInventory } from '../secrets/inventory.ts';
import { diskFiles } from '../system/files.ts';
import { findProject } from '../system/project.ts';
import { sourceTree } from '../system/source-tree.ts';
import { isError } from '../text/finding.ts';
import { indexLines } from '../text/place.ts';
import { renderFinding } from '../text/render-finding.ts';
import { count } from '../ui/outline.ts';
import { type Io, UsageError } from './io.ts';
import { type Call, commandNames } from './main.ts';
import { newRunbook, whatNext } from './new-runbook.ts';
import { readOwn, writeOwn } from './own-files.ts';

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
  const imported = await importIn(project, { file, source, date: new Date().toISOString().slice(0, 10) });
  if (!imported)
    throw new UsageError(
      `${given} has nothing to do in it`,
      'steps are made of boxes (`- [ ]`), and of lists below headings such as "Steps" or "Phase 1"',
    );
  const name = nameOf(file);
  const { path, shown } = newRunbook(io, flags.out, resolve(project, `runbooks/${name}.md`));
  await writeOwn(io, '--out', path, imported.text);
  tell(io, imported, { file, shown, next: whatNext(io, flags, path, 'Read it once, then:') });
  const home = findProject(dirname(path)) ?? dirname(path);
  return check(io, { project: home, file: relative(home, path), source: imported.text });
}

/** The code is read only where the plan has words in capitals that could be variables of it. */
async function importIn(project: string, plan: Plan): Promise<Imported | undefined> {
  const imported = importPlan(plan);
  if (!imported || imported.capitals.size === 0) return imported;
  const { entries } = await takeInventory(sourceTree(project));
  const environment = new Set(entries.map(({ name }) => name));
  return [...imported.capitals].some((name) => environment.has(name)) ? importPlan({ ...plan, environment }) : imported;
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
  { steps, phases, inputs, names, withheld, notes, left }: Imported,
  { file, shown, next }: { readonly file: string; readonly shown: string; readonly next: string },
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
    ...told(
      'Left out, as they look like secrets. Whoever has the plan has them: take them out of it, and change them.',
      withheld.map(({ line, what }) => `${file}:${line}  ${what}`),
    ),
    '',
    next,
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
