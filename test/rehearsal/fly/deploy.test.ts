// fly deploy: what a first deploy makes, what a later one does and refuses, and which streams carry what (facts/flyctl.md §3.11).
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { errorLine, openRoom, theApp, type World, webToml } from './stand-in.ts';

const fly = openRoom();
afterAll(() => fly.remove());

const groupsToml = `app = "sol"
primary_region = "sjc"
[build]
image = "registry.fly.io/sol:one"
[processes]
web = "node web.js"
worker = "node worker.js"
tasks = "node tasks.js"
[[mounts]]
source = "data"
destination = "/data"
initial_size = "3gb"
processes = ["worker"]
[http_service]
internal_port = 8080
processes = ["web"]
`;

async function withToml(toml: string) {
  const world = fly.world();
  world.write('fly.toml', toml);
  await world.fly('apps', 'create', 'sol', '--org', 'sollabs');
  return world;
}
const groupsOf = (world: World) =>
  theApp(world).machines.map(({ config, state }) => `${config.metadata.fly_process_group} ${state}`);

test('a first deploy makes addresses, a volume a mounted group, and machines by what a group has', async () => {
  const world = await withToml(groupsToml);
  const { exit, stdout, stderr } = await world.fly('deploy');
  expect({ exit, error: errorLine({ exit, stdout, stderr, signal: null }) }).toEqual({ exit: 0, error: '' });
  const app = theApp(world);
  expect(groupsOf(world)).toEqual(['web started', 'web started', 'worker started', 'tasks started', 'tasks created']);
  expect(app.machines[4]?.config.standbys).toEqual([app.machines[3]?.id]);
  expect(app.volumes).toMatchObject([
    { name: 'data', region: 'sjc', size_gb: 3, attached_machine_id: app.machines[2]?.id },
  ]);
  expect(app.machines[2]?.config.mounts).toMatchObject([{ path: '/data', name: 'data', volume: app.volumes[0]?.id }]);
  expect([app.ips.map(({ Type }) => Type), app.sharedV4]).toEqual([['v6'], expect.any(String)]);
  expect(app.releases).toMatchObject([{ version: 1, status: 'complete' }]);
  expect(app).toMatchObject({ deployed: true, status: 'deployed' });
  expect(app.machines.every(({ lease }) => lease === undefined)).toBe(true);
});

test('--ha=false makes one machine a group, --no-public-ips no address', async () => {
  const world = await withToml(groupsToml);
  await world.fly('deploy', '--ha=false', '--no-public-ips');
  expect(groupsOf(world)).toEqual(['web started', 'worker started', 'tasks started']);
  expect(theApp(world).ips).toEqual([]);
});

test('text goes to the streams it goes to', async () => {
  const world = await withToml(webToml);
  const { stdout, stderr } = await world.run(['deploy'], { env: { FLY_EMIT_RELEASE_JSON: '1' } });
  for (const line of [
    '✓',
    'Watch your deployment at https://fly.io/apps/sol/monitoring',
    'Provisioning ips for sol',
    '  Dedicated ipv6: ',
    '  Shared ipv4: ',
    'No machines in group app, launching a new machine',
    'Creating a second machine for high availability',
    'Visit your newly deployed app at https://sol.fly.dev/',
  ])
    expect(stdout).toContain(line);
  for (const line of [
    '==> Verifying app config',
    '--> Verified app config',
    "Searching for image 'registry.fly.io/sol:one'",
    'image found: ',
    'Finished launching new machines',
  ])
    expect(stderr).toContain(line);
  expect(stdout).toMatch(/\n\{"id":"rel_[0-9a-f]+","version":1,"image_ref":"registry\.fly\.io\/sol:one"\}\n/);
});

