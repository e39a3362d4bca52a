// The screens of a launch at three sizes, as a person sees them, and what must not spoil them: a resize, a paste, no colour.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AT_POINT_DNS, pasted, projectOf, type Session, sit, tickScope, toFailure, toPointDns } from './session.ts';

const LONG = 120_000;

const KEY = `-----BEGIN KEY-----\n${'MIGTAgEA'.repeat(20)}\n-----END KEY-----\n`;

test.each([
  { columns: 50, rows: 20 },
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 80, rows: 15 },
])(
  'a launch at $columns × $rows',
  async (size) => {
    const session = sit(size);
    const shows = (name: string) => expect(session.shown()).toMatchSnapshot(name);
    await session.until(/Name of the app\n[\s\S]*stops and keeps$/);
    shows('the first screen');
    await session.type('\r');
    await session.until('Token of the mail provider');
    await session.type(pasted(KEY));
    await session.until('▪');
    shows('a secret of many lines, pasted');
    await session.type('\r');
    await tickScope(session);
    await session.until(/Run this\?[\s\S]*q stop and keep\n└$/);
    shows('an act before it runs');
    await session.type('\r');
    await session.until(/Release[\s\S]*Run this\?/);
    await session.type('\r');
    await session.until(/How do you go on\?[\s\S]*└$/);
    shows('a failure');
    await session.type('d');
    await session.until('why by hand?');
    await session.type('from the other machine\r');
    await session.until(AT_POINT_DNS);
    shows('a step for a person');
    await session.type('?');
    await session.until('a shell in the project');
    shows('all keys');
    writeFileSync(join(session.project, 'dns-done'), '');
    await session.type('c');
    await session.until('Where do the first users live?');
    await session.type('2');
    await session.until(/trial-prod to go on[\s\S]*stops and keeps$/);
    shows('a point of no return');
    expect(session.raw()).not.toContain('MIGTAg');
    await session.type('\x03');
    expect(await session.ended()).toBe(130);
  },
  LONG,
);

test('quit and gone on with, at 50 columns: the resume fits', async () => {
  const first = sit({ columns: 50, rows: 20 });
  await toPointDns(first);
  await first.type('q');
  expect(await first.ended()).toBe(4);
  const second = sit({ project: first.project, columns: 50, rows: 20 });
  await second.until(/Go on\?[\s\S]*└$/);
  expect(second.shown()).toMatchSnapshot();
  await second.type('q');
  expect(await second.ended()).toBe(4);
});

test('resized while a command runs and while a question is open: each line is there once', async () => {
  const session = sit({ project: projectOf('long'), argv: ['rehearse', 'long'], columns: 80, rows: 24 });
  await session.until('Run this?');
  await session.resize(50, 20);
  await session.until(/Run this\?[\s\S]*└$/);
  expect(session.view().split('Run this?')).toHaveLength(2);
  await session.type('\r');
  await session.until('│ started in /');
  await session.resize(100, 30);
  await session.resize(60, 15);
  expect(session.view().split('│ started in')).toHaveLength(2);
  writeFileSync(join(session.project, 'finish'), '');
  await session.until(/Sign off[\s\S]*└$/);
  expect(session.view().split('Done: "Build')).toHaveLength(2);
  await session.type('q');
  expect(await session.ended()).toBe(4);
});

test('with 15 rows what is asked stands on the screen, and what happened above it', async () => {
  const session = sit({ columns: 80, rows: 15 });
  await toFailure(session);
  expect(session.shown()).toMatchSnapshot();
  await session.type('q');
  expect(await session.ended()).toBe(4);
});

test('NO_COLOR: no colour; a terminal without symbols: plain characters', async () => {
  const session = sit({ env: { NO_COLOR: '1', LC_ALL: 'C' } });
  await toFailureInPlain(session);
  expect(session.raw()).not.toMatch(/\x1b\[(?!7m|27m|8m|28m)[0-9;]*m/);
  expect(session.shown()).toMatchSnapshot();
  await session.type('q');
  expect(await session.ended()).toBe(4);
});

test('colours are those of the terminal, never a ground of our own: readable on light and on dark', async () => {
  const session = sit();
  await toFailure(session);
  const colours = new Set([...session.raw().matchAll(/\x1b\[([0-9;]*)m/g)].map(([, code]) => code));
  expect([...colours].filter((code) => !/^(0|1|2|4|7|8|22|24|27|28|29|3[1-69]|90)?$/.test(code ?? ''))).toEqual([]);
  await session.type('q');
  expect(await session.ended()).toBe(4);
});

test('--plain: lines only, nothing is redrawn, and the same launch', async () => {
  const session = sit({ argv: ['rehearse', 'trial', '--plain'] });
  await session.until('Name of the app');
  await session.type('\r');
  await session.until('typed unseen');
  await session.type('hunter2-hunter2\r');
  await session.until(/Nothing else rides along[\s\S]*\n>/);
  await session.type('\r');
  await session.until(/The staging domain[\s\S]*\n>/);
  await session.type('\r');
  await session.until(/Run this\?[\s\S]*\n>$/);
  expect(session.raw()).not.toContain('\x1b[J');
  expect(session.screen()).not.toContain('hunter2');
  expect(session.shown()).toMatchSnapshot();
  await session.type('q\r');
  expect(await session.ended()).toBe(4);
});

/** As `toFailure`, on a terminal whose frame ends with another character. */
async function toFailureInPlain(session: Session): Promise<void> {
  for (const [until, keys] of [
    ['Name of the app', '\r'],
    ['Token of the mail provider', 'hunter2-hunter2\r'],
    ['Nothing else rides along', '\r'],
    ['The staging domain keeps', '\r'],
    [/Build the image[\s\S]*Run this\?/, '\r'],
    [/Release[\s\S]*Run this\?/, '\r'],
  ] as const) {
    await session.until(until);
    await session.type(keys);
  }
  await session.until(/How do you go on\?[\s\S]*\+$/);
}
