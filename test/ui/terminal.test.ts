// The wizard in a real pseudo-terminal, as a person meets it: keys typed, screens read.
import { expect, test } from 'vitest';
import { play } from './pty.ts';

const OPEN = 'stop and keep';

test.each([
  ['Enter takes the marked one', '\r', { value: 'done' }],
  ['a key takes its option at once', 'o', { value: 'open' }],
  ['a capital is the same key', 'O', { value: 'open' }],
  ['a key of an option that is not shown works too', 's', { value: 'skip' }],
  ['arrows move the mark', '\x1b[B\x1b[B\r', { value: 'copy' }],
  ['an arrow up from the first goes to the last', '\x1b[A\r', { value: 'skip' }],
  ['q stops', 'q', { stop: true }],
  ['Ctrl-C stops', '\x03', { stop: true }],
  ['the end of input stops', '\x04', { stop: true }],
])('%s', async (_claim, keys, answer) => {
  const pty = play('choice');
  await pty.until(OPEN);
  await pty.type(keys);
  expect(await pty.result()).toEqual(answer);
});

test('? shows the options there was no room for', async () => {
  const pty = play('choice');
  expect(await pty.until(OPEN)).toContain(
    '│  Enter I have done it · o open the page · y copy the next value ·\n│  c look now · ? all keys · q stop and keep\n└',
  );
  await pty.type('?');
  expect(await pty.until((screen) => screen.includes('done by hand') && screen.endsWith('└'))).toContain(
    's     skip ("Certificate" then goes on without it)',
  );
  await pty.type('d');
  expect(await pty.result()).toEqual({ value: 'by-hand' });
});

test.each([
  ['Esc', '\x1b'],
  ['an unknown key', 'x'],
  ['a paste', '\x1b[200~skip this\r\x1b[201~'],
  ['a paste that is not marked as one', 'several words at once\r'],
])('%s chooses nothing', async (_claim, keys) => {
  const pty = play('choice');
  await pty.until(OPEN);
  await pty.type(keys);
  await pty.type('\x03');
  expect(await pty.result()).toEqual({ stop: true });
});

test('Enter takes nothing where nothing is marked, and that is said until something is', async () => {
  const pty = play('open');
  await pty.until(OPEN);
  await pty.type('\r');
  await pty.until('└  Nothing is marked: press the key of one, or mark it with the arrows');
  await pty.type('\x1b[B');
  await pty.until((screen) => screen.includes('● Enter Europe') && screen.endsWith('└'));
  await pty.type('\r');
  expect(await pty.result()).toEqual({ value: 'eu' });
});

test('a key left over from one question does not answer the next', async () => {
  const pty = play('two');
  await pty.until(OPEN);
  await pty.type('oc');
  await pty.until('And now?');
  await pty.type('y');
  expect(await pty.result()).toEqual([{ value: 'open' }, { value: 'copy' }]);
});

test('keys typed before the question could be read are ignored, Ctrl-C is not', async () => {
  const pty = play('choice', { mode: 'frozen' });
  await pty.until(OPEN);
  await pty.type('s\r');
  await pty.type('\x03');
  expect(await pty.result()).toEqual({ stop: true });
});

test('Enter at a confirmation is no', async () => {
  const pty = play('confirm');
  await pty.until(OPEN);
  await pty.type('\r');
  expect(await pty.result()).toEqual({ value: 'no' });
});

test('a text that does not match is asked again, Enter alone takes the default', async () => {
  const pty = play('text');
  await pty.until('Fly app name');
  await pty.type('NO!\r');
  await pty.until('must match [a-z-]+');
  await pty.type('\x15\r');
  expect(await pty.result()).toEqual({ value: 'solserver-prod' });
});

test('a point of no return goes on only when the name is typed', async () => {
  const pty = play('name');
  await pty.until('Type solserver-prod');
  await pty.type('yes\r');
  await pty.until('must be exactly solserver-prod');
  await pty.type('\x15solserver-prod\r');
  expect(await pty.result()).toEqual({ value: 'solserver-prod' });
});

test('a long list is chosen from with arrows', async () => {
  const pty = play('list', { columns: 50, rows: 20 });
  await pty.until('value 3');
  await pty.type('\x1b[B\x1b[B\x1b[B\r');
  expect(await pty.result()).toEqual({ value: 'v3' });
});

