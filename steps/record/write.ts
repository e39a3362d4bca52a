// The record, as a step of its own: written into the project while the run goes on, so that the next step can commit it.
import { z } from 'zod';
import { defineStep } from '../../src/step.ts';

const NOBODY = 'there is no run whose record this could be';

export const write = defineStep({
  name: 'record/write',
  summary: 'Write the record of this run into the project',
  example: 'with: { path: PRODUCTION_DEPLOYMENT.md }',
  with: z.strictObject({
    path: z.string().min(1).optional().describe("Left out: where the runbook's `record` says"),
  }),
  outputs: z.object({ path: z.string() }),
  describe: ({ path }) => `the record of this run stands in ${path ?? 'its file'}`,
  commands: ({ path }) => [['write', path ?? 'the record']],
  verify: async ({ path: given }, { files, record }, { since }) => {
    if (record === undefined) return { is: 'unknown', why: NOBODY };
    const path = given ?? record.path;
    const text = await files.read(path);
    const of = text === undefined ? undefined : record.of(text);
    const seen = text === undefined ? `no ${path}` : 'a record of another run, or changed by hand';
    // One that was written before this step knows nothing of the steps since.
    const late = since === undefined;
    if (of === undefined || late)
      return {
        is: 'not-so',
        expected: `the record of this run in ${path}`,
        seen: of === undefined ? seen : `${path} as of event ${of}`,
        since: of ?? 0,
      };
    return { is: 'so', seen: `${path}, as of event ${of}`, outputs: { path } };
  },
  act: async ({ path: given }, { files, record }) => {
    if (record === undefined) return { ended: 'failed', why: NOBODY };
    const path = given ?? record.path;
    const there = await files.read(path);
    if (there !== undefined && !record.isOne(there))
      return {
        ended: 'failed',
        why: `${path} is there and no launch has written it: move it away, or name another path`,
      };
    await files.write(path, record.text());
    return { ended: 'ok' };
  },
  // The run goes on, and the record with it: later only the last one would be so.
  lasts: false,
  checkedAgainst: 'real',
});
