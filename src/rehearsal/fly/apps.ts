// fly apps list, create, destroy (facts/flyctl.md §3.5, §3.6).
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveOrg } from './account.ts';
import { type Call, newId, stamp, visibleApp, visibleApps } from './call.ts';
import type { Definition } from './definition.ts';
import { FlyError, flaps } from './errors.ts';
import type { FlyApp, FlyState, Org } from './model.ts';
import { goApp, goOrganization, goRelease, goTime, table } from './output.ts';
import { rememberSecretsVersion } from './session.ts';

export async function listApps(call: Call): Promise<void> {
  const state = call.read();
  const org = call.flags.text('org') || call.env.FLY_ORG || call.env.FLY_ORGANIZATION;
  if (org && !state.orgs.some(({ slug }) => slug === org)) throw new FlyError(`organization ${org} not found`);
  const apps = visibleApps(state, call.identity).filter((app) => !org || app.org === org);
  if (call.wantsJson) return call.json(apps.map((app) => listed(state, app)));
  if (call.flags.is('quiet')) return call.out(apps.map(({ name }) => name + '\n').join(''));
  if (apps.length === 0) return call.out('No apps found\n');
  call.out(
    table(
      ['Name', 'Owner', 'Status', 'Latest Deploy'],
      apps.map((app) => [
        app.name,
        app.org,
        app.status,
        app.releases.at(-1) ? goTime(app.releases.at(-1)?.createdAt ?? 0) : '',
      ]),
    ),
  );
}

export async function createApp(call: Call): Promise<void> {
  const [positional] = call.args;
  const flag = call.flags.text('name');
  if (positional && flag && positional !== flag)
    throw new FlyError(`two app names specified: ${positional} and ${flag}, only one may be specified`);
  const given = positional || flag;
  if (!given && !call.flags.is('generate-name'))
    throw new FlyError('name argument or flag must be specified when not running interactively');
  const org = resolveOrg(call);
  await call.step();
  const app = call.change(
    (state) => createdApp(call, state, given, org),
    ({ name }) => `app created ${name}`,
  );
  await call.halfway();
  await call.answered();
  if (call.wantsJson) return call.json(created(app, org));
  call.out(`New app created: ${app.name}\n`);
  if (call.flags.is('save')) saveConfig(call, app.name);
}

export async function destroyApps(call: Call): Promise<void> {
  if (call.args.length === 0) throw new FlyError('no app names provided');
  for (const name of call.args) {
    if (!call.flags.is('yes')) {
      call.err(`Destroying an app is not reversible.\n`);
      throw new FlyError('yes flag must be specified when not running interactively');
    }
    visibleApp(call.read(), call.identity, name);
    await call.act(
      (state) => {
        visibleApp(state, call.identity, name);
        state.apps = state.apps.filter((app) => app.name !== name);
      },
      () => `app destroyed ${name}`,
    );
    rememberSecretsVersion(call.env, call.world, name, undefined);
    call.out(`Destroyed app ${name}\n`);
  }
}

/** Puts a new app into the state. Throws where the name is taken, by whomever. */
export function createdApp(call: Call, state: FlyState, given: string | undefined, org: Org): FlyApp {
  const name = given ?? `quiet-river-${newId(state, 4)}`;
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(name))
    throw flaps(
      `failed to create app: Validation failed: Name may only contain letters, numbers and dashes`,
      newId(state, 32),
    );
  if (state.taken.includes(name) || state.apps.some((app) => app.name === name) || call.strike('name-taken'))
    throw flaps(
      `failed to create app: Validation failed: Name has already been taken\n\nApp names are global: choose another one`,
      newId(state, 32),
    );
  const app: FlyApp = {
    name,
    org: org.slug,
    token: newId(state, 7),
    createdAt: stamp(state, call.now()),
    status: 'pending',
    deployed: false,
    network: call.flags.text('network') ?? '',
    ips: [],
    volumes: [],
    secrets: [],
    secretsVersion: 0,
    releases: [],
    machines: [],
    certificates: [],
    logs: [],
  };
  state.apps.push(app);
  return app;
}

function saveConfig(call: Call, name: string): void {
  const path = join(process.cwd(), 'fly.toml');
  if (existsSync(path) && !call.flags.is('yes')) throw new FlyError('prompt: non interactive');
  writeFileSync(path, `# fly.toml app configuration file\n\napp = '${name}'\n`);
  call.out(`Wrote config file ${path}\n`);
}

const created = (app: FlyApp, org: Org): Definition =>
  goApp({
    ID: app.name,
    Name: app.name,
    Status: app.status,
    Deployed: app.deployed,
    Hostname: `${app.name}.fly.dev`,
    Network: app.network,
    Organization: organization(org),
  });

function listed(state: FlyState, app: FlyApp): Definition {
  const latest = app.releases.at(-1);
  const org = state.orgs.find(({ slug }) => slug === app.org);
  return goApp({
    ID: app.name,
    Name: app.name,
    Status: app.status,
    Deployed: app.deployed,
    Hostname: `${app.name}.fly.dev`,
    PlatformVersion: app.machines.length > 0 ? 'machines' : '',
    Network: app.network,
    Organization: goOrganization({ Slug: app.org, Name: org?.name ?? '' }),
    CurrentRelease: latest ? goRelease({ Status: latest.status, CreatedAt: goTime(latest.createdAt) }) : null,
  });
}

const organization = (org: Org): Definition =>
  goOrganization({
    ID: org.id,
    Name: org.name,
    Slug: org.slug,
    RawSlug: org.slug,
    Type: org.type,
    PaidPlan: org.paidPlan,
  });
