// Ctrl-C in each kind of work: it ends politely with 130 and says how to go on; a second one leaves at once. Never 0.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventsOf, inTheMorning, runbookOf, runOf, projectOf as smallProject, trusted } from '../sessions/launching.ts';
import { eventsIn, projectOf, sit, toBuild, toFailure, toPointDns, trustIn } from './session.ts';

const RESTORED = /\x1b\[\?2004l[\s\S]*$/;

test.each([
  ['a text', async (session: ReturnType<typeof sit>) => void (await session.until('Name of the app'))],
  [
    'a secret',
    async (session: ReturnType<typeof sit>) => {
      await session.until('Name of the app');
      await session.type('\r');
      await session.until('Token of the mail provider');
      await session.type('hunter2');
    },
  ],
  ['a choice', toBuild],
  [
    'the name of another step',
    async (session: ReturnType<typeof sit>) => {
      await toBuild(session);
      await session.type('j');
      await session.until('Type a part of its name.');
    },
  ],
  ['a step for a person', toPointDns],
  ['the ways out of a failure', toFailure],
])('at %s', async (_what, reach) => {
  const session = sit();
  await reach(session);
  await session.type('\x03');
  expect(await session.ended()).toBe(130);
  expect(session.screen()).toMatch(/Stopped and kept[\s\S]*Go on with: launch rehearse trial --who ann$/);
  expect(eventsIn(session.project).at(-1)?.type).toBe('run.paused');
  expect(session.raw()).toMatch(RESTORED);
});

test('while a command runs: it is ended, the doubt is kept, and going on asks about it', async () => {
  const session = sit({ project: projectOf('long'), argv: ['rehearse', 'long'] });
  await session.until('Run this?');
  await session.type('\r');
  await session.until('│ started in /');
  await session.type('\x03');
  expect(await session.ended()).toBe(130);
  expect(session.shown()).toMatchSnapshot();
  const [pid] = eventsIn(session.project).flatMap((event) => ('pid' in event ? [String(event.pid)] : []));
  expect(() => execFileSync('ps', ['-p', pid ?? '']), 'the command is gone').toThrow();
  const again = sit({ project: session.project, argv: ['rehearse', 'long'] });
  await again.until('In doubt: "Build the image"');
  await again.type('q');
  expect(await again.ended()).toBe(4);
});

test('twice while a command runs that does not listen: leaves at once, with the terminal as it was', async () => {
  const project = projectOf('long');
  const file = join(project, 'runbooks/long.md');
  const deaf = `trap '' TERM; echo started; until test -e finish; do sleep 0.05; done`;
  writeFileSync(file, LONG.replace('COMMAND', deaf));
  trustIn(project, 'long');
  const session = sit({ project, argv: ['rehearse', 'long'] });
  await session.until('Run this?');
  await session.type('\r');
  await session.until('│ started');
  await session.type('\x03');
  await session.until('Ctrl-C again leaves at once');
  await session.type('\x03');
  expect(await session.ended()).toBe(130);
  expect(session.raw()).toMatch(RESTORED);
  expect(session.raw().lastIndexOf('\x1b[?25h')).toBeGreaterThan(session.raw().lastIndexOf('\x1b[?25l'));
  writeFileSync(join(project, 'finish'), '');
});

const LONG = `---
runbook: 1
steps:
  - { id: build, rehearse: run, run: "COMMAND" }
---
# Long
## Build
### Build
`;

test('while it waits for a time: the time is kept', async () => {
  const project = projectOf('pause');
  const argv = await trusted(project, 'pause');
  const session = sit({ project, argv, env: inTheMorning() });
  await session.until('left');
  expect(session.step()).toMatchSnapshot();
  await session.type('\x03');
  expect(await session.ended()).toBe(130);
  expect(session.screen().replaceAll('\n', '')).toContain(`Go on with: launch ${argv.join(' ')} --who ann`);
  const again = sit({ project, argv, env: inTheMorning() });
  await again.until(/Waiting: "Let it settle" \(waiting until \d\d:\d\d\)[\s\S]*└$/);
  await again.type('q');
  expect(await again.ended()).toBe(4);
});

test('while it waits for the world: what is waited for is kept', async () => {
  const gate = `steps: [{ id: live, gate: true, verify: [{ run: test -e ready, every: 1h, within: 2h }] }]`;
  const project = smallProject({ 'runbooks/small.md': runbookOf(gate, 'live') });
  const argv = await trusted(project, 'small');
  const session = sit({ project, argv });
  await session.until(/Waiting until: test -e ready ·/);
  await session.type('\x03');
  expect(await session.ended()).toBe(130);
  expect(eventsOf(runOf(project)).slice(-2)).toMatchObject([
    { type: 'step.waiting', step: 'live' },
    { type: 'run.paused' },
  ]);
});

test('n and ? while a command runs: a note is taken, the keys are told, nothing is kept for the next question', async () => {
  const session = sit({ project: projectOf('long'), argv: ['rehearse', 'long'] });
  await session.until('Run this?');
  await session.type('\r');
  await session.until('│ started in /');
  await session.type('?');
  await session.until('n adds a note');
  await session.type('sxyzzy');
  await session.type('n');
  await session.until('Note for the record');
  await session.type('slow today\r');
  await session.until(/slow today\n[\s\S]*│ started in \//);
  writeFileSync(join(session.project, 'finish'), '');
  await session.until(/Sign off[\s\S]*I have done it/);
  expect(session.shown()).toMatchSnapshot();
  expect(session.screen()).not.toContain('xyzzy');
  expect(eventsIn(session.project)).toContainEqual(expect.objectContaining({ type: 'note.added', text: 'slow today' }));
  await session.type('q');
  expect(await session.ended()).toBe(4);
});
