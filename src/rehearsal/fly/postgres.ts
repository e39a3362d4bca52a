// fly postgres create, attach, detach, list: an unmanaged cluster is an ordinary app with a Postgres image (facts/flyctl.md §3.21).
import { resolveOrg } from './account.ts';
import { allocate } from './addresses.ts';
import { createdApp } from './apps.ts';
import { type Call, newId, stamp, visibleApp, visibleApps } from './call.ts';
import { canaryPassword } from './canary.ts';
import { FlyError } from './errors.ts';
import { imageRef, nameOf } from './machines.ts';
import type { FlyApp, Machine } from './model.ts';
import { goApp, goOrganization, goTime, table } from './output.ts';
import { regions } from './regions.ts';
import { storeSecret } from './secrets.ts';
import { makeVolume } from './volume.ts';

const image = 'docker-hub-mirror.fly.io/flyio/postgres-flex:17.2';

export async function createPostgres(call: Call): Promise<void> {
  const { flags } = call;
  const name = flags.text('name');
  const nodes = flags.number('initial-cluster-size');
  const given = [
    name,
    flags.text('region') || call.env.FLY_REGION,
    flags.text('vm-size'),
    flags.number('volume-size'),
    nodes,
  ];
  const org = resolveOrg(call);
  // Any that is missing would be asked for, and the error does not say which.
  if (given.includes(undefined) || name === undefined || nodes === undefined)
    throw new FlyError('prompt: non interactive');
  const region = flags.text('region') || call.env.FLY_REGION || '';
  if (!regions.some(({ code }) => code === region)) throw new FlyError(`region ${region} not found`);
  if (!/^(shared-cpu|performance)-\d+x$/.test(flags.text('vm-size') ?? ''))
    throw new FlyError(`vm size "${flags.text('vm-size')}" is not valid`);
  call.out(`Creating postgres cluster in organization ${org.slug}\nCreating app...\n`);
  await call.step();
  const app = call.change(
    (state) => {
      const made = createdApp(call, state, name, org);
      made.postgres = { databases: ['postgres'], users: ['postgres'], attached: [] };
      return made;
    },
    () => `app created ${name}`,
  );
  await call.halfway();
  const password = flags.text('password') ?? canaryPassword(app.name);
  call.out(`Setting secrets on app ${name}...\n`);
  call.change((state) => {
    const found = visibleApp(state, call.identity, name);
    for (const one of ['SU_PASSWORD', 'REPL_PASSWORD', 'OPERATOR_PASSWORD'])
      storeSecret(state, found, one, `${password}${one}`, stamp(state, call.now()));
  });
  await call.step();
  for (let node = 1; node <= nodes; node++) {
    call.out(`Provisioning ${node} of ${nodes} machines with image ${image}\nWaiting for machine to start...\n`);
    const id = makeNode(call, name, region);
    await call.step();
    call.out(`Machine ${id} is created\n`);
  }
  const flycast = call.change(
    (state) => {
      call.appName = name;
      return allocate(call, state, 'private_v6');
    },
    () => 'ip allocated private_v6',
  );
  await call.answered();
  if (!flags.is('detach')) call.out('==> Monitoring health checks\n');
  call.out(
    `\nPostgres cluster ${name} created\n  Username:    postgres\n  Password:    ${password}\n  Hostname:    ${name}.internal\n  Flycast:     ${flycast}\n  Proxy port:  5432\n  Postgres port:  5433\n  Connection string: postgres://postgres:${password}@${name}.flycast:5432\n\nSave your credentials in a secure place -- you won't be able to see them again!\n`,
  );
}

function makeNode(call: Call, name: string, region: string): string {
  return call.change(
    (state) => {
      const app = visibleApp(state, call.identity, name);
      const volume = makeVolume(state, app, {
        name: 'pg_data',
        region,
        size: call.flags.number('volume-size') ?? 1,
        now: call.now(),
      });
      const id = newId(state, 14);
      const at = goTime(stamp(state, call.now()));
      volume.attached_machine_id = id;
      const checks = ['pg', 'role', 'vm'].map((check) => ({
        name: check,
        status: 'passing' as const,
        output: '',
        updated_at: at,
      }));
      app.machines.push(node(id, { region, volume: volume.id, size: volume.size_gb, at, checks, now: call.now() }));
      app.status = 'deployed';
      app.deployed = true;
      return id;
    },
    (id) => `machine created ${id}`,
  );
}

