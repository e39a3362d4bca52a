// Commands that make and remove: nothing is idempotent that is not so with the real one (facts/flyctl.md §5.3).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { errorLine, openRoom, theApp, type World, webToml } from './stand-in.ts';

const fly = openRoom();
afterAll(() => fly.remove());

async function withApp() {
  const world = fly.world();
  world.write('fly.toml', webToml);
  await world.fly('apps', 'create', 'sol', '--org', 'sollabs');
  return world;
}
const statuses = async (world: World) =>
  ((await world.json('secrets', 'list', '-j')) as { name: string; status: string }[]).map(
    ({ name, status }) => `${name} ${status}`,
  );

test('an app name is taken also for its owner, and for what cannot be seen', async () => {
  const world = await withApp();
  for (const name of ['sol', 'somebody-elses'])
    expect(errorLine(await world.fly('apps', 'create', name, '-o', 'sollabs'))).toContain(
      'Name has already been taken',
    );
  expect((await world.fly('apps', 'list', '-q')).stdout).toBe('sol\n');
  expect(world.changes('app created')).toEqual(['app created sol']);
});

test('an organisation must be named, and be there', async () => {
  const world = await withApp();
  expect(errorLine(await world.fly('apps', 'create', 'a'))).toContain('org slug must be specified');
  expect(errorLine(await world.fly('apps', 'create', 'a', '-o', 'nope'))).toContain('organization nope not found');
  expect(errorLine(await world.fly('apps', 'create', '-o', 'sollabs'))).toContain(
    'name argument or flag must be specified',
  );
  expect((await world.run(['apps', 'create', 'a'], { env: { FLY_ORG: 'personal' } })).exit).toBe(0);
  expect((await world.run(['apps', 'list', '-q'], { env: { FLY_ORG: 'personal' } })).stdout).toBe('a\n');
  world.change((state) => void (state.orgs = state.orgs.filter(({ slug }) => slug === 'personal')));
  expect(await world.fly('apps', 'create', 'b')).toMatchObject({
    exit: 0,
    stderr: expect.stringContaining('automatically selected personal organization'),
  });
});

test('destroying needs --yes, takes all with it, and is an error the second time', async () => {
  const world = await withApp();
  expect(errorLine(await world.fly('apps', 'destroy', 'sol'))).toContain('yes flag must be specified');
  expect(await world.fly('apps', 'destroy', 'sol', '--yes')).toMatchObject({ exit: 0, stdout: 'Destroyed app sol\n' });
  expect(errorLine(await world.fly('apps', 'destroy', 'sol', '--yes'))).toContain('Could not find App "sol"');
});

test('addresses: each dedicated one is another, the shared one is one, release names them', async () => {
  const world = await withApp();
  expect(errorLine(await world.fly('ips', 'allocate-v4'))).toContain('yes flag must be specified');
  for (const argv of [
    ['allocate-v4', '--yes'],
    ['allocate-v4', '--yes'],
    ['allocate-v4', '--shared'],
    ['allocate-v4', '--shared'],
    ['allocate-v6'],
    ['allocate-v6'],
    ['allocate-v6', '--private'],
  ])
    expect((await world.fly('ips', ...argv)).exit).toBe(0);
  expect(((await world.json('ips', 'list', '-j')) as { Type: string }[]).map(({ Type }) => Type)).toEqual([
    'v4',
    'v4',
    'v6',
    'v6',
    'private_v6',
    'shared_v4',
  ]);
  expect(world.changes('ip allocated')).toEqual(
    ['v4', 'v4', 'shared_v4', 'v6', 'v6', 'private_v6'].map((type) => `ip allocated ${type}`),
  );
  const address = theApp(world).ips[0]?.Address ?? '';
  expect(await world.fly('ips', 'release', address)).toMatchObject({
    exit: 0,
    stdout: `Released ${address} from sol\n`,
  });
  expect((await world.fly('ips', 'release', address)).exit).toBe(1);
  expect(errorLine(await world.fly('ips', 'release', 'all'))).toContain('Invalid IP address');
});

