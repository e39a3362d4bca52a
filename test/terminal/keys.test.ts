// Each key does what its label says: pressed in a real terminal, and looked up in the journal.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

test('a: go on alone until the next step for a person', async () => {
  const session = sit();
  writeFileSync(join(session.project, 'ready'), '');
  await toBuild(session);
  await session.type('a');
  await session.until(/Point DNS to the app[\s\S]*I have done it/);
  expect(typesOf(session, 'release').at(-1)).toBe('step.done');
  await leave(session);
});

test('o: open the page, which a rehearsal only shows', async () => {
  const session = await atWork();
  await session.type('o');
  await session.until('Open this page: https://dns.example.com/zones');
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

test('c: look now; not so is said with what is expected and seen, so ends the step', async () => {
  const session = await atWork();
  await session.type('c');
  await session.until(/expected {2}exit 0\n\s*seen {6}exit 1/);
  writeFileSync(join(session.project, 'dns-done'), '');
  await session.type('c');
  await session.until('Where do the first users live?');
  expect(typesOf(session, 'point-dns').at(-1)).toBe('step.done');
  await leave(session);
});

test('n: a note, which stands in the journal', async () => {
  const session = await atWork();
  await session.type('n');
  await session.until('Note for the record');
  await session.type('the zone is not ours\r');
  await session.until(/the zone is not ours[\s\S]*I have done it/);
  expect(eventsIn(session.project)).toContainEqual(
    expect.objectContaining({ type: 'note.added', text: 'the zone is not ours', by: 'ann', step: 'point-dns' }),
  );
  await leave(session);
});

test('d: done by hand, with a reason, looked at first and then taken on the word', async () => {
  const session = await atWork();
  await session.type('d');
  await session.until('How was "Point DNS');
  await session.type('by the provider\r');
  await session.until('Take it as done on your word?');
  expect(session.step()).toMatchSnapshot();
  await session.type('y');
  await session.until('Where do the first users live?');
  expect(eventsIn(session.project)).toContainEqual(
    expect.objectContaining({ type: 'step.done', step: 'point-dns', how: 'on-word', reason: 'by the provider' }),
  );
  await leave(session);
});

test('s: skip, with a reason and what then goes on without it; with no reason it is not skipped', async () => {
  const session = await atWork();
  await session.type('s');
  await session.until('First users then go on without it');
  await session.type('\r');
  await session.until(/left empty[\s\S]*I have done it/);
  expect(typesOf(session, 'point-dns')).not.toContain('step.skipped');
  await session.type('s');
  await session.until(/left empty[\s\S]*Why is/);
  await session.type('done last week\r');
  await session.until('Where do the first users live?');
  expect(eventsIn(session.project)).toContainEqual(
    expect.objectContaining({ type: 'step.skipped', step: 'point-dns', reason: 'done last week' }),
  );
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

test('?: all keys, each with its label', async () => {
  const session = await atWork();
  await session.type('?');
  await session.until('a shell in the project');
  expect(session.step()).toMatchSnapshot();
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

test.each([
  ['p', 'pass'],
  ['f', 'fail'],
])('%s: the item of a checklist is ticked as %s', async (key, result) => {
  const session = sit();
  await session.until('Name of the app');
  await session.type('\r');
  await session.until('Token of the mail provider');
  await session.type('hunter2-hunter2\r');
  await session.until('Nothing else rides along');
  await session.type(key === 'p' ? '\r' : key);
  if (result === 'fail') {
    await session.until('What fails at');
    await session.type('a migration\r');
  }
  await session.until('The staging domain keeps');
  expect(eventsIn(session.project)).toContainEqual(
    expect.objectContaining({ type: 'item.ticked', step: 'scope', item: 0, result }),
  );
  await leave(session);
});
