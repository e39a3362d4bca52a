// The same launch by the wizard, by `--plain` and by a program (`--json`, `mark`, `answer`): the journals say the same.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventsOf, launch, projectOf, runbookOf, runOf, start, trusted } from '../sessions/launching.ts';
import { alive, until } from '../system/processes.ts';
import { sit } from './session.ts';

/** What is typed: in the wizard, and on a line of its own. */
interface Said {
  readonly wizard: string | readonly string[];
  readonly plain: string;
}
const enter: Said = { wizard: '\r', plain: '\r' };
const key = (one: string): Said => ({ wizard: one, plain: `${one}\r` });
const text = (words: string): Said => ({ wizard: `${words}\r`, plain: `${words}\r` });
const otherWays: Said = { wizard: '\t', plain: '?\r' };

/** Once this is on the screen, that is typed; `first` happens in the world before. */
type Turn = readonly [until: string | RegExp, said: Said | 'kill', first?: (project: string) => unknown];

interface Called {
  readonly argv: readonly string[];
  readonly exit: number;
  readonly first?: (project: string) => unknown;
  /** Killed as soon as this is written. */
  readonly kill?: string;
}

interface Scenario {
  readonly definitions: string;
  readonly steps: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  /** Sitting by sitting. */
  readonly person: readonly (readonly Turn[])[];
  readonly exit: number;
  readonly program: readonly Called[];
  /** What only a person can do here: the program stops there, having done the same up to it. */
  readonly only?: string;
  /** How often it was left and gone on with is the same too. */
  readonly pauses?: boolean;
}

/** The command that lives on ends, and is gone: while it is there, that is asked about first. */
async function finish(project: string): Promise<void> {
  writeFileSync(join(project, 'finish'), '');
  const pids = eventsOf(runOf(project)).flatMap((event) => ('pid' in event ? [Number(event.pid)] : []));
  await until(() => !pids.some(alive));
}
const touch = (name: string) => (project: string) => writeFileSync(join(project, name), '');
/** The launch itself, by a program. */
const goOn = (exit: number, ...flags: readonly string[]): Called => ({ argv: ['small', ...flags], exit });
const mark = (exit: number, ...words: readonly string[]): Called => ({ argv: ['mark', ...words], exit });

const FAILS = `steps: [{ id: release, run: 'test -e ready', verify: [{ run: test -e ready, every: 1h }] }]`;
const HOW = /How do you go on\?|\? "release" failed/;
const toFailure: readonly Turn[] = [['Run this?', enter]];
const LASTS = (more: string) =>
  `steps: [{ id: go, run: 'touch made; echo under way; until test -e finish; do sleep 0.05; done'${more} }]`;