test('volumes: --yes for the first of a name, a region, and another one at each call', async () => {
  const world = await withApp();
  expect(errorLine(await world.fly('volumes', 'create', 'data', '-y'))).toContain('region code must be specified');
  expect(errorLine(await world.fly('volumes', 'create', 'data', '-y', '-r', 'xyz'))).toContain('region xyz not found');
  expect(errorLine(await world.fly('volumes', 'create', 'data', '-r', 'sjc'))).toContain('yes flag must be specified');
  await world.fly('volumes', 'create', 'data', '-r', 'sjc', '-y');
  expect((await world.run(['volumes', 'create', 'data'], { env: { FLY_REGION: 'ams' } })).exit).toBe(0);
  expect(theApp(world).volumes.map(({ name, region }) => `${name} ${region}`)).toEqual(['data sjc', 'data ams']);
  expect(errorLine(await world.fly('volumes', 'create', 'data', '-r', 'sjc', '-a', 'nope'))).toMatch(
    /failed to create volume: .*Could not find App/,
  );
  expect(errorLine(await world.fly('volumes', 'show'))).toContain('volume ID must be specified');
  const id = theApp(world).volumes[0]?.id ?? '';
  expect(errorLine(await world.fly('volumes', 'destroy', id))).toContain('yes flag must be specified');
  expect((await world.fly('volumes', 'destroy', id, '-y')).exit).toBe(0);
  expect(errorLine(await world.fly('volumes', 'destroy', id, '-y'))).toContain('failed destroying volume');
});

test('secrets: staged until a release carries them, also in part', async () => {
  const world = await withApp();
  expect((await world.fly('secrets', 'set', 'A=1')).stdout).toBe('Secrets are staged for the first deployment\n');
  expect(await statuses(world)).toEqual(['A Staged']);
  await world.fly('deploy');
  expect(await statuses(world)).toEqual(['A Deployed']);
  expect((await world.fly('secrets', 'set', 'B=1', '--stage')).stdout).toMatch(
    /^Secrets have been staged, but not set on VMs/,
  );
  expect(await statuses(world)).toEqual(['A Deployed', 'B Staged']);
  await world.fly('deploy', '--only-machines', theApp(world).machines[0]?.id ?? '');
  expect(await statuses(world)).toEqual(['A Deployed', 'B Partial']);
  expect((await world.fly('secrets', 'deploy')).exit).toBe(0);
  expect(await statuses(world)).toEqual(['A Deployed', 'B Deployed']);
  expect(theApp(world).releases.map(({ description }) => description)).toEqual([
    'Release',
    'Release',
    'Secrets updated',
  ]);
});

test('secrets of a deployed app restart it, with the configuration of the server, also unchanged and unknown ones', async () => {
  const world = await withApp();
  expect(errorLine(await world.fly('secrets', 'deploy'))).toContain('no machines available to deploy');
  await world.fly('deploy', '--ha=false');
  world.write('fly.toml', webToml.replace('8080', '9090'));
  for (const argv of [
    ['set', 'A=1'],
    ['set', 'A=1'],
    ['unset', 'NOBODY'],
  ])
    expect((await world.fly('secrets', ...argv)).exit).toBe(0);
  expect(theApp(world).releases.map(({ status }) => status)).toEqual(['complete', 'complete', 'complete', 'complete']);
  expect(theApp(world).machines[0]?.config.services).toMatchObject([{ internal_port: 8080 }]);
  expect(theApp(world).secrets).toMatchObject([{ name: 'A', version: 2 }]);
  expect(readFileSync(join(world.folder, 'fly-config/config.yml'), 'utf8')).toBe('app_secrets_minvers:\n    sol: 3\n');
});

