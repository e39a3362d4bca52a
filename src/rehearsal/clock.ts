// Virtual time: a sleep jumps to its end when nothing real is in flight; while something is, it takes real time as ever.
import { join } from 'node:path';
import { z } from 'zod';
import type { World } from '../system/world.ts';
import { readText, replaceFile } from './stand-in-file.ts';

export type VirtualClock = World['clock'] & {
  /** Something real begins (a child, a request, a person who thinks): call the answer once when it has ended. */
  begin(): () => void;
  /** The same around a promise. */
  during<T>(real: () => Promise<T>): Promise<T>;
};

interface Sleeper {
  readonly until: number;
  wake(): void;
}

const Saved = z.object({ now: z.number() });
const longestTimer = 2_147_483_647;

/** Goes on at the instant that `W/clock.json` holds, or begins at `start`. Each jump is written there: the stand-in fly reads it. */
export function createVirtualClock(folder: string, start: Date): VirtualClock {
  const file = join(folder, 'clock.json');
  const saved = readText(file);
  let now = saved === undefined ? start.getTime() : Saved.parse(JSON.parse(saved)).now;
  const save = (): void => replaceFile(file, `${JSON.stringify({ now })}\n`);
  if (saved === undefined) save();

  const sleepers = new Set<Sleeper>();
  let inFlight = 0;
  let looking = false;

  const reach = (sleeper: Sleeper): void => {
    if (sleeper.until > now) {
      now = sleeper.until;
      save();
    }
    sleeper.wake();
  };
  /** Two turns of the event loop: whoever is about to begin something real has then begun it. */
  const lookSoon = (): void => {
    if (looking || inFlight > 0 || sleepers.size === 0) return;
    looking = true;
    setImmediate(() =>
      setImmediate(() => {
        looking = false;
        const next = [...sleepers].sort((a, b) => a.until - b.until)[0];
        if (inFlight > 0 || next === undefined) return;
        reach(next);
        lookSoon();
      }),
    );
  };
  const begin = (): (() => void) => {
    inFlight += 1;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      inFlight -= 1;
      lookSoon();
    };
  };

  const sleepUntil = (at: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted || at <= now) return resolve();
      const leave = (): void => {
        sleepers.delete(sleeper);
        clearTimeout(timer);
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const sleeper: Sleeper = { until: at, wake: leave };
      const timer = setTimeout(() => reach(sleeper), Math.min(at - now, longestTimer));
      sleepers.add(sleeper);
      signal?.addEventListener('abort', leave, { once: true });
      lookSoon();
    });

  return {
    now: () => new Date(now),
    // A rehearsal's time is its clock.
    monotonic: () => now,
    begin,
    during: async (real) => {
      const end = begin();
      try {
        return await real();
      } finally {
        end();
      }
    },
    sleep: (ms, signal) => sleepUntil(now + ms, signal),
    sleepUntil,
  };
}
