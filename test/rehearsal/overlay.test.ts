// Files of a rehearsal: the project as it is, fixtures where it lacks one, and every write beside it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createOverlay } from '../../src/rehearsal/overlay.ts';
import { diskFiles } from '../../src/system/files.ts';
import { folderWith, temporary } from './rehearsing.ts';

function opened(fixtures?: string) {
  const project = folderWith({ 'fly.toml': 'app = "mine"', 'src/app.ts': '' });
  const folder = join(temporary(), 'files');
  return { project, folder, files: createOverlay({ project, real: diskFiles(project), folder, fixtures }) };
}

describe('the overlay', () => {
  it('reads the project, and what it lacks from the fixtures, and says which', async () => {
    const { files, project } = opened(
      folderWith({ 'fly.toml': 'app = "theirs"', 'fly.prod.toml': 'app = "packaged"' }),
    );
    expect(await files.read('fly.toml')).toBe('app = "mine"');
    expect(await files.read('fly.prod.toml')).toBe('app = "packaged"');
    expect(await files.read('nothing.toml')).toBeUndefined();
    expect(await files.resolve('fly.toml')).toBe(join(project, 'fly.toml'));
    expect(readFileSync(await files.resolve('fly.prod.toml'), 'utf8')).toBe('app = "packaged"');
    expect([...files.borrowed]).toEqual(['fly.prod.toml']);
    expect(await files.list('.')).toEqual(['fly.prod.toml', 'fly.toml', 'src/']);
  });

  it('keeps what is written and removed to itself', async () => {
    const { files, project } = opened();
    await files.write('fly.toml', 'app = "edited"');
    await files.write('docs/new.md', '# New');
    await files.remove('src/app.ts');
    expect([await files.read('fly.toml'), await files.read('docs/new.md'), await files.read('src/app.ts')]).toEqual([
      'app = "edited"',
      '# New',
      undefined,
    ]);
    expect([await files.list('docs'), await files.list('src')]).toEqual([['new.md'], []]);
    expect([
      readFileSync(join(project, 'fly.toml'), 'utf8'),
      existsSync(join(project, 'docs')),
      existsSync(join(project, 'src/app.ts')),
    ]).toEqual(['app = "mine"', false, true]);
    await files.write('src/app.ts', 'again');
    expect(await files.read('src/app.ts')).toBe('again');
  });

  it('refuses a path outside of the project as the real world does, unless the fixtures have it', async () => {
    const { files } = opened(folderWith({ 'up/mobile/App.xcodeproj/project.pbxproj': '// !$*UTF8*$!' }));
    await expect(files.read('../secrets.txt')).rejects.toThrow('outside the project');
    expect(await files.read('../mobile/App.xcodeproj/project.pbxproj')).toBe('// !$*UTF8*$!');
    await files.write('../mobile/notes.md', 'kept inside');
    expect(await files.read('../mobile/notes.md')).toBe('kept inside');
  });
});
