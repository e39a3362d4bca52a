// fly secrets list, set, import, unset, deploy, sync (facts/flyctl.md §3.10).
import { createHmac } from 'node:crypto';
import { fstatSync } from 'node:fs';
import { waitTimeout } from './app-config.ts';
import { type Call, stamp } from './call.ts';
import type { Definition } from './definition.ts';
import { currentConfig } from './deploy.ts';
import { FlyError } from './errors.ts';
import { managed } from './machines.ts';
import type { FlyApp, FlyState, Secret } from './model.ts';
import { goTime, isOlder, table } from './output.ts';
import { emitRelease, release } from './releases.ts';
import { parseSecrets } from './secrets-grammar.ts';
import { rememberSecretsVersion } from './session.ts';

/** The same for all stand-ins, and known to nobody: digests cannot be predicted from values. */
const DIGEST_KEY = 'the digests of the stand-in';

export async function listSecrets(call: Call): Promise<void> {
  const app = call.app(call.read());
  const many = app.machines.length > 100;
  const rows = app.secrets.map((secret) => ({
    name: secret.name,
    digest: secret.digest,
    ...(many ? {} : { status: statusOf(app, secret) }),
  }));
  if (call.wantsJson) return call.json(inShapeOf(call.read().version, app, rows));
  const mark = (status: string | undefined) => (status === 'Staged' ? '* ' : status === 'Partial' ? '! ' : '');
  call.out(
    table(
      ['Name', 'Digest', 'Status'],
      rows.map((row) => [mark(row.status) + row.name, row.digest, row.status ?? '']),
    ),
  );
}

/** What `--json` printed in older versions (§8). */
function inShapeOf(version: string, app: FlyApp, rows: readonly { name: string; digest: string }[]): unknown {
  const times = (name: string) => app.secrets.find((secret) => secret.name === name);
  if (isOlder(version, '0.3.178'))
    return rows.map(({ name, digest }) => ({
      Name: name,
      Digest: digest,
      CreatedAt: goTime(times(name)?.createdAt ?? 0),
    }));
  if (isOlder(version, '0.4.6'))
    return rows.map(({ name, digest }) => ({
      name,
      digest,
      updated_at: goTime(times(name)?.updatedAt ?? 0),
      created_at: goTime(times(name)?.createdAt ?? 0),
    }));
  return rows;
}

/** An estimate of the client: is the release of each machine at least as new as the secret? */
function statusOf(app: FlyApp, secret: Secret): 'Deployed' | 'Staged' | 'Partial' {
  const machines = managed(app);
  const latest = app.releases.slice(-200);
  const carrying = machines.filter(({ config }) => {
    const carried = latest.find(({ version }) => String(version) === config.metadata.fly_release_version);
    return carried !== undefined && carried.createdAt >= secret.updatedAt;
  });
  if (machines.length === 0 || carrying.length === 0) return 'Staged';
  return carrying.length === machines.length ? 'Deployed' : 'Partial';
}

export async function setSecrets(call: Call): Promise<void> {
  const pairs = new Map<string, string>();
  for (const arg of call.args) {
    if (!arg.includes('='))
      throw new FlyError(`Secrets must be provided as NAME=VALUE pairs: '${arg}' must be in the format NAME=VALUE`);
    pairs.set(arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1));
  }
  for (const [name, value] of pairs) if (value === '-') pairs.set(name, await valueFromStdin(call));
  await write(call, pairs);
}

export async function importSecrets(call: Call): Promise<void> {
  call.app(call.read()); // before stdin is read
  const pairs = parseSecrets(await call.stop.readStdin());
  if (pairs.size === 0) throw new FlyError('requires at least one SECRET=VALUE pair');
  await write(call, pairs);
}

export async function unsetSecrets(call: Call): Promise<void> {
  const names = new Set(call.args);
  await call.act(
    (state) => {
      const app = call.app(state);
      app.secrets = app.secrets.filter(({ name }) => !names.has(name));
      bump(call, app);
    },
    () => `secrets removed ${names.size} names`,
  );
  await afterWrite(call);
}

export async function deploySecrets(call: Call): Promise<void> {
  const app = call.app(call.read());
  if (app.status === 'pending' || managed(app).length === 0) throw new FlyError('no machines available to deploy');
  await restart(call, app);
}

/** Raises the version this client insists on to the server's, by removing a name that nobody has. */
export async function syncSecrets(call: Call): Promise<void> {
  await call.act((state) => bump(call, call.app(state)));
}

/** All names of a call are one request: all or nothing. An unchanged value is written again. */
async function write(call: Call, pairs: ReadonlyMap<string, string>): Promise<void> {
  await call.act(
    (state) => {
      const app = call.app(state);
      const bad = [...pairs.keys()].find((name) => !/^[A-Za-z0-9_]+$/.test(name));
      if (bad !== undefined)
        throw new FlyError(
          `update secrets: '${bad}' is not a valid secret name; only allows letters, numbers, and underscores`,
        );
      const at = stamp(state, call.now());
      for (const [name, value] of pairs) storeSecret(state, app, name, value, at);
      bump(call, app);
    },
    () => `secrets stored ${pairs.size} names`,
  );
  await afterWrite(call);
}

/** Its digest is kept, never the value. */
export function storeSecret(state: FlyState, app: FlyApp, name: string, value: string, at: number): void {
  const digest = createHmac('sha256', state.digests === 'same' ? DIGEST_KEY : DIGEST_KEY + app.org)
    .update(value)
    .digest('hex')
    .slice(0, 16);
  const before = app.secrets.find((secret) => secret.name === name);
  if (before) Object.assign(before, { digest, version: before.version + 1, updatedAt: at });
  else app.secrets.push({ name, digest, version: 1, createdAt: at, updatedAt: at });
}

function bump(call: Call, app: FlyApp): void {
  app.secretsVersion += 1;
  rememberSecretsVersion(call.env, call.world, app.name, app.secretsVersion);
}

/** Staged, kept for the first deploy, or a new release for every machine (§3.10.6). */
async function afterWrite(call: Call): Promise<void> {
  const app = call.app(call.read());
  if (call.flags.is('stage'))
    return call.out(
      'Secrets have been staged, but not set on VMs. Deploy or update machines in this app for the secrets to take effect.\n',
    );
  if (app.status === 'pending' && app.machines.length === 0)
    return call.out('Secrets are staged for the first deployment\n');
  await restart(call, app);
}

/** Always the classic engine, from the server's configuration and image. The values stay, however it ends. */
async function restart(call: Call, app: FlyApp): Promise<void> {
  const config: Definition = currentConfig(app) ?? {};
  const image =
    (app.releases.findLast(({ status }) => status === 'complete') ?? app.releases.at(-1))?.imageRef ??
    app.machines[0]?.config.image ??
    '';
  const made = await release(
    call,
    { config, image, description: 'Secrets updated' },
    {
      strategy: 'rolling',
      ha: false,
      detach: call.flags.is('detach'),
      waitTimeout: waitTimeout(config),
      leaseTimeout: 13_000,
      retries: 0,
      create: false,
      touches: () => true,
    },
  );
  emitRelease(call, made);
  if (call.flags.is('dns-checks') && !call.flags.is('detach'))
    call.err(`Checking DNS configuration for ${app.name}.fly.dev\n`);
}

async function valueFromStdin(call: Call): Promise<string> {
  if (fstatSync(0).isCharacterDevice()) throw new FlyError('expects standard input but none provided');
  const given = await call.stop.readStdin();
  if (Buffer.byteLength(given) > 65_536) throw new FlyError('Input exceeded max length of 65536 bytes');
  return given.trim();
}
