// The actor: answers everything as a person would, and says so where it cannot.
import { describe, expect, it } from 'vitest';
import type { ChoiceQuestion, Question } from '../../src/question.ts';
import { createActor } from '../../src/rehearsal/actor.ts';
import type { FaultPlayer } from '../../src/rehearsal/faults.ts';
import { faults } from '../../src/rehearsal/faults.ts';
import { silentFace } from './faces.ts';

const signal = new AbortController().signal;

function acting({ answers = {}, fault }: { answers?: Record<string, string>; fault?: string } = {}) {
  const slept: number[] = [];
  const mended: string[] = [];
  const shown = silentFace();
  const sort = fault === undefined ? undefined : faults[fault];
  const player: FaultPlayer | undefined = sort && {
    sort,
    fired: () => true,
    due: () => false,
    missing: () => false,
    arm: () => () => undefined,
  };
  const face = createActor({
    shown,
    answers,
    ...(player && { faults: player }),
    sleep: async (ms) => void slept.push(ms),
    mend: () => void mended.push('mended'),
  });
  return { shown, slept, mended, face, ask: (question: Question) => face.ask(question, { signal }) };
}

const text = (more: object): Question => ({ id: 'inputs.app', type: 'text', message: 'App?', ...more });
const choice = (about: ChoiceQuestion['about'], ...values: readonly string[]): ChoiceQuestion => ({
  id: 'steps.one.way',
  type: 'choice',
  about,
  message: 'How?',
  options: values.map((value) => ({ value, label: `the ${value}` })),
});

describe('the actor answers', () => {
  it.each<[string, Question, string]>([
    ['by default', text({ default: 'prod', example: 'x' }), 'prod'],
    ['by example', text({ example: 'solserver-prod' }), 'solserver-prod'],
    ['a number', text({ shape: 'number' }), '1'],
    ['an address', text({ shape: 'email' }), 'rehearsal@example.com'],
    ['a folder', text({ shape: 'directory' }), '.'],
    ['nothing where that is allowed', text({ optional: true }), ''],
    ['any text', text({}), 'rehearsed-app'],
    ['the first option', choice('value', 'sjc', 'lax'), 'sjc'],
    ['go', choice('act', 'alone', 'go'), 'go'],
    ['done', choice('work', 'open', 'copy', 'done'), 'done'],
    ['pass', choice('tick', 'fail', 'pass'), 'pass'],
    ['watching first', choice('tick', 'watching', 'fail'), 'watching'],
    ['do', choice('optional', 'leave', 'do'), 'do'],
    ['what goes on', choice('resume', 'stop', 'wait'), 'wait'],
    ['yes', { id: 'c', type: 'confirm', message: 'Sure?' }, 'yes'],
    ['the name', { id: 'n', type: 'name', message: 'Type it', name: 'solserver-prod' }, 'solserver-prod'],
    [
      'a canary',
      { id: 'secrets.sol.OPENAI_API_KEY', type: 'secret', message: 'Key?' },
      'canary-OPENAI_API_KEY-0123456789abcdef',
    ],
  ])('%s', async (_what, question, value) => {
    expect(await acting().ask(question)).toEqual({ value });
  });

  it('with --input and --answers first, never for a secret, a tick or a name', async () => {
    const answers = { 'inputs.app': 'mine', 'steps.one.way': 'lax', secret: 'typed', n: 'wrong' };
    const { ask } = acting({ answers });
    expect(await ask(text({ default: 'prod' }))).toEqual({ value: 'mine' });
    expect(await ask(choice('value', 'sjc', 'lax'))).toEqual({ value: 'lax' });
    expect(await ask(choice('tick', 'pass', 'lax'))).toEqual({ value: 'pass' });
    expect(await ask({ id: 'n', type: 'name', message: '', name: 'right' })).toEqual({ value: 'right' });
    expect(await ask({ id: 'secret', type: 'secret', message: '' })).toMatchObject({
      value: expect.stringContaining('canary-'),
    });
  });

  it('a secret with a pattern by a canary that matches it', async () => {
    const answer = await acting().ask({
      id: 'secrets.sol.KEY',
      type: 'secret',
      message: '',
      pattern: 'sk-[a-zA-Z0-9_-]{20,}',
    });
    expect(answer).toEqual({ value: 'sk-canary-KEY-0123456789abcdef' });
  });

  it('not what fails its pattern: it names the example to add', async () => {
    const { ask } = acting();
    expect(await ask(text({ pattern: '[0-9]+' }))).toEqual({
      absent:
        'The rehearsal answered inputs.app with "rehearsed-app", which does not match [0-9]+: add `example:` to inputs.app.',
    });
    expect(await ask({ ...text({ pattern: '[0-9]+' }), id: 'steps.dns.ask.team_id' })).toMatchObject({
      absent: expect.stringContaining('add `example:` to ask.team_id of the step dns.'),
    });
    expect(await acting({ answers: { 'steps.one.way': 'mars' } }).ask(choice('value', 'sjc'))).toMatchObject({
      absent: expect.stringContaining('none of the options'),
    });
  });

  it('and shows what it was asked and said, a secret not', async () => {
    const { ask, shown } = acting();
    await ask(choice('act', 'go'));
    await ask({ id: 'secrets.sol.KEY', type: 'secret', message: 'KEY for sol' });
    expect(shown.told).toEqual(['How? → the go', 'KEY for sol → (a canary)']);
  });

  it('nothing once the question is withdrawn', async () => {
    const stop = new AbortController();
    stop.abort();
    expect(await acting().face.ask(text({}), { signal: stop.signal })).toEqual({ withdrawn: true });
  });
});

