// Before the first act a person is told what is ahead: costs, long waits, who is needed, points of no return, and as whom we act.
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineStep, type StepKind } from '../../src/step.ts';
import { run, runbookOf, Stage, type StepData, uses } from './stage.ts';

class Priced extends Stage {
  override kinds(): ReadonlyMap<string, StepKind> {
    const kind = defineStep({
      name: 'test/rent',
      summary: 'Rents a thing',
      example: 'with: { thing: x }',
      with: z.strictObject({ thing: z.string(), long: z.boolean().default(false) }),
      describe: ({ thing }) => `rent ${thing}`,
      costs: ({ thing }) => (thing === 'air' ? undefined : `US$2 a month for ${thing}`),
      takes: '2–10 min',
      login: {
        account: 'landlord',
        check: async ({ org }) => ({ is: 'so', seen: `signed in as jam, in ${org}` }),
      },
      act: async () => ({ ended: 'ok' }),
      checkedAgainst: 'stand-in',
    });
    // The map holds kinds of different `with`; each parses its own before it is used.
    return new Map([...super.kinds(), ['test/rent', kind as unknown as StepKind]]);
  }
}

const rent = (id: string, thing: string): StepData => ({ id, form: uses('test/rent', { thing }) });
const release: StepData = { id: 'release', form: run('release it'), irreversible: 'v1', takes: '1 h', who: 'jam' };
/** What is told of what is ahead: who we are, and all under the headings. */
function told(transcript: readonly string[]): readonly string[] {
  const from = transcript.findIndex((line) => line.trim().startsWith('landlord: '));
  const headings = transcript.findIndex((line) => line.trim() === 'Cannot be taken back');
  return transcript.slice(from, headings < 0 ? from + 1 : headings + 2);
}

describe('before the first act', () => {
  const runbook = runbookOf(
    [
      rent('house', 'house'),
      rent('air', 'air'),
      { id: 'soak', form: { form: 'wait', ms: 3_600_000 }, who: 'jam' },
      { ...rent('never', 'boat'), notNeeded: 'no sea' },
      { ...release, costs: 'nerves' },
    ],
    { accounts: { landlord: { org: 'sollabs' } } },
  );

  test('what is ahead is told, with what kinds say of costs and time, and who we are', async () => {
    const stage = new Priced();
    const { face } = await stage.sit(runbook, [['steps.house.act', { stop: true }]]);
    expect(told(face.transcript)).toEqual([
      'landlord: signed in as jam, in sollabs',
      'Costs',
      '  house: US$2 a month for house',
      '  release: nerves',
      'Takes long',
      '  house: 2–10 min',
      '  air: 2–10 min',
      '  soak: 1h',
      '  release: 1 h',
      'Needed',
      '  jam: soak, and 1 more',
      'Cannot be taken back',
      '  release',
    ]);
  });

  test('the card of an act says as whom it is done, and what its kind costs', async () => {
    const stage = new Priced();
    const { face } = await stage.sit(runbook, [['steps.house.act', { stop: true }]]);
    expect(face.cards.map(({ id, account, costs }) => ({ id, account, costs }))).toEqual([
      { id: 'house', account: 'landlord: signed in as jam, in sollabs', costs: 'US$2 a month for house' },
    ]);
  });

  test('and not again when the run goes on', async () => {
    const stage = new Priced();
    await stage.sit(runbook, [
      ['steps.house.act', 'go'],
      ['steps.air.act', { stop: true }],
    ]);
    const { face } = await stage.sit(runbook, [['steps.air.act', { stop: true }]]);
    expect(told(face.transcript)).toHaveLength(1);
  });
});

test('of many things of a sort the first are told, and how many more there are; a minute is not long', async () => {
  const stage = new Stage();
  const long = (id: string, takes: string): StepData => ({ id, form: run(id), takes });
  const many = ['one', 'two', 'three', 'four', 'five', 'six'].map((id) => long(id, '1 h'));
  const { face } = await stage.sit(runbookOf([...many, long('short', 'a minute')]), [
    ['steps.one.act', { stop: true }],
  ]);
  expect(face.transcript.slice(0, 6)).toEqual([
    'Takes long',
    '  one: 1 h',
    '  two: 1 h',
    '  three: 1 h',
    '  four: 1 h',
    '  and 2 more: `launch plan test` has them',
  ]);
});
