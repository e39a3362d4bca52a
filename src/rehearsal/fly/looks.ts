// What only looks: fly status, machine list, checks list, releases, logs, doctor (facts/flyctl.md §3.7, §3.15–3.18, §3.26).
import { existsSync } from 'node:fs';
import type { Call } from './call.ts';
import { Cancelled, FlyError } from './errors.ts';
import { groupOf, managed, shownMachine } from './machines.ts';
import type { LogLine } from './model.ts';
import { bold, goJson, goRelease, goTime, table } from './output.ts';

/** Real milliseconds between two looks of `logs`. */
const POLL_MS = 50;

export async function showStatus(call: Call): Promise<void> {
  if (call.flags.is('watch'))
    throw new FlyError(
      call.wantsJson ? '--watch and --json are not supported together' : 'the --watch flag needs a terminal',
    );
  const state = call.read();
  const app = prefixed('failed to get app', () => call.app(state));
  const machines = [...(app.postgres ? app.machines : managed(app))].sort((a, b) => (a.id < b.id ? 1 : -1));
  const org = state.orgs.find(({ slug }) => slug === app.org);
  if (call.wantsJson) {
    return call.json({
      AppURL: app.deployed ? `https://${app.name}.fly.dev` : '',
      Deployed: app.deployed,
      Hostname: `${app.name}.fly.dev`,
      ID: app.name,
      Machines: machines.map(shownMachine),
      Name: app.name,
      ...(app.network ? { Network: app.network } : {}),
      Organization: {
        ID: org?.id ?? '',
        InternalNumericID: '',
        Name: '',
        Slug: app.org,
        RawSlug: app.org,
        PaidPlan: org?.paidPlan ?? false,
      },
      PlatformVersion: machines.length > 0 ? 'machines' : '',
      Status: app.status,
      Version: app.releases.at(-1)?.version ?? 0,
    });
  }
  call.out(
    `${bold('App')}\n  Name     = ${app.name}\n  Owner    = ${app.org}\n  Hostname = ${app.name}.fly.dev\n  Image    = ${app.releases.at(-1)?.imageRef ?? '-'}\n\n`,
  );
  if (machines.length === 0) return call.out('No machines are available on this app\n');
  const rows = machines.map((one) => [
    groupOf(one),
    one.id,
    one.config.metadata.fly_release_version ?? '',
    one.region,
    one.state,
    `${one.checks.filter(({ status }) => status === 'passing').length}/${one.checks.length}`,
    one.updated_at,
  ]);
  call.out(
    `${bold('Machines')}\n${table(['Process', 'ID', 'Version', 'Region', 'State', 'Checks', 'Last updated'], rows)}`,
  );
}

export async function listMachines(call: Call): Promise<void> {
  const { machines } = call.app(call.read());
  if (call.wantsJson) return call.json(machines.map(shownMachine));
  if (call.flags.is('quiet')) return call.out(machines.map(({ id }) => id + '\n').join(''));
  if (machines.length === 0) return call.out(`No machines are available on this app ${call.appName}\n`);
  call.out(
    table(
      ['ID', 'Name', 'State', 'Region', 'Image', 'Created', 'Process Group'],
      machines.map((one) => [one.id, one.name, one.state, one.region, one.config.image, one.created_at, groupOf(one)]),
    ),
  );
}

export async function listChecks(call: Call): Promise<void> {
  const machines = call.app(call.read()).machines.filter((one) => !groupOf(one).startsWith('fly_app_'));
  if (call.wantsJson) return call.json(Object.fromEntries(machines.map(({ id, checks }) => [id, checks])));
  const wanted = call.flags.text('check-name');
  const rows = machines.flatMap(({ id, checks }) =>
    checks
      .filter(({ name }) => !wanted || name === wanted)
      .map(({ name, status, updated_at, output }) => [name, status, id, updated_at, output]),
  );
  call.out(
    `${bold('Health Checks for ' + call.appName)}\n${table(['Name', 'Status', 'Machine', 'Last Updated', 'Output'], rows)}`,
  );
}

