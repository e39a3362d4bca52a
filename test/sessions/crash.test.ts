// `--crash every`: a rehearsal that is killed (-9) at its points and started again ends like one that nobody killed, with nothing made twice.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { differencesOf } from '../../src/commands/crash-trials.ts';
import { launch, projectOf, projectWith, runbookOf } from './launching.ts';

const TIME = 600_000;
/** Of the points of prod each so many is killed at; all of them by `launch rehearse prod --crash every`. */
const STRIDE = process.env.LAUNCHBOOK_CRASH_STRIDE ?? '25';

interface Trial {
  readonly kills: number;
  readonly points: number;
  readonly steps: readonly {
    readonly id: string;
    readonly points: number;
    readonly whole: string;
    readonly killed: string;
  }[];
  readonly made: readonly { readonly what: string; readonly whole: number; readonly killed: number }[];
  readonly unsure: readonly string[];
  readonly differences: readonly string[];
}

const small = runbookOf(
  `
accounts: { fly: { org: sollabs } }
inputs: { region: { default: sjc } }
steps:
  - { id: app, uses: fly/app, with: { name: some-app, org: sollabs } }
  - { id: data, uses: fly/volume, with: { app: some-app, name: data, region: "\${{ inputs.region }}", size: 1 } }
  - { id: ask, run: send-it, rehearse: { stdout: sent, exit: 0 } }
  - { id: smoke, checklist: [it opens, it answers] }`,
  'app',
  'data',
  'ask',
  'smoke',
);

describe('launch rehearse --crash every', () => {
  test(
    'kills after every event and in the middle of every act, and finds nothing missing and nothing done twice',
    async () => {
      const project = projectOf({ 'runbooks/small.md': small });
      const ran = await launch(project, ['rehearse', 'small', '--crash', 'every', '--json']);
      expect(ran.stderr).toContain('Killed 10 times');
      const trial: Trial = JSON.parse(ran.stdout);
      expect(trial).toMatchObject({
        differences: [],
        unsure: ['ask'],
        made: [
          { what: 'app created some-app', whole: 1, killed: 1 },
          { what: 'volume created data sjc', whole: 1, killed: 1 },
        ],
      });
      expect(trial.kills).toBe(trial.points);
      for (const { points } of trial.steps) expect(points).toBeGreaterThan(2);
      expect(ran.exit).toBe(0);
    },
    TIME,
  );

  test(
    'of prod ends as if nobody had killed it, in words for a person',
    async () => {
      const ran = await launch(projectWith(), ['rehearse', 'prod', '--crash', `every:${STRIDE}`]);
      expect(ran.stdout).toMatch(/Killed \d+ times at \d+ points, it ended as if nobody had/);
      expect(ran.stdout).toMatch(/^release created +1 +1$/m);
      expect(ran.stdout).toMatch(/so after a crash a person is asked: internal-base, data-writable, send-message\.$/m);
      expect(Number(/Killed (\d+) times at/.exec(ran.stdout)?.[1])).toBeGreaterThan(5);
      expect(ran.exit).toBe(0);
    },
    TIME,
  );

  test('says what differs: what ended otherwise, what was made twice and what is missing', () => {
    const steps = [
      { id: 'app', points: 3, whole: 'done, verified', killed: 'failed' },
      { id: 'data', points: 3, whole: 'done, verified', killed: 'done, verified' },
    ];
    const made = [
      { what: 'volume created', whole: 1, killed: 2 },
      { what: 'app created', whole: 1, killed: 0 },
      { what: 'release created', whole: 1, killed: 1 },
    ];
    expect(differencesOf({ steps, made })).toEqual([
      'app: failed instead of done, verified',
      'volume created: 2 times instead of 1',
      'app created: 0 times instead of 1',
    ]);
  });

  test.each([
    [['--crash', 'sometimes'], 'write --crash every'],
    [['--crash', 'every', '--fault', 'reply-lost'], 'give one of them'],
  ])('%j ends with 2', async (flags, hint) => {
    const project = projectOf({ 'runbooks/small.md': small });
    const ran = await launch(project, ['rehearse', 'small', ...flags]);
    expect(ran.stderr).toContain(hint);
    expect(ran.exit).toBe(2);
    expect(existsSync(join(project, '.launch'))).toBe(false);
  });
});
