// The one writer: what is ours is obeyed, everything else that a terminal would obey is shown.
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { control } from '../../src/text/control.ts';
import { createTheme } from '../../src/ui/theme.ts';
import { sink } from './sample.ts';

const theme = createTheme({ colour: true, unicode: true });

test('our colours and movements get out as they are', () => {
  const out = sink();
  out.write(`${control('\r')}${control('\x1b[2A')}${control('\x1b[?25l')}${theme.bold('done')}${control('\x07')}`);
  expect(out.text()).toBe('\r\x1b[2A\x1b[?25l\x1b[1mdone\x1b[22m\x07');
});

test('the same in a text that we only show is visible, also inside what we colour', () => {
  const out = sink();
  out.write(theme.bold('a\x1b[32m✔ verified\x1b[39m\x1b[2A\x1b]52;c;eA==\x07\r\x9b6n\u202e'));
  expect(out.text()).toBe('\x1b[1ma^[[32m✔ verified^[[39m^[[2A^[]52;c;eA==^G^M\\u{9b}6n\\u{202e}\x1b[22m');
});

test('what is ours may be cut off from its mark, and is then shown', () => {
  const out = sink();
  const [, rest = ''] = control('\x1b[1m').split('\x1b');
  out.write(`\x1b${rest}`);
  expect(out.text()).toBe('^[[1m');
});

test('an operating system command is never ours: a mark in front of it does not help', () => {
  const out = sink();
  out.write(control('\x1b]0;owned\x07'));
  expect(out.text()).toContain('^[]0;owned^G');
});

test('a JSON document keeps its value, and steers nothing', () => {
  const out = sink();
  const value = { text: 'a\x1b]0;x\x07\u202e\x9b', more: [1] };
  out.json(value, 2);
  expect(JSON.parse(out.text())).toEqual(value);
  expect(out.text()).toMatch(/^[\n\x20-\x7e]*$/);
});

test('whoever else writes to the stream is redacted and made safe too: text and bytes, and the rest of the call goes on', async () => {
  const { guardStream } = await import('../../src/ui/terminal.ts');
  const { createRedactor } = await import('../../src/text/redact.ts');
  const got: unknown[] = [];
  const stream = Object.assign(new PassThrough(), {
    write: (...call: unknown[]) => {
      got.push(call);
      return false;
    },
  });
  const redactor = createRedactor();
  redactor.learn('S', 'planted-4f9c2e71');
  guardStream(stream, redactor);
  const done = () => {};
  expect(stream.write('a planted-4f9c2e71\x1b[2J', done)).toBe(false);
  stream.write(Buffer.from('é planted-4f9c2e71\r'));
  stream.write(theme.bold('ours'));
  expect(got).toEqual([['a «S»^[[2J', done], ['é «S»^M'], ['\x1b[1mours\x1b[22m']]);
});
