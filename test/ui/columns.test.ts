import { expect, test } from 'vitest';
import { columns } from '../../src/ui/columns.ts';
import { cells } from '../../src/ui/width.ts';

const table = [
  ['Name', 'Code', 'solserver-staging', '[env] of fly.production.toml', 'Runbook'],
  ['TWILIO_AUTH_TOKEN', 'required', 'same value?', 'set', 'by a step'],
  ['名前', '', 'set', '', ''],
];

test('without a width each row is one line, aligned by cells, and nothing is cut', () => {
  expect(columns(table)).toEqual([
    'Name               Code      solserver-staging  [env] of fly.production.toml  Runbook',
    'TWILIO_AUTH_TOKEN  required  same value?        set                           by a step',
    '名前               –         set                –                             –',
  ]);
});

test('where it is too wide the heads go on below before names are broken', () => {
  expect(columns(table, 78)).toEqual([
    'Name               Code      solserver-staging  [env] of             Runbook',
    '                                                fly.production.toml',
    'TWILIO_AUTH_TOKEN  required  same value?        set                  by a step',
    '名前               –         set                –                    –',
  ]);
});

test.each([120, 80, 78, 72])('at %i no line is wider, and no letter is lost', (width) => {
  const lines = columns(table, width);
  for (const line of lines) expect(cells(line)).toBeLessThanOrEqual(width);
  const letters = (text: string) => [...text.replace(/\s/g, '')].sort().join('');
  const whole = table.flat().map((cell) => cell || '–');
  expect(letters(lines.join(''))).toBe(letters(whole.join('')));
});

test('where names would have to be broken, what there is stands below each name', () => {
  expect(columns(table, 50)).toEqual([
    'TWILIO_AUTH_TOKEN',
    '  Code: required · solserver-staging: same value?',
    '  · [env] of fly.production.toml: set · Runbook:',
    '  by a step',
    '名前',
    '  solserver-staging: set',
  ]);
});

test('a table without rows is its head', () => {
  expect(columns([['Name', 'Code']], 40)).toEqual(['Name  Code']);
});
