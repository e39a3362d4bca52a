// What stands at the source of a secret, read from real programs that behave as 1Password's op and a vault's command do, and worse.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Face } from '../../src/engine/face.ts';
import type { StepKind } from '../../src/step.ts';
import type { SecretSpec } from '../../src/system/ports.ts';
import { createProcesses } from '../../src/system/processes.ts';
import type { World } from '../../src/system/world.ts';
import { createScriptedFace } from '../../src/ui/scripted.ts';
import { fill } from '../../steps/secrets/fill.ts';
import { runbookOf, Stage, uses } from '../engine/stage.ts';
import { secretNamed } from '../samples.ts';
import { fly } from '../steps/secrets/fly.ts';
import { temporaryFolder } from '../system/folder.ts';

const CANARY = 'canary-9x8y7z6w5v';

type Looks = World['processes']['look'];
/** In place of every program but fly: for what takes minutes. */
type Answer = (...given: Parameters<Looks>) => Awaited<ReturnType<Looks>>;

/** A stage with the real kind, a small fly, and real programs for the rest; `op` is this script. */
class Reading extends Stage {
  readonly fly = fly([{ name: 'prod', secrets: [] }]);
  readonly folder = temporaryFolder();
  readonly environment: Readonly<Record<string, string>>;

  readonly answer: Answer | undefined;

  /** `op`: what its script does; `rm`: there is none. */
  constructor(op: string, environment: Readonly<Record<string, string>> = {}, answer?: Answer) {
    super();
    this.answer = answer;
    mkdirSync(join(this.folder, 'bin'));
    if (op !== 'rm') {
      writeFileSync(join(this.folder, 'bin/op'), `#!/bin/bash\n${op}\n`);
      chmodSync(join(this.folder, 'bin/op'), 0o755);
    }
    this.environment = { PATH: `${join(this.folder, 'bin')}:${process.env.PATH}`, ...environment };
  }

  override kinds(): ReadonlyMap<string, StepKind> {
    // Tools and logins have tests of their own. The map holds kinds of different `with`; each parses its own before it is used.
    const { requires, login, ...kind } = fill;
    return new Map([['secrets/fill', kind as unknown as StepKind]]);
  }

  override world(): World {
    const world = super.world();
    const real = createProcesses({ project: this.folder, env: this.environment });
    return {
      ...world,
      env: { get: (name) => this.environment[name] },
      random: (bytes) => 'ab'.repeat(bytes),
      processes: {
        ...world.processes,
        look: (argv, options) =>
          argv[0] === 'fly'
            ? this.fly.processes.look(argv, options)
            : this.answer
              ? Promise.resolve(this.answer(argv, options))
              : real.look(argv, options),
        hold: async (argv, options) => {
          const ended = this.fly.processes.act(argv, { stdin: options.stdin ?? '' });
          const spawned = { pid: 7, group: 7, startTime: '1', bootId: 'boot', host: 'here' };
          return { spawned, go: () => {}, ended, end: async () => {} };
        },
      },
    };
  }
}

/** What the step says, what Fly has, and everything that was told or written down. */
async function filled(
  from: SecretSpec['from'],
  op = '',
  environment: Readonly<Record<string, string>> = {},
  answer?: Answer,
) {
  const stage = new Reading(op, environment, answer);
  const runbook = runbookOf([{ id: 'fill', form: uses('secrets/fill', { app: 'prod' }) }], {
    secrets: [{ app: 'prod', names: [{ ...secretNamed('KEY'), ...(from && { from }) }] }],
  });
  const scripted = createScriptedFace([], runbook);
  const face: Face = {
    ...scripted,
    ask: async (question) => (question.id === 'steps.fill.act' ? { value: 'go' } : { stop: true }),
  };
  const sat = await stage.sit(runbook, [], { environment, face });
  const failed = sat.events.findLast((event) => event.type === 'step.failed');
  return {
    why: failed?.type === 'step.failed' ? failed.why : undefined,
    value: stage.fly.stored.get('KEY'),
    all: JSON.stringify([sat.events, scripted.transcript]),
  };
}

const OP = { op: 'op://vault/item/field' };
const says = (text: string) => `echo "[ERROR] 2026/11/21 14:00:00 ${text}" >&2; exit 1`;

