// The wizard in this process: what reaches the screen and how questions end, without a pseudo-terminal.
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createLineAsker } from '../../src/ui/line-asker.ts';
import { createProgress } from '../../src/ui/progress.ts';
import { keyboardOf } from '../../src/ui/terminal.ts';
import { createTheme } from '../../src/ui/theme.ts';
import { createWizard } from '../../src/ui/wizard.ts';
import { event, open, outline, questions, runState, sink, stillClock } from './sample.ts';

const theme = createTheme({ colour: false, unicode: true });

function wizardOn(columns = 80) {
  const out = sink();
  const stdin = Object.assign(new PassThrough(), { isTTY: false });
  const screen = { write: out.write, columns, rows: columns && 24, onResize: () => () => {} };
  const clock = stillClock();
  return {
    out,
    stdin,
    clock,
    face: createWizard({ screen, keyboard: keyboardOf(stdin), theme, outline, clock, bell: true }),
  };
}

test('when nobody will type any more the question ends as stop, also the next one', async () => {
  const { stdin, face } = wizardOn();
  const first = face.ask(questions.work, open());
  stdin.end();
  expect(await first).toEqual({ stop: true });
  expect(await face.ask(questions.app, open())).toEqual({ stop: true });
});

test('a keyboard that breaks ends the question too', async () => {
  const { stdin, face } = wizardOn();
  const asked = face.ask(questions.secret, open());
  await Promise.resolve();
  setImmediate(() => stdin.destroy(new Error('read EIO')));
  expect(await asked).toEqual({ stop: true });
});

test('questions are asked one after the other; one withdrawn before its turn is not shown', async () => {
  const { out, stdin, clock, face } = wizardOn();
  const withdrawn = new AbortController();
  const first = face.ask(questions.work, open());
  const second = face.ask(questions.region, { signal: withdrawn.signal });
  withdrawn.abort();
  await new Promise((resolve) => setImmediate(resolve));
  clock.pass(1000);
  stdin.write('o');
  expect(await first).toEqual({ value: 'open' });
  expect(await second).toEqual({ withdrawn: true });
  expect(out.text()).not.toContain('Region');
});

test('a question hears the person also after the clock of the machine was set back', async () => {
  const { stdin, clock, face } = wizardOn();
  const asked = face.ask(questions.work, open());
  await new Promise((resolve) => setImmediate(resolve));
  clock.pass(-3_600_000);
  stdin.write('o');
  expect(await asked).toEqual({ value: 'open' });
});

