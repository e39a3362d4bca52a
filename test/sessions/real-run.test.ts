// A real run without a terminal, aimed at stand-ins: trust first, then what is automatic, and a stop at the first step for a person.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRehearsal, type Rehearsal } from '../../src/rehearsal/world.ts';
import { eventsOf, launch, projectWith } from './launching.ts';

const root = join(import.meta.dirname, '../..');
let world: Rehearsal;
let project: string;

beforeAll(async () => {
  project = projectWith();
  world = await openRehearsal({
    folder: join(project, '.world'),
    project,
    flyExecutable: join(root, 'dist/stand-in-fly.cjs'),
    env: process.env,
    now: new Date(),
    accounts: { fly: { org: 'sollabs' } },
    apps: [{ name: 'solserver-staging', secrets: ['OPENAI_API_KEY'] }],
  });
});
afterAll(() => world.close());

const digestOf = (text: string): string => /--trust ([0-9a-f]{64})/.exec(text)?.[1] ?? '';

describe('launch prod without a terminal', () => {
  test('without the digest ends with 7, and nothing of it was run', async () => {
    const { exit, stderr } = await launch(project, ['prod'], world.aim);
    expect(exit).toBe(7);
    expect(digestOf(stderr)).toHaveLength(64);
    expect(existsSync(join(project, '.launch'))).toBe(false);
  });

  test('with it stops at the first step for a person with 4 and names it; nothing after it ran', async () => {
    const { stderr } = await launch(project, ['prod'], world.aim);
    const ran = await launch(
      project,
      ['prod', '--trust', digestOf(stderr), '--input', 'testers=ann@example.com'],
      world.aim,
    );
    expect(ran.stderr).toContain('Stopped and kept:');
    expect(ran.exit).toBe(4);
    const [run = ''] = readdirSync(join(project, '.launch/runs'));
    const events = eventsOf(join(project, '.launch/runs', run));
    expect(events.at(-1)).toMatchObject({ type: 'run.paused', step: 'scope' });
    expect(events.filter(({ type }) => type === 'step.started')).toEqual([]);
    expect(
      JSON.parse(readFileSync(join(project, '.launch/runs', run, 'journal.jsonl'), 'utf8').split('\n')[0] ?? ''),
    ).toMatchObject({ aim: { LAUNCH_FLY: expect.any(String) } });
  });

  test('aimed elsewhere than when it began stops with 8', async () => {
    const { stderr } = await launch(project, ['prod'], world.aim);
    const ran = await launch(project, ['prod', '--trust', digestOf(stderr)]);
    expect(ran.exit).toBe(8);
    expect(ran.stderr).toContain('aimed at another world');
  });
});

describe('bad input', () => {
  test.each([
    [['nothing'], 2, 'no runbook is called "nothing"'],
    [['prod', '--jsn'], 2, 'did you mean --json?'],
    [['rehearse', 'prod', '--fault', 'nothing'], 2, 'nothing'],
    [['status', '--run', 'zzz'], 2, 'no run begins with "zzz"'],
  ])('launch %j ends with %i and says what to do', async (argv, exit, says) => {
    const ran = await launch(project, argv);
    expect(ran.stderr).toContain(says);
    expect(ran.exit).toBe(exit);
  });

  test('a broken line in the middle of the journal stops with 8, names its place, and changes nothing', async () => {
    const other = projectWith();
    const { stderr } = await launch(other, ['prod'], world.aim);
    await launch(other, ['prod', '--trust', digestOf(stderr), '--input', 'testers=ann@example.com'], world.aim);
    const [run = ''] = readdirSync(join(other, '.launch/runs'));
    const file = join(other, '.launch/runs', run, 'journal.jsonl');
    const { writeFileSync } = await import('node:fs');
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, lines.map((line, index) => (index === 2 ? line.replace('"n":3', '"n":7') : line)).join('\n'));
    const before = readFileSync(file, 'utf8');
    const ran = await launch(other, ['prod', '--trust', digestOf(stderr)], world.aim);
    expect(ran.exit).toBe(8);
    expect(ran.stderr).toContain('journal.jsonl:3');
    expect(readFileSync(file, 'utf8')).toBe(before);
  });
});
