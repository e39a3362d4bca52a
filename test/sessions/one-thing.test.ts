// `launch mark` and `launch answer`: one thing of an open run, where nobody is at a terminal.
import { expect, test } from 'vitest';
import { eventsOf, launch, projectOf, runbookOf, runOf, trusted } from './launching.ts';

const STEPS = `inputs:
  app: { default: small-prod, pattern: "[a-z-]+" }
steps:
  - { id: made, run: 'true' }
  - { id: users, question: Where do the first users live?, options: [Europe, America], needs: [made] }
  - { id: page, manual: true, needs: [made], ask: { team: { pattern: "[A-Z]{3}" } } }
  - { id: ready, gate: true, verify: [{ run: 'test -e ready' , within: 1s }], needs: [made] }
  - { id: last, run: 'echo "$ANSWER" > said.txt', env: { ANSWER: "\${{ steps.users.outputs.answer }}" }, needs: [users, page, ready] }`;

/** Stopped where a person is needed. */
async function stopped() {
  const folder = projectOf({ 'runbooks/small.md': runbookOf(STEPS, 'made', 'users', 'page', 'ready', 'last') });
  const argv = await trusted(folder, 'small');
  const { exit, stderr } = await launch(folder, argv);
  expect(exit, stderr).toBe(4);
  return { folder, argv, run: runOf(folder), ask: (...words: readonly string[]) => launch(folder, words) };
}

const of = (run: string, type: string) => eventsOf(run).filter((event) => event.type === type);

test('a question is answered by its id or its step, and stands in the journal as if it had been asked', async () => {
  const { run, ask, argv, folder } = await stopped();
  const { exit, stderr } = await ask('answer', 'users', 'Europe', '--who', 'ann');
  expect(stderr).toContain('Go on with: launch small');
  expect(exit).toBe(0);
  expect(of(run, 'answer.given')).toEqual([
    expect.objectContaining({ question: 'steps.users.answer', value: 'Europe', by: 'ann' }),
  ]);
  expect(of(run, 'step.done').at(-1)).toMatchObject({ step: 'users', how: 'on-word', outputs: { answer: 'Europe' } });
  expect((await ask('answer', 'steps.users.answer', 'America')).stderr).toContain('is done already');
  expect((await launch(folder, argv)).exit).toBe(4);
  expect(of(run, 'answer.given')).toHaveLength(1);
});

test.each([
  [['answer', 'users', 'Mars'], 'must be one of Europe, America'],
  [['answer', 'steps.page.ask.team', 'abc'], 'must match'],
  [['answer', 'inputs.app', 'other'], 'was given already'],
  [['answer', 'usres', 'Europe'], 'asks nothing of that name'],
  [['answer', 'steps.made.outputs.x', 'y', 'z'], 'which question, and what is the answer?'],
  [['answer', 'steps.page.outputs.team', 'ABC'], 'it may still leave team itself'],
  [['mark', 'nowhere', 'skipped', '--reason', 'x'], 'has no step "nowhere"'],
  [['mark', 'page', 'gone'], 'which step, and what is it?'],
  [['mark', 'page', 'skipped'], 'why is it skipped?'],
  [['mark', 'made', 'skipped', '--reason', 'x'], 'is done already'],
])('%j is wrong usage: 2, and nothing is written', async (words, why) => {
  const { run, ask } = await stopped();
  const before = eventsOf(run).length;
  const { exit, stderr } = await ask(...words);
  expect(stderr).toContain(why);
  expect(exit).toBe(2);
  expect(eventsOf(run)).toHaveLength(before);
});

test('a step is skipped with a reason, which the record tells', async () => {
  const { run, ask } = await stopped();
  const { exit } = await ask('mark', 'page', 'skipped', '--reason', 'there is a team already', '--who', 'ann');
  expect(exit).toBe(0);
  expect(of(run, 'step.skipped')).toEqual([
    expect.objectContaining({ step: 'page', reason: 'there is a team already', by: 'ann' }),
  ]);
  expect((await ask('export', 'small')).stdout).toContain('there is a team already');
});

test.each([
  [['mark', 'page', 'done'], 'Only a person can say that a step is done'],
  [['mark', 'page', 'done', '--yes', '--reason', 'x'], 'Only a person can say that a step is done'],
  [['mark', 'ready', 'skipped', '--reason', 'x', '--yes'], 'Only a person can leave this out'],
])('without a terminal %j is for a person: 4, and nothing is written', async (words, why) => {
  const { run, ask } = await stopped();
  const before = eventsOf(run).length;
  const { exit, stderr } = await ask(...words);
  expect(stderr).toContain(why);
  expect(stderr).toContain('in a terminal');
  expect(exit).toBe(4);
  expect(eventsOf(run)).toHaveLength(before);
});

test('what holds a run up stands in the status with its ways forward, and they work', async () => {
  const folder = projectOf({ 'runbooks/small.md': runbookOf(`steps: [{ id: go, run: 'test -e ready' }]`, 'go') });
  const argv = await trusted(folder, 'small');
  const steps = async () => JSON.parse((await launch(folder, ['status', 'small', '--json'])).stdout).steps;
  expect((await launch(folder, argv)).exit).toBe(1);
  expect(await steps()).toMatchObject([
    {
      id: 'go',
      status: 'failed',
      reason: 'it ended with exit code 1',
      ways: [
        { way: 'try again', command: 'launch mark go again', person: false },
        { way: 'go on', command: 'launch small', person: false },
        { way: 'done by hand', command: 'launch mark go done', person: true },
        { way: 'skip', command: 'launch mark go skipped --reason "…"', person: false },
      ],
    },
  ]);
  expect((await launch(folder, ['mark', 'go', 'again'])).exit).toBe(0);
  expect((await steps())[0]).not.toHaveProperty('ways');
  expect((await launch(folder, [...argv, '--skip', 'go=not today'])).exit).toBe(0);
  expect((await steps())[0]).not.toHaveProperty('ways');
});
