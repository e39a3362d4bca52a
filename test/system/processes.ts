// What the tests of processes share.
import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Ended } from '../../src/system/ports.ts';
import { createProcesses, type ProcessesOptions } from '../../src/system/processes.ts';
import type { HeldChild } from '../../src/system/world.ts';

export const ENV = { PATH: process.env.PATH, HOME: process.env.HOME };
export const linux = process.platform === 'linux';
export const person = { environment: 'person' } as const;

export function processesIn(project: string, more: Partial<ProcessesOptions> = {}) {
  return createProcesses({ project, env: ENV, ...more });
}

export async function until(so: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !so(); i++) await pause(10);
  expect(so()).toBe(true);
}

export function alive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout !== '' && !stdout.startsWith('Z');
}

export async function ended(child: HeldChild): Promise<Ended> {
  child.go();
  return child.ended;
}
