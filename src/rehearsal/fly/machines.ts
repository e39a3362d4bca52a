// Machines of an app: how one is made, changed, started, leased and shown (facts/flyctl.md §3.7, §2.14).
import { checksOf, guestOf, machineConfig, mountsOf, servicesOf } from './app-config.ts';
import { newId, stamp } from './call.ts';
import { type Definition, text } from './definition.ts';
import { FlyError, flaps } from './errors.ts';
import type { FlyApp, FlyState, Machine, MachineConfig, Volume } from './model.ts';
import { goTime } from './output.ts';

/** What every machine of a release is made with. */
export interface Build {
  readonly releaseId: string;
  readonly version: number;
  readonly image: string;
  readonly config: Definition;
  /** Of the app's secrets; as the client that deploys knows it. */
  readonly secretsVersion?: number;
}

export const groupOf = (machine: Machine): string => machine.config.metadata.fly_process_group ?? '';

/** Machines that deploy manages: not those of `machine run`, not the temporary ones. */
export const managed = (app: FlyApp): Machine[] =>
  app.machines.filter(
    ({ state, config }) =>
      state !== 'destroyed' && config.metadata.fly_platform_version === 'v2' && !isTemporary(config),
  );

const isTemporary = (config: MachineConfig): boolean =>
  (config.metadata.fly_process_group ?? '').startsWith('fly_app_');

/** Makes a machine with its volume, created and not started. Throws where its mount has no volume to attach in the region. */
export function makeMachine(
  state: FlyState,
  app: FlyApp,
  want: { build: Build; group: string; region: string; now: number; lease: Machine['lease']; standbyFor?: string },
): Machine {
  const { build, group, region } = want;
  const at = goTime(stamp(state, want.now));
  const id = newId(state, 14);
  const config = machineConfig(build.config, group, build.image, {});
  for (const mount of mountsOf(build.config, group)) {
    const volume = freeVolumes(app, mount.source).find((one) => one.region === region);
    if (!volume)
      throw new FlyError(
        `Process group '${group}' needs an unattached volume named '${mount.source}' in region '${region}'`,
      );
    volume.attached_machine_id = id;
    config.mounts = [mounted(volume, mount.destination)];
  }
  if (want.standbyFor !== undefined) config.standbys = [want.standbyFor];
  config.metadata = metadata(state, build, group);
  const machine: Machine = {
    id,
    name: nameOf(id),
    state: 'created',
    region,
    image_ref: imageRef(build.image),
    instance_id: `01${newId(state, 24).toUpperCase()}`,
    private_ip: `fdaa:0:${id.slice(0, 4)}:a7b:${id.slice(4, 8)}:${id.slice(8, 12)}:0:2`,
    created_at: at,
    updated_at: at,
    config,
    events: [{ type: 'launch', status: 'created', source: 'user', timestamp: want.now }],
    checks: [],
    host_status: 'ok',
    cordoned: false,
    secretsVersion: build.secretsVersion ?? app.secretsVersion,
    lease: want.lease,
    ...(want.standbyFor === undefined ? { settlesAt: want.now + settlingMs } : {}),
  };
  app.machines.push(machine);
  return machine;
}

/** Gives a machine the new release. It keeps its size unless the configuration has a `[[vm]]`. */
export function replaceMachine(state: FlyState, app: FlyApp, machine: Machine, build: Build, now: number): void {
  const group = groupOf(machine);
  const config = machineConfig(build.config, group, build.image, {});
  const mount = mountsOf(build.config, group)[0];
  if (mount && !machine.config.mounts?.length) {
    const volume = freeVolumes(app, mount.source).find((one) => one.region === machine.region);
    if (!volume)
      throw new FlyError(
        `Process group '${group}' needs an unattached volume named '${mount.source}' in region '${machine.region}'`,
      );
    volume.attached_machine_id = machine.id;
    machine.config.mounts = [mounted(volume, mount.destination)];
  }
  machine.config = {
    ...config,
    guest: guestOf(build.config, group) ?? machine.config.guest,
    metadata: metadata(state, build, group),
    ...(machine.config.mounts
      ? { mounts: machine.config.mounts.map((one) => ({ ...one, path: mount?.destination ?? one.path })) }
      : {}),
    ...(machine.config.standbys ? { standbys: machine.config.standbys } : {}),
  };
  machine.image_ref = imageRef(build.image);
  machine.secretsVersion = build.secretsVersion ?? app.secretsVersion;
  machine.instance_id = `01${newId(state, 24).toUpperCase()}`;
  machine.updated_at = goTime(stamp(state, now));
  machine.events.unshift({ type: 'update', status: 'replacing', source: 'user', timestamp: now });
}

/** What the server does whether its client lives or not: machines start, checks pass. */
export function settleMachines(state: FlyState, now: number): void {
  for (const app of state.apps)
    for (const machine of app.machines) {
      const config = app.releases.find(
        ({ version }) => String(version) === machine.config.metadata.fly_release_version,
      )?.config;
      if (!config || machine.settlesAt === undefined || now < machine.settlesAt) continue;
      if (machine.state === 'created' || machine.state === 'replacing') startMachine(app, machine, config, now);
      if (machine.state === 'started') setChecks(app, machine, true, now);
    }
}

/** How long that takes. */
export const settlingMs = 15_000;

