import { expect, test } from 'vitest';
import { hashSecret, isSameSecret } from '../../src/secrets/hash.ts';

const salt = '000102030405060708090a0b0c0d0e0f';

test('the same value is told again, another is not', () => {
  const kept = { salt, hash: hashSecret('correct horse', salt) };
  expect(isSameSecret('correct horse', kept)).toBe(true);
  expect(isSameSecret('correct horsf', kept)).toBe(false);
});

test('the salt changes the hash, and the hash does not hold the value', () => {
  const hash = hashSecret('correct horse', salt);
  expect(hash).toMatch(/^scrypt14:[0-9a-f]{64}$/);
  expect(hashSecret('correct horse', salt.replace('0f', 'ff'))).not.toBe(hash);
});

test('a hash of an unknown recipe is never taken for the same', () => {
  expect(isSameSecret('x', { salt, hash: 'scrypt99:00' })).toBe(false);
});
