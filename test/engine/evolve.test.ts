// What events add up to.
import { describe, expect, test } from 'vitest';
import type { Fact, LaunchEvent } from '../../src/engine/events.ts';
import { apply, evolve, finishOf, stepOf } from '../../src/engine/evolve.ts';
import type { RunState, StepState } from '../../src/engine/state.ts';
import { begun, chain } from './chain.ts';

const started = (attempt = 1, does: 'act' | 'undo' | 'background' = 'act'): Fact => ({
  type: 'step.started',
  step: 'a',
  attempt,
  does,
  commands: ['fly deploy'],
});
const ended = (result: 'ok' | 'failed' | 'unclear', attempt = 1): Fact => ({
  type: 'step.ended',
  step: 'a',
  attempt,
  result,
});
const looked = (purpose: 'act' | 'done' | 'doubt' | 'plan', is: 'so' | 'not-so' | 'unknown' = 'not-so'): Fact => ({
  type: 'step.looked',
  step: 'a',
  for: purpose,
  is,
  checks: [],
});
const done: Fact = { type: 'step.done', step: 'a', how: 'verified', by: 'jam', outputs: { app: 'x' }, evidence: {} };
const failed: Fact = { type: 'step.failed', step: 'a', why: 'no such app', hint: 'make it' };
const resumed: Fact = { type: 'run.resumed', operator: 'ann', before: 'jam' };
const reopened = (to: 'look' | 'act'): Fact => ({ type: 'step.reopened', step: 'a', why: 'again', by: 'ann', to });
const resolved = (as: 'done' | 'not-done', attempt = 1): Fact => ({
  type: 'step.resolved',
  step: 'a',
  attempt,
  by: 'look',
  as,
  why: 'seen',
});
const waiting: Fact = {
  type: 'step.waiting',
  step: 'a',
  for: 'verify',
  what: 'the answer',
  until: '2026-11-22T23:00:00.000Z',
};
const tick = (item: number, tester: string, result: 'pass' | 'fail'): Fact => ({
  type: 'item.ticked',
  step: 'a',
  item,
  tester,
  result,
  by: 'jam',
});

const stateOf = (...facts: readonly Fact[]): RunState => evolve(chain(...facts));
const a = (...facts: readonly Fact[]): StepState => stepOf(stateOf(...facts), 'a');

