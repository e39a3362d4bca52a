// The faces without a terminal: plain lines, JSON, a file of answers, a script.
import { expect, test } from 'vitest';
import type { Question } from '../../src/question.ts';
import { createHeadlessFace, withAnswers } from '../../src/ui/headless.ts';
import { createJsonFace } from '../../src/ui/json.ts';
import { createPlainFace } from '../../src/ui/plain.ts';
import { createScriptedFace } from '../../src/ui/scripted.ts';
import { createTheme } from '../../src/ui/theme.ts';
import { event, open, outline, questions, runState, sink, stillClock } from './sample.ts';

const theme = createTheme({ colour: false, unicode: false });

test('plain lines have phases, numbered titles, commands before they run, output, and how it was proven', () => {
  const out = sink();
  const clock = stillClock();
  const face = createPlainFace({ out, theme, outline, clock });
  face.happened(
    event({ type: 'step.started', step: 'create-app', attempt: 1, does: 'act', commands: ['fly apps create x'] }),
    runState(),
  );
  const working = face.working('create-app', 'Create the Fly app');
  working.output(Buffer.from('creating\r\n10%\r100%\nhalf'));
  working.output(Buffer.from(' a line\x1b[2J'));
  working.say('not yet (4m left): seen 502');
  clock.pass(5_000);
  working.say('not yet (3m left): seen 502');
  clock.pass(60_000);
  working.say('not yet (2m left): seen 502');
  working.stop();
  face.happened(
    event({
      type: 'step.done',
      step: 'create-app',
      how: 'verified',
      by: 'ann',
      outputs: {},
      evidence: { seen: [{ is: 'so', what: 'app', seen: 'app x exists' }] },
    }),
    runState(),
  );
  face.happened(event({ type: 'step.waiting', step: 'dns', for: 'person', what: 'jam' }), runState());
  face.happened(event({ type: 'step.skipped', step: 'smoke', reason: 'later', by: 'ann' }), runState());
  expect(out.text()).toMatchInlineSnapshot(`
    "
    == Backend on Fly.io

    1/3 Create the Fly app
    * Running: "Create the Fly app"
      $ fly apps create x
      | creating
      | 100%
      Create the Fly app: not yet (4m left): seen 502 [0s]
      Create the Fly app: not yet (2m left): seen 502 [1m 05s]
      | half a line^[[2J
    ok Done: "Create the Fly app", verified: app x exists

    2/3 Point DNS
    * Waiting for jam: "Point DNS"

    == Testing

    3/3 Smoke test
    ! Skipped: "Smoke test", later
    "
  `);
});

test('what has waited for long already says so', () => {
  const out = sink();
  const working = createPlainFace({ out, theme, outline, clock: stillClock() }).working('dns', 'x', {
    already: 3_600_000,
  });
  working.say('not yet (1h left): seen nothing');
  expect(out.text()).toBe('  x: not yet (1h left): seen nothing [1h 00m]\n');
});

test('of very long output, plain lines show the head as it comes, a sign of life each minute, and the end', () => {
  const out = sink();
  const clock = stillClock();
  const working = createPlainFace({ out, theme, outline, clock }).working('dns', 'x');
  const line = `${'x'.repeat(99)}\n`;
  const megabyte = Buffer.from(line.repeat(10_000));
  for (let i = 0; i < 5; i++) working.output(megabyte);
  expect(out.text()).toBe(`  | ${line}`.repeat(50_000));
  for (let i = 0; i < 5; i++) working.output(megabyte);
  clock.pass(60_000);
  for (let i = 0; i < 5; i++) working.output(megabyte);
  working.output(Buffer.from('the end'));
  working.stop();
  const rest = out
    .text()
    .slice(50_000 * (line.length + 4))
    .split('\n');
  expect(rest.slice(0, 3)).toEqual([
    '  | (only the end of the rest is shown)',
    '  | (6000000 bytes more so far)',
    '  | (9983623 bytes left out)',
  ]);
  expect(rest.slice(-3)).toEqual([`  | ${'x'.repeat(99)}`, '  | the end', '']);
  expect(rest.length).toBeLessThan(200);
});

