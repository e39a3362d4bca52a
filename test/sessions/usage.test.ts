// Each command says how it is called, and refuses a flag that it would pass over.
import { describe, expect, test } from 'vitest';
import { flagsOf, usageOf, usages } from '../../src/commands/flags.ts';
import { commandNames } from '../../src/commands/main.ts';
import { helpFor } from '../../src/commands/usage.ts';
import { launch, projectOf, runbookOf } from './launching.ts';

const project = projectOf({ 'runbooks/prod.md': runbookOf('steps: [{ id: go, manual: true }]', 'go') });

describe('the help of a command', () => {
  test('is there for each', () => {
    expect(usages).toEqual(expect.arrayContaining([...commandNames]));
    for (const usage of usages) expect(helpFor(usage.split(' '))).toMatch(`launch ${usage === 'run' ? 'NAME' : usage}`);
  });

  test.each(usages)('%s: names each of its flags and no other, on lines of at most 80 columns', (usage) => {
    const text = helpFor(usage.split(' '));
    const named = [...text.slice(text.indexOf('Flags\n')).matchAll(/^ {2}--([a-z-]+)/gm)].map(([, name]) => name);
    expect(named).toEqual(flagsOf(usage));
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test.each(usages)('%s: its example is a call that it takes', (usage) => {
    const example = /^Example: (?:eval "\$\()?launch (.*?)(?:\)"| >.*)?$/m.exec(helpFor(usage.split(' ')))?.[1] ?? '';
    const words = example.split(' ');
    const flags = words.filter((word) => word.startsWith('--')).map((word) => word.slice(2));
    expect(usageOf(words)).toBe(usage === 'secrets' ? 'secrets diff' : usage);
    expect(flagsOf(usage)).toEqual(expect.arrayContaining(flags));
  });

  test('is the same by `help plan`, `plan --help` and with a runbook after it; of a runbook it is that of a run', async () => {
    const said = await launch(project, ['help', 'plan']);
    expect(said.exit).toBe(0);
    for (const argv of [
      ['plan', '--help'],
      ['plan', 'prod', '-h'],
    ])
      expect((await launch(project, argv)).stdout).toBe(said.stdout);
    expect((await launch(project, ['prod', '--help'])).stdout).toBe(helpFor(['run']));
  });
});

describe('a flag of another command', () => {
  test.each([
    [['prod', '--auto'], '--auto is no flag of launch NAME', 'it goes with launch rehearse'],
    [['plan', 'prod', '--crash', 'every'], '--crash is no flag of launch plan', 'it goes with launch rehearse'],
    [['status', '--check', 'x'], '--check is no flag of launch status', 'it goes with launch export'],
    [['prod', '--reason', 'x'], '--reason is no flag of launch NAME', 'it goes with launch mark'],
    [
      ['secrets', 'diff', '--format', 'md'],
      '--format is no flag of launch secrets diff',
      'launch export, launch lint, launch secrets scan',
    ],
  ])('%j is refused before anything is done, with the command that takes it', async (argv, says, remedy) => {
    const { exit, stderr, stdout } = await launch(project, argv);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toContain(`launch: ${says}\n`);
    expect(stderr).toContain(remedy);
  });
});
