// The command that goes on with a run is the one that was typed, without what begins another run.
import { expect, test } from 'vitest';
import { againOf } from '../../src/commands/again.ts';

test.each([
  [['prod'], 'launch prod'],
  [['rehearse', 'prod', '--plain', '--new'], 'launch rehearse prod --plain'],
  [['rehearse', 'prod', '--fault', 'name-taken@create-app', '--auto'], 'launch rehearse prod --auto'],
  [['rehearse', 'prod', '--fault=name-taken'], 'launch rehearse prod'],
  [['prod', '--answers', 'my answers.yml'], "launch prod --answers 'my answers.yml'"],
  [['prod', '--who', "o'neil"], "launch prod --who 'o'\\''neil'"],
  [[], 'launch prod'],
])('%j', (argv, again) => {
  expect(againOf(argv, 'prod')).toBe(again);
});
