// The lock of the stand-in world: one at a time, and what a killed process leaves is taken over.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from '../../../src/rehearsal/fly/lock.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stand-in-lock-'));
  path = join(folder, 'x.lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('it is there during the work and gone after it, also when the work fails', () => {
  expect(withLock(path, () => existsSync(path))).toBe(true);
  expect(() =>
    withLock(path, () => {
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(readdirSync(folder)).toEqual([]);
});

test('the lock of a process that is gone is taken over, also one that died while taking over', () => {
  const gone = spawnSync(process.execPath, ['-e', '0']).pid;
  writeFileSync(path, `${gone} abc`);
  writeFileSync(`${path}.break`, `${gone} def`);
  expect(withLock(path, () => 'done')).toBe('done');
  expect(readdirSync(folder)).toEqual([]);
});

test('a lock is as old as it is held: waiting for it is no part of that', () => {
  const released = join(folder, 'released');
  // It holds the lock until we have begun to wait for it.
  const holder = spawn('bash', [
    '-c',
    `until ls '${path}.'* > /dev/null 2>&1; do :; done; sleep 0.1; touch '${released}'; rm '${path}'`,
  ]);
  writeFileSync(path, `${holder.pid} other`);
  expect(withLock(path, () => statSync(path).mtimeMs)).toBeGreaterThanOrEqual(statSync(released).mtimeMs);
});

test('who has lost the lock meanwhile is told before writing, and does not remove the new one', () => {
  expect(() =>
    withLock(path, (stillOurs) => {
      rmSync(path);
      writeFileSync(path, `${process.pid} other`);
      stillOurs();
    }),
  ).toThrow('lost the lock');
  expect(readdirSync(folder)).toEqual(['x.lock']);
});
