// The runbooks that are shipped: without a finding, rehearsed to their end, and each of their steps told in docs/seeds.md.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { launch, projectWith } from './launching.ts';

const root = join(import.meta.dirname, '../..');
const names = readdirSync(join(root, 'runbooks'))
  .filter((file) => file.endsWith('.md'))
  .map((file) => file.replace(/\.md$/, ''));
const textOf = (name: string): string => readFileSync(join(root, 'runbooks', `${name}.md`), 'utf8');
const stepsOf = (name: string): readonly string[] => [
  ...new Set([...textOf(name).matchAll(/^ {2}- (?:\{ )?id: ([a-z0-9-]+)/gm)].map(([, id = '']) => id)),
];

describe.each(names)('%s', (name) => {
  test('has no error', async () => {
    const { exit, stdout } = await launch(root, ['lint', `runbooks/${name}.md`]);
    expect(stdout).toContain('0 errors');
    expect(exit).toBe(0);
  });

  test('stands with as many steps in the table of what was rehearsed, which `npm run trials` writes', () => {
    const told = readFileSync(join(root, 'docs/seeds.md'), 'utf8');
    expect(told).toContain(`| ${name} | ${stepsOf(name).length} | well |`);
  });

  test('has each of its steps in docs/seeds.md', () => {
    const told = readFileSync(join(root, 'docs/seeds.md'), 'utf8');
    expect(stepsOf(name).length).toBeGreaterThan(5);
    expect(stepsOf(name).filter((id) => !told.includes(`\`${id}\``) && !told.includes(`*${id}*`))).toEqual([]);
  });
});

test.each(['altcontext', 'clawtriage', 'clawtriage-deploy', 'whatsapp-relay'])(
  '%s is rehearsed to its end, with the files of its fixtures',
  async (name) => {
    const { exit, stderr } = await launch(projectWith(), ['rehearse', name, '--auto']);
    expect(stderr).toContain('Finished. The record:');
    expect(exit).toBe(0);
  },
  300_000,
);

test('the relay is led out of a message that nobody sent, and the step says that none came in', async () => {
  const { exit, stderr } = await launch(projectWith(), [
    'rehearse',
    'whatsapp-relay',
    '--auto',
    '--fault',
    'said-not-done@answered',
  ]);
  expect(stderr).toContain('look again');
  expect(stderr).toContain('Finished. The record:');
  expect(exit).toBe(0);
}, 300_000);
