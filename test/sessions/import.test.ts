// `launch import` as a person types it: a file, what became of the plan, and a runbook that can be rehearsed at once.
import { execFileSync } from 'node:child_process';
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

  test.each<[string, string, readonly string[], string]>([
    ['its usual place', '.', ['import', 'p.md'], 'launch rehearse p'],
    ['its usual place, from a folder below', 'src', ['import', '../p.md'], 'launch rehearse p'],
    [
      'a path as it was given',
      '.',
      ['import', 'p.md', '-o', 'runbooks/first go.md'],
      "launch rehearse 'runbooks/first go.md'",
    ],
    [
      'a path from a folder below',
      'src',
      ['import', '../p.md', '-o', '../runbooks/q.md'],
      'launch rehearse ../runbooks/q.md',
    ],
    ['a file in a folder below', 'src', ['import', '../p.md', '--out=-q.md'], 'launch rehearse ./-q.md'],
    ['another folder', 'other', ['import', '../p.md', '--dir', '..'], 'launch rehearse p --dir ..'],
    [
      'another folder, and a path',
      'other',
      ['import', '../p.md', '--dir', '..', '-o', '../runbooks/q.md'],
      'launch rehearse runbooks/q.md --dir ..',
    ],
    [
      'the runbooks of another project',
      '.',
      ['import', 'p.md', '-o', 'other/runbooks/q.md'],
      'launch rehearse other/runbooks/q.md',
    ],
    [
      'a project beside this one',
      'other/deep',
      ['import', '../../p.md', '--out', '../../beside/runbooks/q.md', '--dir', '../../other'],
      'launch rehearse runbooks/q.md --dir ../../beside',
    ],
  ])('the command that it names next works as it stands: %s', async (_, from, argv, next) => {
    const keep = { 'runbooks/README.md': '', 'src/x': '', 'other/runbooks/README.md': '', 'other/deep/x': '' };
    const project = projectOf({ ...keep, 'p.md': '# P\n\n## Steps\n\n1. Ship it\n', 'beside/runbooks/README.md': '' });
    const cwd = join(project, from);
    const { exit, stdout, stderr } = await launch(cwd, argv);
    expect(exit, stderr).toBe(0);
    expect(stdout.trim().split('\n').at(-1)).toBe(`Read it once, then: ${next}`);
    const words = execFileSync('bash', ['-c', `printf '%s\\0' ${next.replace('launch ', '')}`], { encoding: 'utf8' });
    const rehearsed = await launch(cwd, [...words.split('\0').slice(0, -1), '--auto']);
    expect(rehearsed.exit, rehearsed.stderr).toBe(0);
    expect(rehearsed.stderr).not.toContain('packaged sample');
  });

  test('what lies in no project is told so: there is no command for it yet', async () => {
    const project = projectOf({ 'p.md': '- [ ] Ship it' });
    const { exit, stdout } = await launch(project, ['import', 'p.md', '--out', 'x.md']);
    expect(exit).toBe(0);
    expect(stdout).toContain(
      'It lies in no project: put it into the folder runbooks/ of one. Read it once, then: launch rehearse x\n',
    );
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
    ['a runbook that would be no Markdown file', ['import', 'a.md', '--out', 'first'], 'first is no Markdown file'],
    ['what is no text', ['import', 'binary.md'], 'binary.md: this is not UTF-8 text'],
  ])('%s is wrong usage', async (_, argv, words) => {
    const project = projectOf({ 'words.md': 'Only words.', 'binary.md': 'a\0b', 'a.md': '- [ ] Ship it', 'b.md': '' });
    const refused = await launch(project, argv);
    expect(refused.exit).toBe(2);
    expect(refused.stderr).toContain(words);
    expect(existsSync(join(project, 'runbooks'))).toBe(false);
  });
});
