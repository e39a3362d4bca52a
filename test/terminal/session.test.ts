// One whole launch as a person goes through it: keys typed, screens read, left once in the middle and gone on with.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventsIn, sit, toPointDns } from './session.ts';

test('a rehearsal in a real terminal, left with q, gone on with, and walked to its record', async () => {
  const first = sit();
  await toPointDns(first);
  expect(first.step()).toMatchSnapshot('a step for a person');
  await first.type('q');
  expect(await first.ended()).toBe(4);
  expect(first.screen()).toContain('Go on with: launch rehearse trial --who ann');
  const { project } = first;

  const second = sit({ project });
  await second.until('Go on?');
  expect(second.shown()).toMatchSnapshot('the screen of a resume');
  await second.type('\r');
  await second.until('Token of the mail provider');
  await second.type('hunter2-hunter2\r');
  await second.until('I have done it');
  await second.type('\r');
  await second.until('It is not so yet');
  expect(second.step()).toMatchSnapshot('said and not done');
  writeFileSync(join(project, 'dns-done'), '');
  await second.type('c');
  await second.until('Where do the first users live?');
  await second.type('1');
  await second.until('Type trial-prod');
  await second.type('trial-prod\r');
  await second.until(/Submit for review[\s\S]*I have done it/);
  await second.type('\r');
  expect(await second.ended()).toBe(0);
  expect(second.screen()).toContain('Finished. The record:');

  const steps = eventsIn(project).flatMap(({ type, step }) => (type === 'step.done' ? [step] : []));
  expect(steps).toEqual(['scope', 'build', 'release', 'point-dns', 'users', 'submit']);
  expect(eventsIn(project).filter(({ type, step }) => type === 'step.started' && step === 'build')).toHaveLength(1);
  expect(first.raw() + second.raw()).not.toContain('hunter2');
});
