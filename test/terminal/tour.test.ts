// Every key and every way out, pressed in one long launch at each size, with a picture of what the person sees then.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { choicesInCode } from '../choices.ts';
import { eventsIn, projectOf, type Session, sit } from './session.ts';

const LONG = 180_000;
const SIZES = [
  { columns: 50, rows: 20 },
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
  { columns: 80, rows: 15 },
];

/** Pressed, what is on the screen then, and the choices that this is the picture of. */
interface Stop {
  readonly keys?: readonly string[];
  readonly until: string | RegExp;
  readonly picture?: string;
  readonly of?: readonly string[];
  /** Done in the world before. */
  readonly first?: (project: string) => void;
}

const touch = (name: string) => (project: string) => writeFileSync(join(project, name), '');
/** The last line of a question with keys. */
const KEYS = '[\\s\\S]*stop and keep\\n└$';
const asks = (text: string): RegExp => new RegExp(`${text.replaceAll(' ', SPACE)}${KEYS}`);
/** Also where a narrow screen breaks the line. */
const SPACE = '\\s+(?:│\\s+)?';

const FIRST: readonly Stop[] = [
  { until: 'Token of the mail provider' },
  {
    keys: ['hunter2-hunter2\r'],
    until: asks('Sound works\\n'),
    picture: 'an item of a checklist',
    of: ['engine/items pass', 'engine/items fail', 'engine/items later'],
  },
  { keys: ['\r'], until: asks('Picture works\\n') },
  { keys: ['?'], until: asks('a shell in the project'), picture: 'an item, all keys', of: ['engine/items change'] },
  { keys: ['e'], until: /Change which one\?[\s\S]*└$/, picture: 'which item is changed' },
  { keys: ['1'], until: 'What fails at "Sound works"?', picture: 'what fails' },
  { keys: ['no sound\r'], until: asks('no sound[\\s\\S]*Picture works\\n') },
  { keys: ['e'], until: /no sound[\s\S]*Change which one\?[\s\S]*└$/ },
  { keys: ['1'], until: asks('Sound works \\(fail\\)[\\s\\S]*Picture works\\n') },
  {
    keys: ['l'],
    until: asks('Nothing is logged for a while \\(watched'),
    picture: 'an item that is watched',
    of: ['engine/items watching'],
  },
  { keys: ['g'], until: asks('start watching[\\s\\S]*Nothing is logged for a while\\n') },
  { keys: ['\r'], until: asks('Run this\\?'), picture: 'an act', of: ['engine/act alone', 'engine/act go'] },
  {
    keys: ['?'],
    until: asks('a shell in the project'),
    picture: 'an act, all keys',
    of: [
      'engine/side by-hand',
      'engine/side skip',
      'engine/side note',
      'engine/side jump',
      'engine/side shell',
      'engine/side stop',
    ],
  },
  { keys: ['n'], until: 'Note for the record', picture: 'a note' },
  { keys: ['slow today\r'], until: asks('slow today[\\s\\S]*Run this\\?') },
  { keys: ['d'], until: 'why by hand?', picture: 'done by hand' },
  { keys: ['\r'], until: asks('left empty[\\s\\S]*Run this\\?') },
  { keys: ['s'], until: 'Why is "Build" skipped?', picture: 'skip' },
  { keys: ['\r'], until: asks('left empty[\\s\\S]*left empty[\\s\\S]*Run this\\?') },
  { keys: ['j'], until: 'Type a part of its name.', picture: 'another step, by its name' },
  { keys: ['dns'], until: '1 match', picture: 'another step, found' },
  {
    keys: ['\r'],
    until: asks('comes after "Mailing", which is open[\\s\\S]*Run this\\?'),
    picture: 'another step that cannot be yet',
  },
  { keys: ['!'], until: /With the secrets too[\s\S]*└$/, picture: 'a shell: with secrets?' },
  { keys: ['n'], until: /A shell in[\s\S]*\$$/ },
  { keys: ['exit\r'], until: asks('Back from the shell\\.[\\s\\S]*Run this\\?'), picture: 'back from the shell' },
  {
    keys: ['a'],
    until: asks('How do you go on\\?'),
    picture: 'a failure',
    of: ['engine/ways again', 'engine/ways look'],
  },
  { keys: ['c'], until: asks('look again\\n[\\s\\S]*"Release" failed:'), picture: 'a failure, looked at again' },
  {
    keys: ['t'],
    first: touch('ready'),
    until: asks('Opened again: "Release"[\\s\\S]*Run this\\?'),
    picture: 'tried again',
  },
  {
    keys: ['\r'],
    until: /is optional[\s\S]*└$/,
    picture: 'an optional step',
    of: ['engine/loop do', 'engine/loop leave'],
  },
  { keys: ['l'], until: asks('Point DNS to the app[\\s\\S]*I have done it'), picture: 'a step for a person' },
  {
    keys: ['?'],
    until: asks('Point DNS[\\s\\S]*a shell in the project'),
    picture: 'a step for a person, all keys',
    of: ['engine/work done', 'engine/work open', 'engine/work copy', 'engine/work look', 'engine/work later'],
  },
  { keys: ['o'], until: asks('Open this page: https[\\s\\S]*I have done it'), picture: 'the page' },
  { keys: ['y'], until: asks('Type: CNAME[\\s\\S]*I have done it'), picture: 'a value copied' },
  { keys: ['c'], until: asks('-e dns-done[\\s\\S]*I have done it'), picture: 'looked at now' },
  {
    keys: ['\r'],
    until: asks('It is not so yet'),
    picture: 'a no',
    of: ['engine/work look', 'engine/work back-to-it', 'engine/work word', 'engine/work stop'],
  },
  { keys: ['b'], until: asks('go back to it\\n[\\s\\S]*I have done it') },
  { keys: ['w'], until: asks('Tidy up[\\s\\S]*Run this\\?'), picture: 'others meanwhile' },
  { keys: ['\r'], until: asks('Tidy up"[\\s\\S]*Picture works\\n'), picture: 'what waits meanwhile' },
  { keys: ['\r'], until: asks('Picture works · pass[\\s\\S]*I have done it') },
  {
    keys: ['\r'],
    first: touch('dns-done'),
    until: asks('wait for it, 1s more'),
    picture: 'what cannot be seen',
    of: ['engine/ways wait'],
  },
  { keys: ['w'], until: asks('wait for it, 1s more\\n[\\s\\S]*wait for it, 1s more') },
  { keys: ['s'], until: 'Why is "Seen from outside" skipped?' },
  {
    keys: ['seen by eye\r'],
    until: asks('was done already'),
    picture: 'what the plan says was done',
    of: ['engine/ways act'],
  },
  { keys: ['r'], until: asks('Account[\\s\\S]*I have done it') },
  {
    keys: ['\r'],
    first: touch('account'),
    until: /Where do the first users live\?[\s\S]*Tab other ways/,
    picture: 'a question',
  },
  { keys: ['\t'], until: asks('What instead\\?'), picture: 'other ways than to answer', of: ['engine/side ask-again'] },
  { keys: ['b'], until: /go back to the question\n[\s\S]*Where do the first users live\?[\s\S]*Tab other ways/ },
  { keys: ['Europe\r'], until: asks('Migrate the database[\\s\\S]*Run this\\?') },
  { keys: ['\r'], until: /│ migrating/ },
];

