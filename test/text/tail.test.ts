// What a line of a child's output reads as, once it stands still.
import { expect, test } from 'vitest';
import { readAs } from '../../src/text/tail.ts';

test.each([
  ['\x1b[32m✓\x1b[0m Configuration is valid', '✓ Configuration is valid'],
  ['ok\x1b[K \x1b[2J', 'ok \x1b[2J'],
  ['10 %\r50 %\r100 %  ', '100 %'],
  ['100 %\r', '100 %'],
  ['  indented', '  indented'],
  ['   ', ''],
])('%j reads as %j', (line, shown) => {
  expect(readAs(line)).toBe(shown);
});
