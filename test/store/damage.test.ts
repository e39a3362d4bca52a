// What a damaged journal says, and that nothing is touched: a torn tail is repaired, everything else stops with its place.
import { describe, expect, test } from 'vitest';
import { hashOf } from '../../src/store/lines.ts';
import { memoryDisk } from '../../src/store/memory.ts';
import { at, note, refusal, runsOn, source, started } from './sample.ts';

const project = '/project';
const { run } = started();
const path = `${project}/.launch/runs/${run}/journal.jsonl`;

/** A run of `n` events whose journal holds `bytes` instead. */
function begin(n: number, change: (bytes: Buffer, lines: readonly string[]) => Buffer | string) {
  const disk = memoryDisk();
  disk.makeFolder(project);
  const runs = runsOn(disk, project);
  const journal = runs.create(started(), { at, source });
  for (let i = 2; i <= n; i++) journal.append(note(`ein Schritt “${i}”`), { sync: false, at });
  journal.close();
  const whole = Buffer.from(disk.read(path) ?? []);
  const bytes = Buffer.from(change(whole, whole.toString().split('\n').slice(0, -1)));
  disk.remove(path);
  const file = disk.append(path);
  file.write(bytes);
  return { disk, runs, bytes, whole, now: () => Buffer.from(disk.read(path) ?? []) };
}

const shown = '.launch/runs/prod-20261122-k3f/journal.jsonl';
const remedy =
  'Nothing was changed. Put back an untouched copy of the file; or move the folder .launch/runs/prod-20261122-k3f away and begin again.';

test('a tail torn at any byte of the last line is set aside and named, and the run goes on', () => {
  const { whole } = begin(4, (bytes) => bytes);
  const last = whole.lastIndexOf(10, whole.length - 2) + 1;
  for (let cut = last; cut < whole.length; cut++) {
    const { disk, runs, now } = begin(4, (bytes) => bytes.subarray(0, cut));
    expect(runs.read(run)).toHaveLength(3);
    const journal = runs.open(run);
    const torn = cut === last ? undefined : { file: 'journal.torn-4', bytes: cut - last, line: 4 };
    expect([cut, journal.torn]).toEqual([cut, torn]);
    if (torn)
      expect(Buffer.from(disk.read(`${journal.folder}/${torn.file}`) ?? []).equals(whole.subarray(last, cut))).toBe(
        true,
      );
    journal.append(note('on'), { sync: true, at });
    expect(now().subarray(0, last).equals(whole.subarray(0, last))).toBe(true);
    expect(runs.read(run)).toHaveLength(4);
  }
});

test('a second torn tail on the same line gets a name of its own', () => {
  const { disk, runs } = begin(2, (bytes) => Buffer.concat([bytes, Buffer.from('{"one"')]));
  runs.open(run).close();
  disk.append(path).write(Buffer.from('{"two"'));
  const journal = runs.open(run);
  expect([
    journal.torn?.file,
    disk
      .list(journal.folder)
      .filter((name) => name.includes('torn'))
      .sort(),
  ]).toEqual(['journal.torn-3-2', ['journal.torn-3', 'journal.torn-3-2']]);
});

test('reading without the lock leaves a torn tail where it is', () => {
  const { runs, bytes, now } = begin(2, (whole) => Buffer.concat([whole, Buffer.from('{"v":1,')]));
  runs.read(run);
  runs.list();
  expect(now().equals(bytes)).toBe(true);
});

test('a wrong byte anywhere before the last line is refused with its line, and the file stays as it is', () => {
  const { whole } = begin(4, (bytes) => bytes);
  const last = whole.lastIndexOf(10, whole.length - 2) + 1;
  for (let i = 0; i < last; i++) {
    for (const wrong of [(whole[i] ?? 0) ^ 0x01, 0x00, 0xff, 0x0a]) {
      if (wrong === whole[i]) continue;
      const { runs, bytes, now } = begin(4, (good) =>
        Buffer.concat([good.subarray(0, i), Buffer.from([wrong]), good.subarray(i + 1)]),
      );
      const line = whole.subarray(0, i).filter((byte) => byte === 10).length + 1;
      const said = refusal(() => runs.open(run));
      const place = /journal\.jsonl:(\d+) {2}/.exec(said)?.[1];
      // A change that still reads as an event is found by the line after it, whose `prev` no longer fits.
      expect([i, wrong, [line, line + 1].includes(Number(place)), said.startsWith('StateError: ')]).toEqual([
        i,
        wrong,
        true,
        true,
      ]);
      expect([i, wrong, now().equals(bytes), runs.holder(run)]).toEqual([i, wrong, true, undefined]);
    }
  }
});

