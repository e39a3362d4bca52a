// A deploy as a person sees it: its output comes live below a line that counts, is kept as a receipt, and its end is summed up.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openFlyState } from '../../src/rehearsal/fly/state.ts';
import { replaceFile } from '../../src/rehearsal/stand-in-file.ts';
import { openRehearsal, type Rehearsal } from '../../src/rehearsal/world.ts';
import { eventsOf, launch, projectOf, runbookOf, runOf, trusted } from '../sessions/launching.ts';
import { sit } from './session.ts';

const root = join(import.meta.dirname, '../..');
const steps = `accounts: { fly: { org: sollabs } }
steps:
  - { id: app, uses: fly/app, with: { name: sol, org: sollabs } }
  - { id: deploy, uses: fly/deploy, with: { app: sol, config: fly.toml, ha: false } }`;
const flyToml = `app = "sol"
primary_region = "sjc"
[build]
  image = "registry.fly.io/sol:one"
[deploy]
  release_command = "bin/migrate"
[http_service]
  internal_port = 8080
  [[http_service.checks]]
    path = "/health"
`;

let world: Rehearsal | undefined;
afterEach(() => world?.close());

/** In front of the question whether to deploy. `hold`: fly stands still once it has said this. */
async function beforeTheDeploy() {
  const project = projectOf({ 'runbooks/small.md': runbookOf(steps, 'app', 'deploy'), 'fly.toml': flyToml });
  const folder = join(project, '.world');
  const flyExecutable = join(root, 'dist/stand-in-fly.cjs');
  const accounts = { fly: { org: 'sollabs' } };
  world = await openRehearsal({
    folder,
    project,
    flyExecutable,
    env: process.env,
    now: new Date(),
    accounts,
    apps: [],
  });
  const session = sit({
    project,
    argv: await trusted(project, 'small'),
    env: world.aim,
    rows: 50,
  });
  await session.until('fly apps create');
  await session.type('\r');
  await session.until(/runs +fly deploy -a sol -c fly.toml --ha=false --deploy-retries=1/);
  const hold = (text: string) => replaceFile(join(folder, 'hold'), text);
  return { project, folder, session, hold };
}

test('comes live while it runs, counts, and ends in one line of release, machines and checks', async () => {
  const { project, folder, session, hold } = await beforeTheDeploy();
  hold('Provisioning ips for sol');
  await session.type('\r');
  const during = await session.until('Provisioning ips for sol');
  expect(during).toMatch(/● deploy · \d+s\n│ /);
  expect(eventsOf(runOf(project)).at(-1)).toMatchObject({ type: 'step.spawned', step: 'deploy' });
  expect(openFlyState(folder).read().apps[0]?.releases).toEqual([]);
  hold('Running sol release_command: bin/migrate');
  await session.until('Running sol release_command: bin/migrate');
  hold('No machines in group app, launching a new machine');
  await session.until('No machines in group app, launching a new machine');
  rmSync(join(folder, 'hold'));
  expect(await session.ended()).toBe(0);
  // What ran by is gone from the screen; what it came to stays.
  expect(session.screen()).not.toContain('Provisioning ips');
  expect(session.screen().replace(/\s+/g, ' ')).toContain(
    '✔ Done: "deploy", verified: release 1 is complete, registry.fly.io/sol:one; 1 machine: 1 started, 1 check passing',
  );
  const receipt = readFileSync(join(runOf(project), 'receipts/deploy-1.log'), 'utf8');
  expect(receipt).toMatch(/==> Verifying app config[\s\S]*Running sol release_command[\s\S]*Visit your newly deployed/);
  const { stdout } = await launch(project, ['export', 'small']);
  expect(stdout).toMatch(/\| deploy `deploy` \| done, verified \|.*1 check passing.*`receipts\/deploy-1.log` \|/);
});

test('that fails says why, what to look at and how to go back, and asks', async () => {
  const { folder, session } = await beforeTheDeploy();
  replaceFile(
    join(folder, 'faults.json'),
    JSON.stringify([{ name: 'health-failing', at: 'fly deploy', fired: false }]),
  );
  await session.type('\r');
  const screen = (await session.until(/try again[\s\S]*stop and keep/)).replace(/[\s│]+/g, ' ');
  for (const words of [
    '✘ Failed: "deploy", the health checks did not pass in time; machines may be on both releases, Fly takes nothing back (fly: ',
    ' ✓ Configuration is valid ', // fly colours it also in a pipe: no control characters in words for a person
    "does the app listen on 0.0.0.0 at internal_port, and does the check's path answer 200 without a redirect? `fly logs -a sol` and `fly checks list -a sol` say more; there is no earlier release to go back to",
    'expected sol runs a new release, complete on every machine seen release 1 is failed',
    'Enter try again (acts once more, also where it is so already) ○ c look again ○ d done by hand ○ s skip',
  ])
    expect(screen).toContain(words);
  await session.type('\r');
  await session.until(/tried again[\s\S]*Run this/);
  await session.type('\r');
  expect(await session.ended()).toBe(0);
  expect(session.screen().replace(/\s+/g, ' ')).toContain('verified: release 2 is complete');
  expect(openFlyState(folder).read().apps[0]?.machines).toHaveLength(1);
});
