// The process dies, the disk is full or broken, at every single call the store makes: what was acknowledged is there.
import { describe, expect, test } from 'vitest';
import { LockedError, StateError } from '../../src/engine/store.ts';
import type { Disk } from '../../src/store/disk.ts';
import { copyName } from '../../src/store/files.ts';
import { memoryDisk } from '../../src/store/memory.ts';
import { realDisk } from '../../src/system/disk.ts';
import { type Fault, type FaultyDisk, faultyDisk } from './faulty-disk.ts';
import { at, digest, first, folder, note, runsOn, second, source, started } from './sample.ts';

const project = '/project';
const { run } = started();

/** A short life: begins a run or goes on with it, appends, freezes, keeps output, closes. Tells what was acknowledged. */
function live(disk: Disk, me: typeof first, acknowledged: string[], root = project): void {
  const runs = runsOn(disk, root, { me, alive: [] });
  const journal = runs.find(run).length === 0 ? runs.create(started(), { at, source }) : runs.open(run);
  if (journal.events.length === 1) acknowledged.push('started');
  try {
    for (let i = 0; i < 3; i++) {
      const text = `${me.pid}-${i}`;
      journal.append(note(text), { sync: i % 2 === 0, at });
      acknowledged.push(text);
    }
    journal.at('deploy');
    journal.freeze('beef1234', 'another version\n');
    const receipt = journal.receipt('deploy', 1);
    receipt.write(Buffer.from('output\n'));
    receipt.end();
  } finally {
    journal.close();
  }
}

const texts = (disk: Disk, root = project): readonly string[] =>
  runsOn(disk, root)
    .read(run)
    .map((event) => (event.type === 'note.added' ? event.text : 'started'));

/** The last of the acknowledged events, for where a fault may have kept one more on disk than was told. */
const missing = (acknowledged: readonly string[], found: readonly string[]) =>
  acknowledged.filter((text) => !found.includes(text));

function callsOf(act: (disk: ReturnType<typeof faultyDisk>) => void, disk: Disk): number {
  const counting = faultyDisk(disk, Number.POSITIVE_INFINITY, { short: true });
  act(counting);
  return counting.calls();
}

const wholeLife = callsOf((disk) => live(disk, first, []), memoryDisk());
const everyCall = Array.from({ length: wholeLife }, (_, i) => i + 1);
const deaths: readonly Fault[] = [{ kill: 'before' }, { kill: 'middle' }, { kill: 'after' }];

describe('killed', () => {
  test.each(deaths)(
    'at every call of a first sitting (%j): the next one goes on with all that was acknowledged',
    (fault) => {
      for (const n of everyCall) {
        const disk = memoryDisk();
        disk.makeFolder(project);
        const acknowledged: string[] = [];
        die(faultyDisk(disk, n, fault), (dying) => live(dying, first, acknowledged));
        live(disk, second, acknowledged);
        expect([n, missing(acknowledged, texts(disk))]).toEqual([n, []]);
        expect([
          n,
          runsOn(disk, project)
            .list()
            .map(({ id }) => id),
        ]).toEqual([n, [run]]);
        expect([n, runsOn(disk, project).frozen(run, copyName(digest))]).toEqual([n, source]);
      }
    },
  );

  test.each(deaths)('at every call of a resume with a torn tail (%j): the one after it finds the same', (fault) => {
    const prepare = (): Disk => {
      const disk = memoryDisk();
      disk.makeFolder(project);
      expect(() => live(faultyDisk(disk, Number.POSITIVE_INFINITY, fault), first, [])).not.toThrow();
      const file = disk.append(`${project}/.launch/runs/${run}/journal.jsonl`);
      file.write(Buffer.from('{"v":1,"n":5,"at":"20'));
      file.close();
      return disk;
    };
    const reopen = (disk: Disk, me: typeof first) => runsOn(disk, project, { me, alive: [] }).open(run).close();
    const calls = callsOf((disk) => reopen(disk, second), prepare());
    for (let n = 1; n <= calls; n++) {
      const disk = prepare();
      die(faultyDisk(disk, n, fault), (dying) => reopen(dying, second));
      reopen(disk, { ...second, pid: 300 });
      const names = disk.list(`${project}/.launch/runs/${run}`).filter((name) => name.startsWith('journal'));
      expect([n, names.filter((name) => !name.endsWith('.half')).sort()]).toEqual([
        n,
        ['journal.jsonl', 'journal.torn-5'],
      ]);
      expect([n, texts(disk)]).toEqual([n, ['started', '100-0', '100-1', '100-2']]);
      expect([n, Buffer.from(disk.read(`${project}/.launch/runs/${run}/journal.torn-5`) ?? []).toString()]).toEqual([
        n,
        '{"v":1,"n":5,"at":"20',
      ]);
    }
  });
});

