// Real files: what lies in the project can be read, nothing outside can, by whatever path.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { diskFiles } from '../../src/system/files.ts';
import { temporaryFolder, writeFileIn } from './folder.ts';

function sample() {
  const base = temporaryFolder();
  const project = join(base, 'in');
  writeFileIn(project, 'fly.toml', 'app = "a"');
  writeFileIn(project, 'steps/x.mjs', 'export default 1');
  writeFileIn(base, 'in2/secret', 'no');
  writeFileIn(base, 'secret', 'no');
  symlinkSync(join(base, 'in2'), join(project, 'out'));
  symlinkSync(join(base, 'secret'), join(project, 'link'));
  symlinkSync(join(base, 'new'), join(project, 'dangling'));
  symlinkSync('fly.toml', join(project, 'same.toml'));
  return { base, project, files: diskFiles(project) };
}

describe('reading', () => {
  test('a file of the project gives its text, also by a link that stays inside and by its absolute path', async () => {
    const { project, files } = sample();
    expect(await files.read('fly.toml')).toBe('app = "a"');
    expect(await files.read('same.toml')).toBe('app = "a"');
    expect(await files.read('./steps/../fly.toml')).toBe('app = "a"');
    expect(await files.read(join(project, 'fly.toml'))).toBe('app = "a"');
  });

  test('what is not there is undefined, also below a file', async () => {
    const { files } = sample();
    expect(await files.read('nowhere/at/all')).toBeUndefined();
    expect(await files.read('fly.toml/x')).toBeUndefined();
  });

  test('a folder is refused in words', async () => {
    const { files } = sample();
    await expect(files.read('steps')).rejects.toThrow('cannot read steps: it is a folder');
  });

  test('a folder is listed with its folders marked, and nothing is in one that is not there', async () => {
    const { files } = sample();
    expect(await files.list('.')).toEqual(['dangling', 'fly.toml', 'link', 'out/', 'same.toml', 'steps/']);
    expect(await files.list('nowhere')).toEqual([]);
  });

  test.each([
    '../secret',
    '../in2/secret',
    'steps/../../secret',
    'out/secret',
    'out',
    'out/new/file',
    'link',
    '/etc/passwd',
    '..',
  ])('%s is refused, for reading, listing and writing', async (path) => {
    const { files, base } = sample();
    await expect(files.read(path)).rejects.toThrow(/lies outside the project/);
    await expect(files.list(path)).rejects.toThrow(/lies outside the project/);
    await expect(files.write(path, 'x')).rejects.toThrow(/lies outside the project/);
    expect(readFileSync(join(base, 'secret'), 'utf8')).toBe('no');
  });

  test('a link to nowhere outside is not written through, and a NUL is no path', async () => {
    const { files, base } = sample();
    await expect(files.write('dangling', 'x')).rejects.toThrow(/link to nowhere/);
    expect(existsSync(join(base, 'new'))).toBe(false);
    await expect(files.read('fly.toml\0.md')).rejects.toThrow('not a path');
  });

  test('below a folder that the person gave is allowed from then on', async () => {
    const { files, base } = sample();
    await files.allow(join(base, 'in2'));
    expect(await files.read(join(base, 'in2/secret'))).toBe('no');
    expect(await files.read('out/secret')).toBe('no');
    await expect(files.read('../secret')).rejects.toThrow(/lies outside/);
    await expect(files.allow(join(base, 'secret'))).rejects.toThrow('is not a folder');
  });
});

describe('writing', () => {
  test('makes the folders above, and leaves nothing but the file', async () => {
    const { files, project } = sample();
    await files.write('docs/deep/record.md', '# Record\n');
    expect(readFileSync(join(project, 'docs/deep/record.md'), 'utf8')).toBe('# Record\n');
    expect(readdirSync(join(project, 'docs/deep'))).toEqual(['record.md']);
  });

  test.each([0o022, 0o077])(
    'over a file keeps its rights whatever the umask (%i), over a link changes the file it leads to',
    async (umask) => {
      const { files, project } = sample();
      chmodSync(join(project, 'fly.toml'), 0o640);
      const before = process.umask(umask);
      onTestFinished(() => void process.umask(before));
      await files.write('same.toml', 'app = "b"');
      expect(readFileSync(join(project, 'fly.toml'), 'utf8')).toBe('app = "b"');
      expect(statSync(join(project, 'fly.toml')).mode & 0o777).toBe(0o640);
      expect(await files.list('.')).toContain('same.toml');
    },
  );

  test('that fails says why and leaves the old file', async () => {
    const { files, project } = sample();
    mkdirSync(join(project, 'taken'));
    writeFileSync(join(project, 'taken', 'x'), '');
    await expect(files.write('taken', 'x')).rejects.toThrow(/^cannot write taken: /);
    await expect(files.write('fly.toml/x', 'x')).rejects.toThrow(/^cannot write fly\.toml\/x: /);
    expect(readFileSync(join(project, 'fly.toml'), 'utf8')).toBe('app = "a"');
    expect(readdirSync(project).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});
