// A secret may have the value of a common word, or of one of ours: the run is told with a name in its place, and goes on as it would have.
import { expect, test } from 'vitest';
import { redactedFact } from '../../src/engine/redacted-fact.ts';
import { createRedactor } from '../../src/text/redact.ts';
import { check, run, runbookOf, Stage, uses } from './stage.ts';

const OURS = [
  'postgres',
  'failed',
  'verified',
  'not-so',
  'unknown',
  'step.done',
  'orphan',
  'person',
  'stdout',
  'status',
];

test.each(OURS.map((word) => [word]))(
  'a run whose secret is the word "%s" ends as any other, each act done once',
  async (word) => {
    const steps = [
      { id: 'postgres', form: run(`echo ${word}`) },
      { id: 'status', form: uses('test/make', { thing: 'a' }) },
      { id: 'last', form: run('true'), verify: [check('test/seen', { thing: 'a' })] },
    ];
    const told = async (secrets: readonly string[]) => {
      const { end, types } = await new Stage().sit(runbookOf(steps), [['steps.postgres.act', 'alone']], { secrets });
      return { end, types };
    };
    expect(await told([word])).toEqual(await told([]));
    expect((await told([word])).end).toEqual({ finished: 'done' });
  },
);

test('a point of no return is typed by its name, also where that is the value of a secret', async () => {
  const step = { id: 'go', form: run('true'), irreversible: 'postgres-prod' };
  const script = [['steps.go.name', 'postgres-prod']] as const;
  const { end } = await new Stage().sit(runbookOf([step]), script, { secrets: ['postgres'] });
  expect(end).toEqual({ finished: 'done' });
});

test('of an event each text is without the secret; ids, file names and our own words are as they were', () => {
  const redactor = createRedactor();
  redactor.learn('X', 'secret-word');
  const text = (one: string) => redactor.text(one);
  const seen = { is: 'so', what: 'secret-word', seen: 'secret-word' } as const;
  expect(
    redactedFact(
      {
        ...{ type: 'step.done', step: 'secret-word', how: 'verified', by: 'secret-word' },
        outputs: { name: 'secret-word', step: 'secret-word', is: 'secret-word' },
        evidence: { seen: [seen], proof: 'secret-word', tail: ['secret-word'], receipt: 'secret-word-1.log' },
      },
      text,
    ),
  ).toEqual({
    ...{ type: 'step.done', step: 'secret-word', how: 'verified', by: 'secret-word' },
    outputs: { name: '«X»', step: '«X»', is: '«X»' },
    evidence: {
      ...{ seen: [{ is: 'so', what: '«X»', seen: '«X»' }], proof: '«X»', tail: ['«X»'], receipt: 'secret-word-1.log' },
    },
  });
});