describe('refused', () => {
  const codes = ['ENOSPC', 'EIO', 'EROFS', 'EACCES', 'EDQUOT', 'EMFILE'] as const;

  test.each(codes)(
    'by %s once, at every call: told with a remedy, nothing acknowledged is lost, the run goes on later',
    (code) => {
      for (const n of everyCall) {
        const disk = memoryDisk();
        disk.makeFolder(project);
        const acknowledged: string[] = [];
        const error = caught(() => live(faultyDisk(disk, n, { refuse: code }), first, acknowledged));
        if (error) expect([n, error instanceof StateError, error.message.length > 20]).toEqual([n, true, true]);
        live(disk, second, acknowledged);
        expect([n, missing(acknowledged, texts(disk))]).toEqual([n, []]);
      }
    },
  );

  test('from one call on for good, as a full disk does: every event is acknowledged or not there', () => {
    for (const n of everyCall) {
      const disk = memoryDisk();
      disk.makeFolder(project);
      const acknowledged: string[] = [];
      const faulty = faultyDisk(disk, n, { refuse: 'ENOSPC', always: true });
      caught(() => live(faulty, first, acknowledged));
      live(disk, second, acknowledged);
      expect([n, missing(acknowledged, texts(disk))]).toEqual([n, []]);
    }
  });

  test('after a full disk has room again the same sitting goes on, with no half line between', () => {
    const disk = memoryDisk();
    disk.makeFolder(project);
    const calls = callsOf((counting) => runsOn(counting, project).create(started(), { at, source }), memoryDisk());
    const half = { ...faultyDisk(disk, calls + 1, { refuse: 'ENOSPC' }) };
    const journal = runsOn(half, project).create(started(), { at, source });
    expect(caught(() => journal.append(note('no room'), { sync: true, at }))?.message).toBe(
      'cannot write .launch/runs/prod-20261122-k3f/journal.jsonl: the disk is full',
    );
    journal.append(note('room'), { sync: true, at });
    expect(texts(disk)).toEqual(['started', 'room']);
  });

  test('after a failed sync the sitting takes no more events: what the disk holds is unknown until it is read again', () => {
    const disk = memoryDisk();
    disk.makeFolder(project);
    const calls = callsOf((counting) => runsOn(counting, project).create(started(), { at, source }), memoryDisk());
    const journal = runsOn(faultyDisk(disk, calls + 2, { refuse: 'EIO' }), project).create(started(), { at, source });
    const first = caught(() => journal.append(note('a'), { sync: true, at }));
    expect(first?.message).toMatch(/cannot sync .*: the disk reports an error/);
    expect(caught(() => journal.append(note('b'), { sync: true, at }))).toBe(first);
    expect(texts(disk)).toEqual(['started']);
  });

  test('a receipt never fails a step', () => {
    const disk = memoryDisk();
    disk.makeFolder(project);
    let full = false;
    const filling: Disk = {
      ...disk,
      append: (path, options) => {
        const file = disk.append(path, options);
        return { ...file, write: (bytes) => (full ? refuse() : file.write(bytes)) };
      },
    };
    const receipt = runsOn(filling, project).create(started(), { at, source }).receipt('deploy', 1);
    receipt.write(Buffer.from('one\n'));
    full = true;
    receipt.write(Buffer.from('two\n'));
    receipt.end();
    expect(Buffer.from(disk.read(`${project}/.launch/runs/${run}/receipts/deploy-1.log`) ?? []).toString()).toBe(
      'one\n',
    );
  });
});

test('short writes at every call change nothing', () => {
  const untouched = memoryDisk();
  untouched.makeFolder(project);
  live(untouched, first, []);
  const journal = (disk: Disk) =>
    Buffer.from(disk.read(`${project}/.launch/runs/${run}/journal.jsonl`) ?? []).toString();
  for (const n of everyCall) {
    const disk = memoryDisk();
    disk.makeFolder(project);
    live(faultyDisk(disk, n, { short: true }), first, []);
    expect([n, journal(disk)]).toEqual([n, journal(untouched)]);
  }
});

test('the same holds on a real disk, killed in the middle of each call', () => {
  for (const n of everyCall) {
    const root = folder();
    const acknowledged: string[] = [];
    die(faultyDisk(realDisk(), n, { kill: 'middle' }), (dying) => live(dying, first, acknowledged, root));
    live(realDisk(), second, acknowledged, root);
    expect([n, missing(acknowledged, texts(realDisk(), root))]).toEqual([n, []]);
  }
});

test('a disk without links locks all the same', () => {
  const disk = memoryDisk();
  disk.makeFolder(project);
  const linkless: Disk = { ...disk, link: () => refuse('EPERM') };
  runsOn(linkless, project).create(started(), { at, source });
  expect(() => runsOn(linkless, project, { me: second, alive: [first.pid] }).open(run)).toThrow(LockedError);
  const taken = runsOn(linkless, project, { me: second, alive: [] }).open(run);
  expect(taken.before?.pid).toBe(first.pid);
  taken.close();
  expect(disk.list(`${project}/.launch/runs/${run}`).filter((name) => name.startsWith('lock'))).toEqual([]);
});

/** Runs until the disk says that its process is gone, whatever was made of that on the way. */
function die(disk: FaultyDisk, act: (disk: FaultyDisk) => void): void {
  caught(() => act(disk));
  expect(disk.dead()).toBe(true);
}

function refuse(code = 'ENOSPC'): never {
  throw Object.assign(new Error(code), { code });
}

function caught(act: () => void): Error | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}
