// A planted leak is found in every file that a run writes.
import { expect, test } from 'vitest';
import { memoryDisk } from '../../src/store/memory.ts';
import { sweep } from '../../src/store/sweep.ts';
import { createRedactor } from '../../src/text/redact.ts';

const CLASSES = [
  'journal.jsonl',
  'journal.torn-1',
  'runbook-0a1b2c3d.md',
  'lock',
  'PRODUCTION_DEPLOYMENT.md',
  'receipts/deploy-1.log',
  'receipts/tunnel-2.log',
];

test.each(CLASSES.map((file) => [file]))('a secret in %s is named with its file', (file) => {
  const disk = memoryDisk();
  disk.makeFolder('/run/receipts');
  for (const one of CLASSES) {
    const open = disk.append(`/run/${one}`);
    open.write(Buffer.from(one === file ? `x ${Buffer.from('ab planted-4f9c2e71').toString('base64')} y` : 'nothing'));
    open.close();
  }
  const redactor = createRedactor();
  redactor.learn('PLANTED', 'planted-4f9c2e71');
  expect(sweep(disk, '/run', (bytes) => redactor.holds(bytes))).toEqual([{ file, secret: 'PLANTED' }]);
});

const LONG = 'planted-4f9c2e71-with-more';
const event = (fact: object) =>
  `${JSON.stringify({ v: 1, n: 7, at: '2026-11-21T10:00:00Z', ...fact, prev: 'ab12' })}\n`;

function leaksOf(file: string, text: string, value = LONG) {
  const disk = memoryDisk();
  disk.makeFolder('/run/receipts');
  const open = disk.append(`/run/${file}`);
  open.write(Buffer.from(text));
  open.close();
  const redactor = createRedactor();
  redactor.learn('PLANTED', value);
  return sweep(disk, '/run', (bytes) => redactor.holds(bytes)).map(({ secret }) => secret);
}

test.each<readonly [how: string, file: string, text: string]>([
  [
    'broken into lines by a terminal',
    'receipts/a-1.log',
    `  ${LONG.slice(0, 9)}\r\n  ${LONG.slice(9, 18)}\n\t${LONG.slice(18)}`,
  ],
  [
    'base64 in lines of ten',
    'PRODUCTION_DEPLOYMENT.md',
    Buffer.from(LONG).toString('base64').replace(/.{10}/g, '$&\n'),
  ],
  [
    'two outputs of one event',
    'journal.jsonl',
    event({ type: 'step.done', outputs: { a: LONG.slice(0, 9), b: LONG.slice(9) } }),
  ],
  [
    'a list',
    'journal.jsonl',
    event({ type: 'step.done', outputs: { all: [LONG.slice(0, 9), LONG.slice(9, 11), LONG.slice(11)] } }),
  ],
  [
    'what is seen, look by look',
    'journal.jsonl',
    [LONG.slice(0, 9), LONG.slice(9)]
      .map((seen) => event({ type: 'step.looked', step: 'a', for: 'plan', is: 'so', seen }))
      .join(''),
  ],
  ...[
    { type: 'step.done', step: 'a', how: 'verified', by: 'jam', outputs: {} },
    { type: 'step.started', step: 'a', attempt: 1, does: 'act', commands: [] },
    { type: 'step.ended', step: 'a', attempt: 1, result: 'ok', receipt: 'receipts/a-1.log' },
  ].map(
    (between) =>
      [
        `with ${between.type} between`,
        'journal.jsonl',
        event({ note: LONG.slice(0, 9) }) + event(between) + event({ note: LONG.slice(9) }),
      ] as const,
  ),
])('a secret in pieces is found: %s', (_how, file, text) => {
  expect(text).not.toContain(LONG);
  expect(leaksOf(file, text)).toEqual(['PLANTED']);
});

test('a value with quotes and backslashes is found in pieces as it is written in JSON', () => {
  const value = 'q"uo\\te-4f9c2e71-"x"';
  expect(
    leaksOf('journal.jsonl', event({ type: 'step.done', outputs: { a: value.slice(0, 8), b: value.slice(8) } }), value),
  ).toEqual(['PLANTED']);
});

test.each([
  ['a short one, over two lines', 'receipts/a-1.log', 'abcd\nefgh', 'abcdefgh'],
  ['the beginning alone', 'journal.jsonl', event({ outputs: { a: LONG.slice(0, 9), b: 'and nothing' } }), LONG],
  ['ids and our own words between', 'journal.jsonl', event({ step: LONG.slice(0, 9), prev: LONG.slice(9) }), LONG],
])('no find: %s', (_what, file, text, value) => {
  expect(leaksOf(file, text, value)).toEqual([]);
});

test('a journal with a torn last line is swept too', () => {
  expect(leaksOf('journal.jsonl', `${event({ type: 'note.added' })}{"v":1,"note":"${LONG}`)).toEqual(['PLANTED']);
  expect(leaksOf('journal.jsonl', '{"v":1,"note":"\\')).toEqual([]);
});