export async function listReleases(call: Call): Promise<void> {
  const releases = prefixed('failed retrieving app releases', () => call.app(call.read()))
    .releases.slice(-25)
    .reverse();
  if (call.wantsJson) {
    const user = (email: string) => ({ ID: '', Name: email.split('@')[0] ?? '', Email: email, EnablePaidHobby: false });
    return call.json(
      releases.map((one) =>
        goRelease({
          ID: one.id,
          Version: one.version,
          Stable: one.status === 'complete',
          Description: one.description,
          Status: one.status,
          User: user(one.email),
          CreatedAt: goTime(one.createdAt),
          ImageRef: one.imageRef,
        }),
      ),
    );
  }
  const image = call.flags.is('image');
  const rows = releases.map((one) => [
    `v${one.version}`,
    one.status,
    one.description,
    one.email,
    goTime(one.createdAt),
    ...(image ? [one.imageRef] : []),
  ]);
  call.out(table(['Version', 'Status', 'Description', 'User', 'Date', ...(image ? ['Docker Image'] : [])], rows));
}

/** Without `--no-tail` it goes on until a signal; with it, until there was something to print. */
export async function showLogs(call: Call): Promise<void> {
  const region = call.flags.text('region') || call.env.FLY_REGION;
  const machine = call.flags.text('machine');
  const wanted = (line: LogLine) => (machine ? line.instance === machine : !region || line.region === region);
  const driver = process.ppid;
  let seen = 0;
  for (;;) {
    const all = call.app(call.read()).logs;
    const lines = all.slice(seen).filter(wanted);
    seen = all.length;
    for (const line of lines) call.out(call.wantsJson ? goJson(entry(line)) : plain(line));
    if (call.flags.is('no-tail') && lines.length > 0) return;
    await call.stop.sleep(POLL_MS);
    // The real one would stay for ever; an orphan of a rehearsal must not.
    if (call.stop.requested || process.ppid !== driver || !existsSync(call.world)) throw new Cancelled();
  }
}

/** Exit 0 whatever it finds. */
export async function doctor(call: Call): Promise<void> {
  const app = call.appName ? call.app(call.read()) : undefined;
  const docker = 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?';
  const base = { auth: 'ok', agent: 'ok', docker, ping: 'ok', wgdns: 'ok', wgflaps: 'ok' };
  const addressed = app && (app.ips.length > 0 || app.sharedV4 !== undefined);
  const ofApp = app
    ? {
        appHasIps: addressed ? 'ok' : 'no ips found',
        appARecord: addressed ? 'ok' : 'no A record',
        appAAAARecord: addressed ? 'ok' : 'no AAAA record',
      }
    : {};
  if (call.wantsJson) return call.json({ ...base, ...ofApp });
  for (const [name, result] of Object.entries({ ...base, ...ofApp }))
    call.out(`Testing ${name}... ${result === 'ok' ? 'PASSED' : `FAILED\n(Error: ${result})`}\n`);
}

function entry(line: LogLine) {
  return {
    level: line.level,
    instance: line.instance,
    message: line.message,
    region: line.region,
    timestamp: line.timestamp,
    meta: {
      Instance: line.instance,
      Region: line.region,
      Event: { Provider: line.provider },
      HTTP: { Request: { ID: '', Method: '', Version: '' }, Response: { status_code: 0 } },
      Error: { Code: 0, Message: '' },
      URL: { Full: '' },
    },
  };
}

const plain = (line: LogLine): string =>
  `\u001b[2m${line.timestamp}\u001b[0m ${line.provider}[${line.instance}] ${line.region} [\u001b[34m${line.level}\u001b[0m]${line.message}\n`;

function prefixed<T>(prefix: string, fn: () => T): T {
  try {
    return fn();
  } catch (error) {
    if (error instanceof FlyError) throw new FlyError(`${prefix}: ${error.message}`);
    throw error;
  }
}
