// Keys with more to them than one press (tour.test.ts presses each): in a real terminal, and looked up in the journal.
import { expect, test } from 'vitest';
import { eventsIn, type Session, sit, toBuild, toPointDns, toRelease } from './session.ts';

/** At the step for a person. */
async function atWork(env: Readonly<Record<string, string>> = {}): Promise<Session> {
  const session = sit({ env });
  await toPointDns(session);
  return session;
}

async function leave(session: Session): Promise<void> {
  await session.type('\x03');
  expect(await session.ended()).toBe(130);
}

const typesOf = (session: Session, step: string): readonly string[] =>
  eventsIn(session.project).flatMap(({ type, ...event }) => (event.step === step ? [type] : []));

test('Enter, before an act: go on', async () => {
  const session = sit();
  await toBuild(session);
  expect(typesOf(session, 'build')).toEqual([]);
  await session.type('\r');
  await session.until(/Release[\s\S]*Run this\?/);
  expect(typesOf(session, 'build')).toEqual(['step.started', 'step.spawned', 'step.ended', 'step.done']);
  expect(session.shown()).toMatchSnapshot();
  await leave(session);
});

test('y: copy the next value, and after the last the first again', async () => {
  const session = await atWork();
  for (const value of [
    'Type: CNAME\n',
    'Name: api.trial-prod.example\n',
    'Target: edge.example.net\n',
    /CNAME\n[\s\S]*CNAME\n[\s\S]*Target: edge[\s\S]*Type: CNAME\n/,
  ]) {
    await session.type('y');
    await session.until(value);
  }
  expect(session.step()).toMatchSnapshot();
  await leave(session);
});

test('j: back to a step, found by a part of its name, with what follows said before', async () => {
  const session = await atWork();
  await session.type('j');
  await session.until('To which step?');
  await session.type('ima');
  await session.until('Build the image (opened again; no later step is looked at again)');
  expect(session.step()).toMatchSnapshot();
  await session.type('\r');
  await session.until(/Opened again: "Build the image"[\s\S]*Run this\?/);
  expect(typesOf(session, 'build').at(-1)).toBe('step.reopened');
  await leave(session);
});

test('!: a shell in the project without secrets, and it is said when it is back', async () => {
  const session = sit({ env: { SHELL: '/bin/sh', MAIL_TOKEN_OF_ANN: 'zzz-secret-zzz', PS1: '$ ' } });
  await toBuild(session);
  await session.type('!');
  await session.until(/With the secrets too \([^)]*MAIL_TOKEN/);
  await session.type('n');
  await session.until(/, without [\s\S]*MAIL_TOKEN[\s\S]*\$$/);
  await session.type('echo "in $PWD to $TARGET with [$MAIL_TOKEN]"\r');
  await session.until(`in ${session.project} to staging with []`);
  await session.type('exit\r');
  await session.until(/Back from the shell\.[\s\S]*Run this\?[\s\S]*└$/);
  expect(typesOf(session, 'build')).toEqual([]);
  await leave(session);
});

test('!: the secrets are there when they are asked for', async () => {
  const session = sit({ env: { SHELL: '/bin/sh', PS1: '$ ' } });
  await toBuild(session);
  await session.type('!');
  await session.until(/With the secrets too \([^)]*MAIL_TOKEN/);
  await session.type('y');
  await session.until(/, with [\s\S]*MAIL_TOKEN\. [\s\S]*\$$/);
  await session.type('echo "${#MAIL_TOKEN} letters"\r');
  await session.until('15 letters');
  await session.type('exit\r');
  await session.until('Back from the shell.');
  await leave(session);
});

test('q: stop and keep, with 4', async () => {
  const session = sit();
  await toRelease(session);
  await session.type('q');
  expect(await session.ended()).toBe(4);
  expect(eventsIn(session.project).at(-1)).toMatchObject({ type: 'run.paused', step: 'release' });
  expect(session.shown()).toMatchSnapshot();
});
