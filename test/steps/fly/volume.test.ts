import { expect, test } from 'vitest';
import { volume } from '../../../steps/fly/volume.ts';
import { aVolume } from './answers.ts';
import { act, did, endings, flyWorld, gone, json, look, saw, undo } from './fake-fly.ts';

const want = { app: 'solserver-prod', name: 'solserver_data', region: 'sjc', size: 3 };
const list = (...volumes: unknown[]) => saw('volumes list -a solserver-prod --json', json(volumes));
const create = 'volumes create solserver_data -a solserver-prod -r sjc -s 3 --yes --json';
const elsewhere = [aVolume('vol_lax', { region: 'lax' }), aVolume('vol_cache', { name: 'cache' })];

test('a volume of that name in that region is so', async () => {
  expect(await look(volume, want, flyWorld([list(...elsewhere, aVolume('vol_1'))]))).toEqual({
    is: 'so',
    seen: 'solserver-prod has vol_1 (solserver_data, 3 GB, sjc)',
    outputs: { id: 'vol_1' },
  });
});

test('the same name in another region, or another name, does not count', async () => {
  expect(await look(volume, want, flyWorld([list(...elsewhere)]))).toMatchObject({
    is: 'not-so',
    seen: 'solserver-prod has no volume of that name in that region',
  });
});

test('one more than asked for is so, with the oldest as output and a warning', async () => {
  const world = flyWorld([list(aVolume('vol_young', { created_at: '2026-11-22T21:00:00Z' }), aVolume('vol_old'))]);
  expect(await look(volume, want, world)).toMatchObject({
    is: 'so',
    outputs: { id: 'vol_old' },
    warning: '1 more than asked for, each billed',
  });
});

test('a smaller one is not so and is never answered with a second volume', async () => {
  const small = list(aVolume('vol_1', { size_gb: 1 }));
  const hint =
    'a volume can grow, never shrink: `fly volumes extend vol_1 -s 3 -a solserver-prod`, or ask for less in the runbook';
  expect(await look(volume, want, flyWorld([small]))).toMatchObject({ is: 'not-so', hint, final: true });
  expect(await act(volume, want, flyWorld([small]))).toEqual({ ended: 'failed', why: 'vol_1 has 1 GB, not 3', hint });
});

test('the act makes exactly the missing number, one by one', async () => {
  const made = did(create, json(aVolume('vol_new')));
  expect(await act(volume, want, flyWorld([list(), made]))).toEqual({ ended: 'ok' });
  expect(await act(volume, { ...want, count: 3 }, flyWorld([list(aVolume('vol_1')), made, made]))).toEqual({
    ended: 'ok',
  });
  expect(await act(volume, want, flyWorld([list(aVolume('vol_1'))]))).toEqual({ ended: 'ok' });
});

test('the size of the machine that will mount it is passed on, so that it gets a host with room', async () => {
  const hinted = create.replace(' --yes', ' --vm-size shared-cpu-1x --vm-memory 512 --yes');
  const world = flyWorld([list(), did(hinted, json(aVolume('vol_1')))]);
  expect(await act(volume, { ...want, 'vm-size': 'shared-cpu-1x', 'vm-memory': 512 }, world)).toEqual({ ended: 'ok' });
});

test('after a lost reply no second one is tried: the look before the next act finds the first', async () => {
  expect(await act(volume, { ...want, count: 2 }, flyWorld([list(), did(create, endings.replyLost)]))).toMatchObject({
    ended: 'unclear',
  });
  expect(
    await act(volume, { ...want, count: 2 }, flyWorld([list(aVolume('vol_1')), did(create, json(aVolume('vol_2')))])),
  ).toEqual({ ended: 'ok' });
});

test('exit 0 without a volume in the answer is unclear', async () => {
  expect(
    await act(volume, want, flyWorld([list(), did(create, { stdout: 'Manage Fly Volumes.\n\nUsage:\n' })])),
  ).toMatchObject({ ended: 'unclear' });
});

test('taking it back destroys the volume of the outputs, not others of that name', async () => {
  const world = flyWorld([
    list(aVolume('vol_1'), aVolume('vol_2')),
    did('volumes destroy vol_2 -a solserver-prod --yes', {}),
  ]);
  expect(await undo(volume, want, world, { id: 'vol_2' })).toEqual({ ended: 'ok', seen: 'destroyed vol_2' });
  expect(await gone(volume, want, flyWorld([list(...elsewhere)]))).toMatchObject({ is: 'so' });
  expect(await gone(volume, want, flyWorld([list(aVolume('vol_1'))]))).toMatchObject({ is: 'not-so' });
});
