// fly mpg create, list, status, attach, detach, destroy: Managed Postgres (facts/flyctl.md §3.22).
import { resolveOrg } from './account.ts';
import { type Call, newId, stamp } from './call.ts';
import { canaryPassword } from './canary.ts';
import { FlyError } from './errors.ts';
import type { Cluster, FlyState } from './model.ts';
import { goOrganization, table } from './output.ts';
import { regions } from './regions.ts';
import { storeSecret } from './secrets.ts';

/** How long a new one takes, and how often its maker asks. */
const readyAfterMs = 180_000;
const pollMs = 5_000;
/** `performance` can be named and not be had: it becomes basic. */
const plans = ['basic', 'starter', 'launch', 'scale'];

export async function createCluster(call: Call): Promise<void> {
  needsMacaroon(call);
  const { flags } = call;
  const name = flags.text('name') ?? (call.appName ? `${call.appName}-db` : undefined);
  if (!name) throw new FlyError('prompt: non interactive');
  const org = resolveOrg(call);
  const major = flags.number('pg-major-version') ?? 16;
  if (major !== 16 && major !== 17)
    throw new FlyError(`invalid Postgres major version: ${major}. Supported versions are 16 and 17`);
  const region = flags.text('region');
  if (!region) throw new FlyError('prompt: non interactive');
  const offered = regions.filter(({ mpg_available }) => mpg_available).map(({ code }) => code);
  if (!offered.some((code) => code === region))
    throw new FlyError(
      `region ${region} is not available for Managed Postgres. Available regions: ${offered.join(', ')}`,
    );
  const asked = (flags.text('plan') ?? '').trim().toLowerCase();
  const plan = plans.includes(asked) ? asked : 'basic';
  const cluster = await call.act(
    (state) => {
      const made: Cluster = {
        id: newId(state, 16),
        name,
        org: org.slug,
        region,
        plan,
        disk: flags.number('volume-size') ?? 10,
        version: major,
        readyAt: stamp(state, call.now()) + readyAfterMs,
        attached: [],
      };
      state.clusters = [...(state.clusters ?? []), made];
      return made;
    },
    ({ id }) => `cluster created ${id}`,
  );
  call.out(`Creating Managed Postgres cluster in ${org.slug}, this will take a few minutes...\n`);
  while (call.now() < cluster.readyAt) {
    call.out(
      `Waiting for cluster ${cluster.id} (${name}) to be ready...\nIf you cancel, the cluster goes on being made\n`,
    );
    await call.wait(pollMs);
  }
  call.out(
    `Managed Postgres cluster created\n  ID: ${cluster.id}\n  Name: ${name}\n  Organization: ${org.slug}\n  Region: ${region}\n  Plan: ${plan}\n  Disk: ${cluster.disk}GB\n  Connection string: ${connectionOf(cluster, 'fly-user', 'fly-db')}\n`,
  );
}

export async function listClusters(call: Call): Promise<void> {
  needsMacaroon(call);
  const org = resolveOrg(call);
  const deleted = call.flags.is('deleted');
  const found = (call.read().clusters ?? []).filter(
    (one) => one.org === org.slug && (one.destroyed ?? false) === deleted,
  );
  if (found.length === 0)
    return call.out(`No ${deleted ? 'deleted ' : ''}managed postgres clusters found in organization ${org.slug}\n`);
  if (call.wantsJson) return call.json(found.map((one) => shown(call, one)));
  call.out(
    table(
      ['ID', 'Name', 'Org', 'Region', 'Status', 'Plan', 'Attached Apps'],
      found.map((one) => [
        one.id,
        one.name,
        one.org,
        one.region,
        statusOf(call, one),
        one.plan,
        one.attached.join(', ') || '<no attached apps>',
      ]),
    ),
  );
}

export async function showCluster(call: Call): Promise<void> {
  needsMacaroon(call);
  const one = clusterOf(call.read(), call.args[0]);
  call.out(
    table(
      ['ID', 'Name', 'Organization', 'Region', 'Status'],
      [[one.id, one.name, one.org, one.region, statusOf(call, one)]],
    ),
  );
}

