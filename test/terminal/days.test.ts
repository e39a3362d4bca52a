// A launch of three days at a terminal: two waits at once, testers who report one by one, a power cut, a machine that is off, a clock that is set back.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventsOf, inTheMorning, MORNING, moveClock, runOf } from '../sessions/launching.ts';
import { projectOf, type Session, sit } from './session.ts';

const HOUR = 60 * 60_000;
const dayOf = (event: object): number =>
  'at' in event ? 1 + Math.floor((Date.parse(String(event.at)) - MORNING) / (24 * HOUR)) : 0;

/** What is typed at each question of the smoke test, in the order of the questions. */
async function report(session: Session, answers: readonly (readonly [question: string, key: string])[]): Promise<void> {
  for (const [question, key] of answers) {
    await session.until(new RegExp(`◆ {2}${question}\\n[\\s\\S]*└$`));
    await session.type(key);
  }
}

test('the times are kept, each tester reports on a day of their own, and nothing is done twice', async () => {
  const project = projectOf('days');
  const clock = join(project, 'clock');
  const at = (hours: number): Session => {
    moveClock(clock, hours);
    return sit({
      project,
      argv: ['days'],
      rows: 60,
      env: inTheMorning(clock),
    });
  };

  const first = at(0);
  await first.until(/Build it[\s\S]*Run this\?/);
  await first.type('\r');
  await report(first, [
    ['ben: it opens', '\r'],
    ['ben: it answers', '\r'],
    ['cem: it opens', 'l'],
    ['cem: it answers', 'l'],
    ['dora: it opens', 'l'],
    ['dora: it answers', 'l'],
  ]);
  // What needs none of those who are waited for goes on.
  await first.until(/4 of 6 items are open[\s\S]*Notes[\s\S]*Run this\?/);
  await first.type('\r');
  await first.until(/Done: "Notes"[\s\S]*cem: it opens/);
  first.signal('SIGKILL');
  await first.ended();

  // The clock was set back by an hour meanwhile, then it is the day after.
  const back = at(-1);
  await back.until(/Waiting: "Let it soak" \(waiting until tomorrow \d\d:\d\d\)[\s\S]*Go on\?/);
  await back.type('\r');
  await back.until(/◆ {2}cem: it opens\n[\s\S]*└$/);
  await back.type('q');
  expect(await back.ended()).toBe(4);

  const second = at(25);
  await second.until('Go on?');
  await second.type('\r');
  await second.until('Done: "Let it soak"');
  await report(second, [
    ['cem: it opens', '\r'],
    ['cem: it answers', 'f'],
  ]);
  await second.until('What fails at "cem: it answers"?');
  await second.type('no answer on his old phone\r');
  await report(second, [['dora: it opens', 'q']]);
  expect(await second.ended()).toBe(4);

  const third = at(49);
  await third.until('Go on?');
  await third.type('\r');
  await third.until('Done: "Traffic"');
  await report(third, [
    ['dora: it opens', '\r'],
    ['dora: it answers', 'e'],
  ]);
  // Cem has a new phone.
  await third.until(/Change which one\?[\s\S]*○ 4 {5}cem: it answers \(fail\)/);
  await third.type('4');
  await report(third, [['dora: it answers', '\r']]);
  await third.until(/Announce[\s\S]*Run this\?/);
  await third.type('\r');
  expect(await third.ended()).toBe(0);

  expect(readFileSync(join(project, 'done.txt'), 'utf8')).toBe('built\nnotes\nannounced\n');
  const events = eventsOf(runOf(project));
  const days = events.flatMap((event) => ('tester' in event ? [`${event.tester} ${dayOf(event)}`] : []));
  expect([...new Set(days)]).toEqual(['ben 1', 'cem 2', 'dora 3', 'cem 3']);
  const until = (step: string) =>
    events.flatMap((event) => (event.step === step && 'until' in event ? [event.until] : []));
  // Set back by an hour, a time of 24 hours is over as soon as 24 hours are: two days' too.
  for (const step of ['soak', 'traffic']) {
    const [before, after] = until(step).map((time) => Date.parse(String(time)));
    expect(Math.round((Number(before) - Number(after)) / HOUR)).toBe(1);
  }
  expect(readFileSync(join(project, 'PRODUCTION_DEPLOYMENT.md'), 'utf8')).toMatch(
    /pass<br>ticked by ann, \S+ \S+<br>failed before: no answer on his old phone/,
  );
}, 120_000);

test('a tunnel that dies in the middle fails the step that needs it, and is up again before that is tried again', async () => {
  const project = projectOf('tunnel');
  const session = sit({ project, argv: ['tunnel'], rows: 60 });
  await session.until(/Tunnel to the database[\s\S]*Run this\?/);
  await session.type('\r');
  await session.until(/Migration[\s\S]*Run this\?/);
  await session.type('\r');
  await session.until('│ migrating');
  const tunnels = () =>
    eventsOf(runOf(project)).filter(({ type, step }) => type === 'step.spawned' && step === 'tunnel');
  const [first] = tunnels();
  if (!first || !('pid' in first)) throw new Error('no tunnel was spawned');
  process.kill(Number(first.pid), 'SIGKILL');
  rmSync(join(project, 'up'));
  await session.until(/Failed: "Migration", "Tunnel to the database" was ended by SIGKILL[\s\S]*try again[\s\S]*└$/);
  writeFileSync(join(project, 'go'), '');
  await session.type('\r');
  await session.until(/Tunnel to the database" \(attempt 2\)[\s\S]*Migration\n[\s\S]*Run this\?/);
  await session.type('\r');
  await session.until(/The tunnel is closed\n[\s\S]*Run this\?/);
  await session.type('\r');
  expect(await session.ended()).toBe(0);
  const pids = tunnels().map((event) => `tunnel ${'pid' in event ? event.pid : ''}`);
  expect(pids).toHaveLength(2);
  expect(readFileSync(join(project, 'done.txt'), 'utf8')).toBe([...pids, 'migrated', 'closed', ''].join('\n'));
}, 120_000);
