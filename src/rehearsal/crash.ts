// Crash trials (`rehearse --crash every`): at each point of a rehearsal its process is killed once, as a power cut would, and started again.
//
// A point is known by what happens there, not by a number: what a resumed rehearsal does once more kills it no second time, so it gets on.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../system/world.ts';
import { readText } from './stand-in-file.ts';

/** Real milliseconds that a call of the stand-in fly goes on after its driver is gone. */
export const outlivesBy = 150;

/** A place in a rehearsal where its process is killed. */
export interface CrashPoint {
  /** What has just happened, or is half done: `step.started create-app`, `in the middle of fly apps create …`. */
  readonly at: string;
  readonly step?: string;
}

/** Takes the point down. `wanted` is LAUNCHBOOK_CRASH: `every`, or `every:N` for each N-th point. */
export function isCrashDue(folder: string, wanted: string | undefined, point: CrashPoint): boolean {
  const every = /^every(?::([1-9]\d*))?$/.exec(wanted ?? '');
  if (!every) return false;
  const met = crashPoints(folder);
  if (met.some(({ at }) => at === point.at)) return false;
  appendFileSync(fileOf(folder), `${JSON.stringify(point)}\n`, { mode: 0o600 });
  return (met.length + 1) % Number(every[1] ?? 1) === 0;
}

/** The points that were met so far, killed at or passed over. */
export function crashPoints(folder: string): readonly CrashPoint[] {
  const lines = (readText(fileOf(folder)) ?? '').split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as CrashPoint); // written above
}

const fileOf = (folder: string): string => join(folder, 'crash-points.jsonl');

/** `LAUNCHBOOK_CRASH=self:N`: each call of fly is killed right after its N-th change (0: before the first). undefined: none is. */
export function ownEnd(wanted: string | undefined): number | undefined {
  const changes = /^self:(\d+)$/.exec(wanted ?? '')?.[1];
  return changes === undefined ? undefined : Number(changes);
}

/** SIGKILL to the driver. One that is gone already is as dead as wanted. */
export function killDriver(pid: string | number | undefined): void {
  if (!/^\d+$/.test(String(pid))) return;
  try {
    process.kill(Number(pid), 'SIGKILL');
  } catch {
    // no such process: nothing left to kill
  }
}

/** The world with a crash after each act, when it has happened and nobody has written down how it ended. */
export function withCrashes<W extends World>(world: W, crash: (point: CrashPoint) => void): W {
  return {
    ...world,
    processes: {
      ...world.processes,
      hold: async (argv, options) => {
        const child = await world.processes.hold(argv, options);
        const ended = child.ended.then((end) => {
          crash({ at: `at the end of ${argv.join(' ')}` });
          return end;
        });
        return {
          ...(child.spawned && { spawned: child.spawned }),
          go: () => child.go(),
          end: () => child.end(),
          ended,
        };
      },
    },
    http: {
      exchange: async (request, signal) => {
        const answer = await world.http.exchange(request, signal);
        if (request.method !== undefined && !['GET', 'HEAD', 'OPTIONS'].includes(request.method))
          crash({ at: `before the answer of ${request.method} ${request.url}` });
        return answer;
      },
    },
  };
}
