import { describe, expect, test } from 'vitest';
import { encodeSecret, encodeSecrets } from '../../src/secrets/encode.ts';
import { importSecrets } from './import-grammar.ts';

const stored = (stdin: string) => {
  const imported = importSecrets(stdin);
  return 'stored' in imported ? Object.fromEntries(imported.stored) : imported;
};

describe('the model of the import grammar', () => {
  test.each([
    ['A=abc#def', { A: 'abc' }],
    [`A='abc#def'`, { A: `'abc` }],
    ['A="abc#def"', { A: 'abc#def' }],
    ['A="abc" # note', { A: 'abc' }],
    ['A=p"w#d', { A: 'p"w#d' }],
    ['A={"k":"a#b"}', { A: '{"k":"a#b"}' }],
    ['A={"k":1,"c":"x"} #y', { A: '{"k":1,"c":"x"}' }],
    ['A="""{"k":"a#b"}"""\nB=2', { exit: 1, why: 'requires at least one SECRET=VALUE pair' }],
    ['A="x" ', { A: '"x" ' }],
    ['A=', { A: '' }],
    ['A="', { exit: 3, why: 'panic: slice bounds out of range' }],
    ['A="""\none\ntwo\n"""', { A: '\none\ntwo\n' }],
    ['A="""one\ntwo"""', { A: 'one\ntwo' }],
    ['A="""one\r\ntwo"""\r\nB=1\r\n', { A: 'one\ntwo', B: '1' }],
    [`A=1\nB=${'x'.repeat(65_536)}\nC=3`, { A: '1' }],
    ['A=1\nA=2', { A: '2' }],
    ['export A=1', { 'export A': '1' }],
    ['  # note', { exit: 1, why: `'  # note': must be provided as NAME=VALUE pairs` }],
  ])('reads %j as the facts say', (stdin, want) => {
    expect(stored(stdin)).toEqual(want);
  });
});

describe('encodeSecret', () => {
  test.each([
    'plain',
    '',
    ' leading and trailing ',
    'a#b',
    'one " quote # then hash',
    '"quoted"',
    '"""',
    '"',
    `'`,
    '{"k":"a#b"}',
    'line one\nline two\n',
    '\n\n',
    '-----BEGIN PRIVATE KEY-----\nMIG#x\n-----END PRIVATE KEY-----\n',
    'ends with "',
    'first\nlast"',
    'first\nlast"""',
    'x'.repeat(63_999 - 'KEY=""""""'.length),
    '"\nsecond',
    'tab\tand é and 🔑',
    'a\rb',
    '-',
  ])('%j arrives as it was', (value) => {
    const encoded = encodeSecret({ name: 'KEY', value });
    expect('text' in encoded && stored(encoded.text)).toEqual({ KEY: value });
  });

  test.each([
    ['a\0b', 'NUL'],
    ['\ud800', 'Unicode'],
    ['a\r\nb', 'line ends'],
    ['one " # two\nthree', 'first line'],
    ['one"""\ntwo', '"""'],
    ['one\ntwo"""\nthree', '"""'],
    ['x'.repeat(64_000 - 'KEY=""""""'.length), 'bytes or longer'],
    [`${'é'.repeat(32_000)}\nb`, 'bytes or longer'],
  ])('%j is refused, and the reason does not hold it', (value, why) => {
    const encoded = encodeSecret({ name: 'KEY', value });
    expect(encoded).toEqual({ refused: expect.stringContaining(why) });
  });

  test.each(['', 'A B', 'export A', 'Ä', '1A', 'A=B', 'A\nB'])('the name %j is refused', (name) => {
    expect(encodeSecret({ name, value: 'x' })).toHaveProperty('refused');
  });

  test('100,000 generated values each arrive as they were, or are refused, between two others that stay whole', () => {
    const random = generator(20_261_121);
    let sent = 0;
    const met = new Map<string, number>();
    for (let n = 0; n < 100_000; n += 1) {
      const value = n % 500 === 0 ? atTheBorder(random) : generateValue(random);
      const encoded = encodeSecrets([
        { name: 'BEFORE', value: 'b' },
        { name: 'KEY', value },
        { name: 'AFTER', value: 'a' },
      ]);
      if ('refused' in encoded) continue;
      sent += 1;
      for (const [name, trait] of Object.entries(TRAITS))
        if (trait.test(value)) met.set(name, (met.get(name) ?? 0) + 1);
      const imported = importSecrets(encoded.stdin);
      const got = 'stored' in imported ? imported.stored : new Map<string, string>();
      if (got.get('KEY') !== value || got.size !== 3)
        expect(stored(encoded.stdin)).toEqual({ BEFORE: 'b', KEY: value, AFTER: 'a' });
    }
    expect(sent).toBeGreaterThan(60_000);
    expect(sent).toBeLessThan(100_000);
    // Each thing that a parser may trip over stood in thousands of values that were sent.
    for (const [name, least] of Object.entries(LEAST))
      expect({ name, met: met.get(name) }).toSatisfy(({ met: seen = 0 }) => seen >= least);
  }, 60_000);
});

