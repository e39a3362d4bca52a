// The command that goes on with a run is the one that was typed, without what begins another run.
import { expect, test } from 'vitest';
import { againOf, inTerminal } from '../../src/commands/again.ts';

test.each([
  [['prod'], 'launch prod'],
  [['rehearse', 'prod', '--plain', '--new'], 'launch rehearse prod --plain'],
  [['rehearse', 'prod', '--fault', 'name-taken@create-app', '--auto'], 'launch rehearse prod --auto'],
  [['rehearse', 'prod', '--fault=name-taken'], 'launch rehearse prod'],
  [['prod', '--answers', 'my answers.yml'], "launch prod --answers 'my answers.yml'"],
  [['prod', '--who', "o'neil"], "launch prod --who 'o'\\''neil'"],
  [[], 'launch prod'],
])('%j', (argv, again) => {
  expect(againOf({ argv, env: {} }, 'prod')).toBe(again);
});

test('where npx found this program, a shell would not: it is called as it was', () => {
  expect(againOf({ argv: ['rehearse', 'prod'], env: { npm_command: 'exec' } }, 'prod')).toBe(
    'npx launch rehearse prod',
  );
  expect(againOf({ argv: ['rehearse', 'prod'], env: { npm_command: 'run-script' } }, 'prod')).toBe(
    'launch rehearse prod',
  );
});

test('where it is said to be typed in a terminal it has no flag with which nobody is asked', () => {
  expect(inTerminal('launch prod --json --who ann')).toBe('launch prod --who ann');
  expect(inTerminal('launch prod --who ann --non-interactive')).toBe('launch prod --who ann');
  expect(inTerminal("launch prod --input 'x --json'")).toBe("launch prod --input 'x --json'");
});
