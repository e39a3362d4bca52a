// Two launches of one project at the same moment: one does the work, the other is refused, and nothing on Fly is made twice.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFlyState } from '../../src/rehearsal/fly/state.ts';
import { openRehearsal } from '../../src/rehearsal/world.ts';
import { launch, projectOf, runbookOf, trusted } from './launching.ts';

test('the one that comes second ends with 5 and names the first; each thing is there once', async () => {
  const steps = `accounts: { fly: { org: sollabs } }
steps:
  - { id: app, uses: fly/app, with: { name: sol, org: sollabs } }
  - { id: address, uses: fly/ips, with: { app: sol, v4: dedicated, v6: false } }
  - { id: disk, uses: fly/volume, with: { app: sol, name: data, region: sjc } }
  - { id: clock, uses: fly/scheduled-machine, with: { app: sol, name: hourly, image: "curl:8", schedule: hourly, region: sjc } }`;
  const project = projectOf({ 'runbooks/small.md': runbookOf(steps, 'app', 'address', 'disk', 'clock') });
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
    const both = await Promise.all([launch(project, argv, world.aim), launch(project, argv, world.aim)]);
    expect(both.map(({ exit }) => exit).toSorted()).toEqual([0, 5]);
    expect(both.find(({ exit }) => exit === 5)?.stderr).toMatch(
      /small(-\S+)? is held by .* \(process \d+\) since .*Go on there, or end that process/s,
    );
    // Once more, alone: all is so already.
    expect((await launch(project, argv, world.aim)).exit).toBe(0);
    const [sol, ...others] = openFlyState(folder).read().apps;
    expect(others).toEqual([]);
    expect([sol?.ips.length, sol?.volumes.length, sol?.machines.length]).toEqual([1, 1, 1]);
  } finally {
    await world.close();
  }
}, 120_000);
