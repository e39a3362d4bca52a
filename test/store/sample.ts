// Runs, facts and processes for the tests of the store.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Fact, FactOf } from '../../src/engine/events.ts';
import type { Disk } from '../../src/store/disk.ts';
import { openRuns, type Runs, type RunsHooks, type RunsKind } from '../../src/store/files.ts';

export const at = new Date('2026-11-22T21:30:00.000Z');
export const digest = 'a1b2c3d4'.repeat(8);
export const source = '# A launch\n';

export function started(run = 'prod-20261122-k3f', mode: 'real' | 'rehearsal' = 'real'): FactOf<'run.started'> {
  const runbook = { name: 'prod', file: 'runbooks/prod.md', title: 'Launch', digest, copy: 'runbook-a1b2c3d4.md' };
  return { type: 'run.started', run, runbook, operator: 'jam', tool: '0.1.0', mode };
}

export const note = (text: string): Fact => ({ type: 'note.added', text, by: 'jam' });

export const first = { pid: 100, startTime: '1', bootId: 'boot', host: 'studio', operator: 'jam' };
export const second = { pid: 200, startTime: '2', bootId: 'boot', host: 'studio', operator: 'ann' };

/** Runs as one process sees them; `alive` are the pids that live. */
export function runsOn(
  disk: Disk,
  project: string,
  { me = first, alive = [], kind = 'runs' }: { me?: RunsHooks['me']; alive?: readonly number[]; kind?: RunsKind } = {},
): Runs {
  return openRuns(project, kind, { disk, me, now: () => at, lives: ({ pid }) => alive.includes(pid) });
}

/** A folder that is gone after the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'launchbook-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** What a call throws, as text; '' where it does not. */
export function refusal(act: () => unknown): string {
  try {
    act();
    return '';
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const remedy = 'remedy' in error ? ` | ${error.remedy}` : '';
    return `${error.name}: ${error.message}${remedy}`;
  }
}
