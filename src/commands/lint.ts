// `launch lint`: everything that is wrong in runbooks, at once; with --project also what in the project will hurt at launch.
import { kindNames, loadKind } from '../../steps/index.ts';
import { loadRunbook } from '../runbook/load.ts';
import type { Runbook } from '../runbook/model.ts';
import { keysIn } from '../secrets/key-shapes.ts';
import { diskFiles } from '../system/files.ts';
import { findProject, listRunbooks } from '../system/project.ts';
import { type Finding, isError } from '../text/finding.ts';
import { renderFinding } from '../text/render-finding.ts';
import { count } from '../ui/outline.ts';
import { type Io, UsageError } from './io.ts';
import type { Call } from './main.ts';
import { runbookFile } from './project.ts';
import { projectFolder } from './project-folder.ts';

export async function lint({ io, names, flags }: Call): Promise<number> {
  const format = flags.json ? 'json' : (flags.format ?? 'text');
  const write = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (!write) throw new UsageError(`--format ${format} is not there`, 'text, json or github');
  const from = flags.dir ?? io.cwd;
  // A project without a runbook yet has hazards too.
  const project = flags.project && names.length === 0 ? (findProject(from) ?? from) : projectFolder(io, flags);
  const files = diskFiles(project);
  const wanted =
    names.length > 0
      ? names.map((name) => runbookFile(io, flags, project, name))
      : listRunbooks(project).map((name) => `runbooks/${name}.md`);
  const findings: Finding[] = [];
  const runbooks: Runbook[] = [];
  for (const file of wanted) {
    const source = await files.read(file);
    if (source === undefined) throw new UsageError(`there is no ${file}`, '`launch lint` without a name checks all');
    const loaded = await loadRunbook({ file, source, kindNames, loadKind, readFile: (path) => files.read(path) });
    findings.push(...loaded.findings, ...keys(file, source));
    if (loaded.runbook) runbooks.push(loaded.runbook);
  }
  let read = wanted.length;
  if (flags.project) {
    const { findHazards } = await import('./lint-project.ts');
    const hazards = await findHazards(runbooks, { files });
    findings.push(...hazards.findings);
    read += hazards.files;
  }
  write(findings, read, io);
  return findings.some(isError) || (flags.strict && findings.length > 0) ? 3 : 0;
}

/** A runbook is committed, frozen with each run and handed over. Of the line only what stands before the key is shown. */
const keys = (file: string, source: string): readonly Finding[] =>
  keysIn(source).map(({ line, column, what }) => ({
    severity: 'warning',
    code: 'key-in-runbook',
    message: `it looks like ${what}: whoever has the runbook has it`,
    place: { file, line, column },
    text: `${source
      .split('\n', line)
      .at(-1)
      ?.slice(0, column - 1)}…`,
    remedy: 'take it out, name it under `secrets`, and change it where it is good for something',
  }));

type Write = (findings: readonly Finding[], files: number, io: Io) => void;

const FORMATS: Readonly<Record<string, Write>> = {
  json: (findings, _files, io) => io.stdout.json(findings, 2),
  github: (findings, _files, io) => {
    for (const { severity, place, message, why, remedy } of findings) {
      const told = [message, why, remedy].filter((part) => part !== undefined).join('. ');
      io.stdout.write(
        `::${severity} file=${property(place.file)},line=${place.line},col=${place.column}::${data(told)}\n`,
      );
    }
  },
  text: (findings, files, io) => {
    for (const finding of findings) io.stdout.write(`${renderFinding(finding)}\n`);
    const errors = findings.filter(isError).length;
    io.stdout.write(
      `${count(files, 'file')}: ${count(errors, 'error')}, ${count(findings.length - errors, 'warning')}\n`,
    );
  },
};

/** As GitHub reads the lines of a workflow command. */
const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
