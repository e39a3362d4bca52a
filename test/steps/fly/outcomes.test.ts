// What every kind that calls fly owes: no look without an answer says "so" or "not so", and no act with a lost reply says "failed".
import { describe, expect, test } from 'vitest';
import type { StepKind } from '../../../src/step.ts';
import type { Ended } from '../../../src/system/ports.ts';
import { app } from '../../../steps/fly/app.ts';
import { certificate } from '../../../steps/fly/certificate.ts';
import { certificateIssued } from '../../../steps/fly/certificate-issued.ts';
import { deploy } from '../../../steps/fly/deploy.ts';
import { health } from '../../../steps/fly/health.ts';
import { ips } from '../../../steps/fly/ips.ts';
import { logs } from '../../../steps/fly/logs.ts';
import { machines } from '../../../steps/fly/machines.ts';
import { postgres } from '../../../steps/fly/postgres.ts';
import { release } from '../../../steps/fly/release.ts';
import { scheduledMachine } from '../../../steps/fly/scheduled-machine.ts';
import { secretsApplied } from '../../../steps/fly/secrets-applied.ts';
import { token } from '../../../steps/fly/token.ts';
import { volume } from '../../../steps/fly/volume.ts';
import { aMachine } from './answers.ts';
import { act, did, endings, flyWorld, json, look, saw, says } from './fake-fly.ts';

const appName = 'solserver-prod';
const host = { app: appName, hostname: 'api.sollabs.com' };
const first = {
  apps: 'apps list --json',
  ips: `ips list -a ${appName} --json`,
  volumes: `volumes list -a ${appName} --json`,
  releases: `releases -a ${appName} --json`,
  status: `status -a ${appName} --json`,
  machines: `machine list -a ${appName} --json`,
  tokens: `tokens list -a ${appName}`,
  postgres: 'postgres list --json',
  clusters: 'mpg list --org sollabs --json',
  certs: `certs list -a ${appName} --json`,
  logs: `logs -a ${appName} --no-tail --json`,
  secrets: `secrets list -a ${appName} --json`,
};

interface Row {
  readonly kind: StepKind<never>;
  readonly want: unknown;
  /** The first thing it asks fly. */
  readonly asks: string;
  /** What that answers when there is nothing, and the command that then changes something. */
  readonly acts?: readonly [nothing: unknown, command: string];
}

const row = <W>(kind: StepKind<W>, want: unknown, asks: string, acts?: readonly [unknown, string]): Row => ({
  // The table holds kinds of many shapes; `want` is parsed by the kind itself before it is used.
  kind: kind as unknown as StepKind<never>,
  want,
  asks,
  acts,
});

const rows: readonly Row[] = [
  row(app, { name: appName }, first.apps, [[], `apps create ${appName} --json`]),
  row(ips, { app: appName }, first.ips, [[], `ips allocate-v6 -a ${appName}`]),
  row(volume, { app: appName, name: 'd', region: 'sjc' }, first.volumes, [
    [],
    `volumes create d -a ${appName} -r sjc -s 1 --yes --json`,
  ]),
  row(certificate, host, first.certs, [[], `certs add api.sollabs.com -a ${appName} --json`]),
  row(machines, { app: appName, count: 2 }, first.machines, [[aMachine()], `scale count app=2 -a ${appName} --yes`]),
  row(deploy, { app: appName, config: 'fly.toml' }, first.releases),
  row(health, { app: appName }, first.status),
  row(certificateIssued, host, first.certs),
  row(secretsApplied, { app: appName }, first.secrets),
  row(logs, { app: appName, contains: ['ready'], since: 'any' }, first.logs),
  row(logs, { app: appName, contains: ['ready'] }, first.releases),
  row(release, { app: appName, config: 'fly.toml' }, first.releases),
  row(
    scheduledMachine,
    { app: appName, name: 'nightly', image: 'curl:8', schedule: 'daily', region: 'sjc' },
    first.machines,
    [[], `machine run -a ${appName} --name nightly --schedule daily --region sjc curl:8`],
  ),
];

