// What commands are started with, where they run, and what is asked for before the first act.
import { describe, expect, test } from 'vitest';
import type { Look, StepKind } from '../../src/step.ts';
import { check, inputOf, run, runbookOf, Stage, uses } from './stage.ts';

const place = { file: 'runbooks/test.md', line: 1, column: 1 };
const byCommand = (command: string) => ({ does: { run: command }, place });

describe('a check that is a command', () => {
  test('runs as the commands of the runbook do: in the person’s environment, without the values known as secret', async () => {
    const stage = new Stage();
    const gate = { id: 'gate', form: { form: 'gate' as const }, verify: [byCommand('psql "${{ inputs.url }}"')] };
    const inputs = [inputOf('url', { secret: true })];
    const { end } = await stage.sit(runbookOf([gate], { inputs }), [['inputs.url', 'postgres://secret']], {
      environment: { DATABASE_URL: 'postgres://secret', EDITOR: 'vi' },
    });
    expect(end).toEqual({ finished: 'done' });
    expect(stage.looks).toMatchObject([{ options: { environment: 'person', without: ['DATABASE_URL'] } }]);
  });

  test('runs in the folder that the step names, with its expressions filled in', async () => {
    const stage = new Stage();
    const step = {
      id: 'go',
      form: run('make'),
      workingDirectory: '${{ inputs.part }}/app',
      verify: [byCommand('test -f out')],
    };
    await stage.sit(runbookOf([step], { inputs: [inputOf('part')] }), [
      ['inputs.part', 'web'],
      ['steps.go.act', 'go'],
    ]);
    expect(stage.children[0]?.options.cwd).toBe('/project/web/app');
    expect(stage.looks.map(({ options }) => options?.cwd)).toEqual(['/project/web/app', '/project/web/app']);
  });
});

test('a folder that the person gives is opened to the steps, also in the next sitting', async () => {
  const stage = new Stage();
  const runbook = runbookOf([{ id: 'gate', form: { form: 'gate' }, verify: [check('test/seen', { thing: 'x' })] }], {
    inputs: [inputOf('repo', { type: 'directory' })],
  });
  await stage.sit(runbook, [['inputs.repo', '/elsewhere/app']], { crashAfter: 3 });
  stage.facts.so.add('x');
  await stage.sit(runbook, []);
  expect(stage.allowed).toEqual(['/elsewhere/app', '/elsewhere/app']);
});

describe('a login', () => {
  class Guarded extends Stage {
    readonly answers: Look[] = [];
    readonly expected: unknown[] = [];
    override kinds(): ReadonlyMap<string, StepKind> {
      const check = async (expected: unknown): Promise<Look> => {
        this.expected.push(expected);
        return this.answers.shift() ?? { is: 'so', seen: 'jam' };
      };
      return new Map([...super.kinds()].map(([name, kind]) => [name, { ...kind, login: { account: 'fly', check } }]));
    }
  }
  const runbook = runbookOf([{ id: 'app', form: uses('test/make', { thing: 'app' }) }], {
    inputs: [inputOf('org')],
    accounts: { fly: { org: '${{ inputs.org }}' } },
  });

  test('is compared with the accounts of the runbook, expressions filled in', async () => {
    const stage = new Guarded();
    await stage.sit(runbook, [
      ['inputs.org', 'sollabs'],
      ['steps.app.act', 'go'],
    ]);
    expect(stage.expected).toEqual([{ org: 'sollabs' }]);
  });

  test('that has expired is looked at again after the person has logged in', async () => {
    const stage = new Guarded();
    stage.answers.push({ is: 'unknown', why: 'not logged in', hint: 'fly auth login' });
    const { end } = await stage.sit(runbook, [
      ['inputs.org', 'sollabs'],
      ['accounts.fly', 'look'],
      ['steps.app.act', 'go'],
    ]);
    expect(end).toEqual({ finished: 'done' });
  });

  test('that has expired ends with 1 where nobody can log in', async () => {
    const stage = new Guarded();
    stage.answers.push({ is: 'unknown', why: 'not logged in' });
    const absent = { absent: 'To choose how to go on, run `launch test` in a terminal.' };
    const { end } = await stage.sit(
      runbook,
      [
        ['inputs.org', 'sollabs'],
        ['accounts.fly', absent],
      ],
      { present: false },
    );
    expect(end).toMatchObject({ exit: 1, stopped: 'fly: not logged in' });
  });
});

test('the machine is kept awake during an act, also one that fails, and not longer', async () => {
  const stage = new Stage();
  const seen: string[] = [];
  const world = stage.world();
  stage.world = () => ({
    ...world,
    awake: () => {
      seen.push('awake');
      return () => void seen.push('may sleep');
    },
  });
  stage.facts.replies.push({ ended: 'failed', why: 'no capacity' });
  await stage.sit(runbookOf([{ id: 'app', form: uses('test/make', { thing: 'app' }) }]), [
    ['steps.app.act', 'go'],
    ['steps.app.way', 'stop'],
  ]);
  expect(seen).toEqual(['awake', 'may sleep']);
});
