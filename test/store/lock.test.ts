// Taking over from a dead holder, with other processes let in between any two calls of the one that takes over.
import { describe, expect, test } from 'vitest';
import { LockedError } from '../../src/engine/store.ts';
import type { Disk } from '../../src/store/disk.ts';
import { type Lock, takeLock } from '../../src/store/lock.ts';
import { memoryDisk } from '../../src/store/memory.ts';
import { faultyDisk } from './faulty-disk.ts';

const folder = '/run';
type Name = 'dead' | 'ann' | 'ben' | 'cat';
const pids: Readonly<Record<Name, number>> = { dead: 1, ann: 2, ben: 3, cat: 4 };

/** The lock for `name`, or undefined where someone who lives has it. `dead` is the only one who does not live. */
function take(disk: Disk, name: Name, force = false): Lock | undefined {
  const me = {
    pid: pids[name],
    startTime: '1',
    bootId: 'b',
    host: 'h',
    operator: name,
    since: '2026-11-22T21:30:00.000Z',
  };
  try {
    return takeLock(folder, 'r', { disk, me, lives: ({ pid }) => pid !== pids.dead }, { force });
  } catch (error) {
    if (error instanceof LockedError) return undefined;
    throw error;
  }
}

/** A folder that someone who is dead holds. */
function begin(): Disk {
  const disk = memoryDisk();
  disk.makeFolder(folder);
  expect(take(disk, 'dead')).toBeDefined();
  return disk;
}

/** The disk as one process sees it, with something happening just before its n-th call. */
function letIn(disk: Disk, at: ReadonlyMap<number, () => void>): { readonly disk: Disk; readonly calls: () => number } {
  let calls = 0;
  const before =
    <A extends readonly unknown[], R>(act: (...args: A) => R) =>
    (...args: A): R => {
      at.get(++calls)?.();
      return act(...args);
    };
  return {
    calls: () => calls,
    disk: {
      ...disk,
      list: before(disk.list),
      read: before(disk.read),
      append: before(disk.append),
      rename: before(disk.rename),
      link: before(disk.link),
      remove: before(disk.remove),
    },
  };
}

const holderIn = (disk: Disk): string =>
  /"operator":"(\w+)"/.exec(Buffer.from(disk.read(`${folder}/lock`) ?? []).toString())?.[1] ?? 'nobody';

function callsToTakeOver(): number {
  const { disk, calls } = letIn(begin(), new Map());
  take(disk, 'ann');
  return calls();
}
const points = Array.from({ length: callsToTakeOver() }, (_, i) => i + 1);

test('one who comes in between at any call either has it or does not, and then the other does', () => {
  for (const n of points) {
    const disk = begin();
    let ben: Lock | undefined;
    const ann = take(letIn(disk, new Map([[n, () => void (ben = take(disk, 'ben'))]])).disk, 'ann');
    expect([n, [ann, ben].filter(Boolean).length, holderIn(disk)]).toEqual([n, 1, ann ? 'ann' : 'ben']);
  }
});

test('also where that one is done and gone again before the other goes on', () => {
  for (const n of points) {
    const disk = begin();
    let wins = 0;
    const visit = () => {
      const ben = take(disk, 'ben');
      if (ben) wins++;
      ben?.release();
    };
    const ann = take(letIn(disk, new Map([[n, visit]])).disk, 'ann');
    expect([n, ann !== undefined, holderIn(disk), wins <= 1]).toEqual([n, true, 'ann', true]);
    ann?.release();
    expect([n, disk.list(folder)]).toEqual([n, []]);
  }
});

describe('with two who come in, one after the other, at any two calls', () => {
  test.each([
    ['both keep what they get', false],
    ['the first gives it back', true],
  ])('%s: never two holders', (_, givesBack) => {
    for (const n of points) {
      for (const m of points.filter((point) => point >= n)) {
        const disk = begin();
        let ben: Lock | undefined;
        let cat: Lock | undefined;
        const first = () => {
          ben = take(disk, 'ben');
          if (!givesBack) return;
          ben?.release();
          ben = undefined;
        };
        const second = () => void (cat = take(disk, 'cat'));
        const both = () => {
          first();
          second();
        };
        const visits =
          n === m
            ? new Map([[n, both]])
            : new Map([
                [n, first],
                [m, second],
              ]);
        const ann = take(letIn(disk, visits).disk, 'ann');
        const holders = Object.entries({ ann, ben, cat }).flatMap(([name, lock]) => (lock ? [name] : []));
        expect([n, m, holders]).toEqual([n, m, [holderIn(disk)]]);
      }
    }
  });
});

test('one whose disk refuses any call while taking over holds nothing afterwards: the next one has it', () => {
  for (let n = 1; ; n++) {
    const disk = begin();
    const refusing = faultyDisk(disk, n, { refuse: 'EIO' });
    try {
      take(refusing, 'ann');
      if (refusing.calls() < n) return expect(n).toBeGreaterThan(5);
    } catch (error) {
      expect([n, error]).toEqual([n, expect.objectContaining({ code: 'EIO' })]);
      expect([n, take(disk, 'ben') !== undefined, holderIn(disk)]).toEqual([n, true, 'ben']);
    }
  }
});

test('one who dies at any call while taking over is taken over too, and leaves nothing behind', () => {
  class Dies extends Error {}
  for (const n of points) {
    const disk = begin();
    let gone = false;
    const stop = () => {
      gone = true;
      throw new Dies();
    };
    const after = Array.from({ length: 50 }, (_, i) => [n + i, stop] as const);
    const dying = letIn(disk, new Map(after)).disk;
    const me = { pid: 9, startTime: '1', bootId: 'b', host: 'h', operator: 'dying', since: '' };
    try {
      takeLock(folder, 'r', { disk: dying, me, lives: ({ pid }) => pid !== pids.dead });
    } catch (error) {
      if (!(error instanceof Dies)) throw error;
    }
    expect([n, gone]).toEqual([n, true]);
    const claimant = {
      disk,
      me: { ...me, pid: 10, operator: 'next' },
      lives: ({ pid }: { pid: number }) => pid === 10 && gone,
    };
    const next = takeLock(folder, 'r', claimant);
    expect([n, holderIn(disk)]).toEqual([n, 'next']);
    next.release();
    expect([n, disk.list(folder)]).toEqual([n, []]);
  }
});

test('a lock is given back only by the one who has it', () => {
  const disk = begin();
  const ann = take(disk, 'ann');
  const ben = take(disk, 'ben', true);
  ann?.release();
  expect([holderIn(disk), ben?.before?.operator]).toEqual(['ben', 'ann']);
});