test('a value from stdin by NAME=-', async () => {
  const world = await withApp();
  await world.run(['secrets', 'set', '--stage', 'A=-'], { stdin: '  same \n' });
  await world.fly('secrets', 'set', '--stage', 'B=same');
  const [a, b] = theApp(world).secrets;
  expect(a?.digest).toBe(b?.digest);
  expect(errorLine(await world.run(['secrets', 'set', 'A=-'], { stdin: 'x'.repeat(65_537) }))).toContain(
    'Input exceeded max length',
  );
  expect(errorLine(await world.fly('secrets', 'set', 'canary'))).toMatch(/canary.* must be in the format NAME=VALUE/);
});

test('scale count: needs a release, --yes where something changes, says so where nothing does', async () => {
  const world = await withApp();
  expect(errorLine(await world.fly('scale', 'count', '1', '-y'))).toContain('has no complete releases');
  await world.fly('deploy');
  expect(await world.fly('scale', 'count', 'app=2')).toMatchObject({
    exit: 0,
    stdout: expect.stringContaining('App already scaled to desired state'),
  });
  expect(errorLine(await world.fly('scale', 'count', '1'))).toContain('--yes flag must be specified');
  expect(errorLine(await world.fly('scale', 'count', 'web=1', '-y'))).toContain('unknown process groups: web');
  expect(errorLine(await world.fly('scale', 'count', 'app:1', '-y'))).toContain('is not a valid process=count option');
  expect(errorLine(await world.fly('scale', 'count', '-1', '-y'))).toContain("unknown shorthand flag: '1' in -1");
  expect((await world.fly('scale', 'count', 'app=-1', '-y')).stdout).toContain('Destroyed ');
  expect((await world.fly('scale', 'count', '+2', '-y')).stdout).toContain('Created ');
  expect(theApp(world).machines).toHaveLength(3);
});

test('growing a mounted group makes volumes, shrinking leaves them', async () => {
  const world = await withApp();
  world.write('fly.toml', `${webToml}[[mounts]]\nsource = "data"\ndestination = "/data"\ninitial_size = 2\n`);
  await world.fly('deploy');
  await world.fly('scale', 'count', '2', '-y');
  expect(theApp(world).volumes.map(({ size_gb }) => size_gb)).toEqual([2, 2]);
  await world.fly('scale', 'count', '1', '-y');
  expect(theApp(world).volumes.map(({ attached_machine_id }) => attached_machine_id !== null)).toEqual([true, false]);
  await world.fly('scale', 'count', '2', '-y');
  expect(theApp(world).volumes).toHaveLength(2);
});

test('releases show the newest 25, machine list also what deploy does not manage', async () => {
  const world = await withApp();
  await world.fly('deploy', '--ha=false');
  world.change((state) => {
    const app = state.apps[0];
    const [release] = app?.releases ?? [];
    const [machine] = app?.machines ?? [];
    if (!app || !release || !machine) return;
    app.releases = Array.from({ length: 30 }, (_, n) => ({ ...release, version: n + 1 }));
    app.machines.push({ ...machine, id: 'manual00000000', config: { ...machine.config, metadata: {} } });
  });
  const versions = ((await world.json('releases', '-j')) as { Version: number }[]).map(({ Version }) => Version);
  expect([versions.length, versions[0], versions[24]]).toEqual([25, 30, 6]);
  expect((await world.json('machine', 'list', '-j')) as unknown[]).toHaveLength(2);
  expect(await world.json('status', '-j')).toMatchObject({ Machines: [{}], Version: 30 });
});

test('more than 100 machines: no status of secrets', async () => {
  const world = await withApp();
  await world.fly('secrets', 'set', 'A=1');
  await world.fly('deploy', '--ha=false');
  world.change((state) => {
    const app = state.apps[0];
    const machine = app?.machines[0];
    if (app && machine) app.machines = Array.from({ length: 101 }, (_, n) => ({ ...machine, id: `m${n}` }));
  });
  expect(await world.json('secrets', 'list', '-j')).toEqual([{ name: 'A', digest: expect.any(String) }]);
});