test('closing ends what is open, and may be done twice', async () => {
  const { out, face } = wizardOn();
  const working = face.working('dns', 'Deploy');
  const asked = face.ask(questions.work, open());
  await new Promise((resolve) => setImmediate(resolve));
  face.close();
  expect(out.text()).toMatch(/\x1b\[\?2004l.*\x1b\[\?25h(?:\x1b\[\?2026l)?$/s);
  face.close();
  expect(await asked).toEqual({ stop: true });
  working.stop();
  expect(out.text().lastIndexOf('\x1b[?25h')).toBeGreaterThan(out.text().lastIndexOf('\x1b[?25l'));
});

test('while the world is waited for, c has it looked at now, and says so below what was seen', async () => {
  const { out, stdin, clock, face } = wizardOn();
  let looks = 0;
  const look = (): void => {
    looks += 1;
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const working = face.working('dns', 'Waiting for DNS', { look });
  clock.pass(300);
  working.say('not yet (4m left): seen nothing');
  await turn();
  expect(out.text()).toContain('c look now');
  stdin.write('c');
  await turn();
  expect(looks).toBe(1);
  stdin.write('?');
  await turn();
  expect(out.text()).toContain('Ctrl-C ends it and keeps the run, c looks now.');
  working.stop();
  face.close();
});

test('a bell rings when the person is needed after half a minute, and not sooner', async () => {
  const { out, stdin, clock, face } = wizardOn();
  clock.pass(29_000);
  const soon = face.ask(questions.work, open());
  await new Promise((resolve) => setImmediate(resolve));
  expect(out.text()).not.toContain('\x07');
  clock.pass(1000);
  stdin.write('o');
  await soon;
  clock.pass(30_000);
  const late = face.ask(questions.work, open());
  await new Promise((resolve) => setImmediate(resolve));
  expect(out.text().split('\x07')).toHaveLength(2);
  stdin.end();
  await late;
});

test('what is typed while nothing is asked is neither kept nor shown', async () => {
  const { out, stdin, clock, face } = wizardOn();
  const working = face.working('dns', 'Deploy');
  stdin.write('o\r');
  await new Promise((resolve) => setImmediate(resolve));
  const asked = face.ask(questions.work, open());
  await new Promise((resolve) => setImmediate(resolve));
  clock.pass(1000);
  stdin.write('\r');
  expect(await asked).toEqual({ value: 'done' });
  expect(out.text()).not.toContain('open the page\r');
  working.stop();
  face.close();
});

test('what a failure said is not said again by the question after it', async () => {
  const { out, stdin, face } = wizardOn();
  face.happened(event({ type: 'step.failed', step: 'dns', why: 'exit 1', tail: ['last line of output'] }), runState());
  const asked = face.ask({ ...questions.way, detail: ['last line of output', 'expected a, seen b'] }, open());
  await new Promise((resolve) => setImmediate(resolve));
  expect(out.text().split('last line of output')).toHaveLength(2);
  expect(out.text()).toContain('expected a, seen b');
  stdin.end();
  await asked;
});

test.each([0, 1, 3])('%i columns crash nothing', async (columns) => {
  const { out, stdin, face } = wizardOn(columns);
  face.card({
    id: 'dns',
    title: 'Point DNS',
    phase: 'Backend',
    position: 2,
    total: 3,
    prose: '**Do** it.',
    commands: ['fly x'],
    copy: [{ label: 'a', value: 'b' }],
    waiting: [],
  });
  const working = face.working('dns', 'Deploy');
  working.output(Buffer.from('line\n'));
  const asked = face.ask(questions.work, open());
  await new Promise((resolve) => setImmediate(resolve));
  stdin.end();
  expect(await asked).toEqual({ stop: true });
  working.stop();
  expect(out.text()).toContain('fly x');
});

test('what is under way shows its last lines, its time, and a child that has gone silent', () => {
  let now = 0;
  let changes = 0;
  const progress = createProgress({
    what: 'Deploy',
    theme,
    now: () => now,
    changed: () => (changes += 1),
    stopped: () => {},
  });
  progress.output(Buffer.from(Array.from({ length: 50_000 }, (_, line) => `line ${line}\n`).join('')));
  progress.output(Buffer.from('\x1b[32mpart'));
  now = 30_000;
  expect(progress.lines(now, 60, false)).toEqual([
    '● Deploy · 30s',
    '│ line 49996',
    '│ line 49997',
    '│ line 49998',
    '│ line 49999',
    '│ part',
  ]);
  now = 75_000;
  expect(progress.lines(now, 60, false).at(-1)).toBe('│ nothing heard for 1m 15s, since 00:00');
  expect(progress.lines(now, 60, true).at(-1)).toBe('│ part');
  progress.say('not yet (4m left): expected 200, seen 502');
  expect(progress.lines(now, 30, false).at(-1)).toBe('│ not yet (4m left): expected…');
  expect(changes).toBe(2);
});

test('without redrawing, choices are lines and one line is read', async () => {
  const out = sink();
  const stdin = Object.assign(new PassThrough(), { isTTY: false });
  const ask = createLineAsker({ out, keyboard: keyboardOf(stdin) });
  const answers = async (question: Parameters<typeof ask>[0], ...lines: readonly string[]) => {
    const asked = ask(question, open());
    for (const line of lines) stdin.write(`${line}\n`);
    return asked;
  };
  expect(await answers(questions.work, '')).toEqual({ value: 'done' });
  expect(await answers(questions.work, 'o')).toEqual({ value: 'open' });
  expect(await answers(questions.work, 'open the page')).toEqual({ value: 'open' });
  expect(await answers(questions.work, 'q')).toEqual({ stop: true });
  expect(await answers(questions.region, '2')).toEqual({ value: 'lax' });
  expect(await answers(questions.confirm, '')).toEqual({ value: 'no' });
  expect(await answers(questions.confirm, 'y')).toEqual({ value: 'yes' });
  expect(await answers(questions.name, 'prod')).toEqual({ value: 'prod' });
  expect(await answers(questions.answer, '')).toEqual({ value: 'sollabs.com' });
  stdin.end();
  expect(await ask(questions.app, open())).toEqual({ stop: true });
});

test('without redrawing, an answer that will not do is asked again, and a question can be withdrawn', async () => {
  const out = sink();
  const stdin = Object.assign(new PassThrough(), { isTTY: false });
  const ask = createLineAsker({ out, keyboard: keyboardOf(stdin) });
  const seen = new AbortController();
  const asked = ask(questions.app, { signal: seen.signal });
  stdin.write('NO!\n');
  await new Promise((resolve) => setImmediate(resolve));
  expect(out.text()).toContain('must match [a-z-]+');
  seen.abort();
  expect(await asked).toEqual({ withdrawn: true });
});
