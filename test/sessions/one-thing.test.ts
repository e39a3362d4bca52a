// `launch mark` and `launch answer`: one thing of an open run, where nobody is at a terminal.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
  expect((await ask('answer', 'steps.users.answer', 'Europe')).stderr).toContain('It is Europe already.');
  expect((await launch(folder, argv)).exit).toBe(4);
  expect(of(run, 'answer.given')).toHaveLength(1);
});

test.each([
  [['answer', 'users', 'Mars'], 'must be one of Europe, America'],
  [['answer', 'steps.page.ask.team', 'abc'], 'must match'],
  [['answer', 'inputs.app', 'Other'], 'must match'],
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

test('an answer that a step was done with is given anew: it is named, in the status too, and a person says what becomes of it', async () => {
  const folder = projectOf({
    'runbooks/small.md': runbookOf(
      `inputs:
  domain: { default: a.example }
steps:
  - { id: users, question: Where?, options: [Europe, America] }
  - { id: made, run: 'echo "\${{ inputs.domain }} \${{ steps.users.outputs.answer }}" >> made.txt', needs: [users] }
  - { id: seen, run: 'true', verify: [{ run: 'test "\${{ inputs.domain }}" = a.example', within: 1s }], needs: [made] }
  - { id: last, manual: true, needs: [seen] }`,
      'users',
      'made',
      'seen',
      'last',
    ),
  });
  const argv = await trusted(folder, 'small');
  const ask = (...words: readonly string[]) => launch(folder, words);
  await ask('small', ...argv.slice(1), '--who', 'ann');
  await ask('answer', 'users', 'Europe');
  expect((await launch(folder, argv)).exit).toBe(4);
  const told = await ask('answer', 'inputs.domain', 'b.example', '--who', 'ann');
  expect(told.exit).toBe(0);
  const stays = await launch(folder, [...argv, '--input', 'domain=c.example']);
  expect(stays.stderr).toContain('inputs.domain stays b.example, as this run has it.');
  expect(told.stderr).toContain('Domain changed from a.example to b.example; done before: "made", "seen"');
  expect((await ask('answer', 'users', 'America')).exit).toBe(0);
  const changed = [
    { name: 'inputs.domain', was: 'a.example', now: 'b.example' },
    { name: 'steps.users.outputs.answer', was: 'Europe', now: 'America' },
  ];
  expect(JSON.parse((await ask('status', 'small', '--json')).stdout).steps).toMatchObject([
    { id: 'users', status: 'done' },
    { id: 'made', status: 'done', changed },
    { id: 'seen', status: 'done', changed: changed.slice(0, 1) },
    { id: 'last' },
  ]);
  expect((await ask('status', 'small')).stdout).toContain(
    'Answer of "users" changed from Europe to America; done before',
  );
  const verified = await ask('verify', 'small', ...argv.slice(1));
  expect(verified.stdout).toContain('since it was done, domain changed from a.example to b.example, answer of "users"');
  expect(verified.exit).toBe(1);
  const stopped = await launch(folder, argv);
  expect(stopped.stderr).toContain(
    'Since "made" was done, domain changed from a.example to b.example, answer of "users"',
  );
  expect(stopped.exit).toBe(4);
  expect(readFileSync(join(folder, 'made.txt'), 'utf8')).toBe('a.example Europe\n');
});

test('a value that was pasted back is given again when its step is done: what was done with it is named, and comes up', async () => {
  const folder = projectOf({
    'runbooks/small.md': runbookOf(
      `inputs: { region: { default: sjc } }
steps:
  - { id: page, manual: true, ask: { team: { pattern: "[A-Z]{3}" }, note: { required: false } }, verify: [{ run: 'true' }] }
  - { id: made, run: 'echo "\${{ steps.page.outputs.team }}" >> made.txt' }
  - { id: last, manual: true }`,
      'page',
      'made',
      'last',
    ),
  });
  const argv = await trusted(folder, 'small');
  const ask = (...words: readonly string[]) => launch(folder, words);
  // Seen to be so before anyone did it: nothing was pasted.
  expect((await launch(folder, argv)).stderr).toContain('needs steps.page.outputs.team');
  expect((await ask('answer', 'page.team', 'ABC')).exit).toBe(0);
  expect((await launch(folder, argv)).exit).toBe(4);
  const run = runOf(folder);
  expect(readFileSync(join(folder, 'made.txt'), 'utf8')).toBe('ABC\n');

  const before = eventsOf(run).length;
  expect((await ask('answer', 'page.team', 'abc')).stderr).toContain('must match');
  expect((await ask('answer', 'page.note', '')).exit).toBe(2);
  expect((await ask('answer', 'page', 'DEF')).stderr).toContain('asks nothing of that name');
  expect((await ask('answer', 'page.team', 'ABC')).stderr).toContain('It is ABC already.');
  expect(eventsOf(run)).toHaveLength(before);

  const { exit, stderr } = await ask('answer', 'page.team', 'DEF', '--who', 'ann');
  expect(stderr).toContain('Team of "page" changed from ABC to DEF; done before: "made"');
  expect(exit).toBe(0);
  expect(of(run, 'answer.given').at(-1)).toMatchObject({ question: 'steps.page.ask.team', value: 'DEF', by: 'ann' });
  expect(of(run, 'step.reopened')).toEqual([]);
  expect(JSON.parse((await ask('status', 'small', '--json')).stdout).steps).toMatchObject([
    { id: 'page', status: 'done', outputs: { team: 'DEF' } },
    { id: 'made', status: 'done', changed: [{ name: 'steps.page.outputs.team', was: 'ABC', now: 'DEF' }] },
    { id: 'last' },
  ]);
  writeFileSync(join(folder, 'answers.yaml'), 'steps.page.ask.team: ABC\n');
  const stopped = await launch(folder, [...argv, '--answers', 'answers.yaml']);
  expect(stopped.stderr).toContain('steps.page.ask.team stays DEF, as this run has it.');
  expect(stopped.stderr).toContain('Since "made" was done, team of "page" changed from ABC to DEF.');
  expect(stopped.exit).toBe(4);
  expect(readFileSync(join(folder, 'made.txt'), 'utf8')).toBe('ABC\n');
  expect((await ask('answer', 'region', 'lax')).exit).toBe(0);
  expect(of(run, 'input.given').at(-1)).toMatchObject({ name: 'region', value: 'lax' });
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
