// What is printed of the parts of an app: addresses, volumes, releases, secrets, logs, in their exact shapes (facts/flyctl.md §3), and how empty lists look.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRoom, type World, webToml } from './stand-in.ts';

const fly = openRoom();
let world: World;
beforeAll(async () => {
  world = fly.world();
  world.write('fly.toml', webToml);
  await world.fly('apps', 'create', 'sol', '--org', 'sollabs');
  await world.fly('apps', 'create', 'bare', '--org', 'personal');
  await world.fly('secrets', 'set', '--stage', 'A=<1&2>');
  await world.fly('deploy');
});
afterAll(() => fly.remove());

const zero = '0001-01-01T00:00:00Z';
const isId = (length: number) => expect.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));

test('addresses: the shared v4 stands last and has no id', async () => {
  expect(await world.json('ips', 'list', '-j')).toEqual([
    {
      ID: expect.stringMatching(/^ip_/),
      Address: expect.stringMatching(/^2a09:/),
      Type: 'v6',
      Region: 'global',
      CreatedAt: expect.any(String),
      ServiceName: '',
      Network: null,
    },
    {
      ID: '',
      Address: expect.stringMatching(/^66\./),
      Type: 'shared_v4',
      Region: '',
      CreatedAt: zero,
      ServiceName: '',
      Network: null,
    },
  ]);
});

test('a volume is an object, two made at once are two objects', async () => {
  const volume = {
    id: expect.stringMatching(/^vol_[0-9a-f]{16}$/),
    name: 'data',
    state: 'created',
    size_gb: 3,
    region: 'ams',
    zone: isId(4),
    encrypted: true,
    attached_machine_id: null,
    attached_alloc_id: null,
    created_at: expect.any(String),
    host_dedication_id: '',
    snapshot_retention: 5,
    auto_backup_enabled: true,
    host_status: 'ok',
  };
  const { stdout } = await world.fly(
    'volumes',
    'create',
    'data',
    '-a',
    'bare',
    '-r',
    'ams',
    '-s',
    '3',
    '-n',
    '2',
    '-j',
  );
  const [one, two] = stdout
    .split('\n}\n')
    .slice(0, 2)
    .map((part) => JSON.parse(part + '}'));
  expect([one, two]).toEqual([volume, volume]);
  expect(await world.json('volumes', 'list', '-a', 'bare', '-j')).toEqual([one, two]);
  expect(await world.json('volumes', 'show', one.id, '-j', '-a', 'bare')).toEqual(one);
});

test('releases have every field of the Go struct', async () => {
  expect(await world.json('releases', '-j')).toEqual([
    {
      ID: expect.stringMatching(/^rel_/),
      Version: 1,
      Stable: true,
      InProgress: false,
      Reason: '',
      Description: 'Release',
      Status: 'complete',
      DeploymentStrategy: '',
      Metadata: null,
      User: { ID: '', Name: 'jam', Email: 'jam@example.test', EnablePaidHobby: false },
      EvaluationID: '',
      CreatedAt: expect.stringMatching(/^2026-11-21T10:00:00\.\d+Z$/),
      ImageRef: 'registry.fly.io/sol:one',
    },
  ]);
  expect(await world.json('apps', 'releases', '-j', '-a', 'bare')).toEqual([]);
});

test('secrets: name, digest of the value, status', async () => {
  expect(await world.json('secrets', 'list', '-j')).toEqual([{ name: 'A', digest: isId(16), status: 'Deployed' }]);
  await world.fly('secrets', 'set', '-a', 'bare', 'B=<1&2>');
  const [one] = (await world.json('secrets', 'list', '-j')) as { digest: string }[];
  expect(await world.json('secrets', 'list', '-j', '-a', 'bare')).toEqual([
    { name: 'B', digest: one?.digest, status: 'Staged' },
  ]);
});

test('log entries are objects of several lines one after another', async () => {
  const { stdout } = await world.fly('logs', '--no-tail', '--json');
  const entries = stdout
    .split('\n}\n')
    .slice(0, -1)
    .map((part) => JSON.parse(part + '}'));
  expect(entries.length).toBeGreaterThan(4);
  expect(entries.find(({ message }) => message === 'listening on 0.0.0.0:8080')).toEqual({
    level: 'info',
    instance: isId(14),
    message: 'listening on 0.0.0.0:8080',
    region: 'sjc',
    timestamp: expect.any(String),
    meta: {
      Instance: isId(14),
      Region: 'sjc',
      Event: { Provider: 'app' },
      HTTP: { Request: { ID: '', Method: '', Version: '' }, Response: { status_code: 0 } },
      Error: { Code: 0, Message: '' },
      URL: { Full: '' },
    },
  });
});

test('scale show is in Go case, doctor an object that has failures with exit 0', async () => {
  expect(await world.json('scale', 'show', '-j')).toEqual([
    { Process: 'app', Count: 2, CPUKind: 'shared', CPUs: 1, Memory: 256, Regions: { sjc: 2 } },
  ]);
  expect(await world.json('doctor', '-j')).toMatchObject({
    auth: 'ok',
    docker: expect.stringContaining('Cannot connect'),
    appHasIps: 'ok',
  });
});

test('config show prints JSON with two spaces, without the build section, autostop as machines have it', async () => {
  const { stdout } = await world.fly('config', 'show', '-a', 'sol');
  expect(stdout).toMatch(/^\{\n {2}"app": "sol",\n/);
  expect(JSON.parse(stdout)).toEqual({
    app: 'sol',
    primary_region: 'sjc',
    http_service: {
      internal_port: 8080,
      force_https: true,
      checks: [{ path: '/health', interval: '15s', timeout: '5s' }],
    },
  });
});

test('lists of an app with nothing are empty arrays and objects', async () => {
  await world.fly('apps', 'create', 'empty', '--org', 'sollabs');
  for (const argv of [
    ['ips', 'list'],
    ['volumes', 'list'],
    ['secrets', 'list'],
    ['machine', 'list'],
    ['releases'],
    ['certs', 'list'],
    ['scale', 'show'],
  ])
    expect(await world.fly(...argv, '-j', '-a', 'empty')).toMatchObject({ exit: 0, stdout: '[]\n' });
  expect((await world.fly('checks', 'list', '-j', '-a', 'empty')).stdout).toBe('{}\n');
});

test('HTML characters are escaped as Go does, and JSON has no colour while text has', async () => {
  world.change((state) =>
    state.apps[0]?.logs.push({
      level: 'info',
      instance: 'x',
      message: '<a> & b',
      region: 'nrt',
      timestamp: zero,
      provider: 'app',
    }),
  );
  const { stdout } = await world.fly('logs', '-n', '-r', 'nrt', '-j');
  expect(stdout).toContain('"message": "\\u003ca\\u003e \\u0026 b"');
  expect((await world.fly('status')).stdout).toContain('\u001b[1mApp\u001b[0m');
});
