// With which value a step counts as done, told by its events alone: when it began, when it was said to be, when a person let it stay.
import { expect, test } from 'vitest';
import type { Fact } from '../../src/engine/events.ts';
import { KEEP, keepId, ValuesUsed } from '../../src/engine/values-used.ts';
import { chain } from './chain.ts';
import { inputOf, runbookOf, uses } from './stage.ts';

const runbook = runbookOf([{ id: 'made', form: uses('test/make', { thing: '${{ inputs.host }}' }) }], {
  inputs: [inputOf('host')],
});
const [made] = runbook.steps;
if (!made) throw new Error('the step is there');

const host = (value: string): Fact => ({ type: 'input.given', name: 'host', value, from: 'jam' });
const started = (does: 'act' | 'undo' = 'act', attempt = 1): Fact => ({
  type: 'step.started',
  step: 'made',
  attempt,
  does,
  commands: [],
});
const ended = (attempt = 1): Fact => ({ type: 'step.ended', step: 'made', attempt, result: 'ok' });
const failedUndo: Fact = { type: 'step.ended', step: 'made', attempt: 2, result: 'unclear' };
const done = (reason?: string): Fact => ({
  type: 'step.done',
  step: 'made',
  how: reason === undefined ? 'verified' : 'on-word',
  by: 'jam',
  outputs: {},
  evidence: {},
  ...(reason !== undefined && { reason }),
});
const reopened: Fact = { type: 'step.reopened', step: 'made', why: 'x', by: 'jam', to: 'look' };
const resolved = (as: 'done' | 'not-done', attempt = 1): Fact => ({
  type: 'step.resolved',
  step: 'made',
  attempt,
  by: 'look',
  as,
  why: 'x',
});
const answer = (question: string, value: string): Fact => ({
  type: 'answer.given',
  question,
  message: 'x',
  value,
  by: 'jam',
  step: 'made',
});
const tick: Fact = { type: 'item.ticked', step: 'made', item: 0, result: 'pass', by: 'jam' };
const kept = answer(keepId(made), KEEP);

const truth = () => ({ ok: true, value: true }) as const;
function changes(...facts: readonly Fact[]): readonly string[] {
  const used = new ValuesUsed(runbook, chain(...facts));
  return used.stale(truth).flatMap(({ changed }) => changed.map(({ was, now }) => `${was} ${now}`));
}

test.each<readonly [string, readonly Fact[], readonly string[]]>([
  [
    'the one it began with, not the one there was when it ended',
    [host('a'), started(), host('b'), ended(), done()],
    ['a b'],
  ],
  ['the one of its last attempt', [host('a'), started(), ended(), host('b'), started('act', 2), ended(2), done()], []],
  ['the one there was when it was done, where nothing was begun', [host('a'), host('b'), done(), host('c')], ['b c']],
  ['the one of its first tick', [host('a'), tick, host('b'), tick, done()], ['a b']],
  [
    'the one of now, where a person says that it is done by hand',
    [host('a'), started(), host('b'), ended(), done('by hand')],
    [],
  ],
  [
    'the one of now, where it is seen to be so once more',
    [host('a'), started(), ended(), done(), host('b'), done()],
    [],
  ],
  ['none, before it is done', [host('a'), started(), host('b')], []],
  ['the one given again, where that is the old one', [host('a'), done(), host('b'), host('a')], []],
  ['the one it was opened again for', [host('a'), started(), ended(), done(), host('b'), reopened, done()], []],
  [
    'the one it was done with after it was taken back',
    [host('a'), done(), host('b'), { type: 'step.undone', step: 'made', by: 'jam' }, done(), host('c')],
    ['b c'],
  ],
  [
    'the one of now, where a doubt turned out as not done',
    [host('a'), started(), host('b'), resolved('not-done'), done()],
    [],
  ],
  [
    'the one it began with, where a doubt turned out as done',
    [host('a'), started(), host('b'), resolved('done'), done()],
    ['a b'],
  ],
  [
    'the one it was done with, where taking it back was in doubt and did not happen',
    [host('a'), started(), ended(), done(), started('undo', 2), failedUndo, resolved('not-done', 2), host('b')],
    ['a b'],
  ],
])('what counts is %s', (_what, facts, expected) => {
  expect(changes(...facts)).toEqual(expected);
});

test.each<readonly [string, readonly Fact[], readonly string[]]>([
  ['is not told again', [host('b'), kept], []],
  ['is told again with a third value', [host('b'), kept, host('c')], ['a c']],
  ['is not told where the first value is back', [host('b'), kept, host('a')], []],
  ['counts no more once it was opened again', [host('b'), kept, reopened, host('c'), done(), host('b')], ['c b']],
  ['another answer to that question does not let it stay', [host('b'), answer(keepId(made), 'again')], ['a b']],
  ['the same answer to another question does not', [host('b'), answer('steps.made.other', KEEP)], ['a b']],
])('a step that a person lets stay as it is: %s', (_what, facts, expected) => {
  expect(changes(host('a'), done(), ...facts)).toEqual(expected);
});

test('what its act made stays what it made, also where the step was opened again', () => {
  const used = new ValuesUsed(runbook, chain(host('a'), started(), ended(), done(), host('b'), reopened, done()));
  expect(used.changedSinceMade(made)).toEqual([{ name: 'inputs.host', was: 'a', now: 'b' }]);
  const never = new ValuesUsed(runbook, chain(host('a'), done(), host('b')));
  expect(never.changedSinceMade(made)).toEqual([{ name: 'inputs.host', was: 'a', now: 'b' }]);
  expect(new ValuesUsed(runbook, chain(host('a'))).changedSinceMade(made)).toEqual([]);
});

test('events of other steps, of the run, and of steps that are gone from the runbook say nothing of it', () => {
  const gone: Fact = { type: 'step.started', step: 'gone', attempt: 1, does: 'act', commands: [] };
  const note: Fact = { type: 'note.added', text: 'x', by: 'jam' };
  expect(changes(host('a'), gone, note, done(), { type: 'run.resumed', operator: 'ann' }, host('b'))).toEqual(['a b']);
});