export async function attachCluster(call: Call): Promise<void> {
  needsMacaroon(call);
  const { flags } = call;
  const app = call.app(call.read());
  const cluster = clusterOf(call.read(), call.args[0]);
  if (cluster.org !== app.org)
    throw new FlyError(
      `app ${app.name} is in organization ${app.org}, but cluster ${cluster.id} is in organization ${cluster.org}. They must be in the same organization to attach`,
    );
  const variable = flags.text('variable-name') || 'DATABASE_URL';
  if (app.secrets.some(({ name }) => name === variable))
    throw new FlyError(
      `app ${app.name} already has ${variable} set. Use 'fly secrets unset ${variable}' to remove it first`,
    );
  const url = connectionOf(cluster, flags.text('username') ?? 'fly-user', flags.text('database') ?? 'fly-db');
  await call.act(
    (state) => {
      storeSecret(state, call.app(state), variable, url, stamp(state, call.now()));
      clusterOf(state, cluster.id).attached.push(app.name);
    },
    () => `cluster attached ${cluster.id} ${app.name}`,
  );
  call.out(
    `\nPostgres cluster ${cluster.id} is being attached to ${app.name}\nThe following secret was added to ${app.name}:\n  ${variable}=${url}\n`,
  );
}

/** Takes the record away; the secret stays in the app. */
export async function detachCluster(call: Call): Promise<void> {
  needsMacaroon(call);
  const app = call.app(call.read());
  const cluster = clusterOf(call.read(), call.args[0]);
  if (cluster.org !== app.org)
    throw new FlyError(
      `app ${app.name} is in organization ${app.org}, but cluster ${cluster.id} is in organization ${cluster.org}. They must be in the same organization`,
    );
  if (!cluster.attached.includes(app.name)) throw new FlyError('failed to detach: attachment not found');
  await call.act(
    (state) => {
      const found = clusterOf(state, cluster.id);
      found.attached = found.attached.filter((name) => name !== app.name);
    },
    () => `cluster detached ${cluster.id} ${app.name}`,
  );
  call.out(
    `\nPostgres cluster ${cluster.id} has been detached from ${app.name}\nNote: This only removes the attachment record. Any secrets (like DATABASE_URL) are still set on the app.\n`,
  );
}

export async function destroyCluster(call: Call): Promise<void> {
  needsMacaroon(call);
  const { id } = clusterOf(call.read(), call.args[0]);
  if (!call.flags.is('yes')) throw new FlyError('prompt: non interactive');
  await call.act(
    (state) => void (clusterOf(state, id).destroyed = true),
    () => `cluster destroyed ${id}`,
  );
  call.out(`Managed Postgres cluster ${id} was destroyed\n`);
}

/** The login of the folder has one; of tokens from outside only macaroons will do. */
function needsMacaroon(call: Call): void {
  const given = call.flags.text('access-token') || call.env.FLY_ACCESS_TOKEN || call.env.FLY_API_TOKEN;
  if (given && !/(^|[ ,])fm(1r|1a|2)_/.test(given))
    throw new FlyError('MPG commands require updated tokens, but none were found');
}

function clusterOf(state: FlyState, id: string | undefined): Cluster {
  if (id === undefined) throw new FlyError('prompt: non interactive');
  const found = state.clusters?.find((one) => one.id === id && !one.destroyed);
  if (!found) throw new FlyError(`failed retrieving cluster ${id}: cluster not found`);
  return found;
}

const statusOf = (call: Call, { readyAt }: Cluster): string => (call.now() < readyAt ? 'creating' : 'ready');

const shown = (call: Call, one: Cluster) => ({
  id: one.id,
  mpgd_cluster_id: one.id,
  version: one.version,
  name: one.name,
  region: one.region,
  status: statusOf(call, one),
  plan: one.plan,
  disk: one.disk,
  replicas: 1,
  organization: goOrganization({ Slug: one.org }),
  ip_assignments: { direct: '' },
  attached_apps: one.attached.map((name) => ({ name, id: name })),
});

const connectionOf = ({ id }: Cluster, user: string, database: string): string =>
  `postgresql://${user}:${canaryPassword(`${id}-${user}`)}@direct.${id}.flympg.net:5432/${database}`;