describe('refused, with the place and what to do', () => {
  const rewrite = (line: string, change: (event: Record<string, unknown>) => unknown) =>
    JSON.stringify(change(JSON.parse(line)));

  test.each<[string, (bytes: Buffer, lines: readonly string[]) => Buffer | string, string]>([
    [
      'a broken last line that ends as a line',
      (bytes) => `${bytes}{"v":1,\n`,
      `${shown}:4  this line cannot be used: it is not a JSON object | ${remedy}`,
    ],
    [
      'an empty line',
      (bytes) => `${bytes}\n`,
      `${shown}:4  this line cannot be used: it is not a JSON object | ${remedy}`,
    ],
    ['a list', (bytes) => `${bytes}[]\n`, `${shown}:4  this line cannot be used: it is not a JSON object | ${remedy}`],
    [
      'a line twice',
      (bytes, lines) => `${bytes}${lines[2]}\n`,
      `${shown}:4  this line cannot be used: it has the number 3 where 4 is due | ${remedy}`,
    ],
    [
      'a line left out',
      (_, lines) => `${lines[0]}\n${lines[2]}\n`,
      `${shown}:2  this line cannot be used: it has the number 3 where 2 is due | ${remedy}`,
    ],
    [
      'a line changed',
      (_, lines) => `${lines[0]}\n${rewrite(lines[1] ?? '', (event) => ({ ...event, by: 'eve' }))}\n${lines[2]}\n`,
      `${shown}:3  this line cannot be used: the line before it is not the one it was written after | ${remedy}`,
    ],
    [
      'a field of the wrong sort',
      (_, lines) => `${lines[0]}\n${rewrite(lines[1] ?? '', (event) => ({ ...event, text: 5 }))}\n`,
      `${shown}:2  this line cannot be used: "text" of note.added is not of type string | ${remedy}`,
    ],
    [
      'a second start',
      (_, lines) =>
        `${lines[0]}\n${rewrite(lines[0] ?? '', (event) => ({ ...event, n: 2, prev: hashOf(lines[0] ?? '') }))}\n`,
      `${shown}:2  this line cannot be used: only the first line, and always the first, starts the run | ${remedy}`,
    ],
    [
      'a line without a version',
      (_, lines) => `${rewrite(lines[0] ?? '', ({ v: _, ...event }) => event)}\n`,
      `${shown}:1  this line cannot be used: it has no version | ${remedy}`,
    ],
    [
      'a newer version',
      (_, lines) => `${rewrite(lines[0] ?? '', (event) => ({ ...event, v: 2 }))}\n`,
      `${shown}:1  this run was written by a newer launch (version 2 of the events; this one reads 1) | Go on with the version of launch that wrote it, or a newer one. Nothing was changed.`,
    ],
    [
      'an event of a newer version',
      (_, lines) => `${lines[0]}\n${rewrite(lines[1] ?? '', (event) => ({ ...event, type: 'step.blessed' }))}\n`,
      `${shown}:2  this run was written by a newer launch (its event "step.blessed" is not known here) | Go on with the version of launch that wrote it, or a newer one. Nothing was changed.`,
    ],
    [
      'no event at all',
      () => '',
      '.launch/runs/prod-20261122-k3f has no whole event | Nothing was changed. Move the folder .launch/runs/prod-20261122-k3f away and begin again.',
    ],
    [
      'a first line that is torn',
      (bytes) => bytes.subarray(0, 50),
      '.launch/runs/prod-20261122-k3f has no whole event | Nothing was changed. Move the folder .launch/runs/prod-20261122-k3f away and begin again.',
    ],
  ])('%s', (_, change, message) => {
    const { runs, bytes, now } = begin(3, change);
    expect(refusal(() => runs.open(run))).toBe(`StateError: ${message}`);
    expect([now().equals(bytes), runs.holder(run)]).toEqual([true, undefined]);
  });
});
