// `launch lint`: everything that is wrong in runbooks, at once.
import { kindNames, loadKind } from '../../steps/index.ts';
import { loadRunbook } from '../runbook/load.ts';
import { diskFiles } from '../system/files.ts';
import { listRunbooks } from '../system/project.ts';
import { safe, safeJson } from '../text/escape.ts';
import { type Finding, isError } from '../text/finding.ts';
import { renderFinding } from '../text/render-finding.ts';
import { count } from '../ui/outline.ts';
import { UsageError } from './io.ts';
import type { Call } from './main.ts';
import { projectFolder, runbookFile } from './project.ts';

export async function lint({ io, names, flags }: Call): Promise<number> {
  const project = projectFolder(io, flags);
  const files = diskFiles(project);
  const wanted =
    names.length > 0
      ? names.map((name) => runbookFile(io, flags, project, name))
      : listRunbooks(project).map((name) => `runbooks/${name}.md`);
  const findings: Finding[] = [];
  for (const file of wanted) {
    const source = await files.read(file);
    if (source === undefined) throw new UsageError(`there is no ${file}`, '`launch lint` without a name checks all');
    findings.push(
      ...(await loadRunbook({ file, source, kindNames, loadKind, readFile: (path) => files.read(path) })).findings,
    );
  }
  const format = flags.json ? 'json' : (flags.format ?? 'text');
  if (format === 'json') io.stdout.write(`${safeJson(findings, 2)}\n`);
  else if (format === 'github')
    for (const { severity, place, message } of findings)
      io.stdout.write(
        `::${severity} file=${place.file},line=${place.line},col=${place.column}::${message.replaceAll('\n', ' ')}\n`,
      );
  else if (format !== 'text') throw new UsageError(`--format ${format} is not there`, 'text, json or github');
  else {
    for (const finding of findings) io.stdout.write(`${safe(renderFinding(finding))}\n`);
    const errors = findings.filter(isError).length;
    io.stdout.write(
      `${count(wanted.length, 'file')}: ${count(errors, 'error')}, ${count(findings.length - errors, 'warning')}
`,
    );
  }
  return findings.some(isError) || (flags.strict && findings.length > 0) ? 3 : 0;
}
