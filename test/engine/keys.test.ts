// Keys of a step that decide whether and how it is done: optional, not-needed, already, requires.
import { describe, expect, test } from 'vitest';
import { check, run, runbookOf, Stage, type StepData, uses } from './stage.ts';

const seen = (thing: string) => [{ ...check('test/seen', { thing }), every: 5000, within: 10_000 }];

describe('an optional step', () => {
  const step: StepData = { id: 'extra', form: run('extra'), optional: true };

  test('is done or left as the person chooses', async () => {
    const stage = new Stage();
    const { state } = await stage.sit(runbookOf([step, { ...step, id: 'other' }]), [
      ['steps.extra.optional', 'do'],
      ['steps.extra.act', 'go'],
      ['steps.other.optional', 'leave'],
    ]);
    expect(state.steps.get('extra')?.status).toBe('done');
    expect(state.steps.get('other')).toMatchObject({ status: 'skipped', reason: 'optional' });
    expect(stage.children).toHaveLength(1);
  });
});

test('a step that is not needed is not run, and the reason is kept', async () => {
  const stage = new Stage();
  const { end, state } = await stage.sit(runbookOf([{ id: 'old', form: run('old'), notNeeded: 'no staging' }]), []);
  expect(end).toEqual({ finished: 'done' });
  expect(state.steps.get('old')).toMatchObject({ status: 'not-needed', reason: 'no staging' });
  expect(stage.children).toEqual([]);
});

describe('a step that was done already, on the word of the plan', () => {
  const already = 'done by ann, 2026-11-01';
  const manual: StepData = { id: 'team', form: { form: 'manual' }, already, verify: seen('team') };

  test('is verified where it is seen to be so', async () => {
    const stage = new Stage();
    stage.facts.so.add('team');
    const { state } = await stage.sit(runbookOf([manual]), []);
    expect(state.steps.get('team')).toMatchObject({ status: 'done', how: 'verified' });
  });

  test('is taken on the word of the plan where it cannot be seen, or where nothing looks', async () => {
    const stage = new Stage();
    stage.facts.hidden.add('team');
    const { state } = await stage.sit(runbookOf([manual, { id: 'mail', form: run('send'), already }]), []);
    expect(state.steps.get('team')).toMatchObject({ status: 'done', how: 'on-plan', reason: already });
    expect(state.steps.get('mail')).toMatchObject({ status: 'done', how: 'on-plan' });
    expect(stage.children).toEqual([]);
  });

  test.each([
    ['manual', manual],
    ['run', { ...manual, form: run('make team') }],
    ['uses of a kind that only acts', { ...manual, form: uses('test/deed', { thing: 'deed' }) }],
  ])('is asked about where it is seen not to be so, and never done by itself: %s', async (_form, step) => {
    const stage = new Stage();
    const { end } = await stage.sit(runbookOf([step]), [['steps.team.way', 'stop']]);
    expect(end).toMatchObject({ exit: 4, step: 'team' });
    expect([stage.children, stage.facts.acts]).toEqual([[], []]);
  });
});

test('a tool that a step requires and that is missing stops before the first act', async () => {
  const stage = new Stage();
  stage.endings.push({ exit: 127, missing: true });
  const absent = { absent: 'To choose how to go on, run `launch test` in a terminal.' };
  const { end } = await stage.sit(
    runbookOf([{ id: 'go', form: run('psql'), requires: ['psql'] }]),
    [['tools.psql', absent]],
    { present: false },
  );
  expect(end).toMatchObject({ exit: 1, stopped: expect.stringContaining('psql is not on this machine') });
  expect(stage.children).toEqual([]);
});
