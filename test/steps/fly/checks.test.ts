// The kinds that only look: health, secrets-applied, logs.
import { expect, test } from 'vitest';
import { health } from '../../../steps/fly/health.ts';
import { logs } from '../../../steps/fly/logs.ts';
import { secretsApplied } from '../../../steps/fly/secrets-applied.ts';
import { aMachine, aRelease, aStatus } from './answers.ts';
import { flyWorld, json, look, noisy, saw } from './fake-fly.ts';

const app = 'solserver-prod';
const status = (...machines: unknown[]) => saw(`status -a ${app} --json`, json(aStatus(machines)));
const secrets = (...list: unknown[]) => saw(`secrets list -a ${app} --json`, json(list));
const secret = (name: string, state?: string) => ({
  name,
  digest: '0f1e2d3c4b5a6978',
  ...(state && { status: state }),
});

test('machines that run with passing checks are healthy', async () => {
  expect(await look(health, { app }, flyWorld([status(aMachine(), aMachine({ id: 'b' }))]))).toEqual({
    is: 'so',
    seen: '2 machines: 2 started, 2 checks passing',
  });
});

test('without a configured check only that they run is known', async () => {
  expect(await look(health, { app }, flyWorld([status(aMachine({ checked: false }))]))).toMatchObject({
    is: 'so',
    warning: expect.stringContaining('no health check is configured'),
  });
});

test('one machine of two with a failing check is not healthy', async () => {
  const sick = aMachine({ id: 'b', checks: [{ name: 'http', status: 'warning', output: '' }] });
  expect(await look(health, { app }, flyWorld([status(aMachine(), sick)]))).toMatchObject({
    is: 'not-so',
    seen: 'app b (sjc): check http is warning',
  });
});

test('no machine is not healthy', async () => {
  expect(await look(health, { app }, flyWorld([status()]))).toMatchObject({
    is: 'not-so',
    seen: 'solserver-prod has no machine',
  });
});

test('secrets that are all Deployed are so', async () => {
  expect(
    await look(
      secretsApplied,
      { app, names: ['A'] },
      flyWorld([secrets(secret('A', 'Deployed'), secret('B', 'Staged'))]),
    ),
  ).toEqual({ is: 'so', seen: 'Deployed: A' });
});

test('staged, partly deployed and missing secrets are not so, each by name', async () => {
  const world = flyWorld([secrets(secret('A', 'Staged'), secret('B', 'Partial'))]);
  expect(await look(secretsApplied, { app, names: ['A', 'B', 'C'] }, world)).toMatchObject({
    is: 'not-so',
    seen: 'C is not set, A is Staged, B is Partial',
    hint: expect.stringContaining('fly secrets deploy -a solserver-prod'),
  });
});

test('without names: what the runbook declares as required, and all that is set', async () => {
  const declared = [
    { name: 'A' },
    { name: 'OPTIONAL', required: false },
    { name: 'CONFIG', to: 'fly-env' as const },
    { name: 'GONE', absent: true },
  ];
  const world = flyWorld([secrets(secret('EXTRA', 'Staged'))], { declared });
  expect(await look(secretsApplied, { app }, world)).toMatchObject({
    is: 'not-so',
    seen: 'A is not set, EXTRA is Staged',
  });
});

test('a status that fly does not tell is unknown', async () => {
  expect(await look(secretsApplied, { app, names: ['A'] }, flyWorld([secrets(secret('A'))]))).toMatchObject({
    is: 'unknown',
  });
  expect(await look(secretsApplied, { app, names: ['A'] }, flyWorld([secrets(secret('A', 'Unknown'))]))).toMatchObject({
    is: 'unknown',
  });
});

const line = (message: string) =>
  `${JSON.stringify({ level: 'info', instance: '148e', message, region: 'sjc', timestamp: '2026-11-22T23:00:00Z', meta: { Event: { Provider: 'app' } } }, null, 4)}\n`;
const deployed = saw(`releases -a ${app} --json`, json([aRelease(12), aRelease(11)]));
const printed = (stdout: string, more = {}) => saw(`logs -a ${app} --no-tail --json`, { stdout, ...more });

test('log lines are pretty-printed objects one after another', async () => {
  const world = flyWorld([deployed, printed(line('listening on 8080') + line('worker ready'))]);
  expect(await look(logs, { app, contains: ['worker ready', 'listening'] }, world)).toEqual({
    is: 'so',
    seen: '2 lines hold "worker ready", "listening"',
  });
  expect(world.asked[1]?.options.timeout).toBe(20_000);
});

test('noise around log lines is passed over', async () => {
  const { stdout } = noisy({ stdout: line('worker ready') });
  expect(
    await look(logs, { app, contains: ['worker ready'] }, flyWorld([deployed, printed(stdout ?? '')])),
  ).toMatchObject({
    is: 'so',
  });
});

test('a text that must not be there is shown with its line', async () => {
  const world = flyWorld([deployed, printed(line('ok') + line('SQLITE_READONLY: attempt to write'))]);
  expect(await look(logs, { app, 'not-contains': ['SQLITE_READONLY'] }, world)).toMatchObject({
    is: 'not-so',
    seen: 'a line says: SQLITE_READONLY: attempt to write',
  });
});

test('without any line fly hangs: ended by the deadline, what is missing is missing and what must not be there is unknown', async () => {
  const hung = { exit: null, signal: 'SIGTERM', timedOut: true };
  expect(await look(logs, { app, contains: ['ready'] }, flyWorld([deployed, printed('', hung)]))).toMatchObject({
    is: 'not-so',
    seen: '0 lines, none with "ready"',
  });
  expect(await look(logs, { app, 'not-contains': ['panic'] }, flyWorld([deployed, printed('', hung)]))).toMatchObject({
    is: 'unknown',
  });
});

test('lines from before the last deploy do not count, unless they are asked for', async () => {
  const old = line('worker ready').replace('2026-11-22T23', '2026-11-22T19');
  const missing = await look(logs, { app, contains: ['worker ready'] }, flyWorld([deployed, printed(old)]));
  expect(missing).toMatchObject({
    is: 'not-so',
    seen: '0 lines (and 1 from before the deploy), none with "worker ready"',
  });
  expect(await look(logs, { app, contains: ['worker ready'], since: 'any' }, flyWorld([printed(old)]))).toMatchObject({
    is: 'so',
  });
});

test('structured lines: what the program writes is JSON, what Fly says while a machine boots does not count', async () => {
  const boot = line(' INFO Starting init (commit: 81b3b97)') + line('[    0.048] PCI: Fatal: No config space access');
  const good = line('{"level":30,"msg":"listening"}');
  expect(await look(logs, { app, json: true }, flyWorld([deployed, printed(boot + good)]))).toMatchObject({ is: 'so' });
  expect(
    await look(logs, { app, json: true }, flyWorld([deployed, printed(good + line('prisma:warn'))])),
  ).toMatchObject({
    is: 'not-so',
    seen: 'a line is no JSON object: prisma:warn',
  });
  expect(await look(logs, { app, json: true }, flyWorld([deployed, printed(boot)]))).toMatchObject({ is: 'unknown' });
});
