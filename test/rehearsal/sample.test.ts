// Texts that match a pattern, with as much of the canary in them as the pattern lets through.
import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../src/rehearsal/sample.ts';

const seed = 'canary-OPENAI_API_KEY-0123456789abcdef';

describe('a sample', () => {
  it.each([
    ['[0-9a-f]{64}'],
    ['^sk-[A-Za-z0-9]{20,}$'],
    ['(?:dev|prod)_[a-z]+'],
    ['[A-Z]{3}\\d{2,4}-?x*'],
    ['postgres://\\S+:\\S+@[a-z.]+/[a-z]+'],
    ['[^\\s]{8,}'],
    ['.{12,40}'],
    ['(a(b|c)){2}'],
  ])('matches %s', (pattern) => {
    expect(sampleOf(pattern, seed)).toMatch(new RegExp(`^(?:${pattern})$`));
  });

  it('is the seed itself where that fits, and carries it where it can', () => {
    expect(sampleOf('.+', seed)).toBe(seed);
    expect(sampleOf('sk-[A-Za-z0-9_-]{10,}', seed)).toBe(`sk-${seed}`);
  });

  it('differs from name to name also where nothing of the name gets through', () => {
    expect(sampleOf('[0-9]{12}', 'canary-A')).not.toBe(sampleOf('[0-9]{12}', 'canary-B'));
  });

  it.each([['(?=a)b'], ['(a)\\1'], ['a{99999}'], ['[']])('is not made up for %s', (pattern) => {
    if (pattern === '[') expect(() => sampleOf(pattern, seed)).toThrow(SyntaxError);
    else expect(sampleOf(pattern, seed)).toBeUndefined();
  });
});
