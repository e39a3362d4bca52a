import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { generateSecret } from '../../src/secrets/generate.ts';

const random = (bytes: number) => randomBytes(bytes).toString('hex');

test('hex32 is 32 bytes as 64 hex characters', () => {
  expect(generateSecret('hex32', random)).toMatch(/^[0-9a-f]{64}$/);
});

test('base64-32 is 32 bytes in base64', () => {
  expect(Buffer.from(generateSecret('base64-32', random), 'base64')).toHaveLength(32);
});

test('a uuid is of version 4, whatever the random bytes are', () => {
  expect(generateSecret('uuid', (bytes) => '00'.repeat(bytes))).toBe('00000000-0000-4000-8000-000000000000');
  expect(generateSecret('uuid', (bytes) => 'ff'.repeat(bytes))).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff');
});
