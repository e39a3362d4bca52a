// What others do between our look and our act, and what a first deploy that broke off leaves out: seen, said, and nothing made twice.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StepKind } from '../../../src/step.ts';
import { app } from '../../../steps/fly/app.ts';
import { certificate } from '../../../steps/fly/certificate.ts';
import { deploy } from '../../../steps/fly/deploy.ts';
import { ips } from '../../../steps/fly/ips.ts';
import { machines } from '../../../steps/fly/machines.ts';
import { postgres } from '../../../steps/fly/postgres.ts';
import { scheduledMachine } from '../../../steps/fly/scheduled-machine.ts';
import { token } from '../../../steps/fly/token.ts';
import { volume } from '../../../steps/fly/volume.ts';
import { flyToml, relay } from './relay.ts';
import { act, type FlyStandIn, look, openRoom, sinceOf } from './worlds.ts';

let fly: Awaited<ReturnType<typeof openRoom>>;
beforeAll(async () => void (fly = await openRoom()));
afterAll(() => fly.remove());

const stateless = flyToml()
  .replace(/\[processes\]\n.*\n.*\n\[\[mounts\]\]\n.*\n.*\n.*\n/, '')
  .replace('  processes = ["web"]\n', '');
const want = { app: relay, config: 'fly.toml' };

async function withApp(toml = flyToml()): Promise<FlyStandIn> {
  const world = await fly.open();
  await world.write('fly.toml', toml);
  await world.byHand('apps', 'create', relay, '--org', 'sollabs');
  return world;
}

const row = <W>(kind: StepKind<W>, wanted: unknown, ...byHand: readonly string[][]) =>
  [kind.name, kind as unknown as StepKind, wanted, byHand] as const; // kinds of many shapes

const a = ['-a', relay];
test.each([
  row(ips, { app: relay, v4: 'dedicated', v6: false }, ['ips', 'allocate-v4', '--yes', ...a]),
  row(volume, { app: relay, name: 'data', region: 'sjc' }, ['volumes', 'create', 'data', '-r', 'sjc', '--yes', ...a]),
  row(certificate, { app: relay, hostname: 'a.example.com' }, ['certs', 'add', 'a.example.com', ...a]),
  row(scheduledMachine, { app: relay, name: 'hourly', image: 'curl:8', schedule: 'hourly', region: 'sjc' }, [
    'machine',
    'run',
    'curl:8',
    '--name',
    'hourly',
    '--schedule',
    'hourly',
    '--region',
    'sjc',
    ...a,
  ]),
  row(token, { app: relay, name: 'ci' }, ['tokens', 'create', 'deploy', '-n', 'ci', ...a]),
  row(postgres, { name: 'relay-db', attach: { app: relay } }, ['postgres', 'attach', 'relay-db', ...a]),
])(
  '%s: what a person makes by hand between the look and the act is not made again',
  async (name, kind, wanted, byHand) => {
    const world = await withApp();
    if (name === 'fly/postgres')
      await world.byHand(
        ...[
          'postgres',
          'create',
          '--name',
          'relay-db',
          '--org',
          'sollabs',
          '--region',
          'yyz',
          '--vm-size',
          'shared-cpu-1x',
        ],
        ...['--volume-size', '1', '--initial-cluster-size', '1'],
      );
    const before = await look(kind, wanted, world);
    expect(before).toMatchObject({ is: 'not-so' });
    for (const args of byHand) await world.byHand(...args);
    const made = world.changes();
    expect(await act(kind, wanted, world, sinceOf(before))).toMatchObject({ ended: 'ok' });
    expect(world.changes()).toEqual(made);
    expect(await look(kind, wanted, world, sinceOf(before))).toMatchObject({ is: 'so' });
  },
);

test('the app itself is gone between the look and the act: it is said, and nothing is made elsewhere', async () => {
  const world = await withApp();
  const wanted = { app: relay, name: 'data', region: 'sjc' };
  const before = await look(volume, wanted, world);
  await world.byHand('apps', 'destroy', relay, '--yes');
  expect(await act(volume, wanted, world, sinceOf(before))).toMatchObject({
    ended: 'failed',
    why: expect.stringMatching(/^nothing was changed: there is no such app that this login can see/),
  });
  expect(world.count('volume created')).toBe(0);
});

