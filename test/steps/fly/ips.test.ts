import { expect, test } from 'vitest';
import { ips } from '../../../steps/fly/ips.ts';
import { aListedCertificate, anIp } from './answers.ts';
import { act, did, endings, flyWorld, gone, json, look, saw, undo } from './fake-fly.ts';

const want = { app: 'solserver-prod' };
const list = (...addresses: unknown[]) => saw('ips list -a solserver-prod --json', json(addresses));
const v6 = anIp('v6', '2001:db8::10');
const shared = anIp('shared_v4', '66.241.124.10');
const dedicated = anIp('v4', '203.0.113.10');
const flycast = anIp('private_v6', 'fdaa::1');

test('a public IPv6 and a shared IPv4 address are so', async () => {
  expect(await look(ips, want, flyWorld([list(v6, shared)]))).toEqual({
    is: 'so',
    seen: 'solserver-prod has 2001:db8::10 (v6), 66.241.124.10 (shared_v4)',
    outputs: { v4: '66.241.124.10', v6: '2001:db8::10' },
  });
});

test('a dedicated address serves where a shared one is asked for, with a word about its price', async () => {
  const answer = await look(ips, want, flyWorld([list(v6, dedicated)]));
  expect(answer).toMatchObject({
    is: 'so',
    outputs: { v4: '203.0.113.10' },
    warning: expect.stringContaining('US$2 a month'),
  });
});

test('a shared address does not serve where a dedicated one is asked for', async () => {
  expect(await look(ips, { ...want, v4: 'dedicated' }, flyWorld([list(v6, shared)]))).toMatchObject({ is: 'not-so' });
});

test('a private address is no public one', async () => {
  expect(await look(ips, { ...want, v4: 'none' }, flyWorld([list(flycast)]))).toMatchObject({
    is: 'not-so',
    seen: 'solserver-prod has fdaa::1 (private_v6)',
  });
});

test('the act allocates only what is missing', async () => {
  const both = flyWorld([
    list(),
    did('ips allocate-v6 -a solserver-prod', {}),
    did('ips allocate-v4 --shared -a solserver-prod', {}),
  ]);
  expect(await act(ips, want, both)).toEqual({ ended: 'ok' });
  expect(await act(ips, want, flyWorld([list(v6), did('ips allocate-v4 --shared -a solserver-prod', {})]))).toEqual({
    ended: 'ok',
  });
  expect(
    await act(
      ips,
      { ...want, v4: 'dedicated' },
      flyWorld([list(v6), did('ips allocate-v4 --yes -a solserver-prod', {})]),
    ),
  ).toEqual({ ended: 'ok' });
  expect(await act(ips, want, flyWorld([list(v6, shared)]))).toEqual({ ended: 'ok' });
});

test('after a lost reply nothing more is allocated', async () => {
  const world = flyWorld([list(), did('ips allocate-v6 -a solserver-prod', endings.replyLost)]);
  expect(await act(ips, want, world)).toMatchObject({ ended: 'unclear' });
});

test.each([
  [{ v6: true, v4: 'shared' }, 'solserver-prod'],
  [{ v6: false, v4: 'dedicated' }, 'solserver-prod'],
  [{ v6: false, v4: 'none', private: true }, 'solserver-prod'],
  [{ v6: false, v4: 'shared' }, undefined],
])('before %j is taken back, what is lost for good is typed: %s', (given, name) => {
  expect(ips.undo?.loses?.(ips.with.parse({ app: 'solserver-prod', ...given }))).toBe(name);
});

test('taking them back releases the addresses of the outputs that are still there', async () => {
  const outputs = { v4: '66.241.124.10', v6: '2001:db8::10' };
  const world = flyWorld([
    list(v6),
    did('ips release 2001:db8::10 -a solserver-prod', { stdout: 'Released 2001:db8::10 from solserver-prod\n' }),
  ]);
  expect(await undo(ips, want, world, outputs)).toEqual({ ended: 'ok', seen: 'released 2001:db8::10' });
  expect(await gone(ips, want, flyWorld([list(flycast)]))).toMatchObject({ is: 'so' });
  expect(await gone(ips, want, flyWorld([list(v6)]))).toMatchObject({
    is: 'not-so',
    seen: 'solserver-prod has 2001:db8::10',
  });
  expect(await gone(ips, want, flyWorld([saw('ips list -a solserver-prod --json', endings.noApp)]))).toMatchObject({
    is: 'so',
  });
});

const privateOnly = { ...want, v4: 'none', v6: false, private: true, 'release-public': true };

test('a private app: its address first, then each public one is released, and said', async () => {
  const world = flyWorld([
    list(shared),
    did(`ips allocate-v6 --private -a ${want.app}`, {}),
    saw(`certs list -a ${want.app} --json`, json([])),
    did(`ips release 66.241.124.10 -a ${want.app}`, {}),
  ]);
  expect(await act(ips, privateOnly, world)).toEqual({ ended: 'ok', seen: 'released 66.241.124.10' });
  expect(world.told).toEqual([`releasing 66.241.124.10 of ${want.app}`]);
  expect(await look(ips, privateOnly, flyWorld([list(flycast)]))).toMatchObject({
    is: 'so',
    outputs: { private: 'fdaa::1' },
  });
});

test('no address is released while a certificate would go dark', async () => {
  const world = flyWorld([
    list(flycast, shared),
    saw(`certs list -a ${want.app} --json`, json([aListedCertificate('api.example.com')])),
  ]);
  expect(await act(ips, privateOnly, world)).toMatchObject({
    ended: 'failed',
    why: expect.stringContaining('certificate for api.example.com'),
  });
});

test('public and private together are said to be both, and releasing what is asked for is a mistake', async () => {
  expect(
    await look(ips, { ...want, private: true }, flyWorld([list(flycast, shared, anIp('v6', '2a09::1'))])),
  ).toMatchObject({
    is: 'so',
    warning: expect.stringContaining('also reached from the internet'),
  });
  expect(ips.with.safeParse({ ...want, 'release-public': true }).success).toBe(false);
});
