// A runbook that is run again (every deploy) offers what was given the last time: Enter takes it.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventsOf } from '../sessions/launching.ts';
import { projectOf, sit } from './session.ts';

test('each input of the last run stands as the default, said where it is another than that of the runbook', async () => {
  const project = projectOf('deploy');
  const first = sit({ project, argv: ['deploy'] });
  await first.until('Name of the app');
  await first.type('other-app\r');
  await first.until('Where does it run?');
  await first.type('2');
  await first.until('Run this?');
  await first.type('\r');
  expect(await first.ended()).toBe(0);

  const second = sit({ project, argv: ['deploy'] });
  await second.until('Name of the app (last time: other-app)');
  await second.type('\r');
  await second.until('Where does it run? (last time: lax)');
  await second.type('\r');
  await second.until('Run this?');
  await second.type('\r');
  expect(await second.ended()).toBe(0);

  const runs = join(project, '.launch/runs');
  const given = readdirSync(runs)
    .filter((name) => name.startsWith('deploy-'))
    .map((run) => eventsOf(join(runs, run)).flatMap((event) => ('value' in event ? [event.value] : [])));
  expect(given).toEqual([
    ['other-app', 'lax'],
    ['other-app', 'lax'],
  ]);
});
