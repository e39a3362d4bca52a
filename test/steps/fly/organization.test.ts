// `accounts: { fly: { org } }`: nothing is changed in an app of another organization, nor made there.
import { expect, test } from 'vitest';
import { app } from '../../../steps/fly/app.ts';
import { importSecrets } from '../../../steps/fly/client.ts';
import { ips } from '../../../steps/fly/ips.ts';
import { aStatus } from './answers.ts';
import { act, did, endings, flyWorld, json, saw } from './fake-fly.ts';

const name = 'solserver-prod';
const accounts = { fly: { org: 'sollabs' } };
const inOrg = (Slug: string) => saw(`status -a ${name} --json`, json({ ...aStatus([]), Organization: { Slug } }));
const none = saw(`ips list -a ${name} --json`, json([]));
const want = { app: name, v4: 'none' };

test('an app of another organization is left alone', async () => {
  expect(await act(ips, want, flyWorld([none, inOrg('other')], { accounts }))).toMatchObject({
    ended: 'failed',
    why: `nothing was changed: the app ${name} is in the organization other, and this run is for sollabs`,
  });
  expect(
    await importSecrets(name, 'A="""b"""\n', flyWorld([inOrg('other')], { accounts }).ports, { stage: true }),
  ).toMatchObject({ ended: 'failed' });
});

test('one of our own is changed', async () => {
  const world = flyWorld([none, inOrg('sollabs'), did(`ips allocate-v6 -a ${name}`, {})], { accounts });
  expect(await act(ips, want, world)).toEqual({ ended: 'ok' });
});

test('where the organization cannot be seen, nothing is changed', async () => {
  const world = flyWorld([none, saw(`status -a ${name} --json`, endings.network)], { accounts });
  expect(await act(ips, want, world)).toMatchObject({
    ended: 'failed',
    why: expect.stringContaining('nothing was changed'),
  });
});

test('no app is made in another organization than the run is for', async () => {
  const world = flyWorld([saw('apps list --json', json([]))], { accounts });
  expect(await act(app, { name, org: 'other' }, world)).toMatchObject({
    ended: 'failed',
    why: expect.stringContaining('other'),
  });
});