/** After a kill in the middle of the migration. */
const SECOND: readonly Stop[] = [
  {
    until: /Go on\?[\s\S]*└$/,
    picture: 'a resume',
    of: ['commands/resuming go', 'commands/resuming again', 'commands/resuming stop'],
  },
  { keys: ['r'], until: /looked at again first[\s\S]*└$/, picture: 'a resume, with done steps looked at' },
  {
    keys: ['\r'],
    until: asks('still runs'),
    picture: 'a command that lives on',
    of: ['engine/orphans wait', 'engine/orphans end', 'engine/orphans stop'],
  },
  {
    keys: ['x'],
    until: asks('not known whether it was done'),
    picture: 'a doubt',
    of: ['engine/doubt was-done', 'engine/doubt was-not'],
  },
  { keys: ['y'], until: 'Token of the mail provider' },
  {
    keys: ['hunter2-hunter2\r'],
    until: /"Release" is no longer so\.[\s\S]*└$/,
    picture: 'no longer so',
    of: ['engine/recheck open', 'engine/recheck leave'],
  },
  {
    keys: ['l'],
    until: /v1 to go on[\s\S]*stops and keeps$/,
    picture: 'a point of no return',
  },
  { keys: ['\t'], until: asks('What instead\\?'), picture: 'other ways than a point of no return' },
  { keys: ['b'], until: /go back to the question\n[\s\S]*v1 to go on[\s\S]*stops and keeps$/ },
  { keys: ['v1\r'], until: asks('Do this, then say so') },
];

