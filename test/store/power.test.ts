// The power goes at every call the store makes: what was acknowledged as synced is found at the restart.
import { describe, expect, test } from 'vitest';
import type { Disk } from '../../src/store/disk.ts';
import { copyName } from '../../src/store/files.ts';
import { faultyDisk } from './faulty-disk.ts';
import { powerDisk } from './power-disk.ts';
import { at, digest, first, note, runsOn, second, source, started } from './sample.ts';

const project = '/project';
const { run } = started();

/** One sitting: five events, the second and the fourth of them synced, the rest when it is closed. Gives the events and the files that must survive a cut from then on. */
function live(disk: Disk, me: typeof first, safe: string[], files: string[] = []): void {
  const runs = runsOn(disk, project, { me, alive: [] });
  const journal = runs.find(run).length === 0 ? runs.create(started(), { at, source }) : runs.open(run);
  safe.push('started');
  if (journal.torn) files.push(journal.torn.file);
  const written: string[] = [];
  for (let i = 0; i < 5; i++) {
    const sync = i === 1 || i === 3;
    written.push(`${me.pid}-${i}`);
    journal.append(note(`${me.pid}-${i}`), { sync, at });
    if (sync) safe.push(...written.splice(0));
  }
  files.push(journal.freeze('beef1234', 'another version\n'));
  journal.close();
  disk.list(project); // Who died in the closing, which says nothing of it, does not get past this.
  safe.push(...written);
}

/** Those that are not there whole. */
const lost = (disk: Disk, files: readonly string[]): readonly string[] =>
  files.filter((name) => (disk.read(`${project}/.launch/runs/${run}/${name}`)?.length ?? 0) === 0);

const texts = (disk: Disk): readonly string[] =>
  runsOn(disk, project)
    .read(run)
    .map((event) => (event.type === 'note.added' ? event.text : 'started'));

function begin() {
  const disk = powerDisk();
  disk.makeFolder(project);
  return disk;
}

/** As long as the longest sitting: past its end nothing dies, and the cut comes after all. */
const points = Array.from({ length: 60 }, (_, i) => i + 1);

describe.each(['lost', 'kept'] as const)('names that were not synced are %s', (names) => {
  test.each(['before', 'after', 'middle'] as const)('a cut %s any call of the first sitting', (kill) => {
    for (const n of points) {
      const disk = begin();
      const [safe, files]: [string[], string[]] = [[], []];
      attempt(() => live(faultyDisk(disk, n, { kill }), first, safe, files));
      const restarted = disk.cut({ names });
      expect([n, lost(restarted, files)]).toEqual([n, []]);
      if (safe.length > 0) expect([n, safe.filter((text) => !texts(restarted).includes(text))]).toEqual([n, []]);
      live(restarted, { ...second, bootId: 'next' }, safe);
      expect([n, safe.filter((text) => !texts(restarted).includes(text))]).toEqual([n, []]);
      expect([n, runsOn(restarted, project).frozen(run, copyName(digest))]).toEqual([n, source]);
    }
  });

  test('a cut at any call of a resume that repairs a torn tail', () => {
    for (const n of points) {
      const disk = begin();
      const [safe, files]: [string[], string[]] = [[], []];
      live(disk, first, safe);
      const torn = disk.append(`${project}/.launch/runs/${run}/journal.jsonl`);
      torn.write(Buffer.from('{"v":1,"n":7,'));
      torn.sync();
      attempt(() => live(faultyDisk(disk, n, { kill: 'after' }), second, safe, files));
      const restarted = disk.cut({ names });
      expect([n, lost(restarted, files)]).toEqual([n, []]);
      live(restarted, { ...second, pid: 300, bootId: 'next' }, safe);
      expect([n, safe.filter((text) => !texts(restarted).includes(text))]).toEqual([n, []]);
    }
  });
});

test('the disk of this test does lose what is not synced', () => {
  const disk = begin();
  const file = disk.append(`${project}/f`);
  file.write(Buffer.from('one'));
  expect(disk.cut({ names: 'lost' }).list(project)).toEqual([]);
  expect(disk.cut({ names: 'kept' }).read(`${project}/f`)?.length).toBe(0);
  file.sync();
  disk.syncFolder(project);
  expect(disk.cut({ names: 'lost' }).read(`${project}/f`)?.length).toBe(3);
});

/** The process dies on the way; what it makes of that no longer matters. */
function attempt(act: () => void): void {
  try {
    act();
  } catch {
    // Dead, as intended.
  }
}
