import { expect, test } from 'vitest';
import { flyLogin, flyTool, importSecrets, listSecrets } from '../../../steps/fly/client.ts';
import { did, endings, flyWorld, json, saw, says } from './fake-fly.ts';

const who = saw('auth whoami --json', json({ email: 'jam@sollabs.com' }));
const orgs = saw('orgs list --json', json({ personal: 'Jam', sollabs: 'Sol Labs' }));
const list = 'secrets list -a solserver-prod --json';

test('fly is called where no fly.toml is, with its noise off and nothing that aims it elsewhere', async () => {
  const world = flyWorld([who]);
  await flyLogin.check({}, world.ports);
  expect(world.asked[0]).toEqual({
    argv: ['fly', 'auth', 'whoami', '--json'],
    options: {
      cwd: '/',
      timeout: 60_000,
      env: {
        FLY_NO_UPDATE_CHECK: '1',
        FLY_NO_INCIDENTS_CHECK: '1',
        FLY_SEND_METRICS: '0',
        FLY_SYNTHETICS_AGENT: '0',
        NO_COLOR: '1',
        LOG_LEVEL: 'error',
        FLY_APP: undefined,
        FLY_ORG: undefined,
        FLY_ORGANIZATION: undefined,
        FLY_REGION: undefined,
        FLY_JSON: undefined,
        CLICOLOR_FORCE: undefined,
        FLY_GHA_ERROR_ANNOTATION: undefined,
      },
    },
  });
});

test('the version that is needed says why', () => {
  expect(flyTool.atLeast).toEqual({ version: '0.4.56', why: expect.stringContaining('secrets import') });
});

test('a login says as whom, and in which organization', async () => {
  expect(await flyLogin.check({}, flyWorld([who]).ports)).toEqual({
    is: 'so',
    seen: 'logged in to Fly as jam@sollabs.com',
  });
  expect(await flyLogin.check({ org: 'sollabs' }, flyWorld([who, orgs]).ports)).toEqual({
    is: 'so',
    seen: 'logged in to Fly as jam@sollabs.com, organization sollabs (Sol Labs)',
  });
});

test('a wrong account or organization is not so', async () => {
  expect(await flyLogin.check({ email: 'ann@sollabs.com' }, flyWorld([who]).ports)).toMatchObject({
    is: 'not-so',
    seen: 'logged in as jam@sollabs.com',
  });
  expect(await flyLogin.check({ org: 'acme' }, flyWorld([who, orgs]).ports)).toMatchObject({
    is: 'not-so',
    seen: 'jam@sollabs.com sees personal, sollabs',
  });
});

test('no login is not so and says how; no network is unknown', async () => {
  expect(await flyLogin.check({}, flyWorld([saw('auth whoami --json', endings.notLoggedIn)]).ports)).toMatchObject({
    is: 'not-so',
    expected: 'a login that Fly accepts',
    hint: expect.stringContaining('fly auth login'),
  });
  expect(await flyLogin.check({}, flyWorld([saw('auth whoami --json', endings.network)]).ports)).toMatchObject({
    is: 'unknown',
  });
  expect(await flyLogin.check({}, flyWorld([saw('auth whoami --json', endings.missing)]).ports)).toMatchObject({
    is: 'unknown',
    hint: expect.stringContaining('install'),
  });
});

test.each([
  [
    'since 0.4.6',
    [{ name: 'A', digest: '0f1e2d3c4b5a6978', status: 'Staged' }],
    { name: 'A', digest: '0f1e2d3c4b5a6978', status: 'Staged' },
  ],
  ['with more than 100 machines', [{ name: 'A', digest: '' }], { name: 'A', digest: '', status: undefined }],
  [
    'before 0.3.178',
    [{ Name: 'A', Digest: '0f1e', CreatedAt: '2025-01-01T00:00:00Z' }],
    { name: 'A', digest: '0f1e', status: undefined },
  ],
])('secrets are listed in the shape of fly %s', async (_, printed, secret) => {
  expect(await listSecrets('solserver-prod', flyWorld([saw(list, json(printed))]).ports)).toEqual({
    ok: true,
    value: [secret],
  });
});

test('an empty list of secrets is a list', async () => {
  expect(await listSecrets('solserver-prod', flyWorld([saw(list, json([]))]).ports)).toEqual({ ok: true, value: [] });
  expect(await listSecrets('solserver-prod', flyWorld([saw(list, endings.noApp)]).ports)).toMatchObject({
    ok: false,
    problem: { sort: 'no-app' },
  });
});

test('secrets are sent by stdin, never as arguments, and staged', async () => {
  const world = flyWorld([
    did('secrets import --stage -a solserver-prod', {
      stdout: 'Secrets have been staged, but not set on VMs. Deploy …\n',
    }),
  ]);
  expect(await importSecrets('solserver-prod', 'A="""canary-value"""\n', world.ports, { stage: true })).toEqual({
    ended: 'ok',
  });
  expect(world.asked[0]?.options.stdin).toBe('A="""canary-value"""\n');
});

test('exit 0 without the word that they are staged is unclear', async () => {
  const world = flyWorld([did('secrets import --stage -a solserver-prod', { stdout: 'Manage application secrets\n' })]);
  expect(await importSecrets('solserver-prod', 'A="""canary-value"""\n', world.ports, { stage: true })).toMatchObject({
    ended: 'unclear',
  });
});

test.each([
  [
    'a malformed line',
    says(
      "Error: Failed to parse secrets from stdin: 'canary-value': Secrets must be provided as NAME=VALUE pairs (canary-value)\n",
    ),
    'failed',
  ],
  ['a bad name', says('Error: update secrets: canary-value is not a valid secret name\n'), 'failed'],
  ['a crash', { exit: 3, stderr: 'panic: A=canary-value' }, 'unclear'],
  ['a lost reply', endings.replyLost, 'unclear'],
  [
    'a server error',
    says('Error: update secrets: server returned a non-200 status code: 502\nA=canary-value\n'),
    'unclear',
  ],
  ['no such app', endings.noApp, 'failed'],
  ['no login', endings.notLoggedIn, 'failed'],
])('%s never shows what was sent', async (_, gives, ended) => {
  const answer = await importSecrets(
    'solserver-prod',
    'canary-value',
    flyWorld([did('secrets import --stage -a solserver-prod', gives)]).ports,
    { stage: true },
  );
  expect(answer.ended).toBe(ended);
  expect(JSON.stringify(answer)).not.toContain('canary-value');
});
