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
    expect(ran.stderr).toContain('Stopped and kept at');
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
