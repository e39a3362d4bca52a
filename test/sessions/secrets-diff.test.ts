// `launch secrets diff` whole: each finding with a twin that is none, apps that cannot be read, inputs that are missing, exit codes, nothing of a value.
import { chmodSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRehearsal, type Rehearsal } from '../../src/rehearsal/world.ts';
import { launch, projectOf } from './launching.ts';

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
    for (const secret of secrets) if (secret.name === 'SHARED') secret.digest = DIGEST;
  writeFileSync(file, JSON.stringify(fly));
});
afterAll(() => world.close());

const DIGEST = '0123456789abcdef';

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
  expect(ran.stdout).not.toContain(DIGEST);
  const outcomes: readonly { readonly app: string; readonly findings: readonly Finding[] }[] = JSON.parse(ran.stdout);
  const told = outcomes.flatMap(({ app, findings: found }) =>
    found.map(({ name, kind, weight }) => `${app} ${weight} ${kind} ${name}`),
  );
  return { exit: ran.exit, told, stderr: ran.stderr };
};
const flyToml = (env: string, app = 'sol-prod'): Readonly<Record<string, string>> => ({
  'fly.toml': `app = '${app}'\n[env]\n${env}\n`,
});

test.each<readonly [string, string, Parameters<typeof diff>, string, Parameters<typeof diff>, number]>([
  ['missing', 'wrong missing NEW_KEY', [prod('NEW_KEY: {}')], 'optional', [prod('NEW_KEY: { required: false }')], 1],
  ['set by a step', 'wrong missing NEW_KEY', [prod('NEW_KEY: { set-by: later }')], 'set', [prod('API_KEY: {}')], 1],
  ['extra', 'look not-read EXTRA', [prod('API_KEY: {}')], 'declared', [prod('EXTRA: {}')], 0],
  ['staged', 'look staged API_KEY', [prod('API_KEY: {}')], 'not there', [prod('NOT_HERE: { required: false }')], 0],
  [
    'secret and [env]',
    'look secret-and-env API_KEY',
    [prod('API_KEY: {}'), { files: flyToml("API_KEY = 'x'") }],
    'of another app',
    [prod('API_KEY: {}'), { files: flyToml("API_KEY = 'x'", 'sol-worker') }],
    0,
  ],
  [
    'configuration as a secret',
    'look config-as-secret LOG_LEVEL',
    [prod('LOG_LEVEL: { secret: false }')],
    'a secret',
    [prod('LOG_LEVEL: {}')],
    0,
  ],
  [
    'same as staging',
    'look same-as-other SHARED',
    [prod('SHARED: {}')],
    'allowed',
    [prod('SHARED: { same-as-staging: allow }')],
    0,
  ],
  [
    'looks like test',
    'look test-looking PAY_URL',
    [prod('API_KEY: {}'), { files: flyToml("PAY_URL = 'sk_test_1234'") }],
    'real',
    [prod('API_KEY: {}'), { files: flyToml("PAY_URL = 'https://pay.example.org'") }],
    0,
  ],
  [
    'must be absent',
    'wrong must-be-absent GONE',
    [prod('GONE: { absent: true }')],
    'is absent',
    [prod('NOT_HERE: { absent: true }')],
    1,
  ],
  [
    'must be absent, in [env]',
    'wrong must-be-absent NOT_HERE',
    [prod('NOT_HERE: { absent: true }'), { files: flyToml("NOT_HERE = 'x'") }],
    'not there',
    [prod('NOT_HERE: { absent: true }'), { files: flyToml("OTHER = 'x'") }],
    1,
  ],
  [
    'differs in [env]',
    'wrong differs-in-env PORT',
    [prod("PORT: { to: fly-env, secret: false, default: '80' }"), { files: flyToml("PORT = '8080'") }],
    'equal',
    [prod("PORT: { to: fly-env, secret: false, default: '80' }"), { files: flyToml('PORT = 80') }],
    1,
  ],
  [
    'required by the code',
    'wrong missing-for-code CODE_KEY',
    [prod('API_KEY: {}'), { files: { 'src/server.ts': 'use(process.env.CODE_KEY)' } }],
    'its `when` does not hold',
    [
      prod('CODE_KEY: { when: "${{ inputs.pay == \'yes\' }}" }'),
      { inputs: '{ pay: { default: "no" } }', files: { 'src/server.ts': 'use(process.env.CODE_KEY)' } },
    ],
    1,
  ],
  [
    'required by a script only',
    'look missing-for-code CODE_KEY',
    [prod('API_KEY: {}'), { files: { 'scripts/seed.ts': 'use(process.env.CODE_KEY)' } }],
    'by a test only',
    [prod('API_KEY: {}'), { files: { 'test/a.ts': 'use(process.env.CODE_KEY)' } }],
    0,
  ],
])('%s is found (%s); where it is not so (%#), it is not', async (_what, finding, found, _twin, twin, exit) => {
  const first = await findings(...found);
  expect([first.exit, first.told]).toEqual([exit, expect.arrayContaining([`sol-prod ${finding}`])]);
  const second = await findings(...twin);
  expect([second.exit, second.told]).toEqual([0, expect.not.arrayContaining([`sol-prod ${finding}`])]);
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
  const fly = join(outside, 'fly-out');
  writeFileSync(
    fly,
    `#!/bin/sh\ncase "$*" in *secrets*list*) echo 'Error: no access token available. Please login with '"'flyctl auth login'" >&2; exit 1;; esac\nexec '${world.aim.LAUNCH_FLY}' "$@"\n`,
  );
  chmodSync(fly, 0o755);
  const ran = await diff(prod('API_KEY: {}'), { env: { LAUNCH_FLY: fly } });
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