async function walk(session: Session, stops: readonly Stop[]): Promise<void> {
  for (const { keys = [], until, picture, first } of stops) {
    first?.(session.project);
    for (const one of keys) await session.type(one);
    await session.until(until);
    if (picture !== undefined) {
      await session.still();
      expect(session.picture()).toMatchSnapshot(picture);
    }
  }
}

describe.each(SIZES)('at $columns × $rows', (size) => {
  test(
    'every key',
    async () => {
      const env = { SHELL: '/bin/sh', PS1: '$ ' };
      const start = { argv: ['rehearse', 'tour'], env, ...size };
      const first = sit({ project: projectOf('tour'), ...start });
      await walk(first, FIRST);
      first.signal('SIGKILL');
      await first.ended();
      rmSync(join(first.project, 'ready'));
      const second = sit({ ...start, project: first.project });
      await walk(second, SECOND);
      await second.type('\r');
      expect(await second.ended()).toBe(0);
      expect(
        eventsIn(first.project).filter(({ type, step }) => type === 'step.started' && step === 'migrate'),
      ).toHaveLength(1);
      expect(first.raw() + second.raw()).not.toContain('hunter2');
      expect(eventsIn(first.project).flatMap(inShort)).toMatchSnapshot('the journal of it');
    },
    LONG,
  );
});

/** What each key has done. */
const inShort = ({ type, step }: { readonly type: string; readonly step?: string }): readonly string[] =>
  step === undefined || type === 'step.spawned' ? [] : [`${type} ${step}`];

/** Their pictures are in the tests of their own commands; of secrets there are none. */
const ELSEWHERE = [
  /^engine\/(?:secrets|secret-handover|stale|undo|preflight) /,
  /^commands\/resuming (?:changes|frozen|adopt)$/,
];

test('no key of the code is without a picture at each size', () => {
  const pictured = new Set([...FIRST, ...SECOND].flatMap(({ of = [] }) => of));
  const missing = choicesInCode()
    .map(({ file, value }) => `${file} ${value}`)
    .filter((name) => !pictured.has(name) && !ELSEWHERE.some((elsewhere) => elsewhere.test(name)));
  expect(missing).toEqual([]);
  const snapshots = readFileSync(join(import.meta.dirname, '__snapshots__/tour.test.ts.snap'), 'utf8');
  const pictures = [...FIRST, ...SECOND].flatMap(({ picture }) => (picture === undefined ? [] : [picture]));
  const absent = SIZES.flatMap(({ columns, rows }) =>
    pictures.filter((picture) => !snapshots.includes(`at ${columns} × ${rows} > every key > ${picture} 1`)),
  );
  expect(absent).toEqual([]);
});
