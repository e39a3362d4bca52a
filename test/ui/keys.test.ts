// What the keyboard sends, sorted: keys, pastes, the interrupt, the end.
import { expect, test } from 'vitest';
import { createField, createSorter } from '../../src/ui/keys.ts';

const sorted = (...chunks: readonly (string | number)[]) => {
  let now = 0;
  const sort = createSorter(() => now);
  return chunks.flatMap((chunk) => {
    if (typeof chunk === 'string') return sort(chunk);
    now += chunk;
    return [];
  });
};
const typed = (text: string) => ({ type: 'typed', text });
const pasted = (text: string) => ({ type: 'pasted', text });

test('keys come as they are', () => {
  expect(sorted('a', '\r', '\x1b[A')).toEqual([typed('a'), typed('\r'), typed('\x1b[A')]);
});

test('Ctrl-C and Ctrl-D are told apart from what is around them', () => {
  expect(sorted('ab\x03c\x04')).toEqual([
    typed('ab'),
    { type: 'interrupt', text: '' },
    typed('c'),
    { type: 'end', text: '' },
  ]);
});

test('Esc alone is nothing, an arrow in two parts is an arrow', () => {
  expect(sorted('\x1b', 1000, 'a')).toEqual([typed('a')]);
  expect(sorted('\x1b', 10, '[A')).toEqual([typed('\x1b[A')]);
  expect(sorted('\x1b[', 10, 'B')).toEqual([typed('\x1b[B')]);
});

test('a paste is one thing, cut anywhere', () => {
  const whole = 'x\x1b[200~one\r\ntwo\nthree\x1b[201~y';
  const expected = [typed('x'), pasted('one␤two␤three'), typed('y')];
  expect(sorted(whole)).toEqual(expected);
  for (let cut = 1; cut < whole.length; cut += 1) {
    const keys = sorted(whole.slice(0, cut), whole.slice(cut));
    expect(keys.map(({ text }) => text).join(''), `cut at ${cut}`).toBe('xone␤two␤threey');
    expect(keys.filter(({ type }) => type === 'pasted')).toHaveLength(1);
  }
});

test('a paste cannot press keys: no Ctrl-C, no Enter at its end, no sequences', () => {
  expect(sorted('\x1b[200~a\x03b\x1b]0;x\x07\tc\r\n\x1b[201~')).toEqual([pasted('ab]0;x␉c')]);
});

test('lines that are not marked as a paste stay one value, and only the last Enter is one', () => {
  expect(sorted('one\rtwo\rthree\r')).toEqual([typed('one␤two␤three\r')]);
  expect(createField().read('one␤two')).toBe('one\ntwo');
});

test('a tab in what is pasted is one in a secret, and a blank elsewhere', () => {
  expect(sorted('\x1b[200~a\tb\x1b[201~')).toEqual([pasted('a␉b')]);
  expect(createField('\t').read('a␉b')).toBe('a\tb');
  expect(createField().read('a␉b')).toBe('a b');
});

test('a long paste stands in the field as one mark, with its length, and is read whole', () => {
  const field = createField();
  const long = 'x␤'.repeat(4000);
  const held = `a${field.hold(long)}${field.hold('b')}${field.hold(`${long}\r`)}`;
  expect(held).toHaveLength(5);
  expect(field.show(held)).toBe('a(8000 characters)b(8000 characters)\r');
  expect(field.read(held.trimEnd())).toBe(`a${'x\n'.repeat(4000)}b${'x\n'.repeat(4000)}`);
});
