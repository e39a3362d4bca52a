import { expect, test } from 'vitest';
import { config } from '../../../steps/fly/config.ts';
import { flyWorld, look } from './fake-fly.ts';

const right = `
app = "solserver-prod"
primary_region = "sjc"

[env]
  CONTROL_PLANE_DB_PATH = "/data/control_plane.db"
  LATTICE_ENABLED = true

[[mounts]]
  source = "solserver_data"
  destination = "/data"

[http_service]
  internal_port = 8080
  [[http_service.checks]]
    path = "/health"
    interval = "15s"
`;
const want = { file: 'fly.prod.toml', app: 'solserver-prod' };
const all = {
  ...want,
  region: 'sjc',
  groups: ['app'],
  mounts: { solserver_data: '/data' },
  'internal-port': 8080,
  'health-path': '/health',
  env: { CONTROL_PLANE_DB_PATH: '/data/control_plane.db', LATTICE_ENABLED: 'true' },
};
const holding = (text: string, file = 'fly.prod.toml') => flyWorld([], { files: { [file]: text } });

/** Two groups of the SolOS plan: `mounts` says which of them mount the volume. */
const twoGroups = (mounting: string, service = 'processes = ["web"]') => `
app = "solserver-prod"
primary_region = "sjc"
[env]
  CONTROL_PLANE_DB_PATH = "file:/data/control_plane.db"
[processes]
  web = "node web.js"
  worker = "node worker.js"
[[mounts]]
  source = "solserver_data"
  destination = "/data"
  ${mounting}
[http_service]
  internal_port = 8080
  ${service}
`;

test('a file that says all the runbook relies on is so', async () => {
  expect(await look(config, all, holding(right))).toEqual({
    is: 'so',
    seen: 'app solserver-prod; region sjc; groups app; solserver_data at /data (app)',
  });
});

test('fly.json says the same', async () => {
  const file = JSON.stringify({ app: 'solserver-prod', primary_region: 'sjc', http_service: { internal_port: 8080 } });
  expect(
    await look(config, { ...want, file: 'fly.json', 'internal-port': 8080 }, holding(file, 'fly.json')),
  ).toMatchObject({ is: 'so' });
});

test('every difference is named at once', async () => {
  const wanted = {
    ...all,
    app: 'solserver',
    region: 'lax',
    groups: ['web', 'worker'],
    mounts: { db: '/data', solserver_data: '/db' },
    'internal-port': 3000,
    'health-path': '/healthz',
    env: { A: '1', LATTICE_ENABLED: 'false' },
  };
  expect(await look(config, wanted, holding(right))).toEqual({
    is: 'not-so',
    expected:
      'app = "solserver"; primary_region = "lax"; process groups web, worker; db mounted at /data; solserver_data mounted at /db; internal_port = 3000; a health check of /healthz; A = "1" in [env]; LATTICE_ENABLED = "false" in [env]',
    seen: 'app = "solserver-prod"; primary_region = "sjc"; process groups app; db is not mounted; solserver_data mounted at /data; internal_port = 8080; health checks of /health; A is not in [env]; LATTICE_ENABLED = "true" in [env]',
    hint: expect.stringContaining('launch lint --project'),
    final: true,
  });
});

test('a volume mounted by two process groups stops the launch: they can never share one SQLite file', async () => {
  const answer = await look(config, want, holding(twoGroups('processes = ["web", "worker"]')));
  expect(answer).toMatchObject({
    is: 'not-so',
    seen: expect.stringMatching(
      /^fly.prod.toml:9 the mount solserver_data at \/data belongs to 2 process groups \(web, worker\) .*can never share one file/,
    ),
    expected: expect.stringContaining('one SQLite file needs one machine'),
  });
});

test('separate data that is meant to be separate is let through', async () => {
  expect(
    await look(
      config,
      { ...want, accept: { 'shared-mount': 'each keeps its own' } },
      holding(twoGroups('processes = ["web", "worker"]')),
    ),
  ).toMatchObject({ is: 'so' });
});

test('a mount without processes belongs to one group; a path that points into it warns for the other', async () => {
  expect(await look(config, want, holding(twoGroups('')))).toMatchObject({
    is: 'so',
    warning: expect.stringContaining(
      'CONTROL_PLANE_DB_PATH points below /data, which only web mounts: worker writes to a folder of its own',
    ),
  });
});

test.each([
  [
    'a mount of a group that is not there',
    twoGroups('processes = ["wroker"]'),
    'names a process group that is not there: wroker',
  ],
  [
    'a service without a group beside [processes]',
    twoGroups('processes = ["web"]', ''),
    '[http_service] names no process group',
  ],
  ['a mount without primary_region', right.replace(/primary_region.*/, ''), 'no primary_region'],
  [
    'a strategy that cannot be used with volumes',
    `${right}\n[deploy]\n  strategy = "bluegreen"\n`,
    'bluegreen cannot be used with volumes',
  ],
  [
    'a duration that is nanoseconds',
    right.replace('"15s"', '15'),
    'http_service.checks.interval = 15 means 15 nanoseconds here',
  ],
  [
    'two mounts of one group',
    `${right}\n[[mounts]]\n  source = "b"\n  destination = "/b"\n`,
    'the group app has more than one mount',
  ],
])('%s stops the launch', async (_, text, seen) => {
  expect(await look(config, want, holding(text))).toMatchObject({
    is: 'not-so',
    seen: expect.stringContaining(seen),
    final: true,
  });
});

test('old spellings that fly accepts are read', async () => {
  const old = right.replace('[[mounts]]', '[mount]').replace('[[http_service.checks]]', '[http_service.checks]');
  expect(await look(config, all, holding(old))).toMatchObject({ is: 'so' });
});

test('a file that is missing, broken or outside the project says so', async () => {
  expect(await look(config, want, flyWorld([]))).toMatchObject({
    is: 'not-so',
    seen: 'there is no fly.prod.toml',
    final: true,
  });
  expect(await look(config, want, holding('app = "x"\nregion = [\n'))).toMatchObject({
    is: 'not-so',
    seen: expect.stringMatching(/^fly.prod.toml:[23] cannot be read: /),
  });
  expect(await look(config, want, holding('app = 3'))).toMatchObject({
    is: 'not-so',
    seen: expect.stringContaining('app: expected string, received number'),
  });
  expect(await look(config, { ...want, file: '../fly.toml' }, flyWorld([]))).toEqual({
    is: 'unknown',
    why: '../fly.toml leaves the project',
  });
});
