// What goes wrong on purpose: once, at the call it was meant for, seen as the facts say (facts/flyctl.md §6.5).
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { flyFaults } from '../../../src/rehearsal/fly/faults.ts';
import { errorLine, openRoom, start, theApp, type World, webToml } from './stand-in.ts';

const fly = openRoom();
afterAll(() => fly.remove());

async function withApp(toml = webToml) {
  const world = fly.world();
  world.write('fly.toml', toml);
  await world.fly('apps', 'create', 'sol', '--org', 'sollabs');
  return world;
}
const fired = (world: World): boolean => JSON.parse(readFileSync(join(world.folder, 'faults.json'), 'utf8'))[0].fired;
const create = ['volumes', 'create', 'data', '-r', 'sjc', '-y'];

test('reply-lost: it was made, the call fails, and the next call works', async () => {
  const world = await withApp();
  world.fault('reply-lost', 'fly volumes create');
  const { exit, stdout, stderr } = await world.fly(...create);
  expect({ exit, stdout, stderr }).toEqual({
    exit: 1,
    stdout: '',
    stderr: expect.stringMatching(/^Error: .*connection reset by peer\n$/),
  });
  expect(theApp(world).volumes).toHaveLength(1);
  expect(fired(world)).toBe(true);
  expect((await world.fly(...create)).exit).toBe(0);
});

test('network-lost: nothing was made', async () => {
  const world = await withApp();
  world.fault('network-lost', 'fly volumes create');
  expect((await world.fly('volumes', 'list')).exit).toBe(0);
  expect(fired(world)).toBe(false);
  expect(errorLine(await world.fly(...create))).toContain('no such host');
  expect([theApp(world).volumes, fired(world)]).toEqual([[], true]);
});

test('a fault that is always there fires at each call, one of a group at its commands', async () => {
  const world = await withApp();
  writeFileSync(
    join(world.folder, 'faults.json'),
    JSON.stringify([{ name: 'network-lost', at: 'fly volumes', always: true, fired: false }]),
  );
  expect([
    (await world.fly(...create)).exit,
    (await world.fly('volumes', 'list')).exit,
    (await world.fly('status')).exit,
  ]).toEqual([1, 1, 0]);
});

test('login-expired: every command fails until the person has logged in again', async () => {
  const world = await withApp();
  world.fault('login-expired', 'fly deploy');
  for (const argv of [['deploy'], ['status'], ['auth', 'whoami']])
    expect(errorLine(await world.fly(...argv))).toContain('no access token available');
  world.change((state) => flyFaults['login-expired'].mend(state, start));
  expect((await world.fly('deploy')).exit).toBe(0);
});

test('name-taken and rate-limit fail without a trace', async () => {
  const world = await withApp();
  world.fault('name-taken', 'fly apps create');
  expect(errorLine(await world.fly('apps', 'create', 'two', '-o', 'sollabs'))).toContain('Name has already been taken');
  expect((await world.fly('apps', 'create', 'two', '-o', 'sollabs')).exit).toBe(0);
  world.fault('rate-limit', 'fly certs add');
  expect(errorLine(await world.fly('certs', 'add', 'api.example.test'))).toContain('rate limit exceeded');
  expect(theApp(world).certificates).toEqual([]);
});

test('health-failing: the first machine is new and sick, the rest are old, the release failed, the wait was long', async () => {
  const world = await withApp();
  await world.fly('deploy');
  world.fault('health-failing', 'fly deploy');
  const { exit, stdout, stderr } = await world.fly('deploy', '--image', 'x:2');
  expect({ exit, stderr: errorLine({ exit, stdout, stderr, signal: null }) }).toEqual({
    exit: 1,
    stderr: expect.stringContaining('timeout reached waiting for health checks to pass'),
  });
  expect(stdout).toContain(' ✖ [1/2] Machine ');
  expect(theApp(world).machines.map(({ config, checks }) => [config.image, checks[0]?.status])).toEqual([
    ['x:2', 'critical'],
    ['registry.fly.io/sol:one', 'passing'],
  ]);
  expect(theApp(world)).toMatchObject({ deployed: true, releases: [{ status: 'complete' }, { status: 'failed' }] });
  expect(world.calls().at(-1)).toMatchObject({ exit: 1, waited: 300_000 });
  expect((await world.fly('deploy', '--image', 'x:2')).exit).toBe(0);
});

