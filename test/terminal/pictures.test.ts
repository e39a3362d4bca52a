// The pictures in the documents are the screens that the sessions of this folder saw.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

test('no picture in README.md or docs/guide.md is stale', () => {
  expect(() => execFileSync(process.execPath, [join(root, 'scripts/pictures.mjs'), '--check'])).not.toThrow();
});

test('the guide shows each screen once, and the README the wizard', () => {
  const pictures = (file: string) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/<!-- picture: (.+?) -->/g)].map(([, name]) => name);
  expect(pictures('README.md')).toHaveLength(1);
  expect(pictures('docs/guide.md').length).toBeGreaterThan(8);
  expect(new Set(pictures('docs/guide.md')).size).toBe(pictures('docs/guide.md').length);
});
