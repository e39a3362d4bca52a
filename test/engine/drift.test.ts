// Done steps looked at again: what counts as drift and what does not.
import { expect, test } from 'vitest';
import { type Standing, standingOf } from '../../src/engine/drift.ts';
import { check, runbookOf, Stage, type StepData, uses } from './stage.ts';

const app: StepData = { id: 'app', form: uses('test/make', { thing: 'app' }) };
const record: StepData = { id: 'record', form: { form: 'manual' }, verify: [check('test/seen', { thing: 'record' })] };
const runbook = runbookOf([app, record]);

/** The app is made and seen; the record is done on a word, and was not seen. */
async function launched(): Promise<Stage> {
  const stage = new Stage();
  const { end, types } = await stage.sit(runbook, [
    ['steps.app.act', 'go'],
    ['steps.record.work', 'by-hand'],
    ['steps.record.by-hand', 'on the phone'],
    ['steps.record.on-word', 'yes'],
  ]);
  expect(end).toEqual({ finished: 'done' });
  expect(types).toContain('step.done record on-word');
  return stage;
}

async function again(stage: Stage): Promise<readonly Standing[]> {
  const { end } = await stage.sit(runbook, [], { again: true });
  return Array.isArray(end) ? end : [];
}

const short = (standings: readonly Standing[]) => standings.map(({ step, now, counts }) => [step.id, now, counts]);

test('what was only said to be so is looked at too, and is no drift where it is not', async () => {
  const stage = await launched();
  const standings = await again(stage);
  expect(short(standings)).toEqual([
    ['app', 'so', true],
    ['record', 'not-so', false],
  ]);
  expect(standingOf(standings)).toBe('so');
  stage.facts.so.add('record');
  expect(short(await again(stage))).toContainEqual(['record', 'so', false]);
});

test('drift weighs more than what cannot be seen, and both more than what is so', async () => {
  const stage = await launched();
  stage.facts.hidden.add('app');
  expect(standingOf(await again(stage))).toBe('unknown');
  const unknown: readonly Standing[] = await again(stage);
  stage.facts.hidden.delete('app');
  stage.facts.so.delete('app');
  const drift = await again(stage);
  expect(standingOf(drift)).toBe('not-so');
  expect(standingOf([...unknown, ...drift])).toBe('not-so');
});

test('an answer of the moment is not asked for again, also where it is a check of a step', async () => {
  const gate: StepData = {
    id: 'gate',
    form: { form: 'gate' },
    verify: [check('test/now', { thing: 'clean' }), check('test/seen', { thing: 'app' })],
  };
  const moment: StepData = { id: 'moment', form: uses('test/now', { thing: 'clean' }) };
  const stage = new Stage();
  stage.facts.so.add('clean').add('app');
  await stage.sit(runbookOf([gate, moment]), []);
  stage.facts.so.delete('clean');
  const { end } = await stage.sit(runbookOf([gate, moment]), [], { again: true });
  expect(short(Array.isArray(end) ? end : [])).toEqual([
    ['gate', 'so', true],
    ['moment', 'not-looked', false],
  ]);
});