describe('op', () => {
  test.each([
    [
      says('You are not currently signed in. Please run op signin --help for instructions'),
      'op is not signed in: run op signin',
    ],
    [says('session expired, sign in to create a new session'), 'the session of op has expired'],
    [says('No accounts configured for use with 1Password CLI.'), 'op knows no account'],
    [
      says(
        "could not read secret 'op://vault/item/field': could not get item: \\\"item\\\" isn't an item in the vault.",
      ),
      'op finds no such vault, item or field',
    ],
    [says('error initializing client: authorization prompt dismissed, please try again'), 'nobody agreed'],
    [
      says('error initializing client: connecting to desktop app: read: connection reset'),
      'op cannot reach the 1Password app',
    ],
    ['kill -9 $$', 'op ended with SIGKILL'],
    ['printf ""', 'op gives nothing'],
    ["printf 'a\\xff\\xfeb'", 'bytes that are no UTF-8 text'],
  ])('that does %j is told in our words, and nothing is sent', async (op, why) => {
    expect(await filled(OP, op)).toMatchObject({ value: undefined, why: expect.stringContaining(why) });
  });

  test('that prints the value with its error tells nobody', async () => {
    const { why, all } = await filled(OP, `printf ${CANARY}; ${says(`no: ${CANARY}`)}`);
    expect(why).toContain('run op read op://vault/item/field yourself to see why');
    expect(all).not.toContain(CANARY);
  });

  test.each([
    ['printf "one-line\\n"', 'one-line'],
    ['printf "  blanks and\\ttab "', '  blanks and\ttab '],
    ['printf "first\\nsecond\\n\\n"', 'first\nsecond\n'],
    ['echo a notice >&2; printf x', 'x'],
  ])('that does %j gives exactly %j; one line end at its end is taken away', async (op, value) => {
    expect(await filled(OP, op)).toMatchObject({ value, why: undefined });
  });

  test('that is not there is told, without the advice to run it', async () => {
    const { why } = await filled(OP, 'rm');
    expect(why).toBe('KEY could not be read: there is no op on this machine; nothing was sent');
  });

  test('that gives no answer is ended, and it is said after how long', async () => {
    const looks: unknown[] = [];
    const { why } = await filled(OP, 'printf x', {}, (argv, options) => {
      looks.push([argv, options?.timeout]);
      return { exit: null, stdout: '', stderr: 'session expired', timedOut: true };
    });
    expect(why).toContain('op gave no answer in 2m (run op read op://vault/item/field yourself to see why');
    expect(looks).toEqual([[['op', 'read', '--no-newline', 'op://vault/item/field'], 120_000]]);
  });

  test('is told before it is read, since 1Password may wait for a touch elsewhere', async () => {
    const { all } = await filled(OP, 'printf x');
    expect(all).toContain('Reading KEY from op://vault/item/field. 1Password may ask you for a touch or a password.');
  });
});

describe('a command', () => {
  test('that is not there is told, without the advice to run it; that gives no answer too', async () => {
    expect(await filled({ command: ['no-such-program-here'] })).toMatchObject({
      why: 'KEY could not be read: there is no no-such-program-here on this machine; nothing was sent',
    });
    const asked: unknown[] = [];
    const { why } = await filled({ command: ['vault', 'read'] }, '', {}, (argv, options) => {
      asked.push([argv, options?.timeout, options?.environment, options?.signal instanceof AbortSignal]);
      return { exit: null, stdout: '', stderr: '', timedOut: true };
    });
    expect(why).toContain('vault gave no answer in 2m (run the command yourself');
    expect(asked).toEqual([[['vault', 'read'], 120_000, 'person', true]]);
  });

  const bash = (script: string) => ({ command: ['bash', '-c', script] });

  test('that prints the value in pieces gives the whole', async () => {
    const { value, all } = await filled(bash(`printf canary-9x; sleep 0.05; printf 8y7z6w5v`));
    expect(value).toBe(CANARY);
    expect(all).not.toContain(CANARY);
  });

  test('that fails after half of it has given nothing, and what it printed is nowhere', async () => {
    const { value, why, all } = await filled(bash(`printf canary-9x8y; echo "${CANARY}" >&2; exit 3`));
    expect([value, why]).toEqual([undefined, expect.stringContaining('bash ended with 3 (run the command yourself')]);
    expect(all).not.toContain('canary-9x8y');
  });

  test('that prints colours with it is refused', async () => {
    expect(await filled(bash('printf "\\e[32mgreen\\e[0m"'))).toMatchObject({
      value: undefined,
      why: expect.stringContaining('bash prints colours with it'),
    });
  });

  test('gets the environment of the person, as a run does, without the variables that secrets are read from', async () => {
    const { value } = await filled(bash('printf "%s" "$AWS_PROFILE"'), '', { AWS_PROFILE: 'sol' });
    expect(value).toBe('sol');
  });
});

test('a variable loses one line end, as a file does, and is refused where it is no UTF-8', async () => {
  expect(await filled({ env: 'OF_ENV' }, '', { OF_ENV: 'value\n' })).toMatchObject({ value: 'value' });
  expect(await filled({ env: 'OF_ENV' }, '', { OF_ENV: 'val\ufffd' })).toMatchObject({
    why: expect.stringContaining('OF_ENV gives bytes that are no UTF-8 text'),
  });
});

test('what is not there is told by its name', async () => {
  expect(await filled({ env: 'NOT_SET' })).toMatchObject({
    why: 'KEY is read from the environment variable NOT_SET, which is not set; nothing was sent',
  });
  expect(await filled({ file: 'keys/none' })).toMatchObject({
    why: 'KEY is read from keys/none, and there is no such file; nothing was sent',
  });
});