const blind = [
  'notLoggedIn',
  'rejected',
  'noRight',
  'serverError',
  'network',
  'replyLost',
  'rateLimit',
  'cancelled',
  'deadline',
  'panic',
  'killed',
  'missing',
] as const;
const lost = [
  'serverError',
  'network',
  'replyLost',
  'rateLimit',
  'cancelled',
  'deadline',
  'panic',
  'timedOut',
  'killed',
] as const;
const refused = ['notLoggedIn', 'rejected', 'noRight', 'noApp', 'missing'] as const;

const elsewhere: readonly Row[] = [
  row(token, { app: appName, name: 'ci' }, first.tokens),
  row(postgres, { name: 'db', attach: { app: appName } }, first.postgres),
  row(postgres, { name: 'db', managed: true, org: 'sollabs', attach: { app: appName } }, first.clusters),
];

describe.each([...rows, ...elsewhere])('$kind.name', ({ kind, want, asks }) => {
  test.each(blind)('a look that ends with %s is unknown, and says why', async (ending) => {
    const answer = await look(kind, want, flyWorld([saw(asks, endings[ending])]));
    expect(answer).toMatchObject({ is: 'unknown', why: expect.stringMatching(/.{10}/) });
  });

  test('not being logged in says how to log in', async () => {
    const answer = await look(kind, want, flyWorld([saw(asks, endings.notLoggedIn)]));
    expect(answer).toMatchObject({ hint: expect.stringContaining('fly auth login') });
  });
});

describe.each(rows.filter(({ asks }) => asks !== first.apps))('$kind.name', ({ kind, want, asks }) => {
  test('an app that is not there is not so, and who is logged in is asked', async () => {
    expect(await look(kind, want, flyWorld([saw(asks, endings.noApp)]))).toMatchObject({
      is: 'not-so',
      seen: `there is no app ${appName} that this login can see`,
      hint: expect.stringContaining('fly auth whoami'),
    });
  });
});

describe.each(rows.filter(({ asks }) => asks !== first.logs))('$kind.name', ({ kind, want, asks }) => {
  test('output that is no JSON is unknown', async () => {
    expect(await look(kind, want, flyWorld([saw(asks, { stdout: 'Usage: fly …\n' })]))).toMatchObject({
      is: 'unknown',
    });
  });
});

const acting = rows.flatMap(({ acts, ...rest }) => (acts ? [{ ...rest, nothing: acts[0], command: acts[1] }] : []));

describe.each(acting)('$kind.name', ({ kind, want, asks, nothing, command }) => {
  const ending = (gives: Partial<Ended>) => act(kind, want, flyWorld([saw(asks, json(nothing)), did(command, gives)]));

  test('nothing is changed when the look before it fails', async () => {
    const answer = await act(kind, want, flyWorld([saw(asks, endings.network)]));
    expect(answer).toMatchObject({ ended: 'failed', why: expect.stringContaining('nothing was changed') });
  });

  test.each(lost)('an act that ends with %s is unclear', async (name) => {
    expect(await ending(endings[name])).toMatchObject({ ended: 'unclear', why: expect.stringMatching(/.{10}/) });
  });

  test.each(refused)('an act that ends with %s has failed', async (name) => {
    expect(await ending(endings[name])).toMatchObject({ ended: 'failed', hint: expect.stringMatching(/.{10}/) });
  });

  test('a message nobody knows is unclear, not failed', async () => {
    const answer = await ending(says('Error: a message of next year (Request ID: 01ABC-sjc)\n'));
    expect(answer).toEqual({ ended: 'unclear', why: 'fly: a message of next year' });
  });
});

const deployCommand = `deploy -a ${appName} -c /project/fly.toml --ha=true --deploy-retries=1`;
test.each(lost)('a deploy that ends with %s is unclear', async (ending) => {
  const world = flyWorld([did(deployCommand, endings[ending])], { files: { 'fly.toml': '' } });
  expect(await act(deploy, { app: appName, config: 'fly.toml' }, world)).toMatchObject({ ended: 'unclear' });
});
