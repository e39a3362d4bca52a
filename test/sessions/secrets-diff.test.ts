// `launch secrets diff` whole: each finding with a twin that is none, apps that cannot be read, inputs that are missing, exit codes, nothing of a value.
import { chmodSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRehearsal, type Rehearsal } from '../../src/rehearsal/world.ts';
import { openPty } from '../terminal/pty.ts';
import { launch, launchFile, projectOf } from './launching.ts';

const root = join(import.meta.dirname, '../..');
let world: Rehearsal;
let outside: string;

beforeAll(async () => {
  outside = realpathSync(mkdtempSync(join(tmpdir(), 'launchbook-secrets-diff-')));
  world = await openRehearsal({
    folder: join(outside, 'world'),
    project: outside,
    flyExecutable: join(root, 'dist/stand-in-fly.cjs'),
    env: process.env,
    now: new Date(),
    accounts: { fly: { org: 'sollabs' } },
    apps: [
      { name: 'sol-staging', secrets: ['API_KEY', 'SHARED', 'FORGOTTEN'] },
      { name: 'sol-prod', secrets: ['API_KEY', 'SHARED', 'LOG_LEVEL', 'PAY_TEST_KEY', 'GONE', 'EXTRA'] },
      { name: 'sol-worker', secrets: ['QUEUE_KEY'] },
    ],
  });
  const file = join(outside, 'world/fly.json');
  const fly = JSON.parse(readFileSync(file, 'utf8'));
  for (const { secrets } of Object.values<{ secrets: { name: string; digest: string }[] }>(fly.apps))
    for (const secret of secrets) {
      if (secret.name === 'SHARED') secret.digest = '0123456789abcdef';
      digests.push(secret.digest);
    }
  writeFileSync(file, JSON.stringify(fly));
});
afterAll(() => world.close());

const digests: string[] = [];

interface Finding {
  readonly name: string;
  readonly kind: string;
  readonly weight: string;
}

const runbook = (secrets: string, inputs = '{}'): string =>
  `---\nrunbook: 1\ntitle: Sol\ninputs: ${inputs}\nsecrets:\n${secrets.replace(/^/gm, '  ')}\nsteps:\n  - { id: later, manual: true }\n---\n\n### Later\n`;
const prod = (...names: readonly string[]): string =>
  `sol-prod:\n  compare-with: sol-staging\n  names:\n${names.map((name) => `    ${name}\n`).join('')}`.trimEnd();
const diff = (
  secrets: string,
  {
    files = {},
    inputs,
    argv = [],
    env = {},
  }: {
    readonly files?: Readonly<Record<string, string>>;
    readonly inputs?: string;
    readonly argv?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
  } = {},
) =>
  launch(projectOf({ 'runbooks/prod.md': runbook(secrets, inputs), ...files }), ['secrets', 'diff', ...argv], {
    ...world.aim,
    ...env,
  });
const findings = async (...given: Parameters<typeof diff>) => {
  const [secrets, more] = given;
  const ran = await diff(secrets, { ...more, argv: [...(more?.argv ?? []), '--json'] });
  expect(digests.filter((digest) => ran.stdout.includes(digest))).toEqual([]);
  const outcomes: readonly { readonly app: string; readonly findings: readonly Finding[] }[] = JSON.parse(ran.stdout);
  const told = outcomes.flatMap(({ app, findings: found }) =>
    found.map(({ name, kind, weight }) => `${app} ${weight} ${kind} ${name}`),
  );
  return { exit: ran.exit, told, stderr: ran.stderr };
};
const flyToml = (env: string, app = 'sol-prod'): Readonly<Record<string, string>> => ({
  'fly.toml': `app = '${app}'\n[env]\n${env}\n`,
});

