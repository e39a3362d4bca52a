// `launch export`: the record of a run as it stands, or a record compared with its journal.

import { recordedEvent } from '../record/check.ts';
import { renderJson } from '../record/json.ts';
import { renderRecord } from '../record/markdown.ts';
import { frozenRun } from './frozen.ts';
import { UsageError } from './io.ts';
import type { Call } from './main.ts';
import { readOwn, writeOwn } from './own-files.ts';

export async function exportRecord(call: Call): Promise<number> {
  const { io, flags } = call;
  const { runbook, events, state, id } = await frozenRun(call);
  if (flags.check !== undefined) {
    const text = readOwn(io, '--check', flags.check);
    const of = recordedEvent(runbook, events, text);
    io.stdout.write(
      of !== undefined
        ? `${flags.check} is the record of ${id} as of event ${of}.\n`
        : `${flags.check} is not what the journal of ${id} gives: it was changed, or belongs to another run.\n`,
    );
    return of !== undefined ? 0 : 1;
  }
  const format = flags.format ?? 'md';
  if (format !== 'md' && format !== 'json') throw new UsageError(`--format ${format} is not there`, 'md or json');
  const text = format === 'json' ? renderJson(runbook, events, state) : renderRecord(runbook, events, state);
  if (flags.out === undefined) io.stdout.write(text);
  else await writeOwn(io, '--out', flags.out, text);
  return 0;
}
