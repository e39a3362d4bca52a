// `launch import` as a person types it: a file, what became of the plan, and a runbook that can be rehearsed at once.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { launch, projectOf } from './launching.ts';

const plan = (name: string) => readFileSync(join(import.meta.dirname, '../authoring/plans', `${name}.md`), 'utf8');

describe('launch import', () => {
  test('writes runbooks/NAME.md, tells what became of the plan, and the runbook is rehearsed to its end', async () => {
    const project = projectOf({ 'docs/Rails Plan.md': plan('rails') });
    const made = await launch(project, ['import', 'docs/Rails Plan.md']);
    expect(made).toMatchObject({ exit: 0, stderr: '' });
    expect(made.stdout).toBe(
      [
        'runbooks/rails-plan.md: 10 steps in 3 phases. What is no step stands in it as text.',
        '    1 is done and proven by a kind of the library',
        '    4 are commands',
        '    3 are for a person',
        '    1 is a checklist',
        '    1 is a wait',
        'Asked when it starts: dump-file, box',
        '',
        'Read it once, then: launch rehearse rails-plan',
        '',
      ].join('\n'),
    );
    expect(await launch(project, ['lint'])).toMatchObject({ exit: 0, stdout: '1 file: 0 errors, 0 warnings\n' });
    expect(await launch(project, ['rehearse', 'rails-plan', '--auto'])).toMatchObject({ exit: 0 });
  });

  test('writes nothing over, and says so', async () => {
    const project = projectOf({ 'todo.md': '- [ ] Ship it', 'runbooks/todo.md': 'mine' });
    const refused = await launch(project, ['import', 'todo.md']);
    expect(refused.exit).toBe(2);
    expect(refused.stderr).toContain('runbooks/todo.md is there already');
    expect(readFileSync(join(project, 'runbooks/todo.md'), 'utf8')).toBe('mine');
    expect((await launch(project, ['import', 'todo.md', '-o', 'runbooks/other.md'])).exit).toBe(0);
    expect(existsSync(join(project, 'runbooks/other.md'))).toBe(true);
  });

  test('a plan that is called like a command gets a name that can be typed', async () => {
    const project = projectOf({ 'PLAN.md': '\ufeff- [ ] Ship it\r\n' });
    const made = await launch(project, ['import', 'PLAN.md']);
    expect(made.stdout).toContain('runbooks/plan-launch.md: 1 step in 1 phase.');
    expect((await launch(project, ['lint'])).exit).toBe(0);
  });

  test('tells which commands are left to a person, where and why', async () => {
    const project = projectOf({ 'p.md': '# P\n\n## Steps\n\n1. `fly volumes create ...`\n2. `fly ssh console`\n' });
    const { stdout } = await launch(project, ['import', 'p.md']);
    expect(stdout).toContain(
      [
        'Commands of the plan that are left to a person:',
        '  p.md:5  fly volumes create ...: something is left out of the command',
        '  p.md:6  fly ssh console: the command waits for somebody who types, or goes on',
      ].join('\n'),
    );
  });

  test.each<[string, readonly string[], string]>([
    ['no plan', ['import'], 'one plan is imported'],
    ['two plans', ['import', 'a.md', 'b.md'], 'one plan is imported'],
    ['a plan that is not there', ['import', 'gone.md'], 'import: '],
    ['a plan without anything to do', ['import', 'words.md'], 'words.md has nothing to do in it'],
    ['what is no text', ['import', 'binary.md'], 'binary.md: this is not UTF-8 text'],
  ])('%s is wrong usage', async (_, argv, words) => {
    const project = projectOf({ 'words.md': 'Only words.', 'binary.md': 'a\0b', 'a.md': '', 'b.md': '' });
    const refused = await launch(project, argv);
    expect(refused.exit).toBe(2);
    expect(refused.stderr).toContain(words);
    expect(existsSync(join(project, 'runbooks'))).toBe(false);
  });
});
