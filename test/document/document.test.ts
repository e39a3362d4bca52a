import { describe, expect, it } from 'vitest';
import { readDocument } from '../../src/document/document.ts';
import { placeAt } from '../../src/text/place.ts';

const read = (front: string, body = '') => readDocument('a.md', `---\n${front}---\n${body}`);
const codes = (source: string) =>
  readDocument('a.md', source).findings.map(({ code, place }) => `${code} ${place.line}:${place.column}`);

describe('places in the front matter', () => {
  const front =
    'title: T\nsteps:\n  - { id: a, run: "x y" }\n  - id: b\n    with:\n      empty:\n      "two words": |\n        text\n';

  it.each([
    ['LF', `---\n${front}---\n`],
    ['CR LF', `---\n${front}---\n`.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff---\n${front}---\n`],
  ])('are those of the file, with %s', (_, source) => {
    const { document } = readDocument('a.md', source);
    if (!document) throw new Error('not read');
    const value = (...path: (string | number)[]) => {
      const span = document.spanOf(path);
      const { line, column, length } = placeAt(document.lines, span.offset, span.length);
      return [line, column, length];
    };
    const key = (...path: (string | number)[]) => {
      const span = document.keySpanOf(path);
      const { line, column, length } = placeAt(document.lines, span.offset, span.length);
      return [line, column, length];
    };
    expect(value('title')).toEqual([2, 8, 1]);
    expect(key('title')).toEqual([2, 1, 5]);
    expect(value('steps', 0, 'run')).toEqual([4, 19, 5]);
    expect(key('steps', 0, 'run')).toEqual([4, 14, 3]);
    expect(value('steps', 1, 'with', 'two words')).toEqual([8, 20, 1]);
    expect(key('steps', 1, 'with', 'two words')).toEqual([8, 7, 11]);
    // Nothing is there: its key, and where there is not even a key, what it should stand in.
    expect(value('steps', 1, 'with', 'empty')).toEqual([7, 7, 5]);
    expect(value('steps', 1, 'verify')).toEqual([5, 5, 5]);
  });

  it('leaves keys that plain objects have to whoever wrote them', () => {
    const { document, findings } = read('constructor: 1\ntoString: { hasOwnProperty: 2 }\n');
    expect(findings).toEqual([]);
    expect(Object.entries(document?.front ?? {})).toEqual([
      ['constructor', 1],
      ['toString', { hasOwnProperty: 2 }],
    ]);
  });

  it('never sets a prototype', () => {
    const { document, findings } = read('a: { __proto__: { polluted: true } }\n__proto__: { polluted: true }\n');
    expect(findings.map(({ code }) => code)).toEqual(['unknown-key', 'unknown-key']);
    expect(document?.front).toEqual({ a: {} });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

describe('the body', () => {
  const body = [
    'before',
    '',
    '# Title',
    '',
    'intro',
    '',
    '## Phase *one* <!-- note -->',
    '',
    '### Make `it` [so](x) ###  ',
    '',
    'prose',
    '',
    '```',
    '### not a heading',
    '```',
    '',
    '- list',
    '  ### nor this',
    '',
    '#### deeper',
    '',
    '### Next',
    '<!-- next-id -->',
    'text',
    '',
    'Setext',
    '------',
    '',
    '    ### code',
    '',
  ].join('\n');

  it('is cut at its headings, and nothing of it is lost', () => {
    const { document } = read('a: 1\n', body);
    expect(document?.body.before).toBe('before');
    expect(document?.body.sections.map(({ depth, title, comment }) => [depth, title, comment])).toEqual([
      [1, 'Title', undefined],
      [2, 'Phase one', 'note'],
      [3, 'Make it so', undefined],
      [3, 'Next', 'next-id'],
    ]);
    const [, , make, next] = document?.body.sections ?? [];
    expect(make?.prose).toBe('prose\n\n```\n### not a heading\n```\n\n- list\n  ### nor this\n\n#### deeper');
    expect(next?.prose).toBe('text\n\nSetext\n------\n\n    ### code');
  });

  it('gives headings their place in the file', () => {
    const { document } = read('a: 1\n', body);
    const [title, phase] = document?.body.sections ?? [];
    expect(
      document &&
        title &&
        phase && [placeAt(document.lines, title.offset).line, placeAt(document.lines, phase.offset).line],
    ).toEqual([6, 10]);
  });
});

describe('what is too much', () => {
  const repeat = (text: string, times: number) => text.repeat(times);
  it.each([
    ['a file of 5 MB', `---\na: 1\n---\n${repeat('some words\n', 500_000)}`, 'too-large 1:1'],
    ['a file that is large in bytes only', `---\na: 1\n---\n${repeat('日本語日本語日本\n', 250_000)}`, 'too-large 1:1'],
    ['a line of 100,001 characters', `---\na: ${repeat('x', 99_998)}\n---\n`, 'line-too-long 2:1'],
    ['100,000 brackets', `---\na: ${repeat('[', 90_000)}\n---\n`, 'too-deep 2:68'],
    ['brackets hidden behind quoted ones', `---\na: ${repeat('["]", ', 10_000)}\n---\n`, 'too-deep 2:388'],
    ['brackets over many lines', `---\na:\n${repeat(' [\n', 2_000)}---\n`, 'too-deep 67:2'],
    ['indentation without end', `---\na: 1\n---\n${repeat('- ', 150)}x\n`, 'too-deep 4:1'],
    ['quotations without end', `---\na: 1\n---\n${repeat('>', 5_000)}x\n`, 'too-deep 4:1'],
    ['bytes that are no text', '---\na: "\0"\n---\n', 'not-utf8 2:5'],
    ['no UTF-8', '---\na: \ufffd\n---\n', 'not-utf8 2:4'],
  ])(
    '%s is refused at once',
    (_, source, code) => {
      expect(codes(source)).toEqual([code]);
    },
    20_000,
  );

  it.each([
    ['20,000 keys', `---\n${Array.from({ length: 20_000 }, (_, index) => `k${index}: 1\n`).join('')}---\n`],
    ['a list item of 100,000 lines', `---\na: 1\n---\n- a\n${repeat('b\n', 100_000)}`],
    ['50,000 loose items', `---\na: 1\n---\n${repeat('- a\n\n', 50_000)}`],
    ['100,000 quotations', `---\na: 1\n---\n${repeat('> a\n\n', 100_000)}`],
    ['20,000 fences', `---\na: 1\n---\n${repeat('```\na\n\n', 20_000)}`],
    ['20,000 underscores', `---\na: 1\n---\n${repeat('_', 20_000)}\n`],
  ])('%s are read, and no pattern takes for ever', (_, source) => expect(codes(source)).toEqual([]), 60_000);
});