describe('where a step stands', () => {
  test.each<[string, StepState['status'], readonly Fact[]]>([
    ['nothing known: pending', 'pending', []],
    ['looked at only: pending', 'pending', [looked('plan', 'so')]],
    ['started: running', 'running', [started()]],
    ['ended well: running, because its look comes', 'running', [started(), ended('ok')]],
    ['ended badly: running, because its look comes', 'running', [started(), ended('failed')]],
    ['ended unclear: in doubt', 'in-doubt', [started(), ended('unclear')]],
    [
      'ended by time-out: in doubt',
      'in-doubt',
      [started(), { type: 'step.ended', step: 'a', attempt: 1, result: 'failed', timedOut: true }],
    ],
    ['waiting', 'waiting', [waiting]],
    ['waiting after its act', 'waiting', [started(), ended('ok'), waiting]],
    ['in doubt while it waits: in doubt', 'in-doubt', [started(), ended('unclear'), waiting]],
    ['a doubt resolved as done: running, done follows', 'running', [started(), ended('unclear'), resolved('done')]],
    ['a doubt resolved as not done: pending', 'pending', [started(), ended('unclear'), resolved('not-done')]],
    ['done', 'done', [done]],
    ['failed', 'failed', [failed]],
    ['skipped', 'skipped', [{ type: 'step.skipped', step: 'a', reason: 'later', by: 'jam' }]],
    ['not needed', 'not-needed', [{ type: 'step.not-needed', step: 'a', reason: 'if' }]],
    ['taken back', 'undone', [done, started(1, 'undo'), ended('ok'), { type: 'step.undone', step: 'a', by: 'jam' }]],
    ['reopened: pending', 'pending', [done, reopened('look')]],
    ['resumed with an act that has no end: in doubt', 'in-doubt', [started(), resumed]],
    ['resumed after the act had ended: running', 'running', [started(), ended('ok'), resumed]],
    ['resumed twice: still in doubt', 'in-doubt', [started(), resumed, resumed]],
    ['resumed while waiting: waiting', 'waiting', [waiting, resumed]],
    ['resumed during an undo: in doubt', 'in-doubt', [done, started(1, 'undo'), resumed]],
    ['an undo that did not happen leaves it done', 'done', [done, started(1, 'undo'), resumed, resolved('not-done')]],
    ['a background command is never in doubt: pending', 'pending', [started(1, 'background'), resumed]],
    ['a background command that gets ready, cut off: pending', 'pending', [started(1, 'background'), waiting, resumed]],
    ['a background command cut off after it was ready: done', 'done', [started(1, 'background'), done, resumed]],
    ['a second attempt cut off: in doubt', 'in-doubt', [started(), ended('failed'), started(2), resumed]],
    ['the end of an orphan does not end its doubt', 'in-doubt', [started(), resumed, ended('ok')]],
  ])('%s', (_, status, facts) => {
    expect(a(...facts).status).toBe(status);
  });

  test('an attempt keeps what was known before it, its child and its end', () => {
    const child = { pid: 7, group: 7, startTime: '1', bootId: 'b', host: 'h' };
    const at = a(
      {
        type: 'step.started',
        step: 'a',
        attempt: 1,
        does: 'act',
        since: { release: 4 },
        soBefore: false,
        commands: ['fly deploy'],
      },
      { type: 'step.spawned', step: 'a', attempt: 1, ...child },
      {
        type: 'step.ended',
        step: 'a',
        attempt: 1,
        result: 'failed',
        why: 'exit 1',
        exit: 1,
        tail: ['boom'],
        receipt: 'receipts/a-1.log',
      },
    );
    expect(at.tail).toEqual(['boom']);
    expect(at.attempts).toEqual([
      expect.objectContaining({
        n: 1,
        since: { release: 4 },
        soBefore: false,
        children: [child],
        ended: expect.objectContaining({
          at: '2026-11-22T21:33:00.000Z',
          result: 'failed',
          why: 'exit 1',
          exit: 1,
          outputs: {},
        }),
      }),
    ]);
  });

  test('a failure stays written down after it was tried again', () => {
    const at = a(failed, reopened('act'), started(), ended('ok'), done);
    expect([at.status, at.reason, at.failures.map(({ why }) => why), at.reopened]).toEqual([
      'done',
      undefined,
      ['no such app'],
      1,
    ]);
  });

  test('reopened: outputs, looks, waiting and answers are gone, attempts and notes stay', () => {
    const at = a(
      looked('act'),
      started(),
      ended('ok'),
      waiting,
      { type: 'answer.given', question: 'steps.a.confirm', message: 'Sure?', value: 'yes', by: 'jam', step: 'a' },
      { type: 'note.added', text: 'hm', by: 'jam', step: 'a' },
      done,
      reopened('act'),
    );
    expect(at).toMatchObject({
      status: 'pending',
      again: true,
      outputs: {},
      looks: {},
      answers: {},
    });
    expect([at.attempts.length, at.notes.length, at.how, at.waiting]).toEqual([1, 1, undefined, undefined]);
  });

  test('to act again is asked for one attempt', () => {
    expect([
      a(reopened('act')).again,
      a(reopened('act'), started()).again,
      a(reopened('act'), done).again,
      a(reopened('look')).again,
    ]).toEqual([true, false, false, false]);
  });

  test('looks after one attempt say nothing of the next', () => {
    const at = a(
      looked('plan'),
      looked('act'),
      started(),
      ended('unclear'),
      looked('doubt'),
      resolved('not-done'),
      looked('act'),
      started(2),
    );
    expect(Object.keys(at.looks).sort()).toEqual(['act', 'plan']);
  });

  test('a new sitting looks afresh at what has not ended, and keeps what it knows of the rest', () => {
    expect(Object.keys(a(looked('plan'), looked('act'), looked('done'), resumed).looks)).toEqual(['plan']);
    expect(Object.keys(a(looked('act'), started(), ended('ok'), looked('done', 'so'), done, resumed).looks)).toEqual([
      'act',
      'done',
    ]);
  });

  test('waiting keeps when it began and takes the newest deadline', () => {
    expect(a(waiting, waiting).waiting).toMatchObject({
      since: '2026-11-22T21:31:00.000Z',
      until: '2026-11-22T23:00:00.000Z',
    });
    expect(a({ type: 'step.waiting', step: 'a', for: 'person', what: 'jam' }, waiting).waiting?.since).toBe(
      '2026-11-22T21:32:00.000Z',
    );
  });

  test('the last tick of an item by a tester counts', () => {
    const ticks = a(tick(0, 'ann', 'fail'), tick(0, 'ben', 'pass'), tick(0, 'ann', 'pass')).ticks;
    expect(ticks.map(({ tester, result }) => [tester, result])).toEqual([
      ['ben', 'pass'],
      ['ann', 'pass'],
    ]);
  });

  test('a failed checklist that is reopened keeps what passed; one that was done begins anew', () => {
    const ticks = [tick(0, 'ann', 'pass'), tick(1, 'ann', 'fail')];
    expect(a(...ticks, failed, reopened('look')).ticks.map(({ item }) => item)).toEqual([0]);
    expect(a(tick(0, 'ann', 'pass'), done, reopened('look')).ticks).toEqual([]);
  });
});