type Given = Parameters<typeof diff>;
test.each<readonly [string, string, string, Given, Given, number]>([
  ['missing', 'wrong missing NEW_KEY', 'optional', [prod('NEW_KEY: {}')], [prod('NEW_KEY: { required: false }')], 1],
  [
    'set by a step',
    'wrong missing NEW_KEY',
    'it is set',
    [prod('NEW_KEY: { set-by: later }')],
    [prod('API_KEY: {}')],
    1,
  ],
  ['extra', 'look not-read EXTRA', 'declared', [prod('API_KEY: {}')], [prod('EXTRA: {}')], 0],
  [
    'secret and [env]',
    'look secret-and-env API_KEY',
    'of another app',
    [prod('API_KEY: {}'), { files: flyToml("API_KEY = 'x'") }],
    [prod('API_KEY: {}'), { files: flyToml("API_KEY = 'x'", 'sol-worker') }],
    0,
  ],
  [
    'configuration as a secret',
    'look config-as-secret LOG_LEVEL',
    'a secret',
    [prod('LOG_LEVEL: { secret: false }')],
    [prod('LOG_LEVEL: {}')],
    0,
  ],
  [
    'same as staging',
    'look same-as-other SHARED',
    'allowed',
    [prod('SHARED: {}')],
    [prod('SHARED: { same-as-staging: allow }')],
    0,
  ],
  [
    'looks like test',
    'look test-looking PAY_URL',
    'real',
    [prod('API_KEY: {}'), { files: flyToml("PAY_URL = 'sk_test_1234'") }],
    [prod('API_KEY: {}'), { files: flyToml("PAY_URL = 'https://pay.example.org'") }],
    0,
  ],
  [
    'must be absent',
    'wrong must-be-absent GONE',
    'is absent',
    [prod('GONE: { absent: true }')],
    [prod('NOT_HERE: { absent: true }')],
    1,
  ],
  [
    'must be absent, in [env]',
    'wrong must-be-absent NOT_HERE',
    'not there',
    [prod('NOT_HERE: { absent: true }'), { files: flyToml("NOT_HERE = 'x'") }],
    [prod('NOT_HERE: { absent: true }'), { files: flyToml("OTHER = 'x'") }],
    1,
  ],
  [
    'differs in [env]',
    'wrong differs-in-env PORT',
    'equal',
    [prod("PORT: { to: fly-env, secret: false, default: '80' }"), { files: flyToml("PORT = '8080'") }],
    [prod("PORT: { to: fly-env, secret: false, default: '80' }"), { files: flyToml('PORT = 80') }],
    1,
  ],
  [
    'required by the code',
    'wrong missing-for-code CODE_KEY',
    'its `when` does not hold',
    [prod('API_KEY: {}'), { files: { 'src/server.ts': 'use(process.env.CODE_KEY)' } }],
    [
      prod('CODE_KEY: { when: "${{ inputs.pay == \'yes\' }}" }'),
      { inputs: '{ pay: { default: "no" } }', files: { 'src/server.ts': 'use(process.env.CODE_KEY)' } },
    ],
    1,
  ],
  [
    'required by a script only',
    'look missing-for-code CODE_KEY',
    'by a test only',
    [prod('API_KEY: {}'), { files: { 'scripts/seed.ts': 'use(process.env.CODE_KEY)' } }],
    [prod('API_KEY: {}'), { files: { 'test/a.ts': 'use(process.env.CODE_KEY)' } }],
    0,
  ],
])('%s is found (%s); where it is not so (%s), it is not', async (_what, finding, _twin, found, twin, exit) => {
  const first = await findings(...found);
  expect([first.exit, first.told]).toEqual([exit, expect.arrayContaining([`sol-prod ${finding}`])]);
  const second = await findings(...twin);
  expect([second.exit, second.told]).toEqual([0, expect.not.arrayContaining([`sol-prod ${finding}`])]);
});

/** A fly that says another word of each list of secrets. */
function flySaying(name: string, change: string): Readonly<Record<string, string>> {
  const fly = join(outside, name);
  writeFileSync(
    fly,
    `#!/bin/sh\ncase "$*" in *secrets*list*) ${change};; *) exec '${world.aim.LAUNCH_FLY}' "$@";; esac\n`,
  );
  chmodSync(fly, 0o755);
  return { LAUNCH_FLY: fly };
}

test('what is staged and not deployed is found, and what is on some machines only; what is deployed is not', async () => {
  const as = (status: string) =>
    flySaying(`fly-${status}`, `'${world.aim.LAUNCH_FLY}' "$@" | sed 's/"Staged"/"${status}"/'`);
  expect((await findings(prod('API_KEY: {}'))).told).toContain('sol-prod look staged API_KEY');
  expect((await findings(prod('API_KEY: {}'), { env: as('Partial') })).told).toContain('sol-prod look staged API_KEY');
  const deployed = await findings(prod('API_KEY: {}'), { env: as('Deployed') });
  expect([deployed.exit, deployed.told]).toEqual([0, expect.not.arrayContaining(['sol-prod look staged API_KEY'])]);
});

test('of two apps in one runbook each is measured by its own names; what one of them forgot is still found', async () => {
  const secrets = `${prod('API_KEY: {}')}\nsol-worker:\n  names:\n    QUEUE_KEY: {}`;
  const files = { 'src/server.ts': 'use(process.env.API_KEY, process.env.QUEUE_KEY)' };
  const both = await findings(secrets, { files });
  expect([both.exit, both.told]).toEqual([
    0,
    expect.arrayContaining(['sol-prod look missing-for-code QUEUE_KEY', 'sol-worker look missing-for-code API_KEY']),
  ]);
  const forgot = await findings(`sol-staging:\n  names:\n    FORGOTTEN: {}\n${prod('API_KEY: {}')}`, {
    files: { 'src/server.ts': 'use(process.env.FORGOTTEN)' },
  });
  expect([forgot.exit, forgot.told]).toEqual([
    1,
    expect.arrayContaining(['sol-prod wrong missing-for-code FORGOTTEN']),
  ]);
});

