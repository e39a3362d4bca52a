// Virtual time: it jumps when nothing real is going on, and is kept on disk for the stand-ins.
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Face } from '../../src/engine/face.ts';
import type { Answer } from '../../src/question.ts';
import { createVirtualClock } from '../../src/rehearsal/clock.ts';
import { watched } from '../../src/rehearsal/watched.ts';
import { silentFace } from './faces.ts';

const start = new Date('2026-11-22T09:00:00Z');
const world = () => mkdtempSync(join(tmpdir(), 'launchbook-clock-'));
const later = (ms: number) => new Date(start.getTime() + ms);

describe('the virtual clock', () => {
  it('jumps over an hour at once when nothing real is in flight, and writes where it is', async () => {
    const folder = world();
    const clock = createVirtualClock(folder, start);
    await clock.sleep(3_600_000);
    expect(clock.now()).toEqual(later(3_600_000));
    expect(JSON.parse(readFileSync(join(folder, 'clock.json'), 'utf8'))).toEqual({ now: later(3_600_000).getTime() });
  });

  it('wakes sleepers in the order of their ends', async () => {
    const clock = createVirtualClock(world(), start);
    const woken: string[] = [];
    const one = (name: string, ms: number) =>
      clock.sleep(ms).then(() => woken.push(`${name} ${clock.now().toISOString()}`));
    await Promise.all([one('late', 60_000), one('soon', 1_000), one('middle', 5_000)]);
    expect(woken).toEqual([
      'soon 2026-11-22T09:00:01.000Z',
      'middle 2026-11-22T09:00:05.000Z',
      'late 2026-11-22T09:01:00.000Z',
    ]);
  });

  it('does not jump while something real is in flight, and jumps as soon as that has ended', async () => {
    const clock = createVirtualClock(world(), start);
    const end = clock.begin();
    let awake = false;
    const sleeping = clock.sleep(3_600_000).then(() => {
      awake = true;
    });
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    expect({ awake, now: clock.now() }).toEqual({ awake: false, now: start });
    end();
    await sleeping;
    expect(clock.now()).toEqual(later(3_600_000));
  });

  it('takes real time for a sleep beside something real', async () => {
    const clock = createVirtualClock(world(), start);
    const end = clock.begin();
    await clock.sleep(20);
    expect(clock.now()).toEqual(later(20));
    end();
  });

  it('ends a sleep early and without a jump when its signal is aborted', async () => {
    const clock = createVirtualClock(world(), start);
    const end = clock.begin();
    const stop = new AbortController();
    const sleeping = clock.sleep(3_600_000, stop.signal);
    stop.abort();
    await sleeping;
    end();
    expect(clock.now()).toEqual(start);
  });

  it('is real while a person is asked, and jumps on when they have answered', async () => {
    const clock = createVirtualClock(world(), start);
    const steps: string[] = [];
    let reply: (answer: Answer) => void = () => undefined;
    const person: Face = { ...silentFace(), ask: () => new Promise((resolve) => (reply = resolve)) };
    const face = watched(person, { clock, at: (step) => void steps.push(step) });
    const question = { id: 'q', type: 'text', message: 'Who?' } as const;
    const asking = face.ask(question, { signal: new AbortController().signal, step: 'one' });
    const sleeping = clock.sleep(3_600_000);
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    expect({ now: clock.now(), steps }).toEqual({ now: start, steps: ['one'] });
    reply({ value: 'ann' });
    expect(await asking).toEqual({ value: 'ann' });
    await sleeping;
    expect(clock.now()).toEqual(later(3_600_000));
  });

  it('goes on where it was when its folder is opened again', async () => {
    const folder = world();
    await createVirtualClock(folder, start).sleep(86_400_000);
    expect(createVirtualClock(folder, start).now()).toEqual(later(86_400_000));
  });
});