describe('where a run stands', () => {
  test('a new run', () => {
    expect(stateOf()).toMatchObject({
      run: begun.run,
      operator: 'jam',
      operators: ['jam'],
      commit: 'c0ffee1',
      sittings: 1,
      last: { n: 1 },
      handedOver: false,
    });
  });

  test('a pause ends with the next sitting, whose operator is added', () => {
    const paused = stateOf({ type: 'run.paused', why: 'q', step: 'a' });
    expect(paused.paused).toMatchObject({ why: 'q', step: 'a' });
    expect(stateOf({ type: 'run.paused', why: 'q' }, resumed)).toMatchObject({
      paused: undefined,
      operator: 'ann',
      operators: ['jam', 'ann'],
      sittings: 2,
    });
  });

  test('finished, until a step is opened again', () => {
    const finished: Fact = { type: 'run.finished', outcome: 'done' };
    expect([
      stateOf(finished).finished?.outcome,
      stateOf(finished, resumed).finished?.outcome,
      stateOf(finished, reopened('look')).finished,
    ]).toEqual(['done', 'done', undefined]);
    const again: Fact = { type: 'run.finished', outcome: 'failed', why: 'x' };
    const events = chain(started(), finished, resumed, reopened('look'), done, again);
    for (let end = 1; end <= events.length; end++)
      expect(finishOf(events.slice(0, end))).toEqual(evolve(events.slice(0, end)).finished);
  });

  test('handed over, until it is taken up again', () => {
    const over: Fact = { type: 'run.handed-over', by: 'jam' };
    expect([stateOf(over).handedOver, stateOf(over, resumed).handedOver]).toEqual([true, false]);
  });

  test('an adopted runbook is the one that counts', () => {
    const state = stateOf({
      type: 'runbook.adopted',
      digest: 'd2',
      copy: 'c2',
      commit: 'beef',
      edited: ['a'],
      added: [],
      gone: [],
    });
    expect([state.runbook, state.commit]).toEqual([
      { ...begun.runbook, digest: 'd2', copy: 'c2', commit: 'beef' },
      'beef',
    ]);
  });

  test('inputs by value, secret ones by name only', () => {
    const state = stateOf(
      { type: 'input.given', name: 'app', value: 'one', from: 'flag' },
      { type: 'input.given', name: 'app', value: 'two', from: 'flag' },
      { type: 'input.given', name: 'token', secret: true, from: 'jam' },
      { type: 'input.given', name: 'token', secret: true, from: 'jam' },
    );
    expect([state.inputs, state.secretInputs]).toEqual([{ app: 'two' }, ['token']]);
  });

  test('answers are kept by the run in order, and by the step as they stand', () => {
    const answer = (value: string): Fact => ({
      type: 'answer.given',
      question: 'steps.a.answer',
      message: 'Which?',
      value,
      by: 'jam',
    });
    const state = stateOf(answer('x'), answer('y'), {
      type: 'answer.given',
      question: 'other',
      message: 'm',
      value: 'v',
      by: 'jam',
    });
    expect(state.answers.map(({ value, step }) => [value, step])).toEqual([
      ['x', 'a'],
      ['y', 'a'],
      ['v', undefined],
    ]);
    expect(stepOf(state, 'a').answers).toEqual({ 'steps.a.answer': 'y' });
  });

  test('of a secret that was set twice the last counts', () => {
    const kept = (hash: string): Fact => ({
      type: 'secret.kept',
      app: 'x',
      name: 'KEY',
      where: 'fly',
      salt: 's',
      hash,
    });
    expect(stateOf(kept('1'), kept('2')).secrets.map(({ hash }) => hash)).toEqual(['2']);
  });

  test('names like __proto__ are names', () => {
    const state = stateOf(
      { type: 'input.given', name: '__proto__', value: { x: 1 }, from: 'flag' },
      { type: 'note.added', text: 't', by: 'b', step: '__proto__' },
    );
    expect([Object.hasOwn(state.inputs, '__proto__'), stepOf(state, '__proto__').notes.length, 'x' in {}]).toEqual([
      true,
      1,
      false,
    ]);
  });

  test('a journal that does not begin at the beginning is refused', () => {
    expect(() => evolve([])).toThrow('at least one event');
    expect(() => evolve(chain(done).slice(1))).toThrow('the first event of a run is run.started');
  });

  test('event by event gives the same as all at once, and a step already read never changes', () => {
    const events: readonly LaunchEvent[] = chain(
      looked('act'),
      started(),
      resumed,
      resolved('not-done'),
      started(2),
      ended('ok', 2),
      done,
    );
    let state: RunState | undefined;
    const seen: StepState[] = [];
    for (const event of events) {
      state = apply(state, event);
      seen.push(stepOf(state, 'a'));
    }
    expect(state).toEqual(evolve(events));
    expect(seen.map(({ status }) => status)).toEqual([
      'pending',
      'pending',
      'running',
      'in-doubt',
      'pending',
      'running',
      'running',
      'done',
    ]);
  });
});
