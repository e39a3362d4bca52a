// The record: what it tells, and that it is GitHub-flavoured Markdown whatever the texts hold.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { marked, type Tokens } from 'marked';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Fact, LaunchEvent } from '../../src/engine/events.ts';
import { evolve } from '../../src/engine/evolve.ts';
import { code, plain, table } from '../../src/record/cells.ts';
import { renderJson } from '../../src/record/json.ts';
import { renderRecord } from '../../src/record/markdown.ts';
import type { Runbook } from '../../src/runbook/model.ts';
import { begun, chain } from '../engine/chain.ts';
import { events, hostile, launch, runbook, step } from './sample.ts';

const recordOf = (of: Runbook, told: readonly LaunchEvent[]): string => renderRecord(of, told, evolve(told));
const frontMatterOf = (record: string): Record<string, unknown> => parse(record.split('---\n')[1] ?? '');

/** Text of every table cell as a reader sees it, by table. */
function tables(record: string): readonly (readonly (readonly string[])[])[] {
  const body = record.slice(record.indexOf('\n---\n') + 5);
  const isTable = (token: { type: string }): token is Tokens.Table => token.type === 'table';
  return marked
    .lexer(body)
    .filter(isTable)
    .map((one) => one.rows.map((cells) => cells.map(({ tokens }) => seen(tokens))));
}

function seen(tokens: readonly { type: string; raw: string; text?: string; tokens?: unknown }[]): string {
  const html = marked.Parser.parseInline([...tokens] as Parameters<typeof marked.Parser.parseInline>[0]);
  return html
    .replace(/<br>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, n: string) => String.fromCodePoint(Number(n)))
    .replace(/&(lt|gt|quot|amp);/g, (_, name: string) => ({ lt: '<', gt: '>', quot: '"', amp: '&' })[name] ?? '');
}

test('a run with a bit of everything gives this record', () => {
  expect(recordOf(launch, events)).toBe(
    readFileSync(new URL('../cases/record/everything.md', import.meta.url), 'utf8'),
  );
});

describe('values that changed since', () => {
  const of = runbook([
    step('made', { form: { form: 'run', command: 'go "${{ inputs.app }}"' } }),
    step('other', { form: { form: 'run', command: 'stay' } }),
    step('left-out', { if: "inputs.app == 'b'" }),
  ]);
  const given = (value: string): Fact => ({ type: 'input.given', name: 'app', value, from: 'jam' });
  const done = (id: string): Fact => ({
    type: 'step.done',
    step: id,
    how: 'on-word',
    by: 'jam',
    outputs: {},
    evidence: {},
  });
  const before = [given('a'), done('made'), done('other'), { type: 'step.not-needed', step: 'left-out', reason: 'if' }];
  const told = chain(...(before as Fact[]), given('b'));

  test('stand at the top, at the step, and in its head, also in the middle of a run', () => {
    const record = recordOf(of, told);
    expect(record).toContain(
      '> **Some steps were done with other values than there are now.** App changed from a to b; done before: "made", "left-out".',
    );
    expect(frontMatterOf(record)).toMatchObject({ stale: ['made', 'left-out'] });
    const [made, other, leftOut] = tables(record).find((rows) => rows[0]?.[0]?.startsWith('made')) ?? [];
    expect(made?.slice(1)).toEqual([
      'done, on word, with other values than now',
      'jam',
      expect.any(String),
      'inputs.app was a, and is b now',
    ]);
    expect(other?.[1]).toBe('done, on word');
    expect(leftOut?.[1]).toBe('not needed, by other values than now');
    expect(JSON.parse(renderJson(of, told, evolve(told)))).toMatchObject({
      stale: ['App changed from a to b; done before: "made", "left-out"'],
      phases: [{ steps: [{ id: 'made', changed: [{ name: 'inputs.app', was: 'a', now: 'b' }] }, {}, {}] }],
    });
  });

  test('are no more told once it is said what becomes of them, and never where they are the same', () => {
    const settled = chain(...(before as Fact[]), given('b'), done('made'), {
      type: 'step.reopened',
      step: 'left-out',
      why: 'needed',
      by: 'jam',
      to: 'look',
    });
    for (const events of [settled, chain(...(before as Fact[]), given('a'))]) {
      const record = recordOf(of, events);
      expect(record).not.toContain('other values');
      expect(frontMatterOf(record)).not.toHaveProperty('stale');
    }
  });
});

test('the same journal gives the same bytes, also after the record was written and told of', () => {
  const once = recordOf(launch, events);
  const written: Fact = { type: 'record.written', file: 'PRODUCTION_DEPLOYMENT.md', of: events.length, hash: 'h' };
  const more: LaunchEvent = { v: 1, n: events.length + 1, at: '2026-11-23T00:00:00.000Z', ...written, prev: 'p' };
  expect(recordOf(launch, [...events, more])).toBe(once);
});

test('its head can be read by a machine and names the event it was made from by number and hash', () => {
  const last = JSON.stringify(events.at(-1));
  expect(frontMatterOf(recordOf(launch, events))).toMatchObject({
    record: 1,
    run: 'prod-20261122-k3f',
    'runbook-digest': begun.runbook.digest,
    outcome: 'not-finished',
    started: '2026-11-22T21:30:00.000Z',
    ended: null,
    operators: ['jam', 'ann'],
    commit: 'c0ffee1',
    steps: { done: 4, skipped: 1, waiting: 1, 'not-reached': 2 },
    event: { n: events.length, hash: createHash('sha256').update(last).digest('hex') },
  });
});

