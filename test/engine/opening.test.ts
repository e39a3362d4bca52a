// What a phase says of itself: shown with the first of its steps that comes before a person, once a sitting.
import { expect, test } from 'vitest';
import { run, runbookOf, Stage, type StepData } from './stage.ts';

const phased = (id: string, phase: string): StepData => ({ id, phase, form: run(id) });

const runbook = runbookOf([phased('house', 'Build'), phased('air', 'Build'), phased('door', 'Open')], {
  phases: [
    { title: 'Build', opening: 'Real money is spent here.', prose: 'Real money is spent here.\n\n## Rollback' },
    { title: 'Open', opening: '', prose: '' },
  ],
});

const openings = (cards: readonly { readonly id: string; readonly opening?: string }[]) =>
  cards.map(({ id, opening }) => [id, opening]);

test('what a phase says before its first step is shown with that step, and not with the others', async () => {
  const stage = new Stage();
  const { face } = await stage.sit(runbook, [
    ['steps.house.act', 'go'],
    ['steps.air.act', 'go'],
    ['steps.door.act', { stop: true }],
  ]);
  expect(openings(face.cards)).toEqual([
    ['house', 'Real money is spent here.'],
    ['air', undefined],
    ['door', undefined],
  ]);
});

test('in a later sitting it is shown again, with the step that comes first then', async () => {
  const stage = new Stage();
  await stage.sit(runbook, [
    ['steps.house.act', 'go'],
    ['steps.air.act', { stop: true }],
  ]);
  const { face } = await stage.sit(runbook, [['steps.air.act', { stop: true }]]);
  expect(openings(face.cards)).toEqual([['air', 'Real money is spent here.']]);
});
