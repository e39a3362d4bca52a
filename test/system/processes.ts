// What the tests of processes share.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, vi } from 'vitest';
import type { Ended } from '../../src/system/ports.ts';
import { createProcesses, type ProcessesOptions } from '../../src/system/processes.ts';
import type { HeldChild } from '../../src/system/world.ts';

export const ENV = { PATH: process.env.PATH, HOME: process.env.HOME };
export const linux = process.platform === 'linux';
export const person = { environment: 'person' } as const;

export function processesIn(project: string, more: Partial<ProcessesOptions> = {}) {
  return createProcesses({ project, env: ENV, ...more });
}

/** Once it is so; a machine that has much else to do gets there late. */
export async function until(so: () => boolean): Promise<void> {
  const began = performance.now();
  while (!so() && performance.now() - began < PATIENCE) await pause(10);
  expect(so()).toBe(true);
}
const PATIENCE = 60_000;

/** Time-outs go by the test from now on: a child that needs long to begin is not out of time before. */
export function stillTime(): { pass(ms: number): void } {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  return { pass: (ms) => void vi.advanceTimersByTime(ms) };
}

/** What a child has written into this file of its folder, once it has. */
export async function written(folder: string, name: string): Promise<string> {
  const text = () => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '');
  await until(() => text() !== '');
  return text().trim();
}

export function alive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout !== '' && !stdout.startsWith('Z');
}

export async function ended(child: HeldChild): Promise<Ended> {
  child.go();
  return child.ended;
}