test('no step is unaccounted for, at any moment of the run', () => {
  for (let n = 1; n <= events.length; n++) {
    const rows = tables(recordOf(launch, events.slice(0, n))).flat();
    const missing = launch.steps.filter(({ id }) => !rows.some(([criterion]) => criterion?.endsWith(` ${id}`)));
    expect([n, missing.map(({ id }) => id)]).toEqual([n, []]);
  }
});

test('a step that was in an earlier version of the runbook only is told of too', () => {
  const shorter = { ...launch, steps: launch.steps.filter(({ id }) => id !== 'migrate') };
  expect(recordOf(shorter, events)).toMatch(/### No longer in the runbook\n\n.*\n.*\n\| migrate `migrate` \| skipped/);
});

test('a finished run tells how it ended and how long it took', () => {
  const told = chain(
    { type: 'run.resumed', operator: 'jam' },
    { type: 'run.finished', outcome: 'failed', why: 'deploy failed' },
  );
  const record = recordOf(launch, told);
  expect([
    record.includes('| Outcome | Failed: deploy failed |'),
    record.includes('2026-11-22 21:32:00, after 2 min'),
  ]).toEqual([true, true]);
});

test.each<[string, Partial<typeof begun>, string]>([
  [
    'a rehearsal',
    { mode: 'rehearsal', rehearsal: { auto: true, fault: 'reply-lost' } },
    '> **This is a rehearsal.** Nothing in it happened in the real world. An actor gave all answers. It played the fault `reply-lost`.',
  ],
  [
    'a run aimed elsewhere',
    { aim: { LAUNCH_FLY: '/tmp/fly' } },
    '> **This run was aimed elsewhere than at the real world:** `LAUNCH_FLY=/tmp/fly`',
  ],
])('%s says so on top', (_, more, notice) => {
  const lines = recordOf(launch, chain({ ...begun, ...more })).split('\n');
  expect(lines[lines.indexOf('# SolOS v0 production launch: launch record') + 2]).toBe(notice);
});

test('the value of a secret input is nowhere, also where a text of the runbook asks for it', () => {
  const one = step('a', { title: 'Use ${{ inputs.token }}' });
  const told = chain({ type: 'input.given', name: 'token', secret: true, from: 'jam' });
  const record = recordOf(runbook([one], { inputs: launch.inputs }), told);
  expect([record.includes('Use ${{ inputs.token }}'), record.includes('(secret: not recorded)')]).toEqual([true, true]);
});

test('what nothing stood in for is marked, and listed among what was not done as written', () => {
  const told = chain({
    type: 'step.done',
    step: 'migrate',
    how: 'on-plan',
    by: 'actor',
    outputs: {},
    evidence: { notSimulated: true },
  });
  expect(recordOf(launch, told).match(/done, by the plan, not simulated/g)).toHaveLength(2);
});

describe('hostile texts stay texts', () => {
  test.each(hostile)('in a cell: %j', (text) => {
    const shown = text
      .replace(/\r?\n/g, ' ')
      .replace('\u001b', '^[')
      .replace('\u0007', '^G')
      .replace('\u202e', '\\u{202e}')
      .trim();
    const [rows] = tables(`x\n---\n\n${table(['one', 'two'], [[plain(text), code(text)]])}`);
    expect(rows).toEqual([[shown, shown]]);
  });

  test.each(hostile)('in a title, a question, a reason and a note: %j', (text) => {
    const one = step('a', { title: text, phase: text });
    const told = chain(
      { type: 'step.skipped', step: 'a', reason: text, by: text },
      { type: 'note.added', text, by: text },
      { type: 'answer.given', question: 'q', message: text, value: text, by: text },
    );
    const record = recordOf(runbook([one], { title: text }), told);
    const html = marked.parse(record.slice(record.indexOf('\n---\n') + 5), { async: false });
    expect(html.match(/<(script|img|!--|a href="javascript)/)).toBeNull();
    expect(tables(record).every((rows) => rows.every((cells) => cells.length === rows[0]?.length))).toBe(true);
    expect(parse(record.split('\n---\n')[0]?.slice(4) ?? '')).toMatchObject({ record: 1 });
  });

  test('in the last lines of a failure', () => {
    const tail = ['```', '# no heading', '\u001b[2J'];
    const record = recordOf(launch, chain({ type: 'step.failed', step: 'deploy', why: 'x', tail }));
    const blocks = marked
      .lexer(record)
      .filter((token) => token.type === 'code')
      .map((token) => ('text' in token ? token.text : ''));
    expect(blocks).toEqual(['```\n# no heading\n^[[2J']);
  });
});

test('the JSON record tells the same', () => {
  const json: unknown = JSON.parse(renderJson(launch, events, evolve(events)));
  expect(json).toMatchObject({
    record: 1,
    run: 'prod-20261122-k3f',
    outcome: 'not-finished',
    counts: { done: 4 },
    inputs: [
      { name: 'app', value: 'solserver-prod', from: 'default' },
      { name: 'token', secret: true },
      { name: 'region' },
      { name: 'testers', value: ['ann', 'ben'] },
    ],
    questions: [
      { step: 'bundle-id', answer: 'com.sol.app' },
      { step: 'phone', status: 'not-reached' },
    ],
    phases: [
      { title: 'Decisions' },
      { title: 'Backend', steps: [{ id: 'create-app', status: 'done', how: 'verified' }, {}, {}, {}] },
      { title: 'TestFlight' },
    ],
  });
});
