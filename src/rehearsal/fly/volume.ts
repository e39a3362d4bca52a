// Making a volume; the commands around it are in volumes.ts.
import { newId, stamp } from './call.ts';
import type { FlyApp, FlyState, Volume } from './model.ts';
import { goTime } from './output.ts';

export function makeVolume(
  state: FlyState,
  app: FlyApp,
  want: {
    name: string;
    region: string;
    size: number;
    now: number;
    retention?: number;
    backups?: boolean;
    encrypted?: boolean;
  },
): Volume {
  const volume: Volume = {
    id: `vol_${newId(state, 16)}`,
    name: want.name,
    state: 'created',
    size_gb: want.size,
    region: want.region,
    zone: newId(state, 4),
    encrypted: want.encrypted ?? true,
    attached_machine_id: null,
    attached_alloc_id: null,
    created_at: goTime(stamp(state, want.now)),
    host_dedication_id: '',
    snapshot_retention: want.retention ?? 5,
    auto_backup_enabled: want.backups ?? true,
    host_status: 'ok',
  };
  app.volumes.push(volume);
  return volume;
}

/** As flyctl prints it. */
export function shownVolume({ snapshots: _, ...volume }: Volume): Omit<Volume, 'snapshots'> {
  return volume;
}