test('a lost reply, then a list that fails, then a login that sees nothing: no second volume at any of them', async () => {
  const world = await withApp();
  const wanted = { app: relay, name: 'data', region: 'sjc' };
  const first = await look(volume, wanted, world);
  world.fault('reply-lost', 'fly volumes create');
  expect(await act(volume, wanted, world, sinceOf(first))).toMatchObject({ ended: 'unclear' });
  world.fault('server-error', 'fly volumes list');
  expect(await look(volume, wanted, world, sinceOf(first))).toMatchObject({ is: 'unknown' });
  world.fault('server-error', 'fly volumes list');
  expect(await act(volume, wanted, world, sinceOf(first))).toMatchObject({ ended: 'failed' });
  world.change((state) => void (state.narrow = true));
  expect(await act(volume, wanted, world, sinceOf(first))).toMatchObject({ ended: 'failed' });
  world.change((state) => void (state.narrow = undefined));
  expect(await look(volume, wanted, world, sinceOf(first))).toMatchObject({ is: 'so' });
  expect(world.count('volume created')).toBe(1);
});

test('two addresses or volumes where one was meant are said, with what they cost', async () => {
  const world = await withApp();
  for (let times = 0; times < 2; times++) {
    await world.byHand('ips', 'allocate-v4', '--yes', ...a);
    await world.byHand('volumes', 'create', 'data', '-r', 'sjc', '--yes', ...a);
  }
  expect(await look(ips, { app: relay, v4: 'dedicated', v6: false }, world)).toMatchObject({
    is: 'so',
    warning: 'several dedicated addresses, US$2 a month each',
  });
  expect(await look(volume, { app: relay, name: 'data', region: 'sjc' }, world)).toMatchObject({
    is: 'so',
    warning: '1 more than asked for, each billed',
  });
});

test('a deploy of somebody else between ours and its look is named', async () => {
  const world = await withApp(stateless);
  const wanted = { ...want, ha: false, image: 'registry.fly.io/relay:ours' };
  const before = await look(deploy, wanted, world);
  await world.write('other.toml', stateless.replace(':v1', ':theirs'));
  await world.byHand('deploy', '-c', 'other.toml', '--ha=false', ...a);
  world.later(300_000);
  expect(await act(deploy, wanted, world, sinceOf(before))).toMatchObject({ ended: 'ok' });
  expect(await look(deploy, wanted, world, sinceOf(before))).toMatchObject({
    is: 'so',
    warning: 'another deploy came between: release 1, registry.fly.io/relay:theirs; is the newest the one meant?',
  });
});

test('a first deploy whose spare machine was refused: the second run is whole but for it, and says how it comes', async () => {
  const world = await withApp(stateless);
  const before = await look(deploy, want, world);
  world.fault('machine-refused', 'fly deploy');
  expect(await act(deploy, want, world, sinceOf(before))).toMatchObject({ ended: 'failed' });
  world.later(600_000);
  const again = await look(deploy, want, world);
  expect(await act(deploy, want, world, sinceOf(again))).toMatchObject({ ended: 'ok' });
  world.later(60_000);
  expect(await look(deploy, want, world, sinceOf(again))).toMatchObject({
    is: 'so',
    warning: 'no spare machine was made: `fly scale count app=2 -a relay --yes` makes it',
  });
  await world.byHand('scale', 'count', 'app=2', '--yes', ...a);
  world.later(60_000);
  expect(await look(deploy, want, world, sinceOf(again))).not.toHaveProperty('warning');
  expect(await look(machines, { app: relay, count: 2 }, world)).toMatchObject({ is: 'so' });
});

test('a first deploy that got no addresses is done, and says that nobody reaches it', async () => {
  const world = await withApp(stateless);
  const before = await look(deploy, want, world);
  world.fault('addresses-failing', 'fly deploy');
  expect(await act(deploy, want, world, sinceOf(before))).toMatchObject({ ended: 'ok' });
  expect(await look(deploy, want, world, sinceOf(before))).toMatchObject({
    is: 'so',
    warning: 'relay has no address: nobody reaches it; a step fly/ips makes them',
  });
});

test('an app of the same name that somebody else made meanwhile is not taken for ours', async () => {
  const world = await fly.open();
  const wanted = { name: relay, org: 'sollabs' };
  const before = await look(app, wanted, world);
  world.change((state) => void state.taken.push(relay));
  expect(await act(app, wanted, world, sinceOf(before))).toMatchObject({
    ended: 'failed',
    why: expect.stringContaining('the name is taken on Fly'),
  });
  expect(await look(app, wanted, world, sinceOf(before))).toMatchObject({ is: 'not-so' });
});