const killed: Turn = [/│ under way/, 'kill'];
const PAGE = `steps: [{ id: page, manual: true, verify: [{ run: test -e page, every: 1h }] }]`;
const RISKY = (more: string) => `steps: [{ id: risky, run: 'true', ${more} }]`;

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'a first run': {
    definitions: `inputs: { app: { description: Name of the app, default: trial } }
steps:
  - { id: build, run: 'echo built', verify: [{ run: 'true' }] }
  - { id: page, manual: true, verify: [{ run: 'true' }] }
  - { id: users, question: 'Where do they live?', options: [Europe, America] }
  - { id: live, gate: true, verify: [{ run: 'true' }] }`,
    steps: ['build', 'page', 'users', 'live'],
    files: { 'answers.yaml': 'steps.users.answer: Europe\n' },
    person: [
      [
        ['Name of the app', enter],
        ['Run this?', enter],
        ['Where do they live?', key('1')],
      ],
    ],
    exit: 0,
    program: [goOn(0, '--answers', 'answers.yaml')],
  },
  'a failure, tried again': {
    definitions: FAILS,
    steps: ['release'],
    person: [[...toFailure, [HOW, key('t'), touch('ready')], [/Opened again[\s\S]*Run this\?/, enter]]],
    exit: 0,
    program: [goOn(1), { ...mark(0, 'release', 'again'), first: touch('ready') }, goOn(0)],
  },
  'a failure, looked at again': {
    definitions: FAILS,
    steps: ['release'],
    person: [[...toFailure, [HOW, key('c'), touch('ready')]]],
    exit: 0,
    program: [goOn(1), { ...goOn(0), first: touch('ready') }],
  },
  'a failure, skipped': {
    definitions: FAILS,
    steps: ['release'],
    person: [[...toFailure, [HOW, key('s')], ['Why is', text('not today')]]],
    exit: 0,
    program: [goOn(1), mark(0, 'release', 'skipped', '--reason', 'not today'), goOn(0)],
  },
  'a failure, done by hand': {
    definitions: FAILS,
    steps: ['release'],
    person: [[...toFailure, [HOW, key('d')], ['by hand?', text('by ben')], ['on your word?', key('y')]]],
    exit: 0,
    program: [goOn(1), mark(4, 'release', 'done', '--reason', 'by ben')],
    only: 'says that a step is done',
  },
  'a failure, left with a note': {
    definitions: FAILS,
    steps: ['release'],
    person: [[...toFailure, [HOW, key('n')], ['Note for the record', text('slow')], [/slow[\s\S]*failed/, key('q')]]],
    exit: 4,
    program: [goOn(1)],
    only: 'leaves a note',
  },
  'a doubt that a look settles': {
    definitions: LASTS(', verify: [{ run: test -e made }]'),
    steps: ['go'],
    person: [[['Run this?', enter], killed], [['Go on?', enter, finish]]],
    exit: 0,
    program: [
      { ...goOn(0), kill: 'step.spawned' },
      { ...goOn(0), first: finish },
    ],
  },
  'a doubt that a person settles': {
    definitions: LASTS(''),
    steps: ['go'],
    person: [
      [['Run this?', enter], killed],
      [
        ['Go on?', enter, finish],
        ['not known whether', key('y')],
      ],
    ],
    exit: 0,
    program: [
      { ...goOn(0), kill: 'step.spawned' },
      { ...goOn(4), first: finish },
    ],
    only: 'says what became of it',
  },
  'a step skipped before its act': {
    definitions: `steps: [{ id: build, run: 'true' }]`,
    steps: ['build'],
    person: [
      [
        ['Run this?', key('s')],
        ['Why is', text('not today')],
      ],
    ],
    exit: 0,
    program: [goOn(0, '--skip', 'build=not today')],
  },
  'a no, taken on the word': {
    definitions: PAGE,
    steps: ['page'],
    person: [
      [
        ['it is looked at meanwhile', enter],
        ['It is not so yet', key('d')],
      ],
    ],
    exit: 0,
    program: [goOn(4)],
    only: 'gives their word',
  },
  'left and gone on with': {
    definitions: PAGE,
    steps: ['page'],
    person: [[['it is looked at meanwhile', key('q')]], [['Go on?', enter, touch('page')]]],
    exit: 0,
    program: [goOn(4), { ...goOn(0), first: touch('page') }],
    pauses: true,
  },
  'a gate that does not open': {
    definitions: `steps: [{ id: live, gate: true, verify: [{ run: test -e ready, every: 1s, within: 1s }] }]`,
    steps: ['live'],
    person: [[[/How do you go on\?|\? "live" failed/, key('q')]]],
    exit: 4,
    program: [goOn(1)],
  },
  'a confirmation': {
    definitions: RISKY('confirm: Now?'),
    steps: ['risky'],
    person: [[['Now?', key('y')]]],
    exit: 0,
    program: [goOn(4), goOn(0, '--yes')],
  },
  'a confirmation that is not given': {
    definitions: RISKY('confirm: Now?'),
    steps: ['risky'],
    person: [
      [
        ['Now?', key('n')],
        ['was not confirmed', key('s')],
        ['Why is', text('not today')],
      ],
    ],
    exit: 0,
    program: [goOn(4)],
    only: 'says no',
  },
  'a point of no return': {
    definitions: RISKY('irreversible: v1'),
    steps: ['risky'],
    person: [[['Type v1', text('v1')]]],
    exit: 0,
    program: [goOn(4, '--yes')],
    only: 'types the name',
  },
  'an optional step, left': {
    definitions: RISKY('optional: true'),
    steps: ['risky'],
    person: [[['is optional', key('l')]]],
    exit: 0,
    program: [goOn(0)],
  },
  'a question, answered alone': {
    definitions: `steps: [{ id: users, question: 'Where do they live?' }]`,
    steps: ['users'],
    person: [[['Where do they live?', text('Europe')]]],
    exit: 0,
    program: [goOn(4), { argv: ['answer', 'users', 'Europe'], exit: 0 }, goOn(0)],
  },
  'a question, skipped': {
    definitions: `steps: [{ id: users, question: 'Where do they live?' }]`,
    steps: ['users'],
    person: [
      [
        ['Where do they live?', otherWays],
        ['What instead?', key('s')],
        ['Why is', text('not known yet')],
      ],
    ],
    exit: 0,
    program: [goOn(4), mark(0, 'users', 'skipped', '--reason', 'not known yet'), goOn(0)],
  },
  'a later step first': {
    definitions: `steps:
  - { id: first, run: 'true' }
  - { id: second, run: 'true', needs: [] }`,
    steps: ['first', 'second'],
    person: [
      [
        [/1\/2[\s\S]*Run this\?/, key('j')],
        ['To which step?', { wizard: ['sec', '\r'], plain: 'second\r' }],
        [/2\/2[\s\S]*Run this\?/, enter],
        [/Done: "second"[\s\S]*Run this\?/, key('q')],
      ],
    ],
    exit: 4,
    program: [],
    only: 'goes through it in another order',
  },
  'a checklist with an item that fails': {
    definitions: `steps: [{ id: list, checklist: [Sound, Picture] }]`,
    steps: ['list'],
    person: [
      [
        ['Sound', enter],
        ['Picture', key('f')],
        ['What fails', text('it is black')],
        [/How do you go on\?|\? "list" failed/, key('q')],
      ],
    ],
    exit: 4,
    program: [goOn(4)],
    only: 'ticks an item',
  },
};