/** The process is up; its checks have not passed yet. */
export function startMachine(app: FlyApp, machine: Machine, config: Definition, now: number): void {
  machine.state = 'started';
  machine.settlesAt = now + settlingMs;
  machine.events.unshift({ type: 'start', status: 'started', source: 'flyd', timestamp: now });
  machine.checks = checksOf(config, groupOf(machine)).map(({ name }) => ({
    name,
    status: 'critical',
    output: "the machine hasn't started",
    updated_at: goTime(now),
  }));
  log(app, machine, now, 'runner', 'Pulling container image ' + machine.config.image);
  log(app, machine, now, 'runner', 'Successfully prepared image');
  log(app, machine, now, 'app', ' INFO Starting init');
  const port = text(servicesOf(config, groupOf(machine))[0]?.internal_port);
  if (port !== undefined) log(app, machine, now, 'app', `listening on 0.0.0.0:${port}`);
}

export function setChecks(app: FlyApp, machine: Machine, healthy: boolean, now: number): void {
  machine.settlesAt = undefined;
  for (const check of machine.checks) {
    check.status = healthy ? 'passing' : 'critical';
    check.output = healthy ? 'HTTP GET: 200 OK Output: "ok"' : 'connect: connection refused';
    check.updated_at = goTime(now);
    const how = healthy ? 'is now passing.' : 'has failed. Your app is not responding properly.';
    log(app, machine, now, 'health', `Health check '${check.name}' on port ${portOf(machine)} ${how}`);
  }
}

export function log(app: FlyApp, machine: Machine, now: number, provider: string, message: string): void {
  app.logs.push({
    level: 'info',
    instance: machine.id,
    message,
    region: machine.region,
    timestamp: goTime(afterRelease(app, now)),
    provider,
  });
}

/** What a release brings about is never older than the release, whose stamp may be ahead of the clock. */
export const afterRelease = (app: FlyApp, now: number): number => Math.max(now, app.releases.at(-1)?.createdAt ?? 0);

/** Takes or renews the lease; throws where another run holds it. */
export function leaseMachine(state: FlyState, machine: Machine, nonce: string, now: number, ms: number): void {
  const { lease } = machine;
  if (lease && lease.nonce !== nonce && lease.until > now)
    throw flaps(
      `failed to get lease on VM ${machine.id}: lease currently held by ${state.session?.email ?? 'a token'}, expires at ${goTime(lease.until)}`,
      newId(state, 32),
    );
  machine.lease = { nonce, until: now + ms };
}

export function dropLeases(app: FlyApp, nonce: string): void {
  for (const machine of app.machines) if (machine.lease?.nonce === nonce) machine.lease = undefined;
}

/** Destroys a machine; its volume stays, unattached. */
export function destroyMachine(app: FlyApp, id: string): void {
  for (const volume of app.volumes) if (volume.attached_machine_id === id) volume.attached_machine_id = null;
  app.machines = app.machines.filter((machine) => machine.id !== id);
}

export const freeVolumes = (app: FlyApp, name: string): Volume[] =>
  app.volumes.filter(
    (volume) =>
      volume.name === name &&
      volume.attached_machine_id === null &&
      volume.state === 'created' &&
      volume.host_status === 'ok',
  );

/** As `status --json` and `machine list --json` print it: empty members left out, never a nonce that is not ours. */
export function shownMachine(machine: Machine): Record<string, unknown> {
  const { lease: _, secretsVersion: __, settlesAt: ___, checks, ...shown } = machine;
  return { ...shown, ...(checks.length > 0 ? { checks } : {}) };
}

export function imageRef(image: string): Machine['image_ref'] {
  const [, registry, repository, tag, digest] =
    /^(?:([^/]+\.[^/]+)\/)?([^:@]+)(?::([^@]+))?(?:@(.+))?$/.exec(image) ?? [];
  return {
    registry: registry ?? 'docker-hub-mirror.fly.io',
    repository: repository ?? image,
    tag: tag ?? 'latest',
    digest: digest ?? `sha256:${digestOf(image)}`,
    labels: null,
  };
}

function metadata(state: FlyState, build: Build, group: string): Record<string, string> {
  return {
    fly_flyctl_version: state.version,
    fly_platform_version: 'v2',
    fly_process_group: group,
    fly_release_id: build.releaseId,
    fly_release_version: String(build.version),
  };
}

export const mounted = (volume: Volume, path: string) => ({
  encrypted: volume.encrypted,
  path,
  size_gb: volume.size_gb,
  volume: volume.id,
  name: volume.name,
});

const portOf = (machine: Machine): string => text(machine.config.services?.[0]?.internal_port) ?? '8080';

const digestOf = (image: string): string =>
  [...image]
    .reduce((sum, char) => (sum * 31n + BigInt(char.codePointAt(0) ?? 0)) % (1n << 256n), 7n)
    .toString(16)
    .padStart(64, '0');

export const nameOf = (id: string): string =>
  `${pick(id, adjectives)}-${pick(id.slice(2), nouns)}-${Number.parseInt(id.slice(0, 3), 16)}`;
const pick = (id: string, from: readonly string[]): string =>
  from[Number.parseInt(id.slice(0, 2), 16) % from.length] ?? '';
const adjectives = ['aged', 'cold', 'dry', 'long', 'quiet', 'wandering', 'weathered', 'young'];
const nouns = ['cherry', 'dawn', 'field', 'moon', 'river', 'sun', 'tree', 'wave'];
