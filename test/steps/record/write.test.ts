// record/write: the record of this run, not of another one, and not one that somebody changed.
import { expect, test } from 'vitest';
import type { LaunchEvent } from '../../../src/engine/events.ts';
import { evolve } from '../../../src/engine/evolve.ts';
import { isRecord, recordedEvent } from '../../../src/record/check.ts';
import { renderRecord } from '../../../src/record/markdown.ts';
import type { ActPorts } from '../../../src/system/ports.ts';
import { write } from '../../../steps/record/write.ts';
import { runbookOf, Stage, uses } from '../../engine/stage.ts';
import { ports } from '../http/ports.ts';

/** A journal that goes on between the looks. */
async function run() {
  const stage = new Stage();
  const runbook = runbookOf([{ id: 'app', form: uses('test/make', { thing: 'app' }) }]);
  const { events } = await stage.sit(runbook, [['steps.app.act', 'go']]);
  let told: readonly LaunchEvent[] = events.slice(0, 4);
  const files = new Map<string, string>();
  const record: NonNullable<ActPorts['record']> = {
    path: 'PRODUCTION_DEPLOYMENT.md',
    text: () => renderRecord(runbook, told, evolve(told)),
    of: (text) => recordedEvent(runbook, told, text),
    isOne: isRecord,
  };
  const port = {
    record,
    files: {
      read: async (path: string) => files.get(path),
      write: async (path: string, text: string) => void files.set(path, text),
      list: async () => [],
      resolve: async (path: string) => path,
    },
  };
  return { given: ports(port), ports: port, files, goesOn: () => (told = events) };
}

test('it is written where the runbook says, and is so until somebody changes it', async () => {
  const { given, files, goesOn } = await run();
  const first = await write.verify?.({}, given, {});
  expect(first).toEqual({
    is: 'not-so',
    expected: 'the record of this run in PRODUCTION_DEPLOYMENT.md',
    seen: 'no PRODUCTION_DEPLOYMENT.md',
    since: 0,
  });
  expect(await write.act?.({}, given, {})).toEqual({ ended: 'ok' });
  goesOn();
  expect(await write.verify?.({}, given, { since: 0 })).toEqual({
    is: 'so',
    seen: 'PRODUCTION_DEPLOYMENT.md, as of event 4',
    outputs: { path: 'PRODUCTION_DEPLOYMENT.md' },
  });
  files.set('PRODUCTION_DEPLOYMENT.md', `${files.get('PRODUCTION_DEPLOYMENT.md')}\nall fine\n`);
  expect(await write.verify?.({}, given, { since: 0 })).toMatchObject({
    is: 'not-so',
    seen: 'a record of another run, or changed by hand',
  });
});

test('one of before this step is not so: it knows nothing of the steps since', async () => {
  const { given } = await run();
  await write.act?.({ path: 'docs/record.md' }, given, {});
  expect(await write.verify?.({ path: 'docs/record.md' }, given, {})).toMatchObject({
    is: 'not-so',
    seen: 'docs/record.md as of event 4',
    since: 4,
  });
});

test('without a run there is nothing to write', async () => {
  // A plan has no record.
  const words = 'there is no run whose record this could be';
  const nobody = { ...(await run()).ports, record: undefined };
  expect(await write.verify?.({}, ports(nobody), {})).toMatchObject({ is: 'unknown', why: words });
  expect(await write.act?.({}, ports(nobody), {})).toMatchObject({ ended: 'failed', why: words });
});

test('a file that no launch has written is not replaced', async () => {
  const { given, files } = await run();
  files.set('PRODUCTION_DEPLOYMENT.md', '# How we deploy\n');
  expect(await write.act?.({}, given, {})).toEqual({
    ended: 'failed',
    why: 'PRODUCTION_DEPLOYMENT.md is there and no launch has written it: move it away, or name another path',
  });
  expect(files.get('PRODUCTION_DEPLOYMENT.md')).toBe('# How we deploy\n');
});