async function byPerson({ definitions, steps, files, person, exit }: Scenario, plain: boolean) {
  const project = projectOf({ 'runbooks/small.md': runbookOf(definitions, ...steps), ...files });
  const argv = [...(await trusted(project, 'small')), ...(plain ? ['--plain'] : [])];
  for (const [index, turns] of person.entries()) {
    const session = sit({ project, argv });
    for (const [until, said, first] of turns) {
      await session.until(until);
      await first?.(project);
      if (said === 'kill') session.signal('SIGKILL');
      else for (const keys of [plain ? said.plain : said.wizard].flat()) await session.type(keys);
    }
    const ended = await session.ended();
    if (index === person.length - 1) expect(ended).toBe(exit);
  }
  return eventsOf(runOf(project));
}

async function byProgram({ definitions, steps, files, program }: Scenario) {
  const project = projectOf({ 'runbooks/small.md': runbookOf(definitions, ...steps), ...files });
  const [, ...trust] = await trusted(project, 'small');
  for (const { argv, exit, first, kill } of program) {
    await first?.(project);
    const words = [...argv, '--json', '--who', 'ann', ...trust];
    if (kill === undefined) {
      const ran = await launch(project, words);
      expect({ words, ...ran }).toMatchObject({ words, exit });
      continue;
    }
    const started = start(project, words);
    await started.until(kill);
    await until(() => existsSync(join(project, 'made')));
    started.child.kill('SIGKILL');
    await started.ended;
  }
  return program.length === 0 ? [] : eventsOf(runOf(project));
}

/** What happened, without when, by which process, and how often it was left. */
function told(events: readonly object[], { pauses = false }: Scenario): readonly unknown[] {
  return events
    .map((event) => JSON.parse(JSON.stringify(event).replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')))
    .filter(({ type }) => pauses || (type !== 'run.paused' && type !== 'run.resumed'))
    .map(({ v, n, prev, run, pid, group, startTime, bootId, hash, of, ...event }) =>
      event.type === 'run.paused' ? { ...event, why: 'WHY' } : event,
    );
}

describe.each(Object.entries(SCENARIOS))('%s', (_name, scenario) => {
  test(
    scenario.only === undefined ? 'is the same by a program' : `is the same up to where only a person ${scenario.only}`,
    async () => {
      const [wizard, plain, program] = await Promise.all([
        byPerson(scenario, false),
        byPerson(scenario, true),
        byProgram(scenario),
      ]);
      const whole = told(wizard, scenario);
      expect(whole.length).toBeGreaterThan(1);
      expect(told(plain, scenario)).toEqual(whole);
      const programmed = told(program, scenario);
      expect(programmed).toEqual(scenario.only === undefined ? whole : whole.slice(0, programmed.length));
      if (scenario.only !== undefined) expect(programmed.length).toBeLessThan(whole.length);
    },
  );
});