test('one app that does not exist ends with 4, the other is shown; a missing name on it counts more', async () => {
  const nowhere = 'sol-nowhere:\n  names:\n    API_KEY: {}';
  const ran = await diff(`${prod('API_KEY: {}')}\n${nowhere}`);
  expect([ran.exit, ran.stdout, ran.stderr]).toEqual([
    4,
    expect.stringContaining('Nothing required is missing on sol-prod.'),
    expect.stringContaining('launch: the secrets of sol-nowhere cannot be read: there is no such app'),
  ]);
  expect((await diff(`${prod('NEW_KEY: {}')}\n${nowhere}`)).exit).toBe(1);
});

test('nobody logged in ends with 4 and the way to log in', async () => {
  const env = flySaying('fly-out', `echo 'Error: no access token available. Please login' >&2; exit 1`);
  const ran = await diff(prod('API_KEY: {}'), { env });
  expect([ran.exit, ran.stdout, ran.stderr]).toEqual([4, '', expect.stringContaining('fly auth login')]);
});

test.each([
  ['"${{ inputs.name }}":\n  names:\n    API_KEY: {}', 'the app ${{ inputs.name }} is not known'],
  [
    'sol-prod:\n  compare-with: ${{ inputs.name }}\n  names:\n    API_KEY: {}',
    'the app ${{ inputs.name }} is not known',
  ],
  [prod('API_KEY: { when: "${{ inputs.name == \'x\' }}" }'), 'whether API_KEY is needed is not known'],
  [prod('PORT: { to: fly-env, secret: false, default: "${{ inputs.name }}" }'), 'the value of PORT is not known'],
])('an input that is needed and has no value is wrong usage: %s', async (secrets, says) => {
  const inputs = '{ name: { description: A name } }';
  const ran = await diff(secrets, { inputs });
  expect([ran.exit, ran.stdout, ran.stderr]).toEqual([
    2,
    '',
    `launch: ${says}: inputs.name has no value\n  --input name=VALUE\n`,
  ]);
  expect((await diff(secrets, { inputs, argv: ['--input', 'name=sol-prod'] })).exit).not.toBe(2);
});

test.each([80, 50])(
  'at %i columns the tables of diff and scan fit the terminal; piped they stay whole',
  async (columns) => {
    const files = {
      'runbooks/prod.md': runbook(prod('A_RATHER_LONG_NAME_OF_A_KEY: {}')),
      'fly.production.toml': "app = 'sol-prod'\n[env]\nPORT = '8080'\n",
      'src/a/folder/with/a/long/name/server.ts': 'use(process.env.LOG_LEVEL ?? "a default that is not short at all")',
    };
    const cwd = projectOf(files);
    for (const [command, rows] of [
      ['diff', 9],
      ['scan', 3],
    ] as const) {
      const env = { ...world.aim, HOME: cwd, LAUNCHBOOK_CONFIG_DIR: join(cwd, '.config') };
      const pty = openPty({ file: process.execPath, args: [launchFile, 'secrets', command], cwd, env, columns });
      await pty.ended();
      const shown = pty.raw().split(/\r?\n/);
      expect(Math.max(...shown.map((line) => line.length))).toBeLessThanOrEqual(columns);
      expect(pty.raw()).toContain('A_RATHER_LONG_NAME');
      const piped = (await launch(cwd, ['secrets', command], world.aim)).stdout.split('\n');
      expect(piped.indexOf('')).toBe(rows + 1);
    }
  },
);

test('--json has for each app its sides, a row a name and the findings; nothing else', async () => {
  const ran = await diff(`${prod('API_KEY: {}')}\nsol-nowhere:\n  names:\n    API_KEY: {}`, {
    argv: ['--json'],
    files: flyToml("PORT = '8080'"),
  });
  const [first, second] = JSON.parse(ran.stdout);
  expect(first).toMatchObject({ app: 'sol-prod', other: 'sol-staging', envFile: 'fly.toml' });
  expect(Object.keys(first)).toEqual(['app', 'other', 'envFile', 'rows', 'findings']);
  expect(first.rows[0]).toEqual({ name: 'API_KEY', code: '', other: 'set', app: 'staged', env: '', runbook: 'secret' });
  expect(Object.keys(first.findings[0])).toEqual(['name', 'kind', 'weight', 'sentence', 'remedy']);
  expect(second).toEqual({
    app: 'sol-nowhere',
    rows: [],
    findings: [],
    unseen: expect.stringContaining('the secrets of sol-nowhere cannot be read'),
  });
  expect(ran.stdout).not.toContain('8080');
});