test('a later deploy updates the machines: new instance, new release, the same ids and volumes', async () => {
  const world = await withToml(groupsToml);
  await world.fly('deploy');
  const before = theApp(world);
  const { stdout } = await world.fly('deploy', '--image', 'registry.fly.io/sol:two', '-e', 'MODE=strict');
  const after = theApp(world);
  expect(stdout).toContain("Updating existing machines in 'sol' with rolling strategy");
  expect(stdout).toMatch(/ ✔ \[5\/5\] Machine [0-9a-f]{14} \[tasks\] update succeeded/);
  expect(after.machines.map(({ id }) => id)).toEqual(before.machines.map(({ id }) => id));
  expect(
    after.machines.map(({ config }) => [config.image, config.env?.MODE, config.metadata.fly_release_version]),
  ).toEqual(after.machines.map(() => ['registry.fly.io/sol:two', 'strict', '2']));
  expect(after.machines.some(({ instance_id }, at) => instance_id === before.machines[at]?.instance_id)).toBe(false);
  expect([after.volumes, after.ips]).toEqual([before.volumes, before.ips]);
});

test('without a file the configuration of the current release is used', async () => {
  const world = await withToml(webToml);
  await world.fly('deploy');
  const cwd = mkdtempSync(join(world.project, 'empty-'));
  expect((await world.run(['deploy', '-a', 'sol', '--image', 'x:2'], { cwd })).exit).toBe(0);
  expect(theApp(world).machines[0]?.config).toMatchObject({ image: 'x:2', services: [{ internal_port: 8080 }] });
  expect(errorLine(await world.run(['deploy', '-a', 'nobody'], { cwd }))).toContain(
    'could not be found, did you create the app',
  );
});

test('a volume of that name in another region satisfies the first step and fails the machine', async () => {
  const world = await withToml(groupsToml);
  await world.fly('volumes', 'create', 'data', '-r', 'ams', '--yes');
  expect(errorLine(await world.fly('deploy'))).toContain("needs an unattached volume named 'data' in region 'sjc'");
  expect(groupsOf(world)).toEqual(['web started', 'web started']);
  expect(theApp(world).releases).toMatchObject([{ version: 1, status: 'failed' }]);
});

test('a volume made beforehand in the region is used', async () => {
  const world = await withToml(groupsToml);
  await world.fly('volumes', 'create', 'data', '-r', 'sjc', '--yes');
  expect((await world.fly('deploy')).exit).toBe(0);
  expect(theApp(world).volumes).toHaveLength(1);
});

test('after a first machine it is no first deploy: nothing missing is made up for', async () => {
  const world = await withToml(webToml);
  world.fault('machine-refused', 'fly deploy');
  expect(errorLine(await world.fly('deploy'))).toContain('insufficient_capacity');
  expect(groupsOf(world)).toEqual(['app started']);
  expect((await world.fly('deploy')).exit).toBe(0);
  expect(groupsOf(world)).toEqual(['app started']);
  expect((await world.fly('scale', 'count', 'app=2', '--yes')).exit).toBe(0);
  expect(groupsOf(world)).toEqual(['app started', 'app started']);
});

test('ports that need a dedicated address get none, and nobody says so', async () => {
  const world = await withToml(
    'app = "sol"\nprimary_region = "sjc"\n[build]\nimage = "x:1"\n[[services]]\ninternal_port = 25\nprotocol = "tcp"\n[[services.ports]]\nport = 25\n',
  );
  expect((await world.fly('deploy')).exit).toBe(0);
  expect([theApp(world).ips, theApp(world).sharedV4]).toEqual([[], undefined]);
});

