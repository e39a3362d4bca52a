// The screen of a resume: each of its keys does what its label says.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventsOf, inTheMorning, runOf, trusted } from '../sessions/launching.ts';
import { eventsIn, projectOf, sit, toPointDns } from './session.ts';

test('r: done steps are looked at again; one no longer so is opened again or left, as the person says', async () => {
  const first = sit();
  await toPointDns(first);
  const { project } = first;
  const proof = join(project, 'dns-done');
  writeFileSync(proof, '');
  await first.type('c');
  await first.until(/Where do the first users live\?[\s\S]*└$/);
  await first.type('q');
  expect(await first.ended()).toBe(4);
  rmSync(proof);

  const second = sit({ project });
  await second.until(/Go on\?[\s\S]*└$/);
  await second.type('r');
  await second.until(/looked at again first[\s\S]*└$/);
  await second.type('\r');
  await second.until('Token of the mail provider');
  await second.type('hunter2-hunter2\r');
  await second.until(/"Point DNS to the app" is no longer so\.[\s\S]*└$/);
  expect(second.shown()).toMatchSnapshot();
  await second.type('r');
  await second.until(/looked at again: 0 of 1 as they were[\s\S]*I have done it/);
  expect(eventsIn(project)).toContainEqual(expect.objectContaining({ type: 'step.reopened', step: 'point-dns' }));
  await second.type('q');
  expect(await second.ended()).toBe(4);
});

test('q: not now leaves the journal as it was', async () => {
  const first = sit();
  await toPointDns(first);
  await first.type('q');
  await first.ended();
  const before = eventsIn(first.project);
  const second = sit({ project: first.project });
  await second.until(/Go on\?[\s\S]*└$/);
  await second.type('q');
  expect(await second.ended()).toBe(4);
  expect(eventsIn(first.project)).toEqual(before);
});

test('v: what has changed in the runbook is shown, and taken up only when the person says so', async () => {
  const project = projectOf('pause');
  const first = sit({ project, argv: await trusted(project, 'pause'), env: inTheMorning() });
  await first.until('left');
  await first.type('\x03');
  expect(await first.ended()).toBe(130);
  const file = join(project, 'runbooks/pause.md');
  writeFileSync(file, readFileSync(file, 'utf8').replace('wait: 1h', 'wait: 2h'));

  const second = sit({ project, argv: await trusted(project, 'pause'), env: inTheMorning() });
  await second.until(/Changed since: 1 step edited[\s\S]*└$/);
  await second.type('v');
  await second.until(/edited {2}"Let it settle"[\s\S]*└$/);
  expect(second.shown()).toMatchSnapshot();
  await second.type('c');
  await second.until(/the changed one[\s\S]*Go on\?[\s\S]*└$/);
  expect(eventsOf(runOf(project)).some(({ type }) => type === 'runbook.adopted')).toBe(false);
  await second.type('\r');
  await second.until('Goes on with the edited runbook: 1 step edited');
  expect(eventsOf(runOf(project)).filter(({ type }) => type === 'runbook.adopted')).toHaveLength(1);
  await second.type('\x03');
  expect(await second.ended()).toBe(130);
});

test('f: the version that this run began with goes on, and nothing is taken up', async () => {
  const project = projectOf('pause');
  const first = sit({ project, argv: await trusted(project, 'pause'), env: inTheMorning() });
  await first.until('left');
  await first.type('\x03');
  expect(await first.ended()).toBe(130);
  const file = join(project, 'runbooks/pause.md');
  writeFileSync(file, readFileSync(file, 'utf8').replace('wait: 1h', 'wait: 2h'));

  const second = sit({ project, argv: await trusted(project, 'pause'), env: inTheMorning() });
  await second.until(/Changed since: 1 step edited[\s\S]*└$/);
  await second.type('v');
  await second.until(/edited {2}"Let it settle"[\s\S]*└$/);
  await second.type('f');
  await second.until(/the one this run began with\n[\s\S]*Go on\?[\s\S]*└$/);
  await second.type('\r');
  await second.until('left');
  expect(eventsOf(runOf(project)).some(({ type }) => type === 'runbook.adopted')).toBe(false);
  await second.type('\x03');
  expect(await second.ended()).toBe(130);
});

test('v: an edit beside the steps is named before it is taken up and after', async () => {
  const project = projectOf('pause');
  const first = sit({ project, argv: await trusted(project, 'pause'), env: inTheMorning() });
  await first.until('left');
  await first.type('\x03');
  expect(await first.ended()).toBe(130);
  const file = join(project, 'runbooks/pause.md');
  const inputs = 'inputs: { region: { default: sjc } }';
  writeFileSync(file, readFileSync(file, 'utf8').replace('steps:', `${inputs}\nsteps:`));

  const second = sit({ project, argv: await trusted(project, 'pause'), env: inTheMorning() });
  await second.until(/Changed since: inputs edited \(region\)[\s\S]*└$/);
  await second.type('v');
  await second.until(/edited {2}inputs: region[\s\S]*└$/);
  await second.type('c');
  await second.until(/the changed one[\s\S]*Go on\?[\s\S]*└$/);
  await second.type('\r');
  await second.until('Goes on with the edited runbook: inputs edited (region)');
  await second.type('\x03');
  await second.ended();
});