test('without anyone there the prose is left out and nothing is asked', async () => {
  const out = sink();
  const face = createPlainFace({ out, theme, outline, clock: stillClock() });
  face.card({
    id: 'dns',
    title: 'Point DNS',
    phase: 'Backend on Fly.io',
    position: 2,
    total: 3,
    prose: 'Much to read.',
    commands: [],
    costs: 'US$2 a month',
    takes: '5 minutes',
    copy: [{ label: 'Type', value: 'CNAME\x1b]0;x\x07' }],
    waiting: [],
  });
  expect(out.text()).toContain(
    '2/3 Point DNS\n  Costs: US$2 a month\n  Takes: 5 minutes\n  Copy Type: CNAME^[]0;x^G\n',
  );
  expect(out.text()).not.toContain('Much to read');
  expect(face.present).toBe(false);
  expect(await face.ask(questions.app, open())).toEqual({ absent: 'Nobody is here to answer.' });
});

test('JSON is one event a line, and nothing else', async () => {
  const out = sink();
  const face = createJsonFace(out);
  const events = [
    event({ type: 'run.resumed', operator: 'ann' }),
    event({ type: 'note.added', text: 'two\nlines', by: 'ann' }),
  ];
  for (const one of events) face.happened(one, runState());
  face.tell(['not for programs']);
  face.working('dns', 'x').output(Buffer.from('nor this'));
  expect(
    out
      .text()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual(events);
});

const headless = (answers = {}, yes = false) => {
  const shown = createScriptedFace([], outline);
  return { shown, face: createHeadlessFace({ shown, answers, yes, again: 'launch prod' }) };
};

test.each<[string, Question, object]>([
  ['acts run', questions.act, { value: 'go' }],
  ['what is optional is left', questions.optional, { value: 'leave' }],
  ['a resume goes on', questions.resume, { value: 'wait' }],
  ['an input has its default', questions.region, { value: 'sjc' }],
  [
    'an input without one is asked for by id',
    questions.app,
    {
      absent:
        'There is no answer to "Fly app name": put inputs.app into the file of --answers, or run `launch prod` in a terminal.',
    },
  ],
  [
    'a question is not answered by its default',
    questions.answer,
    {
      absent:
        'There is no answer to "Which zone?": put steps.dns.answer into the file of --answers, or run `launch prod` in a terminal.',
    },
  ],
  [
    "a person's step stays a person's",
    questions.work,
    { absent: 'A person must do this ("Do this."): run `launch prod` in a terminal.' },
  ],
  [
    'a tick too',
    questions.tick,
    { absent: 'Only a person can tick this ("Login works"): run `launch prod` in a terminal.' },
  ],
  ['nobody chooses a way on', questions.way, { absent: 'To choose how to go on, run `launch prod` in a terminal.' }],
  [
    'a confirmation needs --yes',
    questions.confirm,
    { absent: 'This needs a yes ("Submit for review?"): give --yes, or run `launch prod` in a terminal.' },
  ],
  [
    'a name is typed by a person',
    questions.name,
    { absent: 'Only a person can type the name prod: run `launch prod` in a terminal.' },
  ],
  [
    'evidence is given by a person',
    questions.evidence,
    { absent: 'A person must answer this ("The proof"): run `launch prod` in a terminal.' },
  ],
])('without a terminal %s', async (_claim, question, answer) => {
  expect(await headless().face.ask(question, open())).toEqual(answer);
});

test('the file of answers and --yes answer what they may', async () => {
  const answers = { 'inputs.app': 'solserver-prod', 'inputs.region': 'lax', 'steps.dns.answer': 'example.com' };
  const { face } = headless(answers, true);
  const said = await Promise.all(
    [questions.app, questions.region, questions.answer, questions.confirm].map((question) =>
      face.ask(question, open()),
    ),
  );
  expect(said).toEqual([{ value: 'solserver-prod' }, { value: 'lax' }, { value: 'example.com' }, { value: 'yes' }]);
});

test('they never tick, prove, type a name, give a secret or say that work is done', async () => {
  const refused = [questions.tick, questions.evidence, questions.name, questions.secret, questions.work, questions.way];
  const answers = Object.fromEntries(refused.map((question) => [question.id, 'done']));
  const { face } = headless(answers, true);
  for (const question of refused) expect(await face.ask(question, open()), question.id).toHaveProperty('absent');
});

test('an answer that does not fit is refused by name', async () => {
  const { face } = headless({ 'inputs.app': 'NO!', 'inputs.region': 'mars', 'steps.dns.answer': { a: 1 } });
  expect(await face.ask(questions.app, open())).toEqual({
    absent: 'The answer given for inputs.app must match [a-z-]+.',
  });
  expect(await face.ask(questions.region, open())).toEqual({
    absent: 'The answer given for inputs.region must be one of sjc, lax.',
  });
  expect(await face.ask(questions.answer, open())).toEqual({
    absent: 'The answer given for steps.dns.answer is not a single value.',
  });
});

test('numbers, booleans and lists of the file are texts', async () => {
  const text = (id: string): Question => ({ id, type: 'text', message: id });
  const { face } = headless({ 'inputs.n': 3, 'inputs.b': true, 'inputs.l': ['a', 'b'] });
  expect(await Promise.all(['inputs.n', 'inputs.b', 'inputs.l'].map((id) => face.ask(text(id), open())))).toEqual([
    { value: '3' },
    { value: 'true' },
    { value: 'a, b' },
  ]);
});

test('names of Object.prototype are no answers', async () => {
  const { face } = headless({});
  expect(await face.ask({ id: 'inputs.constructor', type: 'text', message: 'x' }, open())).toHaveProperty('absent');
});

test('in a terminal prepared answers are taken, a wrong one is told and asked, --yes takes Enter and confirm but no name', async () => {
  const person = createScriptedFace(
    [
      ['inputs.region', 'sjc'],
      ['steps.dns.name', 'prod'],
      ['steps.dns.work', 'open'],
    ],
    outline,
  );
  const face = withAnswers(person, { 'inputs.app': 'from-file', 'inputs.region': 'mars' }, true);
  const said = [];
  for (const question of [
    questions.app,
    questions.region,
    questions.act,
    questions.confirm,
    questions.name,
    questions.work,
  ])
    said.push(await face.ask(question, open()));
  expect(said).toEqual([
    { value: 'from-file' },
    { value: 'sjc' },
    { value: 'go' },
    { value: 'yes' },
    { value: 'prod' },
    { value: 'open' },
  ]);
  expect(person.transcript).toContain('The answer given for inputs.region must be one of sjc, lax.');
  person.finish();
});

test('a script fails on the unexpected question, the wrong answer and the unused one', async () => {
  const face = createScriptedFace([
    ['inputs.app', 'prod'],
    ['inputs.region', 'mars'],
    ['steps.dns.way', 'again'],
  ]);
  await expect(face.ask(questions.work, open())).rejects.toThrow(
    'unexpected question steps.dns.work ("Do this."); the script has inputs.app next',
  );
  await expect(face.ask(questions.region, open())).rejects.toThrow(
    'the script answers inputs.region with "mars", which must be one of sjc, lax',
  );
  expect(() => face.finish()).toThrow('answers not used: steps.dns.way');
});

test('a script can stop, and wait until the question is withdrawn; its transcript has no secret', async () => {
  const face = createScriptedFace([
    ['inputs.token', 'hunter2'],
    ['steps.dns.work', { withdrawn: true }],
    ['steps.dns.way', { stop: true }],
  ]);
  const seen = new AbortController();
  expect(await face.ask(questions.secret, open())).toEqual({ value: 'hunter2' });
  const waiting = face.ask(questions.work, { signal: seen.signal });
  seen.abort();
  expect(await waiting).toEqual({ withdrawn: true });
  expect(await face.ask(questions.way, open())).toEqual({ stop: true });
  expect(face.transcript).toEqual([
    '? Token',
    '> (secret)',
    '? Do this.',
    'expected a, seen b',
    '? "Point DNS" failed.',
  ]);
  face.finish();
});

test('a question that is withdrawn already is not asked', async () => {
  const signal = AbortSignal.abort();
  expect(await headless().face.ask(questions.act, { signal })).toEqual({ withdrawn: true });
  expect(await createScriptedFace([]).ask(questions.act, { signal })).toEqual({ withdrawn: true });
});