test.each([80, 50, 12])('a secret pasted or typed is never on the screen, at %i columns', async (columns) => {
  const secret = 'sk-live-0123456789'.repeat(12);
  const pty = play('secret', { columns, rows: 20 });
  await pty.until('KEY');
  await pty.type(secret.slice(0, 20));
  await pty.type(`\x1b[200~${secret.slice(20)}\x1b[201~`);
  await pty.type('\r');
  expect(await pty.result()).toEqual({ length: JSON.stringify({ value: secret }).length });
  for (const part of ['sk-live', '012345', '6789']) expect(pty.raw()).not.toContain(part);
});

test('a pasted key of many lines is one value, marked as paste or not', async () => {
  const lines = ['-----BEGIN PRIVATE KEY-----', 'MIGTAgEA', 'MBMGByqG', '-----END PRIVATE KEY-----'];
  for (const keys of [`\x1b[200~${lines.join('\r')}\r\x1b[201~\r`, `${lines.join('\r')}\r`]) {
    const pty = play('pem');
    await pty.until('PEM');
    await pty.type(keys);
    expect(await pty.result()).toEqual({ lines: 4 });
    expect(pty.raw()).not.toContain('BEGIN');
  }
});

test('a very long paste is taken at once', async () => {
  const pty = play('secret');
  await pty.until((screen) => screen.includes('KEY') && screen.endsWith('stops and keeps'));
  await pty.type(`\x1b[200~${'x'.repeat(50_000)}\x1b[201~\r`);
  expect(await pty.result()).toEqual({ length: JSON.stringify({ value: 'x'.repeat(50_000) }).length });
  expect(pty.raw()).not.toContain('xx');
});

test('a step is laid out with its place, its person, its commands and what to copy', async () => {
  const pty = play('card');
  await pty.until(OPEN);
  expect(pty.screen()).toMatchInlineSnapshot(`
    "
    ── Backend on Fly.io ───────────────────────────────────────────────── 09:00 ──
    12/38 Point DNS ^[]0;owned^G^[[2Jhere · for jam
      Add one record at Cloudflare (https://dash.cloudflare.com).

      • proxy off
      • TTL auto, and a long line that must be wrapped between its words on any
        terminal

      runs    fly certs add api.sollabs.com --app solserver-prod
      page    https://dash.cloudflare.com
      copy    Type    CNAME
              Target  x.fly.dev
      waiting Certificate issued
    ◆  Do this; it is looked at meanwhile.
    │  Enter I have done it · o open the page · y copy the next value ·
    │  c look now · ? all keys · q stop and keep
    └"
  `);
  await pty.type('q');
});

