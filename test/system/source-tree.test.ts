// The quick look over a project: no link is followed, and what cannot be read is said in words.
import { mkdirSync, mkdtempSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sourceTree } from '../../src/system/source-tree.ts';

test('lists files and folders without links, and reads', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'launchbook-tree-'));
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src/a.ts'), 'é');
  symlinkSync('/etc', join(folder, 'etc'));
  symlinkSync('/etc/hostname', join(folder, 'host'));
  const tree = sourceTree(folder);
  expect(await tree.list('.')).toEqual(['src/']);
  expect(await tree.list('src/')).toEqual(['a.ts']);
  expect(await tree.read('src/a.ts')).toBe('é');
});

test('what is not there, or is too large, is said', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'launchbook-tree-'));
  writeFileSync(join(folder, 'large.ts'), '');
  truncateSync(join(folder, 'large.ts'), 11 * 2 ** 20);
  await expect(sourceTree(folder).list('nowhere')).rejects.toThrow('cannot list nowhere: ENOENT');
  await expect(sourceTree(folder).read('large.ts')).rejects.toThrow('cannot read large.ts: larger than 10 MB');
});
