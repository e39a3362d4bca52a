// The ways out of a failure and a doubt that reach into the world: a command that lives on, a second attempt (tour.test.ts takes each way).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventsIn, projectOf, type Session, sit, toFailure } from './session.ts';

async function failed(): Promise<Session> {
  const session = sit();
  await toFailure(session);
  return session;
}

async function leave(session: Session): Promise<void> {
  await session.type('q');
  expect(await session.ended()).toBe(4);
}

const last = (session: Session, step: string) => eventsIn(session.project).findLast((event) => event.step === step);

test('a failure says why, shows the last lines with what is no text made visible, the hint, and each way with what follows', async () => {
  const session = await failed();
  await session.type('?');
  await session.until('a shell in the project');
  expect(session.step()).toMatchSnapshot();
  await session.type('q');
  expect(await session.ended()).toBe(4);
  expect(last(session, 'release')?.type).toBe('run.paused');
});

test('try again: a second attempt, which does it where the reason has gone', async () => {
  const session = await failed();
  writeFileSync(join(session.project, 'ready'), '');
  await session.type('\r');
  await session.until(/Opened again: "Release"[\s\S]*Run this\?/);
  await session.type('\r');
  await session.until(/Point DNS to the app[\s\S]*I have done it/);
  expect(eventsIn(session.project).filter(({ type, step }) => type === 'step.started' && step === 'release')).toEqual([
    expect.objectContaining({ attempt: 1 }),
    expect.objectContaining({ attempt: 2 }),
  ]);
  await leave(session);
});

/** Killed in the middle of the act, whose command lives on; gone on with. */
async function killed(): Promise<Session> {
  const project = projectOf('long');
  const first = sit({ project, argv: ['rehearse', 'long'] });
  await first.until('Run this?');
  await first.type('\r');
  await first.until('│ started in /');
  first.signal('SIGKILL');
  await first.ended();
  const second = sit({ project, argv: ['rehearse', 'long'] });
  await second.until('Go on?');
  await second.type('\r');
  await second.until(/still runs \(process \d+\)[\s\S]*└$/);
  return second;
}

test.each([
  ['y', 'it was done', /settled, it was done[\s\S]*Sign off[\s\S]*└$/],
  ['r', 'it was not done: do it again', /settled, it was not done[\s\S]*Run this\?[\s\S]*└$/],
])('a doubt: the command that lives on is ended; then %s, %s', async (key, _label, then) => {
  const session = await killed();
  await session.type('x');
  await session.until(/it is not known whether it was done[\s\S]*└$/);
  expect(eventsIn(session.project).filter(({ type }) => type === 'step.started')).toHaveLength(1);
  await session.type(key);
  await session.until(then);
  expect(eventsIn(session.project).filter(({ type }) => type === 'step.started')).toHaveLength(1);
  await leave(session);
});

test('a doubt: the command that lives on is waited for', async () => {
  const session = await killed();
  await session.type('w');
  await session.until('Waiting for process');
  writeFileSync(join(session.project, 'finish'), '');
  await session.until(/it is not known whether it was done[\s\S]*└$/);
  await leave(session);
});

test('a doubt: stop and keep leaves the command alone, and asks the same the next time', async () => {
  const session = await killed();
  await leave(session);
  const again = sit({ project: session.project, argv: ['rehearse', 'long'] });
  await again.until('Go on?');
  expect(again.screen()).toContain('In doubt: "Build the image"');
  await again.type('\r');
  await again.until('still runs');
  writeFileSync(join(session.project, 'finish'), '');
  await again.until(/it is not known whether it was done[\s\S]*└$/);
  await leave(again);
});