test('one secret that cannot be encoded keeps all of them from being sent', () => {
  const encoded = encodeSecrets([
    { name: 'GOOD', value: 'x' },
    { name: 'BAD', value: 'a\0' },
    { name: 'WORSE', value: 'a\r\nb' },
  ]);
  expect(encoded).toEqual({
    refused: [
      { name: 'BAD', why: 'it holds a NUL byte' },
      { name: 'WORSE', why: 'it has Windows line ends (CR LF), and fly would drop the CR' },
    ],
  });
});

const TRAITS = {
  'a double quote': /"/,
  'a single quote': /'/,
  'three quotes': /"""/,
  'a hash': /#/,
  'a newline': /\n/,
  'a carriage return': /\r/,
  'no ASCII': /[^\0-\x7f]/,
  'a dollar': /\$/,
  'a backslash': /\\/,
  'an equals sign': /=/,
  'a blank first': /^[ \t]/,
  'a blank last': /[ \t]$/,
  'nothing at all': /^$/,
  'a line that is nearly too long': /[^\n]{12000}/,
} as const;
const LEAST: Readonly<Record<keyof typeof TRAITS, number>> = {
  'a double quote': 5000,
  'a single quote': 5000,
  'three quotes': 5000,
  'a hash': 5000,
  'a newline': 5000,
  'a carriage return': 5000,
  'no ASCII': 5000,
  'a dollar': 5000,
  'a backslash': 5000,
  'an equals sign': 5000,
  'a blank first': 5000,
  'a blank last': 5000,
  'nothing at all': 1000,
  'a line that is nearly too long': 20,
};

/** Small linear congruential generator: the same values in every run. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Around the length at which fly stops reading, in one line or in several, of one byte or of more. */
function atTheBorder(random: () => number): string {
  const letter = ['a', 'é', '🔑', '"', '#'][Math.floor(random() * 5)] ?? 'a';
  const border = [64_000, 65_536][Math.floor(random() * 2)] ?? 64_000;
  const length = Math.floor((border + Math.floor(random() * 24) - 12) / Buffer.byteLength(letter));
  const line = letter.repeat(length);
  return random() < 0.5 ? line : `first\n${line}\nlast`;
}

/** Short values made mostly of what the grammar reacts to. */
function generateValue(random: () => number): string {
  const pieces = [
    '"',
    '"',
    '"""',
    "'",
    '#',
    ' # ',
    '\n',
    '\r',
    '\r\n',
    '=',
    ' ',
    '\t',
    'a',
    'B9',
    '\\n',
    '{',
    '}',
    'é',
    '🔑',
    '-',
    '\0',
    'NAME=x',
    '$HOME',
    '\\',
    '`id`',
    '\u00a0',
    '\ufeff',
    '\u2028',
    'export ',
    '\ud83d',
  ];
  const weights = (piece: string) => (piece === '\0' || piece === '\r\n' || piece === '\ud83d' ? random() < 0.1 : true);
  let value = '';
  for (let n = Math.floor(random() * 12); n > 0; n -= 1) {
    const piece = pieces[Math.floor(random() * pieces.length)] ?? '';
    if (weights(piece)) value += piece;
  }
  return value;
}
