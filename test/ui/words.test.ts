// What is said of events, of a run that is taken up again, of its steps, of a plan.
import { expect, test } from 'vitest';
import type { Evidence, Fact } from '../../src/engine/events.ts';
import { createTheme } from '../../src/ui/theme.ts';
import { clockTime, elapsed, when } from '../../src/ui/times.ts';
import { tableLines } from '../../src/ui/told-lines.ts';
import {
  describeEvent,
  describeStatus,
  planLines,
  planSummary,
  resumeLines,
  statusTable,
  statusText,
} from '../../src/ui/words.ts';
import { event, modelStep, outline, runState, stepState } from './sample.ts';

const version = { digest: 'd', copy: 'runbook-d.md' };

test.each<[string, Fact, readonly string[] | undefined]>([
  [
    'a rehearsal says so, with its fault and its aim',
    {
      type: 'run.started',
      run: 'prod-1',
      runbook: { name: 'prod', file: 'f', title: 'Launch', ...version },
      operator: 'ann',
      tool: '1',
      mode: 'rehearsal',
      rehearsal: { fault: 'reply-lost', auto: true },
      aim: { LAUNCH_FLY: '/tmp/fly' },
    },
    ['Rehearsal prod-1 of "Launch", by ann', 'It plays the fault reply-lost', 'Aimed elsewhere: LAUNCH_FLY=/tmp/fly'],
  ],
  ['a new operator is told apart', { type: 'run.resumed', operator: 'ben', before: 'ann' }, ['ben goes on after ann']],
  [
    'a pause names its step',
    { type: 'run.paused', why: 'a person is needed', step: 'dns' },
    ['Stopped and kept at "Point DNS": a person is needed'],
  ],
  [
    'an edited runbook is counted',
    { type: 'runbook.adopted', edited: ['a', 'b'], added: ['c'], gone: [], ...version },
    ['Goes on with the edited runbook: 2 steps edited, 1 added'],
  ],
  [
    'what was edited beside the steps is named',
    {
      type: 'runbook.adopted',
      edited: [],
      added: [],
      gone: [],
      parts: [{ part: 'secrets', names: ['API_KEY', 'A', 'B', 'C'] }, { part: 'record' }],
      ...version,
    },
    ['Goes on with the edited runbook: secrets edited (API_KEY, A, B and 1 more), record edited'],
  ],
  [
    'a journal of before, which did not keep that, is not read as "nothing"',
    { type: 'runbook.adopted', edited: [], added: [], gone: [], ...version },
    ['Goes on with the edited runbook'],
  ],
  [
    'an input is shown with where it is from',
    { type: 'input.given', name: 'app', value: 'prod', from: '--input' },
    ['app = prod, from --input'],
  ],
  [
    'a secret input is not',
    { type: 'input.given', name: 'token', secret: true, from: 'ann' },
    ['token = (secret), from ann'],
  ],
  [
    'a kept secret is named, with where',
    { type: 'secret.kept', app: 'prod', name: 'KEY', where: 'op://x', salt: 's', hash: 'h' },
    ['KEY of prod: op://x'],
  ],
  [
    'commands stand before they run',
    { type: 'step.started', step: 'create-app', attempt: 2, does: 'act', commands: ['fly apps create x'] },
    ['Running: "Create the Fly app" (attempt 2)', '$ fly apps create x'],
  ],
  [
    'an attempt that failed says why',
    { type: 'step.ended', step: 'smoke', attempt: 1, result: 'failed', why: 'exit 1' },
    ['Attempt 1 of "Smoke test" failed: exit 1'],
  ],
  [
    'one without an answer is no failure',
    { type: 'step.ended', step: 'smoke', attempt: 1, result: 'unclear' },
    ['Attempt 1 of "Smoke test" ended without a clear answer'],
  ],
  [
    'one that went well is told by what follows',
    { type: 'step.ended', step: 'smoke', attempt: 1, result: 'ok' },
    undefined,
  ],
  [
    'a person is waited for by name',
    { type: 'step.waiting', step: 'dns', for: 'person', what: 'jam' },
    ['Waiting for jam: "Point DNS"'],
  ],
  [
    'proof is what was seen',
    {
      type: 'step.done',
      step: 'create-app',
      how: 'verified',
      by: 'ann',
      outputs: {},
      already: true,
      evidence: { seen: [{ is: 'so', what: 'app', seen: 'app x exists', warning: 'no volume' }] },
    },
    ['Done already: "Create the Fly app", verified: app x exists', 'Warning: no volume'],
  ],
  [
    'a word is told as a word',
    { type: 'step.done', step: 'dns', how: 'on-word', by: 'ann', outputs: {}, evidence: { proof: 'https://x' } },
    ['Done: "Point DNS", on the word of ann: https://x'],
  ],
  [
    'what nothing stood in for is told',
    { type: 'step.done', step: 'smoke', how: 'on-plan', by: 'ann', outputs: {}, evidence: { notSimulated: true } },
    ['Done: "Smoke test", as the plan says', 'Not simulated: nothing stood in for this'],
  ],
  [
    'a failure has its last lines and its hint',
    { type: 'step.failed', step: 'smoke', why: 'exit 1', tail: ['boom'], hint: 'look at the logs' },
    ['Failed: "Smoke test", exit 1', 'boom', 'look at the logs'],
  ],
  [
    'drift says what was expected and seen',
    {
      type: 'step.looked',
      step: 'dns',
      for: 'drift',
      is: 'not-so',
      checks: [{ is: 'not-so', what: 'CNAME', expected: 'x', seen: 'y' }],
    },
    ['No longer seen to be so: "Point DNS"', 'expected x, seen y'],
  ],
  [
    'a look for the plan is told by the plan',
    { type: 'step.looked', step: 'dns', for: 'plan', is: 'so', checks: [] },
    undefined,
  ],
  [
    'a tick names the tester',
    { type: 'item.ticked', step: 'smoke', item: 0, tester: 'ben', result: 'fail', note: 'no picture', by: 'ann' },
    ['Item 1 for ben fails: no picture'],
  ],
])('%s', (_claim, fact, lines) => {
  expect(describeEvent(event(fact), outline)?.lines).toEqual(lines);
});

