// What a rehearsal could not look at is never called verified: it is done as the plan says, and marked.
import { describe, expect, test } from 'vitest';
import { notSimulated } from '../../src/commands/launching.ts';
import { check, run, runbookOf, Stage, type StepData, uses } from './stage.ts';

const command = { does: { run: 'curl it' }, place: { file: 'runbooks/test.md', line: 1, column: 1 } };
const seen = check('test/seen', { thing: 'page' });

async function rehearsed(step: StepData, script: readonly [string, string][] = [], simulates: readonly string[] = []) {
  const stage = new Stage();
  stage.simulates = simulates;
  stage.facts.so.add('page');
  const runbook = runbookOf([step]);
  const { end, state, events } = await stage.sit(runbook, script);
  expect(end).toEqual({ finished: 'done' });
  const { how, already, evidence } = state.steps.get(step.id) ?? {};
  return { how, already, marked: evidence?.notSimulated, counted: notSimulated(runbook, { events }) };
}

const unplayed = { how: 'on-plan', already: undefined, marked: true, counted: 1 };
const manual = (id: string): StepData => ({ id, form: { form: 'manual' }, verify: [seen] });

describe('in a rehearsal, a step of which nothing was simulated is done as the plan says, and counted', () => {
  test('a gate whose checks are commands', async () => {
    expect(await rehearsed({ id: 'gate', form: { form: 'gate' }, verify: [command, command] })).toEqual(unplayed);
  });

  test('a check that nothing stands in for, as a step', async () => {
    expect(await rehearsed({ id: 'page', form: uses('test/seen', { thing: 'page' }) })).toEqual(unplayed);
  });

  test('a command whose checks are forced, but which was not run itself', async () => {
    const step = { id: 'smoke', form: run('npm run smoke'), verify: [seen] };
    expect(await rehearsed(step, [['steps.smoke.act', 'go']], ['test/seen'])).toEqual(unplayed);
  });

  test('a command that is played, but whose checks are commands', async () => {
    const step = { id: 'smoke', form: run('npm run smoke'), rehearse: { stdout: 'ok' }, verify: [command] };
    expect(await rehearsed(step, [['steps.smoke.act', 'go']])).toEqual(unplayed);
  });

  test('a command that `unless` of commands would leave out', async () => {
    expect(await rehearsed({ id: 'smoke', form: run('npm run smoke'), unless: [command] })).toEqual(unplayed);
  });

  test('a manual step that a person says is done, and whose only check nothing stands in for', async () => {
    const stage = new Stage();
    stage.simulates = [];
    const runbook = runbookOf([manual('dns')]);
    const { state, events } = await stage.sit(runbook, [['steps.dns.work', 'done']]);
    expect(state.steps.get('dns')).toMatchObject({ how: 'on-plan', evidence: { notSimulated: true } });
    expect(notSimulated(runbook, { events })).toBe(1);
  });
});

describe('in a rehearsal, a step is verified', () => {
  test('where one of its checks was looked at in the stand-in world', async () => {
    const step: StepData = { id: 'gate', form: { form: 'gate' }, verify: [command, seen] };
    expect(await rehearsed(step, [], ['test/seen'])).toMatchObject({ how: 'verified', counted: 0 });
  });

  test('where a real look before a person begins shows that it is so', async () => {
    expect(await rehearsed(manual('dns'))).toMatchObject({ how: 'verified', counted: 0 });
  });
});
