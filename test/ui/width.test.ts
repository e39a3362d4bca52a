// How wide is a text, and does what is cut and wrapped fit?
import { expect, test } from 'vitest';
import { control, unmarked } from '../../src/text/control.ts';
import { cells, clip, pad, wrap } from '../../src/ui/width.ts';

test.each([
  ['plain', 5],
  ['', 0],
  ['Größe', 5],
  ['e\u0301', 1],
  ['日本', 4],
  ['한국', 4],
  ['ｆｕｌｌ', 8],
  ['🚀', 2],
  ['👩‍🚀', 2],
  ['🇩🇪', 2],
  ['⚠️', 2],
  ['⚠', 1],
  ['✔', 1],
  ['│ ● ◆', 5],
  [`${control('\x1b[1m')}bold${control('\x1b[22m')}`, 4],
  ['a\u200bb', 2],
  ['𠮷', 2],
])('%j takes %i cells', (text, width) => {
  expect(cells(text)).toBe(width);
});

test('what is counted without asking for graphemes is one cell each, and joins with nothing', () => {
  const ranges = [
    [0x20, 0x7e],
    [0xa1, 0xac],
    [0xae, 0x24f],
    [0x2010, 0x2027],
    [0x2030, 0x205e],
    [0x2190, 0x21ff],
    [0x2500, 0x25fc],
    [0x2713, 0x2718],
  ];
  const all = ranges
    .flatMap(([from = 0, to = 0]) => Array.from({ length: to - from + 1 }, (_, at) => String.fromCharCode(from + at)))
    .join('');
  expect([...new Intl.Segmenter().segment(all)].length).toBe(all.length);
  // A mark of its own sends the whole text the long way round.
  expect([cells(all), cells(`${all}e\u0301`)]).toEqual([all.length, all.length + 1]);
});

test('what is clipped fits, says so, and ends its style', () => {
  expect(clip('a long line', 6)).toBe('a lon…');
  expect(clip('fits', 4)).toBe('fits');
  expect(clip('日本語', 5)).toBe('日本…');
  expect(clip('日本語', 4)).toBe('日…');
  expect(unmarked(clip(`${control('\x1b[1m')}bold and more`, 5))).toBe('\x1b[1mbold\x1b[0m…');
  expect(clip('anything', 0)).toBe('');
});

test('a text is wrapped between words, and inside a word that is too long alone', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('abcdefgh ij', 3)).toEqual(['abc', 'def', 'gh', 'ij']);
  expect(wrap('a b', 80)).toEqual(['a b']);
  expect(wrap('first\nsecond', 80)).toEqual(['first', 'second']);
  expect(wrap('日本語日本語', 5)).toEqual(['日本', '語日', '本語']);
});

test('lines after the first hang', () => {
  expect(wrap('- one two three', 7, '  ')).toEqual(['- one', '  two', '  three']);
  expect(wrap('12345 67890', 4, '          ')).toEqual(['1234', '5 67', '890']);
});

test('a style that is on at a break is ended there and taken up again', () => {
  expect(wrap(`${control('\x1b[1m')}one two${control('\x1b[22m')} three`, 5).map(unmarked)).toEqual(
    ['\x1b[1mone\x1b[0m', '\x1b[1mtwo\x1b[22m', 'three'].map((line) => expect.stringContaining(line)),
  );
});

test('no wrapped line is wider than asked, whatever the text', () => {
  const parts = [
    'word',
    '日本語',
    '🚀',
    ' ',
    '   ',
    control('\x1b[1m'),
    control('\x1b[22m'),
    control('\x1b[36m'),
    control('\x1b[39m'),
    'longer-than-the-line-is',
    'é',
    '\t',
  ];
  let seed = 7;
  const random = (below: number) => (seed = (seed * 16807) % 2147483647) % below;
  for (let round = 0; round < 2000; round += 1) {
    const text = Array.from({ length: random(12) }, () => parts[random(parts.length)]).join('');
    const width = 2 + random(20);
    for (const line of wrap(text, width, ' '.repeat(random(3))))
      expect(cells(line), JSON.stringify({ text, width })).toBeLessThanOrEqual(width);
    const kept = (from: string) => unmarked(from).replace(/\x1b\[[0-9;]*m|\s/g, '');
    expect(kept(wrap(text, width).join('')), JSON.stringify({ text, width })).toBe(kept(text));
  }
});

test('padding counts cells', () => {
  expect(pad('日', 4)).toBe('日  ');
  expect(pad('long', 2)).toBe('long');
});
