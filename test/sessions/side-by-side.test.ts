// Two launches of one project at the same moment: one does the work, the other is refused, and nothing on Fly is made twice.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFlyState } from '../../src/rehearsal/fly/state.ts';
import { openRehearsal } from '../../src/rehearsal/world.ts';
import { launch, projectOf, runbookOf, start, trusted } from './launching.ts';

test('the one that comes second ends with 5 and names the first; each thing is there once', async () => {
  const steps = `accounts: { fly: { org: sollabs } }
steps:
  - { id: begin, run: 'until test -e go; do sleep 0.05; done' }
  - { id: app, uses: fly/app, with: { name: sol, org: sollabs } }
  - { id: address, uses: fly/ips, with: { app: sol, v4: dedicated, v6: false } }
  - { id: disk, uses: fly/volume, with: { app: sol, name: data, region: sjc } }
  - { id: clock, uses: fly/scheduled-machine, with: { app: sol, name: hourly, image: "curl:8", schedule: hourly, region: sjc } }`;
  const project = projectOf({ 'runbooks/small.md': runbookOf(steps, 'begin', 'app', 'address', 'disk', 'clock') });
  const folder = join(project, '.world');
  const world = await openRehearsal({
    folder,
    project,
    flyExecutable: join(import.meta.dirname, '../../dist/stand-in-fly.cjs'),
    env: process.env,
    now: new Date(),
    accounts: { fly: { org: 'sollabs' } },
    apps: [],
  });
  try {
    const argv = await trusted(project, 'small');
    const both = [start(project, argv, { env: world.aim }), start(project, argv, { env: world.aim })];
    // The first is held in its first step until the second has come.
    const refused = await Promise.race(both.map(({ ended }) => ended));
    expect(refused.stderr).toMatch(
      /small(-\S+)? is held by .* \(process \d+\) since .*Go on there, or end that process/s,
    );
    writeFileSync(join(project, 'go'), '');
    const exits = await Promise.all(both.map(async ({ ended }) => (await ended).exit));
    expect(exits.toSorted()).toEqual([0, 5]);
    // Once more, alone: all is so already.
    expect((await launch(project, argv, world.aim)).exit).toBe(0);
    const [sol, ...others] = openFlyState(folder).read().apps;
    expect(others).toEqual([]);
    expect([sol?.ips.length, sol?.volumes.length, sol?.machines.length]).toEqual([1, 1, 1]);
  } finally {
    await world.close();
  }
}, 120_000);
