// fly scale count, show (facts/flyctl.md §3.13).
import { groupsOf, mountsOf } from './app-config.ts';
import { type Call, newId } from './call.ts';
import type { Definition } from './definition.ts';
import { FlyError, flaps } from './errors.ts';
import {
  type Build,
  destroyMachine,
  freeVolumes,
  groupOf,
  makeMachine,
  managed,
  setChecks,
  startMachine,
} from './machines.ts';
import type { FlyApp, Machine } from './model.ts';
import { bold, goJson, table } from './output.ts';
import { makeVolume } from './volume.ts';

interface Change {
  readonly group: string;
  readonly from: number;
  readonly to: number;
}

export async function scaleCount(call: Call): Promise<void> {
  const app = call.app(call.read());
  const current = app.releases.findLast(({ status }) => status === 'complete');
  if (!current) throw new FlyError(`app ${app.name} has no complete releases: deploy it first`);
  const build: Build = {
    releaseId: current.id,
    version: current.version,
    image: current.imageRef,
    config: current.config,
  };
  const changes = wanted(call, app, current.config).filter(({ from, to }) => from !== to);
  if (changes.length === 0) return call.out('App already scaled to desired state. No need for changes\n');
  call.out(`App '${app.name}' is going to be scaled according to this plan:\n`);
  for (const { group, from, to } of changes)
    call.out(`  ${to > from ? '+' : '-'}${Math.abs(to - from)} machines for group '${group}'\n`);
  if (!call.flags.is('yes')) throw new FlyError('--yes flag must be specified when not running interactively');
  for (const change of changes) {
    for (let n = change.from; n < change.to; n++) await grow(call, build, change.group);
    for (let n = change.from; n > change.to; n--) await shrink(call, change.group);
  }
  await call.answered();
}

export async function showScale(call: Call): Promise<void> {
  const app = call.app(call.read());
  const groups = [...new Set(managed(app).map(groupOf))].sort();
  const rows = groups.map((group) => {
    const machines = managed(app).filter((one) => groupOf(one) === group);
    const guest = machines[0]?.config.guest;
    const count = (region: string) => machines.filter((one) => one.region === region).length;
    const Regions = Object.fromEntries(
      [...new Set(machines.map(({ region }) => region))].sort().map((region) => [region, count(region)]),
    );
    return {
      Process: group,
      Count: machines.length,
      CPUKind: guest?.cpu_kind ?? '',
      CPUs: guest?.cpus ?? 0,
      Memory: guest?.memory_mb ?? 0,
      Regions,
    };
  });
  if (call.flags.is('json')) return call.out(goJson(rows)); // FLY_JSON is not looked at here
  call.out(`VM Resources for app: ${app.name}\n\n${bold('Groups')}\n`);
  call.out(
    table(
      ['Name', 'Count', 'Kind', 'CPUs', 'Memory', 'Regions'],
      rows.map((one) => [
        one.Process,
        String(one.Count),
        one.CPUKind,
        String(one.CPUs),
        `${one.Memory} MB`,
        Object.keys(one.Regions).join(','),
      ]),
    ),
  );
}

function wanted(call: Call, app: FlyApp, config: Definition): Change[] {
  const known = groupsOf(config);
  const unknown: string[] = [];
  const changes = call.args.map((arg) => {
    const [, named, sign, digits] = /^(?:([^=]+)=)?([+-]?)(\d+)$/.exec(arg) ?? [];
    if (digits === undefined) throw new FlyError(`'${arg}' is not a valid process=count option`);
    const group = named ?? call.flags.text('process-group') ?? 'app';
    if (!known.includes(group)) unknown.push(group);
    const from = managed(app).filter((one) => groupOf(one) === group).length;
    const count = Number(digits);
    return { group, from, to: sign === '+' ? from + count : sign === '-' ? Math.max(0, from - count) : count };
  });
  if (unknown.length > 0) throw new FlyError(`unknown process groups: ${unknown.join(', ')}`);
  return changes;
}

async function grow(call: Call, build: Build, group: string): Promise<void> {
  if (call.strike('rate-limit'))
    throw call.change((state) =>
      flaps('failed to launch VM: resource_exhausted: rate limit exceeded', newId(state, 32)),
    );
  const app = call.app(call.read());
  const model = managed(app).find((one) => groupOf(one) === group);
  const region = call.flags.list('region')[0] ?? model?.region ?? regionOf(build.config);
  const mount = mountsOf(build.config, group)[0];
  const free = mount ? freeVolumes(app, mount.source).filter((one) => one.region === region) : [];
  if (mount && (free.length === 0 || call.flags.is('with-new-volumes'))) {
    const size =
      app.volumes.find(({ id }) => id === model?.config.mounts?.[0]?.volume)?.size_gb ?? mount.initialSize ?? 1;
    call.change(
      (state) => makeVolume(state, call.app(state), { name: mount.source, region, size, now: call.now() }),
      (volume) => `volume created ${volume.id} ${volume.name} ${volume.region}`,
    );
    await call.step();
  }
  const id = call.change(
    (state) => makeMachine(state, call.app(state), { build, group, region, now: call.now(), lease: undefined }).id,
    (made) => `machine created ${made}`,
  );
  await call.step();
  await call.halfway();
  call.change((state) => {
    const found = call.app(state).machines.find((machine) => machine.id === id);
    if (found) startAndPass(call.app(state), found, build.config, call.now(), model);
  });
  call.out(`Created ${id} group:${group} region:${region} size:shared-cpu-1x${mount ? ' volume' : ''}\n`);
}

async function shrink(call: Call, group: string): Promise<void> {
  const machine = managed(call.app(call.read())).findLast((one) => groupOf(one) === group);
  if (!machine) return;
  await call.step();
  call.change(
    (state) => destroyMachine(call.app(state), machine.id),
    () => `machine destroyed ${machine.id}`,
  );
  await call.halfway();
  call.out(`Destroyed ${machine.id} group:${group} region:${machine.region}\n`);
}

/** A new machine has the size of its neighbours. Scale does not wait for health; it comes by itself. */
function startAndPass(
  app: FlyApp,
  machine: Machine,
  config: Definition,
  now: number,
  model: Machine | undefined,
): void {
  if (model) machine.config.guest = model.config.guest;
  startMachine(app, machine, config, now);
  setChecks(app, machine, true, now);
}

const regionOf = (config: Definition): string =>
  typeof config.primary_region === 'string' ? config.primary_region : 'iad';
