// fly volumes snapshots, extend, update (facts/flyctl.md §3.9).
import { createHash } from 'node:crypto';
import { type Call, newId, stamp, visibleApps } from './call.ts';
import { FlyError, graphql } from './errors.ts';
import type { FlyState, Volume } from './model.ts';
import { goTime, table } from './output.ts';
import { shownVolume } from './volume.ts';

/** How long a snapshot is pending. */
const pendingMs = 20_000;

export async function createSnapshot(call: Call): Promise<void> {
  const id = call.args[0] ?? '';
  await call.act(
    (state) => {
      const volume = volumeOf(call, state, id);
      const now = stamp(state, call.now());
      const made = `vs_${newId(state, 18)}`;
      volume.snapshots = [
        ...(volume.snapshots ?? []),
        {
          id: made,
          size: 41_943_040,
          volume_size: volume.size_gb * 1024 ** 3,
          digest: createHash('sha256').update(made).digest('hex'),
          created_at: goTime(now),
          status: 'created',
          retention_days: volume.snapshot_retention,
          readyAt: now + pendingMs,
        },
      ];
    },
    () => `snapshot scheduled ${id}`,
  );
  call.out(`Scheduled to snapshot volume ${id}\n`);
}

export async function listSnapshots(call: Call): Promise<void> {
  const volume = volumeOf(call, call.read(), call.args[0] ?? '');
  const rows = (volume.snapshots ?? []).map(({ readyAt, ...one }) =>
    readyAt <= call.now() ? one : { ...one, id: '', size: 0, digest: '', status: 'pending' },
  );
  if (call.wantsJson) return call.json(rows);
  if (rows.length === 0) return call.err(`No snapshots available for volume ${volume.id}\n`);
  call.out(
    table(
      ['ID', 'Status', 'Size', 'Created At', 'Retention Days'],
      rows.map((one) => [
        one.id || '(pending)',
        one.status,
        String(one.size),
        one.created_at,
        String(one.retention_days ?? ''),
      ]),
    ),
  );
}

export async function extendVolume(call: Call): Promise<void> {
  const id = call.args[0] ?? '';
  const [, plus, digits] = /^(\+?)(\d+)(?:gb)?$/i.exec(call.flags.text('size') ?? '') ?? [];
  if (call.flags.text('size') === undefined) throw new FlyError('Volume size must be specified');
  if (digits === undefined) throw new FlyError(`failed to extend volume: invalid size ${call.flags.text('size')}`);
  const volume = await call.act(
    (state) => {
      const found = volumeOf(call, state, id);
      const size = Number(digits) + (plus ? found.size_gb : 0);
      if (size < found.size_gb) throw new FlyError('failed to extend volume: invalid_argument: volumes cannot shrink');
      found.size_gb = size;
      return shownVolume(found);
    },
    ({ size_gb }) => `volume extended ${id} ${size_gb}`,
  );
  if (call.wantsJson) return call.json(volume);
  call.out(
    `Your volume has been extended to ${volume.size_gb} GB.\nYour machine got the new size and needs no restart\n`,
  );
}

export async function updateVolume(call: Call): Promise<void> {
  const id = call.args[0] ?? '';
  const volume = await call.act((state) => {
    const found = volumeOf(call, state, id);
    found.snapshot_retention = call.flags.number('snapshot-retention') ?? found.snapshot_retention;
    found.auto_backup_enabled = call.flags.is('scheduled-snapshots');
    return shownVolume(found);
  });
  if (call.wantsJson) call.json(volume);
  else call.out(`ID: ${id}\nSnapshot retention: ${volume.snapshot_retention}\n`);
}

function volumeOf(call: Call, state: FlyState, id: string): Volume {
  const apps = call.appName ? [call.app(state)] : visibleApps(state, call.identity);
  const volume = apps.flatMap(({ volumes }) => volumes).find((one) => one.id === id);
  if (volume) return volume;
  throw graphql(
    '$id: ID!) { volume: node(id: $id) { ... on Volume { app { name } } } }',
    `Could not find Volume with id "${id}"`,
  );
}