describe('the way forward', () => {
  it('is to try again, with longer and longer pauses, and not for ever', async () => {
    const { ask, slept } = acting({ fault: 'health-failing' });
    for (let tries = 0; tries < 12; tries += 1)
      expect(await ask(choice('way', 'again', 'look', 'stop'))).toEqual({ value: 'again' });
    expect(await ask(choice('way', 'again', 'look', 'stop'))).toMatchObject({
      absent: expect.stringContaining('tried 12 times'),
    });
    expect(slept.slice(0, 4)).toEqual([15_000, 30_000, 60_000, 120_000]);
    expect(Math.max(...slept)).toBe(20 * 60_000);
  });

  it('is given up soon where an act fails without a fault, and later where it is a look: that may only need time', async () => {
    const { ask } = acting();
    for (let tries = 0; tries < 4; tries += 1) await ask(choice('way', 'again', 'look'));
    expect(await ask(choice('way', 'again', 'look'))).toMatchObject({
      absent: expect.stringContaining('tried 4 times'),
    });
    const patient = acting();
    for (let tries = 0; tries < 12; tries += 1)
      expect(await patient.ask(choice('way', 'look', 'word'))).toEqual({ value: 'look' });
  });

  it('is the one of the fault that was played, mended first where that is needed', async () => {
    expect(await acting({ fault: 'reply-lost' }).ask(choice('way', 'again', 'look'))).toEqual({ value: 'look' });
    const expired = acting({ fault: 'login-expired' });
    expect(await expired.ask(choice('way', 'again', 'look'))).toEqual({ value: 'again' });
    expect(expired.mended).toEqual(['mended']);
  });

  it('from what the plan calls done already, and is not, is to look once and then to do it', async () => {
    const { ask } = acting();
    const already = choice('way', 'look', 'act');
    expect([await ask(already), await ask(already)]).toEqual([{ value: 'look' }, { value: 'act' }]);
  });

  it('from what was done with a value that is another one now is to open it', async () => {
    expect(await acting().ask(choice('way', 'open', 'leave', 'look', 'stop'))).toEqual({ value: 'open' });
  });

  it('from a doubt is to look, then to do it again', async () => {
    const { ask } = acting();
    const doubt = choice('way', 'look', 'was-done', 'was-not');
    expect([await ask(doubt), await ask(doubt)]).toEqual([{ value: 'look' }, { value: 'was-not' }]);
  });
});
