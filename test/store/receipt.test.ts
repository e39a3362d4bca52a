// The kept output of an attempt: whole when short, head and tail when long, never half a character.
import { expect, test } from 'vitest';
import { memoryDisk } from '../../src/store/memory.ts';
import { openReceipt } from '../../src/store/receipt.ts';

/** What is kept of `chunks` with room for `head` and `tail` bytes. */
function kept(chunks: readonly string[], head: number, tail: number): string {
  const disk = memoryDisk();
  const receipt = openReceipt('receipts/a-1.log', () => disk.append('/r'), { head, tail });
  for (const chunk of chunks) receipt.write(Buffer.from(chunk));
  receipt.end();
  return Buffer.from(disk.read('/r') ?? []).toString();
}

test.each<[string, readonly string[], string]>([
  ['nothing', [], ''],
  ['what fits in the head', ['abc', 'd'], 'abcd'],
  ['what fits in head and tail', ['abcd', 'ef', 'gh'], 'abcdefgh'],
  ['one byte too many', ['abcd', 'efghi'], 'abcd\n[… 1 bytes left out …]\nfghi'],
  ['one long chunk', ['abcdefghijkl'], 'abcd\n[… 4 bytes left out …]\nijkl'],
  ['many short chunks', [...'abcdefghijklmnop'], 'abcd\n[… 8 bytes left out …]\nmnop'],
  [
    'a chunk longer than the tail after others',
    ['abcde', 'f', 'ghijklmnop', 'q'],
    'abcd\n[… 9 bytes left out …]\nnopq',
  ],
  ['a character on the border of the head', ['abcü', 'xy'], 'abcüxy'],
  ['a character on the border of the tail', ['abcd', 'efüxyz'], 'abcd\n[… 4 bytes left out …]\nxyz'],
])('%s', (_, chunks, text) => {
  expect(kept(chunks, 4, 4)).toBe(text);
});

test('of every length and every cut, head and tail and the count add up', () => {
  const text = Array.from({ length: 40 }, (_, i) => String.fromCharCode(65 + (i % 50))).join('');
  for (let length = 0; length <= text.length; length++) {
    for (const size of [1, 3, 7, 40]) {
      const whole = text.slice(0, length);
      const chunks = whole.match(new RegExp(`.{1,${size}}`, 'g')) ?? [];
      const left = Math.max(0, length - 12);
      const wanted = left === 0 ? whole : `${whole.slice(0, 5)}\n[… ${left} bytes left out …]\n${whole.slice(-7)}`;
      expect(kept(chunks, 5, 7)).toBe(wanted);
    }
  }
});

test('bytes that are no text are kept as they are', () => {
  const disk = memoryDisk();
  const receipt = openReceipt('r', () => disk.append('/r'), { head: 4, tail: 4 });
  receipt.write(Buffer.alloc(6, 0x80));
  receipt.end();
  expect(disk.read('/r')).toEqual(Buffer.alloc(6, 0x80));
});

test('of nothing there is no file and no name', () => {
  const disk = memoryDisk();
  disk.makeFolder('/run');
  const receipt = openReceipt('r', () => disk.append('/run/r'));
  receipt.write(Buffer.alloc(0));
  receipt.end();
  expect([receipt.name, disk.list('/run')]).toEqual([undefined, []]);
});