test('at 50 columns nothing but what is to be copied is wider than the screen', async () => {
  const pty = play('card', { columns: 50, rows: 20 });
  await pty.until(OPEN);
  const written = pty
    .raw()
    .replaceAll(/\x1b\[[0-9;?]*[A-Za-z]/g, '')
    .split(/\r?\n/);
  expect(written.filter((line) => line.length > 49)).toEqual([
    '  runs    fly certs add api.sollabs.com --app solserver-prod',
  ]);
  await pty.type('q');
});

test('control sequences of others are seen, never obeyed', async () => {
  const pty = play('hostile');
  await pty.until('clear ^[[2J');
  expect(pty.screen()).toContain('clear ^[[2J bell ^G cr^MX title ^[]0;owned^G');
  await pty.type('\x03');
  await pty.result();
  const sequences = new Set(
    [...pty.raw().matchAll(/\x1b(?:\[[0-9;?]*[A-Za-z]|.)/g)].map(([sequence]) => sequence.replace(/\d+(?=[mA])/, 'n')),
  );
  expect([...sequences].sort()).toEqual(
    [
      '\x1b[J',
      '\x1b[nA',
      '\x1b[nm',
      ...['2004', '2026', '25'].flatMap((mode) => [`\x1b[?${mode}h`, `\x1b[?${mode}l`]),
    ].sort(),
  );
  expect(pty.raw()).not.toContain('\x07');
});

test('a resize leaves one question on the screen, whole', async () => {
  const pty = play('choice', { columns: 80, rows: 24 });
  await pty.until(OPEN);
  for (const [columns, marked] of [
    [50, 'open'],
    [30, 'copy'],
    [20, 'look'],
    [34, 'go'],
  ] as const) {
    await pty.resize(columns, 20);
    await pty.type('\x1b[B');
    await pty.until((screen) => screen.includes(`● Enter ${marked}`) && screen.endsWith('└'));
  }
  await pty.resize(80, 20);
  await pty.until(() =>
    pty.view().endsWith('skip ("Certificate" then goes on without it)\n│    q     stop and keep\n└'),
  );
  for (const once of ['Do this; it is', 'I have done it', 'open the page', 'go on with other'])
    expect(pty.view().split(once)).toHaveLength(2);
  await pty.type('q');
  expect(await pty.result()).toEqual({ stop: true });
});

test('what others write goes above an open question, which stays', async () => {
  const pty = play('meanwhile');
  await pty.until(OPEN);
  await pty.type('x');
  const screen = await pty.until('A line from elsewhere');
  expect(screen.indexOf('A line from elsewhere')).toBeLessThan(screen.indexOf('Do this;'));
  expect(screen.split('Do this;')).toHaveLength(2);
  pty.signal('SIGUSR2');
  expect(await pty.result()).toEqual({ withdrawn: true });
  expect(pty.screen()).not.toContain('Do this;');
});

test('what is under way stays below everything else and goes when it ends', async () => {
  const pty = play('working');
  const screen = await pty.until(OPEN);
  expect(screen).toContain(
    '│ building\n│ 100%\n│ image pushed red\n│ not yet (4m left): expected 200, seen 502\n◆  Do this;',
  );
  await pty.type('\r');
  expect(await pty.until('after the work')).not.toContain('image pushed');
});

test.each(['q', '\r', '\x03', '\x04'])(
  'the terminal is as it was found after %j: cursor, echo, lines, pastes',
  async (key) => {
    const pty = play('restored');
    await pty.until(OPEN);
    await pty.type(key);
    const modes = String(await pty.result()).split(/[\s;]+/);
    expect(modes).toEqual(expect.arrayContaining(['icanon', 'echo', 'isig', 'icrnl']));
    expect(pty.raw().lastIndexOf('\x1b[?25h')).toBeGreaterThan(pty.raw().lastIndexOf('\x1b[?25l'));
    expect(pty.raw().lastIndexOf('\x1b[?2004l')).toBeGreaterThan(pty.raw().lastIndexOf('\x1b[?2004h'));
  },
);

test('Ctrl-Z gives the terminal to the shell, and fg brings the question back', async () => {
  const pty = play('choice', { shell: true });
  await pty.until((screen) => screen.includes(OPEN) && screen.endsWith('└'));
  await pty.type('\x1a');
  await pty.until((screen) => screen.includes('Stopped') && screen.endsWith('$'));
  await pty.type('echo between\r');
  await pty.until((screen) => screen.includes('\nbetween') && screen.endsWith('$'));
  await pty.type('fg\r');
  await pty.until((screen) => screen.includes('between\n$ fg') && screen.endsWith('└'));
  await pty.type('o');
  expect(await pty.result()).toEqual({ value: 'open' });
});

test('Ctrl-Z where nobody can bring it back changes nothing', async () => {
  const pty = play('choice');
  await pty.until(OPEN);
  await pty.type('\x1a');
  await pty.type('o');
  expect(await pty.result()).toEqual({ value: 'open' });
});

test('NO_COLOR leaves no colour, also in what clack draws; a terminal without symbols gets plain ones', async () => {
  const pty = play('text', { env: { NO_COLOR: '1', LC_ALL: 'C' } });
  await pty.until('*  Fly app name\n|  solserver-prod\n+  Enter takes it - Ctrl-C stops and keeps');
  await pty.type('\r');
  await pty.result();
  expect(pty.raw()).not.toMatch(/\x1b\[(?!7m|27m|8m|28m)[0-9;]*m/);
});

test.each([
  ['TERM=dumb', { env: { TERM: 'dumb' } }],
  ['--plain', { mode: 'plain' as const }],
])('with %s questions are lines, and nothing is redrawn', async (_claim, options) => {
  const pty = play('choice', options);
  const screen = await pty.until('\n>');
  expect(screen).toContain('  Enter: I have done it\n  o: open the page');
  await pty.type('nothing\r');
  await pty.until('there is no choice "nothing"');
  await pty.type('y\r');
  expect(await pty.result()).toEqual({ value: 'copy' });
  expect(pty.raw()).not.toContain('\x1b[J');
});

test('without redrawing a secret is not echoed either', async () => {
  const pty = play('secret', { mode: 'plain' });
  await pty.until('typed unseen');
  await pty.type('hunter2-hunter2\r');
  expect(await pty.result()).toEqual({ length: JSON.stringify({ value: 'hunter2-hunter2' }).length });
  expect(pty.raw()).not.toContain('hunter2');
});
