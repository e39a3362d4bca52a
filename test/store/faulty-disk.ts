// A disk that refuses, takes only some of the bytes, or is cut off by the death of its process, at one chosen call.
import type { AppendFile, Disk } from '../../src/store/disk.ts';

/** The process is gone: nothing after it happens, not even what is written in a `finally`. */
class Killed extends Error {}

export type Fault =
  /** The call is refused with this code and does nothing. */
  | { readonly refuse: string; readonly always?: boolean }
  /** A write takes half of the bytes, then goes on being asked. */
  | { readonly short: true }
  /** The process dies before, after, or (a write) in the middle of the call. */
  | { readonly kill: 'before' | 'after' | 'middle' };

export interface FaultyDisk extends Disk {
  /** Changing calls so far. */
  readonly calls: () => number;
  readonly dead: () => boolean;
}

/** Only calls that change something are counted, from 1: looking cannot lose anything. */
export function faultyDisk(disk: Disk, at: number, fault: Fault): FaultyDisk {
  let calls = 0;
  let dead = false;
  const guard = <T>(act: () => T): T => {
    if (dead) throw new Killed();
    return act();
  };
  function change<T>(act: () => T, half: () => T = act): T {
    if (dead) throw new Killed();
    calls++;
    const due = calls === at || ('refuse' in fault && fault.always === true && calls > at);
    if (!due) return act();
    if ('refuse' in fault) throw Object.assign(new Error(fault.refuse), { code: fault.refuse });
    if ('short' in fault) return half();
    dead = true;
    if (fault.kill === 'after') act();
    if (fault.kill === 'middle') half();
    throw new Killed();
  }
  const wrap = (file: AppendFile): AppendFile => ({
    size: () => guard(() => file.size()),
    write: (bytes) =>
      change(
        () => file.write(bytes),
        () => file.write(bytes.subarray(0, Math.ceil(bytes.length / 2))),
      ),
    truncate: (size) => change(() => file.truncate(size)),
    sync: () => change(() => file.sync()),
    close: () => file.close(),
  });
  return {
    calls: () => calls,
    dead: () => dead,
    makeFolder: (path) => change(() => disk.makeFolder(path)),
    list: (path) => guard(() => disk.list(path)),
    read: (path) => guard(() => disk.read(path)),
    append: (path, options) => wrap(change(() => disk.append(path, options))),
    rename: (from, to) => change(() => disk.rename(from, to)),
    link: (from, to) => change(() => disk.link(from, to)),
    remove: (path) => change(() => disk.remove(path)),
    removeFolder: (path) => change(() => disk.removeFolder(path)),
    syncFolder: (path) => change(() => disk.syncFolder(path)),
  };
}