test('a mount that is gone from the file cannot be confirmed, also with --yes', async () => {
  const world = await withToml(groupsToml);
  await world.fly('deploy');
  world.write('fly.toml', groupsToml.replace(/\[\[mounts\]\][^[]*/, ''));
  expect(errorLine(await world.fly('deploy', '--yes'))).toContain(
    'yes flag must be specified when not running interactively',
  );
  world.write('fly.toml', groupsToml.replace('source = "data"', 'source = "other"'));
  expect(errorLine(await world.fly('deploy'))).toContain("can't update the attached volume");
});

test('a mount for machines that run, and one for a new group, need volumes made by hand', async () => {
  const world = await withToml(webToml);
  await world.fly('deploy', '--ha=false');
  world.write('fly.toml', `${webToml}\n[[mounts]]\nsource = "data"\ndestination = "/data"\n`);
  expect(errorLine(await world.fly('deploy'))).toMatch(/needs volumes with name 'data'.*`fly volume create data/);
  await world.fly('volumes', 'create', 'data', '-r', 'sjc', '-y');
  expect((await world.fly('deploy')).exit).toBe(0);
  expect(theApp(world).volumes[0]?.attached_machine_id).toBe(theApp(world).machines[0]?.id);
  world.write('fly.toml', groupsToml);
  expect(errorLine(await world.fly('deploy'))).toContain("requires an unattached 'data' volume. Create it with");
});

test('a group that is gone from the file loses its machines, its volume stays', async () => {
  const world = await withToml(groupsToml);
  await world.fly('deploy', '--ha=false');
  world.write(
    'fly.toml',
    webToml.replace('[http_service]', '[processes]\n  web = "node web.js"\n[http_service]\n  processes = ["web"]'),
  );
  expect((await world.fly('deploy')).exit).toBe(0);
  expect(groupsOf(world)).toEqual(['web started']);
  expect(theApp(world).volumes).toMatchObject([{ attached_machine_id: null }]);
});

const invalid: readonly [claim: string, toml: string, found: string][] = [
  [
    'a service without processes where there are groups',
    groupsToml.replace(/processes = \["web"\]/, ''),
    'Service has no processes set',
  ],
  ['a service of a group that is not there', groupsToml.replace('["web"]', '["webb"]'), "Service specifies 'webb'"],
  ['an unknown strategy', `${webToml}[deploy]\nstrategy = "slow"\n`, "unsupported deployment strategy 'slow'"],
  [
    'two mounts of a group',
    `${groupsToml}[[mounts]]\nsource="b"\ndestination="/b"\nprocesses=["worker"]\n`,
    'more than one [[mounts]]',
  ],
  ['a check without a type', `${webToml}[checks.alive]\nport = 8080\n`, "Top level check 'alive' has invalid type"],
];

test.each(invalid)('%s is refused before anything is made', async (_, toml, found) => {
  const world = await withToml(toml);
  const { exit, stdout, stderr } = await world.fly('deploy');
  expect({
    exit,
    stderr: stderr.includes('Error: App configuration is not valid'),
    stdout: stdout.includes(found),
  }).toEqual({ exit: 1, stderr: true, stdout: true });
  expect((await world.fly('config', 'validate')).exit).toBe(1);
  expect(world.changes('')).toEqual(['app created sol']);
});

test('unknown keys are ignored, save by validate --strict', async () => {
  const world = await withToml(webToml.replace('force_https = true', 'force_http = true\n  max_machines_running = 1'));
  expect((await world.fly('config', 'validate')).exit).toBe(0);
  const { stdout, stderr } = await world.fly('config', 'validate', '--strict');
  expect(stderr).toBe('Error: strict validation failed\n');
  expect(stdout).toContain('unknown key or section: http_service.force_http\n');
  expect(stdout).toContain('unknown key or section: http_service.max_machines_running\n');
});

test('there must be something to build from', async () => {
  const world = await withToml(webToml.replace(/\[build\][^[]*/, ''));
  expect(errorLine(await world.fly('deploy'))).toContain('failed to fetch an image or build from source');
  world.write('Dockerfile', 'FROM scratch');
  const { exit, stderr } = await world.fly('deploy');
  expect({ exit, image: /image: registry\.fly\.io\/sol:deployment-01[0-9A-Z]{24}\n/.test(stderr) }).toEqual({
    exit: 0,
    image: true,
  });
});

test('the release command runs before any machine of the app; it leaves none', async () => {
  const world = await withToml(`${webToml}[deploy]\nrelease_command = "bin/migrate"\n`);
  await world.fly('deploy');
  world.fault('release-command-failing', 'fly deploy');
  const { exit, stderr } = await world.fly('deploy');
  expect({ exit, stderr: stderr.includes('exited with non-zero status of 1') }).toEqual({ exit: 1, stderr: true });
  expect(theApp(world).releases.map(({ status }) => status)).toEqual(['complete', 'failed']);
  expect(theApp(world).machines.map(({ config }) => config.metadata.fly_release_version)).toEqual(['1', '1']);
});
