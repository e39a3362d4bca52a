// Who may begin a run of a runbook now? Two that both see no open run would both begin one, each with a lock of its own.

import { prepare } from './create.ts';
import { type Claimant, holderOf, takeLock } from './lock.ts';
import type { Place } from './place.ts';
import { onDisk } from './trouble.ts';

/** Held from the look at the open runs until the run is opened or made. Throws LockedError while somebody else does that. */
export function holdBeginning(place: Place, claimant: Claimant, runbook: string): { release(): void } {
  const { disk } = claimant;
  const folder = `${place.project}/.launch/beginning/${place.kind}-${encodeURIComponent(runbook)}`;
  return onDisk('make', '.launch', () => {
    prepare(place, disk);
    disk.makeFolder(folder);
    // Another machine that died here could never be asked, and no id names this for `launch unlock`.
    const force = holderOf(folder, claimant)?.standing === 'elsewhere';
    return takeLock(folder, runbook, claimant, { force });
  });
}
