// What is said to be different between two versions of a runbook, also beside its steps.
import { expect, test } from 'vitest';
import { compareRunbooks } from '../../src/runbook/changes.ts';
import { loadRunbook } from '../../src/runbook/load.ts';
import type { Runbook } from '../../src/runbook/model.ts';
import { kindNames, loadKind } from '../../steps/index.ts';

const BASE = `runbook: 1
title: Go
record: RECORD.md
accounts: { fly: { org: sol } }
guard: { forbid: [staging] }
inputs: { app: { default: sol }, region: { default: sjc } }
secrets: { sol: { compare-with: sol-staging, names: { API_KEY: { generate: hex32 }, OTHER: } } }
steps:
  - { id: one, manual: true, needs: [] }
  - { id: two, manual: true, needs: [] }`;

async function runbook(front: string): Promise<Runbook> {
  const source = `---\n${front}\n---\n`;
  const loaded = await loadRunbook({
    file: 'runbooks/go.md',
    source,
    kindNames,
    loadKind,
    readFile: async () => undefined,
  });
  if (!loaded.runbook) throw new Error(JSON.stringify(loaded.findings));
  return loaded.runbook;
}

const nothing = { edited: [], added: [], gone: [], parts: [] };

test.each<readonly [what: string, from: string, to: string, parts: readonly object[]]>([
  ['an input', 'default: sjc', 'default: lax', [{ part: 'inputs', names: ['region'] }]],
  ['a new input', '{ app:', '{ zone: { default: a }, app:', [{ part: 'inputs', names: ['zone'] }]],
  ['a secret', 'hex32', 'uuid', [{ part: 'secrets', names: ['API_KEY'] }]],
  ['a secret that is gone', ', OTHER:', '', [{ part: 'secrets', names: ['OTHER'] }]],
  ['what an app is compared with', 'sol-staging', 'sol-test', [{ part: 'secrets', names: ['sol'] }]],
  ['an account', 'org: sol', 'org: sollabs', [{ part: 'accounts', names: ['fly'] }]],
  ['a word of the guard', '[staging]', '[staging, test]', [{ part: 'guard', names: ['test'] }]],
  ['the record', 'RECORD.md', 'LAUNCH.md', [{ part: 'record' }]],
])('%s that is edited is named', async (_, from, to, parts) => {
  expect(compareRunbooks(await runbook(BASE), await runbook(BASE.replace(from, to)))).toEqual({ ...nothing, parts });
});

test('another order of the same steps is an edit', async () => {
  const swapped = BASE.replace('id: one', 'id: x').replace('id: two', 'id: one').replace('id: x', 'id: two');
  expect(compareRunbooks(await runbook(BASE), await runbook(swapped)).parts).toEqual([{ part: 'order of the steps' }]);
});

test('a step between two others is no other order of them, and the title is no edit', async () => {
  const more = BASE.replace('  - { id: two', '  - { id: new, manual: true, needs: [] }\n  - { id: two');
  expect(compareRunbooks(await runbook(BASE), await runbook(more.replace('title: Go', 'title: Stay')))).toEqual({
    ...nothing,
    added: ['new'],
  });
});