test('health-failing on a first deploy leaves one machine and no deployed app; without checks there is nothing to fail', async () => {
  const world = await withApp();
  world.fault('health-failing', 'fly deploy');
  expect((await world.fly('deploy')).exit).toBe(1);
  expect(theApp(world)).toMatchObject({
    deployed: false,
    machines: [{ checks: [{ status: 'critical' }] }],
    releases: [{ status: 'failed' }],
  });
  const bare = await withApp(webToml.replace(/\n {2}\[\[http_service.checks[\s\S]*/, ''));
  bare.fault('health-failing', 'fly deploy');
  expect((await bare.fly('deploy')).exit).toBe(0);
  expect(fired(bare)).toBe(false);
});

test('one-machine-failing with others queued: 127, no Error line, release interrupted, the reason on stdout', async () => {
  const world = await withApp();
  await world.fly('deploy');
  await world.fly('scale', 'count', '3', '-y');
  world.fault('one-machine-failing', 'fly deploy');
  const { exit, stdout, stderr } = await world.fly('deploy');
  expect({ exit, error: stderr.includes('Error') }).toEqual({ exit: 127, error: false });
  expect(stdout).toMatch(/ ✖ \[2\/3\] Machine .* timeout reached waiting for health checks to pass/);
  expect(theApp(world).releases.at(-1)?.status).toBe('interrupted');
  expect(theApp(world).machines.every(({ lease }) => lease === undefined)).toBe(true);
});

test('one-machine-failing with two machines, and with the recovering engine, is an ordinary failure', async () => {
  const world = await withApp();
  await world.fly('deploy');
  world.fault('one-machine-failing', 'fly deploy');
  expect(await world.fly('deploy')).toMatchObject({
    exit: 1,
    stderr: expect.stringContaining('Error: timeout reached'),
  });
  await world.fly('scale', 'count', '3', '-y');
  world.fault('one-machine-failing', 'fly deploy');
  expect(await world.fly('deploy', '--deploy-retries', '2')).toMatchObject({
    exit: 1,
    stderr: expect.stringContaining('Unrecoverable error: timeout reached'),
  });
  expect(theApp(world).releases.at(-1)?.status).toBe('failed');
});

test('network-lost-midway: the release stays running and the lease is held', async () => {
  const world = await withApp();
  world.fault('network-lost-midway', 'fly deploy');
  expect(await world.fly('deploy')).toMatchObject({ exit: 1, stderr: expect.stringContaining('no such host') });
  expect(theApp(world)).toMatchObject({ releases: [{ status: 'running' }], machines: [{ lease: {} }] });
});

test('reply-lost of a deploy: everything runs, the call fails', async () => {
  const world = await withApp();
  world.fault('reply-lost', 'fly deploy');
  expect((await world.fly('deploy')).exit).toBe(1);
  expect(theApp(world)).toMatchObject({ deployed: true, releases: [{ status: 'complete' }] });
});

test('addresses-failing: exit 0, a message, and no address', async () => {
  const world = await withApp();
  world.fault('addresses-failing', 'fly deploy');
  expect(await world.fly('deploy')).toMatchObject({
    exit: 0,
    stderr: expect.stringContaining('Failed to provision IP addresses'),
  });
  expect(theApp(world).ips).toEqual([]);
});

test('build-failing: no release; secrets stay stored when the restart fails', async () => {
  const world = await withApp(webToml.replace(/\[build\][^[]*/, ''));
  world.write('Dockerfile', '');
  world.fault('build-failing', 'fly deploy');
  expect(errorLine(await world.fly('deploy'))).toContain('failed to fetch an image or build from source');
  expect(theApp(world).releases).toEqual([]);
  await world.fly('deploy');
  world.fault('health-failing', 'fly secrets set');
  expect((await world.fly('secrets', 'set', 'A=1')).exit).toBe(1);
  expect(theApp(world)).toMatchObject({
    secrets: [{ name: 'A' }],
    releases: [{ status: 'complete' }, { status: 'failed' }],
  });
});

test('noise: a WARN line with colour before the JSON, unless LOG_LEVEL is error', async () => {
  const world = await withApp();
  world.fault('noise', 'fly status');
  expect((await world.fly('status', '-j')).stdout).toMatch(/^\u001b\[33mWARN\u001b\[0m .*\n\{\n/);
  world.fault('noise', 'fly status');
  expect((await world.run(['status', '-j'], { env: { LOG_LEVEL: 'error' } })).stdout).toMatch(/^\{\n/);
});

test('long-output: more than a pipe holds, all of it arrives', async () => {
  const world = await withApp();
  world.fault('long-output', 'fly deploy');
  const { exit, stdout } = await world.fly('deploy');
  expect({ exit, long: stdout.length > 200_000, end: stdout.endsWith('https://sol.fly.dev/\n') }).toEqual({
    exit: 0,
    long: true,
    end: true,
  });
});
