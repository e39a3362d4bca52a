// What is printed: the JSON of each command in its exact shape (facts/flyctl.md §3), and how empty lists look.
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

const isId = (length: number) => expect.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));

test('version is one compact line of strings without a leading v', async () => {
  const { stdout } = await world.fly('version', '--json');
  expect(stdout).toMatch(
    /^\{"Name":"fly","Version":"0\.4\.87","Commit":"[0-9a-f]+","BranchName":"",.*"Environment":"production"\}\n$/,
  );
});

test('whoami, orgs as an object from slug to name, regions sorted by name', async () => {
  expect((await world.fly('auth', 'whoami', '-j')).stdout).toBe('{\n    "email": "jam@example.test"\n}\n');
  expect((await world.fly('orgs', 'list', '-j')).stdout).toBe(
    '{\n    "personal": "jam",\n    "sollabs": "Sollabs"\n}\n',
  );
  const regions = (await world.json('platform', 'regions', '-j')) as { code: string; name: string }[];
  expect(regions.map(({ name }) => name)).toEqual(regions.map(({ name }) => name).sort());
  expect(regions.find(({ code }) => code === 'sjc')).toEqual({
    code: 'sjc',
    name: 'San Jose, California (US)',
    latitude: 37.35,
    longitude: -121.96,
    gateway_available: true,
    requires_paid_plan: false,
    deprecated: false,
    capacity: 100,
    geo_region: 'north_america',
    mpg_available: true,
  });
});

test('apps are whole Go structs with zeros for what was not asked', async () => {
  const [sol, bare] = (await world.json('apps', 'list', '-j')) as Record<string, unknown>[];
  expect(sol).toMatchObject({
    ID: 'sol',
    Name: 'sol',
    Status: 'deployed',
    Deployed: true,
    Hostname: 'sol.fly.dev',
    Organization: { ID: '', Slug: 'sollabs', Name: 'Sollabs', RawSlug: '', PaidPlan: false },
    CurrentRelease: {
      Status: 'complete',
      Version: 0,
      ImageRef: '',
      CreatedAt: expect.stringMatching(/^2026-11-21T10:00:00\.\d+Z$/),
    },
    Secrets: null,
    IPAddresses: { Nodes: null },
    Version: 0,
  });
  expect(bare).toMatchObject({
    Name: 'bare',
    Status: 'pending',
    Deployed: false,
    CurrentRelease: null,
    PlatformVersion: '',
  });
  const created = (await world.json('apps', 'create', 'made', '-o', 'sollabs', '-j')) as Record<string, unknown>;
  expect(created).toMatchObject({
    ID: 'made',
    Name: 'made',
    Deployed: false,
    Hostname: 'made.fly.dev',
    Organization: { Slug: 'sollabs', PaidPlan: true },
  });
  expect(Object.keys(created)).toEqual(Object.keys(sol ?? {}));
});

test('status: Go keys sorted outside, machines in snake case inside', async () => {
  const status = (await world.json('status', '-j')) as Record<string, unknown>;
  expect(Object.keys(status)).toEqual([...Object.keys(status)].sort());
  const { Machines, ...app } = status;
  expect(app).toEqual({
    AppURL: 'https://sol.fly.dev',
    Deployed: true,
    Hostname: 'sol.fly.dev',
    ID: 'sol',
    Name: 'sol',
    Organization: {
      ID: 'org-sollabs',
      InternalNumericID: '',
      Name: '',
      Slug: 'sollabs',
      RawSlug: 'sollabs',
      PaidPlan: true,
    },
    PlatformVersion: 'machines',
    Status: 'deployed',
    Version: 1,
  });
  const machines = Machines as { id: string }[];
  expect(machines.map(({ id }) => id)).toEqual(
    machines
      .map(({ id }) => id)
      .sort()
      .reverse(),
  );
  expect(machines[0]).toEqual({
    id: isId(14),
    name: expect.any(String),
    state: 'started',
    region: 'sjc',
    image_ref: {
      registry: 'registry.fly.io',
      repository: 'sol',
      tag: 'one',
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      labels: null,
    },
    instance_id: expect.stringMatching(/^01[0-9A-F]{24}$/),
    private_ip: expect.stringMatching(/^fdaa:/),
    created_at: expect.any(String),
    updated_at: expect.any(String),
    config: {
      env: { FLY_PROCESS_GROUP: 'app', PRIMARY_REGION: 'sjc' },
      init: {},
      guest: { cpu_kind: 'shared', cpus: 1, memory_mb: 256 },
      metadata: {
        fly_flyctl_version: '0.4.87',
        fly_platform_version: 'v2',
        fly_process_group: 'app',
        fly_release_id: expect.stringMatching(/^rel_/),
        fly_release_version: '1',
      },
      services: [
        expect.objectContaining({ protocol: 'tcp', internal_port: 8080, autostop: false, force_instance_key: null }),
      ],
      image: 'registry.fly.io/sol:one',
      restart: { policy: 'on-failure', max_retries: 10 },
    },
    events: [
      { type: 'start', status: 'started', source: 'flyd', timestamp: expect.any(Number) },
      { type: 'launch', status: 'created', source: 'user', timestamp: expect.any(Number) },
    ],
    checks: [
      {
        name: 'servicecheck-00-http-8080',
        status: 'passing',
        output: expect.any(String),
        updated_at: expect.any(String),
      },
    ],
    host_status: 'ok',
    cordoned: false,
  });
  expect(await world.json('status', '-j', '-a', 'bare')).toMatchObject({
    Machines: [],
    Version: 0,
    Deployed: false,
    AppURL: '',
  });
});

test('checks are an object from machine to its checks', async () => {
  const [first, second] = (await world.json('machine', 'list', '-j')) as { id: string; checks: unknown }[];
  expect(await world.json('checks', 'list', '-j')).toEqual({
    [first?.id ?? '']: first?.checks,
    [second?.id ?? '']: second?.checks,
  });
});