const looked: Evidence = { seen: [{ is: 'so', what: 'GET /', seen: '200' }] };

test.each<[string, Evidence, string]>([
  ['a look', looked, 'done, verified'],
  ['the exit code alone', { receipt: 'a-1.log' }, 'done, by its exit code'],
  ['the exit code of what printed nothing', { tail: [] }, 'done, by its exit code'],
  ['what the act said of itself', { receipt: 'a-1.log', note: 'HTTP 200' }, 'done, by its own answer'],
  ['the clock', { note: 'waited until 2026-11-22T10:00:00Z' }, 'done, its time is over'],
  ['its beginning, where it goes on behind', {}, 'done, it was started'],
])('"verified" is said only of a look: %s', (_proof, evidence, words) => {
  expect(describeStatus(stepState('a', { status: 'done', how: 'verified', evidence }))).toBe(words);
});

test('a status says how, why and for whom', () => {
  expect(describeStatus(undefined)).toBe('pending');
  expect(describeStatus(stepState('a', { status: 'done', how: 'verified', evidence: looked }))).toBe('done, verified');
  expect(describeStatus(stepState('a', { status: 'done', how: 'on-word', by: 'ann' }))).toBe(
    'done, on the word of ann',
  );
  expect(describeStatus(stepState('a', { status: 'failed', reason: 'exit 1' }))).toBe('failed: exit 1');
  expect(describeStatus(stepState('a', { status: 'not-needed', reason: 'no worker' }))).toBe('not needed: no worker');
  expect(describeStatus(stepState('a', { status: 'in-doubt' }))).toBe('in doubt');
  expect(
    describeStatus(stepState('a', { status: 'waiting', waiting: { for: 'person', what: 'jam', since: '' } })),
  ).toBe('waiting for jam');
});

const now = new Date(2026, 10, 22, 9, 30);
const yesterday = new Date(2026, 10, 21, 23, 10).toISOString();
const done = stepState('create-app', { status: 'done', how: 'verified', evidence: looked });
const waiting = stepState('dns', { status: 'waiting', waiting: { for: 'person', what: 'jam', since: yesterday } });

test('the first screen of a resume says where it was left, what is in doubt and what has changed', () => {
  const state = runState([done, waiting, stepState('smoke', { status: 'in-doubt' })], {
    paused: { at: yesterday, why: 'q', step: 'dns' },
  });
  const changes = { edited: ['a', 'b'], added: ['c'], gone: [], commit: { from: 'a1b2c3d4e5', to: 'c3d4e5f6a7' } };
  expect(resumeLines(outline, state, { now, changes })).toEqual([
    'prod-20261122-k3f · 1 of 3 done · stopped yesterday 23:10 at "Point DNS" (waiting for jam)',
    'In doubt: "Smoke test" (started, and its end is not known)',
    'Waiting: "Point DNS" (waiting for jam)',
    'Changed since: 2 steps edited, 1 added, commit a1b2c3d → c3d4e5f',
  ]);
});

