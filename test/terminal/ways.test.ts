// The ways out of a failure, a no and a doubt: each does what its label says.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventsIn, projectOf, type Session, sit, toFailure, toPointDns } from './session.ts';

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

test('done by hand: done, with the reason', async () => {
  const session = await failed();
  await session.type('d');
  await session.until('why by hand?');
  await session.type('from the other machine\r');
  await session.until(/Point DNS to the app[\s\S]*I have done it/);
  expect(last(session, 'release')).toMatchObject({ type: 'step.done', reason: 'from the other machine' });
  await leave(session);
});

test('skip: skipped, with the reason', async () => {
  const session = await failed();
  await session.type('s');
  await session.until('Why is "Release" skipped?');
  await session.type('not this time\r');
  await session.until(/Point DNS to the app[\s\S]*I have done it/);
  expect(last(session, 'release')).toMatchObject({ type: 'step.skipped', reason: 'not this time' });
  await leave(session);
});

test('add a note: the step is as failed as before', async () => {
  const session = await failed();
  await session.type('n');
  await session.until('Note for the record');
  await session.type('the port is taken\r');
  await session.until(/the port is taken[\s\S]*"Release" failed/);
  expect(last(session, 'release')).toMatchObject({ type: 'note.added', text: 'the port is taken' });
  await leave(session);
});

test('back to a step: that one is open again, the failed one stays failed', async () => {
  const session = await failed();
  await session.type('j');
  await session.until('To which step?');
  await session.type('ima');
  await session.until('1 match');
  await session.type('\r');
  await session.until(/Opened again: "Build the image"[\s\S]*Run this\?/);
  expect(last(session, 'release')?.type).toBe('step.failed');
  await leave(session);
});

test('a shell in the project: and the choice is there again', async () => {
  const session = sit({ env: { SHELL: '/bin/sh', PS1: '$ ' } });
  await toFailure(session);
  await session.type('!');
  await session.until('With the secrets too');
  await session.type('n');
  await session.until(/A shell in[\s\S]*\$$/);
  await session.type('touch ready; exit\r');
  await session.until(/Back from the shell\.[\s\S]*"Release" failed[\s\S]*└$/);
  await session.type('\r');
  await session.until(/Opened again[\s\S]*Run this\?/);
  await session.type('\r');
  await session.until(/Point DNS to the app[\s\S]*I have done it/);
  await leave(session);
});

async function refused(): Promise<Session> {
  const session = sit();
  await toPointDns(session);
  await session.type('\r');
  await session.until(/It is not so yet[\s\S]*└$/);
  return session;
}

test('a no: look again looks again, and the step is done once it is so', async () => {
  const session = await refused();
  await session.type('c');
  await session.until(/look again\n[\s\S]*It is not so yet[\s\S]*└$/);
  writeFileSync(join(session.project, 'dns-done'), '');
  await session.type('c');
  await session.until('Where do the first users live?');
  expect(last(session, 'point-dns')).toMatchObject({ type: 'step.done', how: 'verified' });
  await leave(session);
});

test('a no: go back to it shows the step again', async () => {
  const session = await refused();
  await session.type('b');
  await session.until(/go back to it\n[\s\S]*I have done it/);
  expect(last(session, 'point-dns')?.type).toBe('step.looked');
  await leave(session);
});

test('a no: take my word is done on the word, and says so', async () => {
  const session = await refused();
  await session.type('d');
  await session.until('Done: "Point DNS to the app", on the word of ann');
  expect(last(session, 'point-dns')).toMatchObject({ type: 'step.done', how: 'on-word' });
  await leave(session);
});

test('a no: stop and keep', async () => {
  const session = await refused();
  await leave(session);
  expect(last(session, 'point-dns')?.type).toBe('run.paused');
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
