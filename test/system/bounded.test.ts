// Head and tail of an output, whatever comes in whatever pieces.
import { expect, test } from 'vitest';
import { createBoundedText } from '../../src/system/bounded.ts';

function kept(
  text: string | Buffer,
  { step, head = 8, tail = 8 }: { step: number; head?: number; tail?: number },
): string {
  const bounded = createBoundedText({ head, tail });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += step) bounded.write(bytes.subarray(at, at + step));
  return bounded.text();
}

test.each([1, 3, 7, 100])('in pieces of %i: what fits is whole, what does not is head, count and tail', (step) => {
  expect(kept('', { step })).toBe('');
  expect(kept('0123456789abcdef', { step })).toBe('0123456789abcdef');
  expect(kept('0123456789abcdefg', { step })).toBe('01234567\n… 1 bytes left out …\n9abcdefg');
  expect(kept(`${'x'.repeat(1000)}the end.`, { step })).toBe('xxxxxxxx\n… 992 bytes left out …\nthe end.');
});

test('a character is not cut in two', () => {
  expect(kept(`0123456ü${'x'.repeat(50)}é345678`, { step: 5 })).toBe(
    `0123456\n… ${7 + 2 + 50 + 2 + 6 - 16} bytes left out …\né345678`,
  );
  expect(kept(`01234😀${'x'.repeat(50)}😀12345`, { step: 5 })).toMatch(/^01234\n… \d+ bytes left out …\n12345$/);
});

test('a hundred thousand single bytes take no more memory than they are', () => {
  const bounded = createBoundedText({ head: 1000, tail: 1000 });
  for (let i = 0; i < 100_000; i++) bounded.write(Buffer.from('y'));
  expect(bounded.text()).toBe(`${'y'.repeat(1000)}\n… 98000 bytes left out …\n${'y'.repeat(1000)}`);
});
