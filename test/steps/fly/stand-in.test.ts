// The fly kinds against the stand-in fly, as real children: a whole launch from nothing, then again, with nothing made twice.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Look, StepKind } from '../../../src/step.ts';
import { app } from '../../../steps/fly/app.ts';
import { certificate } from '../../../steps/fly/certificate.ts';
import { certificateIssued } from '../../../steps/fly/certificate-issued.ts';
import { flyLogin, importSecrets, listSecrets } from '../../../steps/fly/client.ts';
import { config } from '../../../steps/fly/config.ts';
import { deploy } from '../../../steps/fly/deploy.ts';
import { health } from '../../../steps/fly/health.ts';
import { ips } from '../../../steps/fly/ips.ts';
import { logs } from '../../../steps/fly/logs.ts';
import { machines } from '../../../steps/fly/machines.ts';
import { secretsApplied } from '../../../steps/fly/secrets-applied.ts';
import { volume } from '../../../steps/fly/volume.ts';
import { act, type FlyStandIn, look, openRoom } from './worlds.ts';

const name = 'solserver-prod';
const flyToml = `
app = "${name}"
primary_region = "sjc"
[env]
  CONTROL_PLANE_DB_PATH = "/data/control_plane.db"
[build]
  image = "registry.fly.io/${name}:v1"
[[mounts]]
  source = "solserver_data"
  destination = "/data"
[http_service]
  internal_port = 8080
  [[http_service.checks]]
    path = "/health"
    interval = "15s"
`;

let fly: Awaited<ReturnType<typeof openRoom>>;
beforeAll(async () => void (fly = await openRoom()));
afterAll(() => fly.remove());

async function standIn(): Promise<FlyStandIn> {
  const world = await fly.open();
  await world.write('fly.toml', flyToml);
  return world;
}

/** Not so, act, so: as the engine does it. Gives the last look. */
async function converge<W>(kind: StepKind<W>, want: unknown, world: FlyStandIn): Promise<Look> {
  const before = await look(kind, want, world);
  expect(before, kind.name).toMatchObject({ is: 'not-so' });
  const since = before.is === 'not-so' ? before.since : undefined;
  expect(await act(kind, want, world, since), kind.name).toMatchObject({ ended: 'ok' });
  const after = await look(kind, want, world, since);
  expect(after, kind.name).toMatchObject({ is: 'so' });
  return after;
}

const wants = {
  app: { name, org: 'sollabs' },
  ips: { app: name },
  volume: { app: name, name: 'solserver_data', region: 'sjc', size: 3 },
  certificate: { app: name, hostname: 'api.sollabs.com' },
  deploy: { app: name, config: 'fly.toml', ha: false },
  machines: { app: name, count: 1 },
};

test('a launch from nothing converges, and a second one changes nothing but the release', async () => {
  const world = await standIn();
  expect(await flyLogin.check({ org: 'sollabs' }, world.ports)).toMatchObject({ is: 'so' });
  await converge(app, wants.app, world);
  await converge(ips, wants.ips, world);
  await converge(volume, wants.volume, world);
  expect(await look(config, { file: 'fly.toml', app: name, region: 'sjc' }, world)).toMatchObject({ is: 'so' });
  expect(await importSecrets(name, 'OPENAI_API_KEY="""sk-canary"""\n', world.ports, { stage: true })).toEqual({
    ended: 'ok',
  });
  expect(await listSecrets(name, world.ports)).toMatchObject({
    ok: true,
    value: [{ name: 'OPENAI_API_KEY', status: 'Staged' }],
  });
  expect(await converge(deploy, wants.deploy, world)).toMatchObject({ outputs: { version: '1' } });
  expect(await look(health, { app: name }, world)).toMatchObject({ is: 'so' });
  expect(await look(secretsApplied, { app: name }, world)).toMatchObject({ is: 'so' });
  expect(await look(machines, wants.machines, world)).toMatchObject({ is: 'so' });
  expect(await converge(certificate, wants.certificate, world)).toMatchObject({
    outputs: { target: expect.stringContaining('fly.dev') },
  });
  expect(await look(certificateIssued, wants.certificate, world)).toMatchObject({
    is: 'not-so',
    seen: 'DNS has no record for api.sollabs.com yet',
  });
  expect(await look(logs, { app: name, 'not-contains': ['no such text'] }, world)).toMatchObject({ is: 'so' });

  const first = world.changes();
  for (const kind of [app, ips, volume, certificate, machines] as const) {
    const key = kind.name.slice(4) as keyof typeof wants; // each of these five has its row in `wants`
    expect(await look(kind as StepKind, wants[key], world), kind.name).toMatchObject({ is: 'so' });
    expect(await act(kind as StepKind, wants[key], world), kind.name).toMatchObject({ ended: 'ok' });
  }
  expect(world.changes()).toEqual(first);
  expect(await converge(deploy, wants.deploy, world)).toMatchObject({ outputs: { version: '2' } });
});

