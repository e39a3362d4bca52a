import { expect, test } from 'vitest';
import { machines } from '../../../steps/fly/machines.ts';
import { aLostMachine, aMachine, aManualMachine } from './answers.ts';
import { act, did, flyWorld, json, look, saw, says } from './fake-fly.ts';

const app = 'solserver-prod';
const status = (...list: unknown[]) => saw(`machine list -a ${app} --json`, json(list));
const web = (id: string, region = 'sjc') => aMachine({ id, group: 'web', region });
const worker = (id: string) => aMachine({ id, group: 'worker' });

test('exactly the number asked for is so, more or fewer is not', async () => {
  expect(await look(machines, { app, count: 1 }, flyWorld([status(aMachine())]))).toEqual({
    is: 'so',
    seen: 'machines of solserver-prod: app 1',
  });
  expect(await look(machines, { app, count: 1 }, flyWorld([status(aMachine(), aMachine({ id: 'b' }))]))).toMatchObject({
    is: 'not-so',
    seen: 'machines of solserver-prod: app 2',
  });
  expect(await look(machines, { app, count: 2 }, flyWorld([status()]))).toMatchObject({ is: 'not-so' });
});

test('groups are counted each for itself, in the region where one is given', async () => {
  const groups = { web: 2, worker: 1 };
  expect(await look(machines, { app, groups }, flyWorld([status(web('a'), web('b'), worker('c'))]))).toMatchObject({
    is: 'so',
  });
  const away = [status(web('a'), web('b', 'lax'), worker('c'))];
  expect(await look(machines, { app, groups, region: 'sjc' }, flyWorld(away))).toMatchObject({
    is: 'not-so',
    seen: 'machines of solserver-prod in sjc: web 1, worker 1',
  });
});

test('a bare count on an app with several groups cannot be meant', async () => {
  const two = status(web('a'), worker('b'));
  expect(await look(machines, { app, count: 2 }, flyWorld([two]))).toMatchObject({
    is: 'not-so',
    final: true,
    hint: expect.stringContaining('groups:'),
  });
  expect(await act(machines, { app, count: 2 }, flyWorld([two]))).toMatchObject({ ended: 'failed' });
});

test('a machine whose host is silent leaves it unknown', async () => {
  expect(await look(machines, { app, count: 1 }, flyWorld([status(aLostMachine('x'))]))).toMatchObject({
    is: 'unknown',
  });
});

test('the act scales with absolute numbers, only when needed', async () => {
  expect(
    await act(
      machines,
      { app, count: 1 },
      flyWorld([status(web('a'), web('b')), did(`scale count web=1 -a ${app} --yes`, {})]),
    ),
  ).toEqual({ ended: 'ok' });
  expect(
    await act(
      machines,
      { app, groups: { web: 2 }, region: 'sjc' },
      flyWorld([status(web('a')), did(`scale count web=2 -a ${app} -r sjc --yes`, {})]),
    ),
  ).toEqual({ ended: 'ok' });
  expect(await act(machines, { app, count: 1 }, flyWorld([status(web('a'))]))).toMatchObject({
    ended: 'ok',
    seen: 'machines of solserver-prod: web 1',
  });
});

test('an app that was never deployed cannot be scaled', async () => {
  const world = flyWorld([
    status(),
    did(`scale count app=1 -a ${app} --yes`, says('Error: solserver-prod has no complete releases\n')),
  ]);
  expect(await act(machines, { app, count: 1 }, world)).toMatchObject({ ended: 'failed', hint: 'deploy it first' });
});

test('a machine with a schedule is not counted, one that nobody manages is warned of', async () => {
  const nightly = aManualMachine({ name: 'nightly', schedule: 'daily' });
  expect(await look(machines, { app, count: 1 }, flyWorld([status(aMachine(), nightly)]))).toEqual({
    is: 'so',
    seen: 'machines of solserver-prod: app 1 (and with a schedule, not counted: nightly (9185000000000b))',
  });
  const stray = aManualMachine({ name: 'test' });
  expect(await look(machines, { app, count: 1 }, flyWorld([status(aMachine(), stray)]))).toMatchObject({
    is: 'so',
    warning: 'also there, outside of deploys: test (9185000000000b); they keep their old image and secrets',
  });
});

const meminfo = (available: number) =>
  `MemTotal:         262144 kB\nMemFree:           10000 kB\nMemAvailable:   ${available} kB\n`;
const asked = (stdout: string) => saw(`machine exec 148e000000000a cat /proc/meminfo -a ${app}`, { stdout });

test('memory in use is asked in each started machine, and too much is nothing to scale', async () => {
  const want = { app, count: 1, 'memory-below': 200 };
  expect(await look(machines, want, flyWorld([status(aMachine()), asked(meminfo(163840))]))).toMatchObject({
    is: 'so',
    seen: 'machines of solserver-prod: app 1; 148e000000000a uses 96 of 256 MB',
  });
  expect(await look(machines, want, flyWorld([status(aMachine()), asked(meminfo(20480))]))).toMatchObject({
    is: 'not-so',
    seen: '148e000000000a uses 236 of 256 MB',
    final: true,
  });
  expect(await act(machines, want, flyWorld([status(aMachine())]))).toMatchObject({ ended: 'ok' });
  expect(await look(machines, want, flyWorld([status(aMachine()), asked('Exit code: 1\n')]))).toMatchObject({
    is: 'unknown',
  });
});

test('either count or groups', () => {
  expect(machines.with.safeParse({ app }).success).toBe(false);
  expect(machines.with.safeParse({ app, count: 1, groups: { app: 1 } }).success).toBe(false);
});