test('it is shorter when there is less to say', () => {
  const state = runState([done], { paused: { at: yesterday, why: 'q' } });
  expect(resumeLines(outline, state, { now, changes: { edited: [], added: [], gone: [] } })).toEqual([
    'prod-20261122-k3f · 1 of 3 done · stopped yesterday 23:10 at "Point DNS" (waiting for jam)',
  ]);
});

test('the table has every step, also those not reached, under their phases', () => {
  const state = runState([done, waiting]);
  expect(statusTable(outline, state, { width: 80, now })).toEqual([
    { tone: 'heading', text: 'Backend on Fly.io' },
    { tone: 'good', text: '1  Create the Fly app  done, verified' },
    { tone: 'note', text: '2  Point DNS           waiting for jam' },
    { tone: 'heading', text: 'Testing' },
    { tone: 'quiet', text: '3  Smoke test          pending' },
  ]);
});

test('a table is marked in words where there are no colours, and shows no control sequence', () => {
  const lines = [
    { tone: 'heading' as const, text: 'Backend' },
    { tone: 'good' as const, text: '1  Create\x1b[2J' },
    { tone: 'quiet' as const, text: '               app x exists' },
    { tone: 'bad' as const, text: '2  Point DNS' },
  ];
  expect(tableLines(lines, createTheme({ colour: false, unicode: false }))).toEqual([
    'Backend',
    'ok 1  Create^[[2J',
    '                  app x exists',
    'x  2  Point DNS',
  ]);
});

test('the paragraph for the team stands alone', () => {
  const stopped = runState([done, waiting], { paused: { at: yesterday, why: 'a person is needed', step: 'dns' } });
  expect(statusText(outline, stopped, { now })).toBe(
    'SolOS v0 production launch: prod-20261122-k3f, 1 of 3 steps done. "Point DNS" is waiting for jam. Stopped yesterday 23:10 by ann at "Point DNS". Next: "Smoke test".',
  );
  const over = runState([done], { finished: { at: '2026-11-22T10:05:00.000Z', outcome: 'done' } });
  // So soon after it that it is the same day in every zone.
  const soon = new Date('2026-11-22T10:06:00Z');
  expect(statusText(outline, over, { now: soon })).toMatch(
    new RegExp(`Finished ${clockTime(soon.getTime() - 60_000)}, 2h 05m after its start, by ann\\.$`),
  );
});

test('a plan says of each step what would happen, and counts', () => {
  const lines = [
    {
      step: modelStep('create-app', 'Create the Fly app', 'Backend'),
      will: 'so-already' as const,
      note: 'app x exists',
      commands: ['fly apps create x'],
    },
    { step: { ...modelStep('dns', 'Point DNS', 'Backend'), who: 'jam' }, will: 'ask' as const, commands: [] },
    {
      step: { ...modelStep('submit', 'Submit', 'Store'), irreversible: 'prod', costs: '$99' },
      will: 'run' as const,
      commands: ['npm run a\nnpm run b'],
    },
  ];
  expect(planLines(lines).map(({ text }) => text)).toEqual([
    'Backend',
    '1  so already  Create the Fly app',
    '               app x exists',
    '2  would ask   Point DNS (jam)',
    'Store',
    '3  would run   Submit',
    '               $ npm run a',
    '               $ npm run b',
    '               cannot be taken back: its name will be asked for',
    '               costs $99',
  ]);
  expect(planSummary(lines)).toBe('3 steps: 1 so already, 1 would run, 1 would ask');
});

test('times are said as people say them', () => {
  expect([0, 8_900, 72_000, 3_600_000, 7_500_000, 90_000_000].map(elapsed)).toEqual([
    '0s',
    '8s',
    '1m 12s',
    '1h 00m',
    '2h 05m',
    '1d 1h',
  ]);
  expect(when(new Date(2026, 10, 22, 7, 5).toISOString(), now)).toBe('07:05');
  expect(when(new Date(2026, 10, 23, 7, 5).toISOString(), now)).toBe('tomorrow 07:05');
  expect(when(new Date(2026, 10, 2, 7, 5).toISOString(), now)).toBe('2026-11-02 07:05');
  expect(when('no time', now)).toBe('no time');
});