function node(
  id: string,
  made: { region: string; volume: string; size: number; at: string; checks: Machine['checks']; now: number },
): Machine {
  return {
    id,
    name: nameOf(id),
    state: 'started',
    region: made.region,
    image_ref: imageRef(image),
    instance_id: `01${id.toUpperCase()}`,
    private_ip: `fdaa:0:${id.slice(0, 4)}:a7b:${id.slice(4, 8)}:${id.slice(8, 12)}:0:2`,
    created_at: made.at,
    updated_at: made.at,
    config: {
      init: {},
      guest: { cpu_kind: 'shared', cpus: 1, memory_mb: 256 },
      metadata: { fly_platform_version: 'v2', fly_process_group: 'app', 'managed-by-fly-deploy': 'true' },
      mounts: [{ encrypted: true, path: '/data', size_gb: made.size, volume: made.volume, name: 'pg_data' }],
      image,
      restart: { policy: 'always' },
    },
    events: [{ type: 'start', status: 'started', source: 'flyd', timestamp: made.now }],
    checks: made.checks,
    host_status: 'ok',
    cordoned: false,
  };
}

/** The order of §3.21: each step stays when a later one fails. The secret is written without a deploy. */
export async function attachPostgres(call: Call): Promise<void> {
  const { flags } = call;
  const cluster = call.args[0] ?? '';
  const variable = flags.text('variable-name') || 'DATABASE_URL';
  const database = named(flags.text('database-name') ?? call.appName);
  const user = named(flags.text('database-user') ?? call.appName);
  const found = visibleApp(call.read(), call.identity, cluster);
  if (!found.postgres) throw new FlyError(`app ${cluster} is not a postgres app`);
  const consumer = call.app(call.read());
  if (!found.machines.some(({ state }) => state === 'started')) throw new FlyError('no active machines found');
  call.out('Checking for existing attachments\n');
  await call.step();
  if (call.strike('tunnel-failing'))
    throw new FlyError(
      "can't get role for fdaa:0:1::2: 500: failed to connect to the wireguard tunnel: context deadline exceeded",
    );
  if (consumer.secrets.some(({ name }) => name === variable))
    throw new FlyError(`consumer app "${consumer.name}" already contains a secret named ${variable}`);
  if (found.postgres.databases.includes(database) && !flags.is('yes')) throw new FlyError('prompt: non interactive');
  if (found.postgres.users.includes(user))
    throw new FlyError(
      `database user "${user}" already exists. Please specify a new database user via --database-user`,
    );
  const change = (what: (postgres: NonNullable<FlyApp['postgres']>) => void, changed: string): void =>
    call.change(
      (state) => {
        const { postgres } = visibleApp(state, call.identity, cluster);
        if (postgres) what(postgres);
      },
      () => changed,
    );
  call.out('Registering attachment\n');
  change((postgres) => postgres.attached.push(consumer.name), `postgres attached ${cluster} ${consumer.name}`);
  await call.step();
  if (!found.postgres.databases.includes(database)) {
    call.out('Creating database\n');
    change((postgres) => postgres.databases.push(database), `database created ${database}`);
  }
  await call.halfway();
  call.out('Creating user\n');
  change((postgres) => postgres.users.push(user), `database user created ${user}`);
  if (call.strike('attach-interrupted')) throw new FlyError('failed executing create-user: unexpected EOF');
  const host = found.ips.some(({ Type }) => Type === 'private_v6')
    ? `${cluster}.flycast`
    : `top2.nearest.of.${cluster}.internal`;
  const url = `postgres://${user}:${canaryPassword(`${cluster}-${user}`)}@${host}:5432/${database}?sslmode=disable`;
  call.change(
    (state) => storeSecret(state, call.app(state), variable, url, stamp(state, call.now())),
    () => `secrets stored 1 names`,
  );
  await call.answered();
  call.out(
    `\nPostgres cluster ${cluster} is now attached to ${consumer.name}\nThe following secret was added to ${consumer.name}:\n  ${variable}=${url}\n`,
  );
}

/** Which attachment is always asked, so without a terminal it never gets further. */
export async function detachPostgres(call: Call): Promise<void> {
  const consumer = call.app(call.read());
  const found = visibleApp(call.read(), call.identity, call.args[0] ?? '');
  if (!found.postgres?.attached.includes(consumer.name)) throw new FlyError('no attachments found');
  throw new FlyError('prompt: non interactive');
}

export async function listPostgres(call: Call): Promise<void> {
  const state = call.read();
  const apps = visibleApps(state, call.identity).filter(({ postgres }) => postgres);
  if (apps.length === 0) return call.out('No postgres clusters found\n');
  if (call.wantsJson)
    return call.json(
      apps.map((app) =>
        goApp({
          ID: app.name,
          Name: app.name,
          Status: app.status,
          Deployed: app.deployed,
          Hostname: `${app.name}.fly.dev`,
          PlatformVersion: 'machines',
          Organization: goOrganization({ Slug: app.org }),
        }),
      ),
    );
  call.out(
    table(
      ['Name', 'Owner', 'Status', 'Latest Deploy'],
      apps.map(({ name, org, status }) => [name, org, status, '']),
    ),
  );
}

const named = (text: string): string => text.toLowerCase().replaceAll('-', '_');
