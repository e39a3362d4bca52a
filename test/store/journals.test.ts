// Journals that a release has written are read for ever: each file in test/journals stays as it is.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { evolve } from '../../src/engine/evolve.ts';
import { readLines } from '../../src/store/lines.ts';
import { types } from '../../src/store/shape.ts';

const folder = new URL('../journals/', import.meta.url);
const read = (name: string) => readLines(readFileSync(new URL(name, folder)), `test/journals/${name}`).events;

test.each(readdirSync(folder).filter((name) => name.endsWith('.jsonl')))('%s is read to its last line', (name) => {
  const events = read(name);
  const written = readFileSync(new URL(name, folder), 'utf8');
  expect(events.map((event) => `${JSON.stringify(event)}\n`).join('')).toBe(written);
  expect(evolve(events).last.n).toBe(events.length);
});

test('the journal with every event has every event there is', () => {
  const found = new Set<string>(read('0.1.0-every-event.jsonl').map(({ type }) => type));
  expect(types.filter((type) => !found.has(type))).toEqual([]);
});

test('and adds up to what it did when it was written', () => {
  const state = evolve(read('0.1.0-every-event.jsonl'));
  expect([...state.steps.values()].map(({ id, status }) => [id, status])).toEqual([
    ['create-app', 'undone'],
    ['deploy', 'done'],
    ['point-dns', 'done'],
    ['org', 'done'],
    ['ipv4', 'not-needed'],
    ['announce', 'skipped'],
    ['smoke', 'pending'],
  ]);
  expect(state).toMatchObject({
    operators: ['jam', 'ann'],
    sittings: 3,
    commit: 'c0ffee2',
    handedOver: false,
    inputs: { app: 'solserver-prod', testers: ['ann', 'ben'] },
    secretInputs: ['token'],
    finished: { outcome: 'abandoned' },
    record: { of: 44 },
  });
});
