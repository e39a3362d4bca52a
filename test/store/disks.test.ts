// The contract of a Disk, held by the real one and the one in memory.
import { mkdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { memoryDisk } from '../../src/store/memory.ts';
import { codeOf } from '../../src/store/trouble.ts';
import { realDisk } from '../../src/system/disk.ts';
import { folder } from './sample.ts';

const disks = [
  { name: 'the real disk', disk: realDisk },
  { name: 'the disk in memory', disk: memoryDisk },
];

function code(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
}

describe.each(disks)('$name', ({ disk: make }) => {
  function begin() {
    const disk = make();
    const root = folder();
    disk.makeFolder(`${root}/a/b`);
    const put = (path: string, text: string) => {
      const file = disk.append(`${root}/${path}`);
      file.write(Buffer.from(text));
      file.close();
    };
    const text = (path: string) => {
      const bytes = disk.read(`${root}/${path}`);
      return bytes && Buffer.from(bytes).toString();
    };
    return { disk, root, put, text };
  }

  test('a file grows, is cut, and grows on at its end', () => {
    const { disk, root, text } = begin();
    const file = disk.append(`${root}/a/f`);
    file.write(Buffer.from('one two'));
    file.truncate(3);
    file.write(Buffer.from(' three'));
    file.sync();
    expect([file.size(), text('a/f')]).toEqual([9, 'one three']);
    file.close();
  });

  test('an exclusive file is made once', () => {
    const { disk, root } = begin();
    disk.append(`${root}/a/f`, { exclusive: true }).close();
    expect(code(() => disk.append(`${root}/a/f`, { exclusive: true }))).toBe('EEXIST');
  });

  test('a link is the same file, and is refused where the name is taken', () => {
    const { disk, root, put, text } = begin();
    put('a/f', 'one');
    put('a/g', 'other');
    disk.link(`${root}/a/f`, `${root}/a/h`);
    put('a/f', ' two');
    expect([text('a/h'), code(() => disk.link(`${root}/a/f`, `${root}/a/g`))]).toEqual(['one two', 'EEXIST']);
  });

  test('a rename replaces a file, and moves a folder with all that is in it', () => {
    const { disk, root, put, text } = begin();
    put('a/b/f', 'one');
    put('g', 'other');
    disk.rename(`${root}/a`, `${root}/c`);
    disk.rename(`${root}/c/b/f`, `${root}/g`);
    expect([text('g'), text('c/b/f'), disk.list(`${root}/c`), disk.list(`${root}/a`)]).toEqual([
      'one',
      undefined,
      ['b'],
      [],
    ]);
  });

  test('a folder is not renamed onto one that holds something', () => {
    const { disk, root, put } = begin();
    put('a/b/f', 'one');
    disk.makeFolder(`${root}/c`);
    expect(code(() => disk.rename(`${root}/c`, `${root}/a`))).toBe('ENOTEMPTY');
  });

  test('removing what is not there is no error, a missing file reads as undefined', () => {
    const { disk, root, text } = begin();
    disk.remove(`${root}/nothing`);
    disk.removeFolder(`${root}/a`);
    disk.removeFolder(`${root}/a`);
    expect([text('a/f'), disk.list(root)]).toEqual([undefined, []]);
  });

  test('a file in a folder that is not there is ENOENT', () => {
    const { disk, root } = begin();
    expect(code(() => disk.append(`${root}/x/f`))).toBe('ENOENT');
  });

  test('a folder is synced, and made again without an error', () => {
    const { disk, root } = begin();
    disk.makeFolder(`${root}/a/b`);
    disk.syncFolder(`${root}/a`);
    expect(disk.list(`${root}/a`)).toEqual(['b']);
  });
});

test('the disk in memory knows the folders of a path that was never made on it', () => {
  const disk = memoryDisk();
  disk.makeFolder('/project');
  expect([disk.list('/'), disk.list('/project')]).toEqual([['project'], []]);
});

test('a folder that someone else makes at the same moment is no error', () => {
  const root = folder();
  mkdirSync(`${root}/a`);
  realDisk().makeFolder(`${root}/a/b/c`);
  expect(realDisk().list(`${root}/a/b`)).toEqual(['c']);
});
