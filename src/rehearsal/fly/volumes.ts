// fly volumes create, list, show, destroy (facts/flyctl.md §3.9).
import { resolveRegion } from './account.ts';
import { type Call, visibleApps } from './call.ts';
import { FlyError, graphql } from './errors.ts';
import type { FlyState, Volume } from './model.ts';
import { table } from './output.ts';
import { makeVolume, shownVolume } from './volume.ts';

export async function createVolume(call: Call): Promise<void> {
  const { flags } = call;
  const name = call.args[0] ?? '';
  const count = flags.number('count') ?? 1;
  const app = prefixed('failed to create volume', () => call.app(call.read()));
  if (count === 1 && !flags.is('yes') && !app.volumes.some((volume) => volume.name === name)) {
    call.err(
      `Warning! Every volume is pinned to a specific physical host. You should create two or more volumes per application to avoid downtime.\n`,
    );
    throw new FlyError('yes flag must be specified when not running interactively');
  }
  const region = resolveRegion(call);
  for (let n = 0; n < count; n++) {
    const volume = await call.act(
      (state) =>
        makeVolume(state, call.app(state), {
          name,
          region,
          size: flags.number('size') ?? 1,
          now: call.now(),
          retention: flags.number('snapshot-retention'),
          backups: flags.is('scheduled-snapshots'),
          encrypted: !flags.is('no-encryption'),
        }),
      (made) => `volume created ${made.id} ${made.name} ${made.region}`,
    );
    if (call.wantsJson) call.json(shownVolume(volume));
    else call.out(details(call.appName, volume));
  }
}

export async function listVolumes(call: Call): Promise<void> {
  const hidden = ['scheduling_destroy', 'fork_cleanup', 'waiting_for_detach', 'pending_destroy', 'destroying'];
  const { volumes } = prefixed('failed retrieving volumes', () => call.app(call.read()));
  const shown = volumes.filter(({ state }) => call.flags.is('all') || !hidden.includes(state));
  if (call.wantsJson) return call.json(shown.map(shownVolume));
  const rows = shown.map((one) => [
    one.id,
    one.state,
    one.name,
    `${one.size_gb}GB`,
    one.region,
    one.zone,
    String(one.encrypted),
    one.attached_machine_id ?? '',
    one.created_at,
  ]);
  call.out(table(['ID', 'State', 'Name', 'Size', 'Region', 'Zone', 'Encrypted', 'Attached VM', 'Created At'], rows));
}

export async function showVolume(call: Call): Promise<void> {
  const id = call.args[0];
  if (id === undefined) throw new FlyError('volume ID must be specified when not running interactively');
  const { app, volume } = found(call, call.read(), id, 'failed retrieving volume');
  if (call.wantsJson) call.json(shownVolume(volume));
  else call.out(details(app, volume));
}

export async function destroyVolumes(call: Call): Promise<void> {
  if (call.args.length === 0) throw new FlyError('volume ID must be specified when not running interactively');
  for (const id of call.args) {
    found(call, call.read(), id, 'failed destroying volume');
    if (!call.flags.is('yes')) {
      call.err('Warning! Individual volumes are pinned to individual hosts. Deleting a volume is not reversible.\n');
      throw new FlyError('yes flag must be specified when not running interactively');
    }
    await call.act(
      (state) => remove(call, state, id),
      () => `volume destroyed ${id}`,
    );
    call.out(`Destroyed volume ID: ${id} name: ${id}\n`);
  }
}

function remove(call: Call, state: FlyState, id: string): void {
  const { volume } = found(call, state, id, 'failed destroying volume');
  if (volume.attached_machine_id !== null)
    throw new FlyError(`failed destroying volume: volume is currently bound to machine: ${volume.attached_machine_id}`);
  for (const app of state.apps) app.volumes = app.volumes.filter((one) => one.id !== id);
}

/** Without an app name the volume is looked up by its id. */
function found(call: Call, state: FlyState, id: string, prefix: string): { app: string; volume: Volume } {
  const apps = call.appName ? [prefixed(prefix, () => call.app(state))] : visibleApps(state, call.identity);
  for (const app of apps) {
    const volume = app.volumes.find((one) => one.id === id);
    if (volume) return { app: app.name, volume };
  }
  if (!call.appName)
    throw graphql(
      '$id: ID!) { volume: node(id: $id) { ... on Volume { app { name } } } }',
      `Could not find Volume with id "${id}"`,
    );
  throw new FlyError(`${prefix}: failed to get volume ${id}: volume not found`);
}

function prefixed<T>(prefix: string, fn: () => T): T {
  try {
    return fn();
  } catch (error) {
    if (error instanceof FlyError) throw new FlyError(`${prefix}: ${error.message}`);
    throw error;
  }
}

const details = (app: string, volume: Volume): string =>
  [
    ['ID', volume.id],
    ['Name', volume.name],
    ['App', app],
    ['Region', volume.region],
    ['Zone', volume.zone],
    ['Size GB', String(volume.size_gb)],
    ['Encrypted', String(volume.encrypted)],
    ['Created at', volume.created_at],
    ['Snapshot retention', String(volume.snapshot_retention)],
    ['Scheduled snapshots', String(volume.auto_backup_enabled)],
  ]
    .map(([label, value]) => `${label?.padStart(20)}: ${value}\n`)
    .join('') + '\n';
