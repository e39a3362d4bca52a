// `launch export`: the record of a run as it stands, or a record compared with its journal.

import { recordedEvent } from '../record/check.ts';
import { renderJson } from '../record/json.ts';
import { renderRecord } from '../record/markdown.ts';
import { diskFiles } from '../system/files.ts';
import { type FrozenRun, frozenRun } from './frozen.ts';
import { Exit, type Io, UsageError } from './io.ts';
import { learnReady } from './launching.ts';
import type { Call } from './main.ts';
import { readOwn, writeOwn } from './own-files.ts';

export async function exportRecord(call: Call): Promise<number> {
  const { io, flags } = call;
  const { project, runbook, events, state, id } = await frozenRun(call);
  if (flags.check !== undefined) {
    const text = readOwn(io, '--check', flags.check);
    const of = recordedEvent(runbook, events, text, text.startsWith('<!doctype') ? await html() : renderRecord);
    io.stdout.write(
      of !== undefined
        ? `${flags.check} is the record of ${id} as of event ${of}.\n`
        : `${flags.check} is not what the journal of ${id} gives: it was changed, or belongs to another run.\n`,
    );
    return of !== undefined ? 0 : 1;
  }
  const format = flags.json ? 'json' : (flags.format ?? 'md');
  const render = Object.hasOwn(FORMATS, format) ? await FORMATS[format]?.() : undefined;
  if (!render) throw new UsageError(`--format ${format} is not there`, 'md, html or json');
  const text = render(runbook, events, state);
  await requireNoSecret(io, { project, runbook }, text);
  if (flags.out === undefined) io.stdout.write(text);
  else await writeOwn(io, '--out', flags.out, text);
  return 0;
}

/** As the run itself ends with a look at what it wrote, with what is known as secret here and now. */
async function requireNoSecret(
  io: Io,
  { project, runbook }: Pick<FrozenRun, 'project' | 'runbook'>,
  text: string,
): Promise<void> {
  await learnReady(io, { runbook, world: { files: diskFiles(project) } });
  const secret = io.redactor.holds(Buffer.from(text));
  if (secret === undefined) return;
  io.stderr.write(
    `launch: ${secret} stands in what would be exported: nothing was written\n  change that secret; \`launch log\` shows where it stands\n`,
  );
  throw new Exit(1);
}

const html = async () => {
  const { htmlOf } = await import('../document/html.ts');
  return (await import('../record/html.ts')).htmlRecord(htmlOf);
};

const FORMATS: Readonly<Record<string, () => Promise<typeof renderRecord>>> = {
  md: async () => renderRecord,
  json: async () => renderJson,
  html,
};
