// Waits and gates over days without a terminal: real processes, whose clock the test moves. At a terminal: test/terminal/days.test.ts.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  eventsOf,
  inTheMorning,
  launch,
  MORNING,
  moveClock,
  projectOf,
  runbookOf,
  runOf,
  type Started,
  start,
  trusted,
} from './launching.ts';

const HOUR = 60 * 60_000;

/** A project whose launches go by a clock that is moved. */
async function of(steps: string, ...ids: readonly string[]) {
  const project = projectOf({ 'runbooks/small.md': runbookOf(steps, ...ids) });
  const argv = await trusted(project, 'small');
  const clock = join(project, 'clock');
  const env = inTheMorning(clock);
  const move = (hours: number) => moveClock(clock, hours);
  move(0);
  return {
    project,
    move,
    begin: (): Started => start(project, argv, { env }),
    go: () => launch(project, argv, env),
    events: () => eventsOf(runOf(project)),
  };
}

const ended = (events: ReturnType<typeof eventsOf>, step: string): readonly string[] =>
  events.flatMap(({ type, step: of }) => (of === step && /^step\.(done|failed|ended)$/.test(type) ? [type] : []));

describe('two waits at once', () => {
  test('stop with 4 and the earlier time, are over each in its turn, and what needs neither has gone on', async () => {
    const days = await of(
      `steps:
  - { id: soak, wait: 2d, needs: [] }
  - { id: dns, wait: 1d, needs: [] }
  - { id: notes, run: 'echo notes >> done', needs: [] }
  - { id: announce, run: 'echo announced >> done', needs: [soak, dns] }`,
      'soak',
      'dns',
      'notes',
      'announce',
    );
    const stopped = await days.go();
    expect(stopped.stderr).toMatch(/Stopped and kept at "dns".*waits until/);
    expect(stopped.exit).toBe(4);
    expect(readFileSync(join(days.project, 'done'), 'utf8')).toBe('notes\n');

    days.move(25);
    const between = await days.go();
    expect(between.stderr).toMatch(/Stopped and kept at "soak".*waits until/);
    expect(between.exit).toBe(4);
    expect(ended(days.events(), 'dns')).toEqual(['step.done']);

    days.move(47.5);
    const last = days.begin();
    await last.until('Waiting: soak');
    // The last half an hour is waited out: it is over when the machine, which slept, is awake again.
    days.move(60);
    const { exit, stderr } = await last.ended;
    expect(exit, stderr).toBe(0);
    expect(readFileSync(join(days.project, 'done'), 'utf8')).toBe('notes\nannounced\n');
  });
});

describe('a gate', () => {
  const GATE = `steps:
  - { id: ready, gate: true, verify: [{ run: 'echo look >> looks; test -e ready', every: 1s, within: 3d }] }`;

  test('outlives a process that is killed, and a deadline that passed while nobody was there is followed by one look', async () => {
    const days = await of(GATE, 'ready');
    const first = days.begin();
    await first.until('not yet');
    first.child.kill('SIGKILL');
    await first.ended;
    const [deadline] = days.events().flatMap((event) => ('until' in event ? [event.until] : []));
    days.move(100);
    writeFileSync(join(days.project, 'ready'), '');
    const { exit, stderr } = await days.go();
    expect(exit, stderr).toBe(0);
    expect(ended(days.events(), 'ready')).toEqual(['step.done']);
    expect(deadline).toEqual(expect.stringMatching(/Z$/));
  });

  test('is failed by that look when it does not hold', async () => {
    const days = await of(GATE, 'ready');
    const first = days.begin();
    await first.until('not yet');
    first.child.kill('SIGKILL');
    await first.ended;
    days.move(100);
    const { exit, stderr } = await days.go();
    expect(exit, stderr).toBe(1);
    expect(ended(days.events(), 'ready')).toEqual(['step.failed']);
  });

  test('loses nothing of its time while the machine sleeps', async () => {
    const days = await of(GATE, 'ready');
    const launched = days.begin();
    await launched.until('not yet');
    days.move(100);
    const later = new Date(MORNING + 172 * HOUR).toISOString().slice(0, 10);
    await launched.until(`(until ${later}`);
    writeFileSync(join(days.project, 'ready'), '');
    const { exit, stderr } = await launched.ended;
    expect(exit, stderr).toBe(0);
    const deadlines = days.events().flatMap((event) => ('until' in event ? [Date.parse(String(event.until))] : []));
    expect(Math.round((Number(deadlines.at(-1)) - Number(deadlines[0])) / HOUR)).toBe(100);
  });
});