test('after a lost reply the look finds the volume, and no second one is made', async () => {
  const world = await standIn();
  await converge(app, wants.app, world);
  await writeFile(
    join(world.folder, 'faults.json'),
    JSON.stringify([{ name: 'reply-lost', at: 'fly volumes create', fired: false }]),
  );
  expect(await act(volume, wants.volume, world)).toMatchObject({ ended: 'unclear' });
  expect(await look(volume, wants.volume, world)).toMatchObject({ is: 'so' });
  expect(await act(volume, wants.volume, world)).toEqual({ ended: 'ok' });
  expect(world.changes().filter((change) => change.startsWith('volume'))).toHaveLength(1);
});

test('what was made can be taken back, and is seen to be gone', async () => {
  const world = await standIn();
  await converge(app, wants.app, world);
  for (const kind of [ips, volume, certificate] as const) {
    const key = kind.name.slice(4) as keyof typeof wants; // each of these has its row in `wants`
    const made = await converge(kind as StepKind, wants[key], world);
    const outputs = made.is === 'so' ? (made.outputs ?? {}) : {};
    const want = (kind as StepKind).with.parse(wants[key]);
    const back = (kind as StepKind).undo;
    expect(await back?.verify(want, world.ports, { outputs }), kind.name).toMatchObject({ is: 'not-so' });
    expect(await back?.act(want, world.ports, { outputs }), kind.name).toMatchObject({ ended: 'ok' });
    expect(await back?.verify(want, world.ports, { outputs }), kind.name).toMatchObject({ is: 'so' });
  }
  expect(await app.undo?.act(wants.app, world.ports, { outputs: {} })).toEqual({ ended: 'ok' });
  expect(await app.undo?.verify(wants.app, world.ports, { outputs: {} })).toMatchObject({ is: 'so' });
});

test('a deploy that fails says why, and is not taken for one that ran', async () => {
  const world = await standIn();
  await converge(app, wants.app, world);
  await converge(deploy, wants.deploy, world);
  const faults = {
    'health-failing': 'failed',
    'network-lost-midway': 'unclear',
    'rate-limit': 'unclear',
    'build-failing': 'failed',
  };
  for (const [fault, ended] of Object.entries(faults)) {
    await writeFile(
      join(world.folder, 'faults.json'),
      JSON.stringify([{ name: fault, at: 'fly deploy', fired: false }]),
    );
    const before = await look(deploy, wants.deploy, world);
    const since = before.is === 'not-so' ? before.since : undefined;
    expect(await act(deploy, wants.deploy, world, since), fault).toMatchObject({ ended });
    expect(await look(deploy, wants.deploy, world, since), fault).toMatchObject({ is: 'not-so' });
    if (fault === 'health-failing')
      expect(await look(deploy, wants.deploy, world, since)).toMatchObject({ final: true });
  }
});

test('a deployed image is gone back from to the one before, as a new release', async () => {
  const world = await standIn();
  await converge(app, wants.app, world);
  await converge(deploy, wants.deploy, world);
  const next = deploy.with.parse({ ...wants.deploy, image: `registry.fly.io/${name}:v2` });
  expect(await converge(deploy, next, world)).toMatchObject({ outputs: { version: '2' } });
  expect(await look(deploy, next, world)).toMatchObject({ is: 'so' });
  expect(await deploy.undo?.verify(next, world.ports, { outputs: {} })).toMatchObject({ is: 'not-so' });
  expect(await deploy.undo?.act(next, world.ports, { outputs: { version: '2' } })).toMatchObject({
    ended: 'ok',
    outputs: { version: '3' },
  });
  expect(await deploy.undo?.verify(next, world.ports, { outputs: {} })).toMatchObject({
    is: 'so',
    seen: expect.stringContaining(':v1'),
  });
});
