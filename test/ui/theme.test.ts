// Who gets colours and symbols, and is everything understood without them?
import { expect, test } from 'vitest';
import { createTheme, styleFor } from '../../src/ui/theme.ts';

const terminal = { terminal: true, columns: 80 };

test.each([
  ['a terminal has colours and is redrawn', { ...terminal, env: {} }, { colour: true, plain: false }],
  ['a pipe has neither', { terminal: false, columns: undefined, env: {} }, { colour: false, plain: true }],
  ['NO_COLOR takes colours', { ...terminal, env: { NO_COLOR: '1' } }, { colour: false, plain: false }],
  ['an empty NO_COLOR does not', { ...terminal, env: { NO_COLOR: '' } }, { colour: true, plain: false }],
  [
    'FORCE_COLOR gives them to a pipe',
    { terminal: false, columns: undefined, env: { FORCE_COLOR: '1' } },
    { colour: true, plain: true },
  ],
  ['FORCE_COLOR=0 takes them', { ...terminal, env: { FORCE_COLOR: '0' } }, { colour: false, plain: false }],
  [
    '--no-color wins over FORCE_COLOR',
    { ...terminal, noColor: true, env: { FORCE_COLOR: '1' } },
    { colour: false, plain: false },
  ],
  ['TERM=dumb is plain', { ...terminal, env: { TERM: 'dumb' } }, { colour: false, plain: true, unicode: false }],
  ['a terminal of 0 columns is not redrawn', { terminal: true, columns: 0, env: {} }, { colour: true, plain: true }],
  ['CI is plain', { ...terminal, env: { CI: 'true' } }, { colour: true, plain: true }],
  ['CI=false is none', { ...terminal, env: { CI: 'false' } }, { colour: true, plain: false }],
  ['--plain is plain', { ...terminal, plain: true, env: {} }, { colour: true, plain: true }],
  ['the C locale has no symbols', { ...terminal, env: { LC_ALL: 'C' } }, { unicode: false }],
  ['a UTF-8 locale has', { ...terminal, env: { LC_ALL: 'C.UTF-8' } }, { unicode: true }],
])('%s', (_claim, asked, style) => {
  expect(styleFor(asked)).toMatchObject(style);
});

test('every symbol has a plain twin, and without colour nothing but the text is left', () => {
  const plain = createTheme({ colour: false, unicode: false });
  const rich = createTheme({ colour: true, unicode: true });
  expect(Object.keys(plain).sort()).toEqual(Object.keys(rich).sort());
  const symbols = [
    plain.bar,
    plain.rule,
    plain.bullet,
    plain.dot,
    plain.chosen,
    plain.ask,
    plain.answered,
    plain.end,
    plain.more,
    ...Object.values(plain.mark),
  ];
  expect(symbols.join('')).toMatch(/^[\x20-\x7e]+$/);
  expect(new Set(Object.values(plain.mark)).size).toBe(5);
  expect(plain.paint('bad', plain.bold(plain.dim(plain.underline('text'))))).toBe('text');
});
