// What a person reads when Fly says no before or at the first act: the words, and the next thing to do. By the built program.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type FlyState, openFlyState } from '../../src/rehearsal/fly/state.ts';
import { openRehearsal, type Rehearsal } from '../../src/rehearsal/world.ts';
import { launch, projectOf, runbookOf, trusted } from './launching.ts';

const root = join(import.meta.dirname, '../..');
const app = '{ id: go, uses: fly/app, with: { name: sol, org: sollabs } }';
const volume = '{ id: go, uses: fly/volume, with: { app: sol, name: data, region: REGION } }';

let open: Rehearsal | undefined;
afterEach(() => open?.close());

interface Trouble {
  readonly step: string;
  readonly org?: string;
  readonly fault?: readonly [name: string, at: string];
  readonly given?: (state: FlyState) => void;
  readonly env?: Readonly<Record<string, string>>;
  readonly apps?: readonly string[];
}

async function meet({ step, org = 'sollabs', fault, given, env = {}, apps = [] }: Trouble) {
  const accounts = `accounts: { fly: { org: ${org} } }\n`;
  const project = projectOf({ 'runbooks/small.md': runbookOf(`${accounts}steps: [${step}]`, 'go') });
  const folder = join(project, '.world');
  open = await openRehearsal({
    folder,
    project,
    flyExecutable: join(root, 'dist/stand-in-fly.cjs'),
    env: process.env,
    now: new Date(),
    accounts: { fly: { org: 'sollabs' } },
    apps: apps.map((name) => ({ name, secrets: [] })),
  });
  if (given) openFlyState(folder).change(given);
  if (fault)
    writeFileSync(
      join(folder, 'faults.json'),
      JSON.stringify([{ name: fault[0], at: fault[1], fired: false, always: true }]),
    );
  const argv = await trusted(project, 'small');
  const { exit, stderr } = await launch(project, argv, { ...open.aim, ...env });
  console.log(stderr);
  return { exit, stderr, project };
}

test('no fly', async () => {
  await meet({ step: app, env: { LAUNCH_FLY: '/nowhere/fly' } });
});
test('old fly', async () => {
  await meet({ step: app, fault: ['old-fly', 'fly version'] });
});
test('logged out', async () => {
  await meet({ step: app, given: (s) => void (s.session = undefined) });
});
test('old login', async () => {
  await meet({
    step: app,
    given: (s) => {
      if (s.session) s.session.lastLogin -= 31 * 86400e3;
    },
  });
});
test('revoked', async () => {
  await meet({
    step: app,
    given: (s) => {
      if (s.session) s.session.revoked = true;
    },
  });
});
test('wrong org', async () => {
  await meet({ step: app, org: 'nobody' });
});
test('wrong org of step', async () => {
  await meet({ step: app.replace('org: sollabs', 'org: other') });
});
test('name taken', async () => {
  await meet({ step: app, given: (s) => void s.taken.push('sol') });
});
test('narrow', async () => {
  await meet({ step: app, apps: ['sol'], given: (s) => void (s.narrow = true) });
});
test('unknown region', async () => {
  await meet({ step: volume.replace('REGION', 'zzz'), apps: ['sol'] });
});
test('429', async () => {
  await meet({ step: volume.replace('REGION', 'sjc'), apps: ['sol'], fault: ['rate-limit', 'fly volumes create'] });
});
test('5xx', async () => {
  await meet({ step: volume.replace('REGION', 'sjc'), apps: ['sol'], fault: ['server-error', 'fly volumes create'] });
});
test('help', async () => {
  await meet({ step: volume.replace('REGION', 'sjc'), apps: ['sol'], fault: ['help-printed', 'fly volumes create'] });
});
test('no network', async () => {
  await meet({ step: app, fault: ['network-lost', 'fly auth whoami'] });
});
test('no network at act', async () => {
  await meet({ step: app, fault: ['network-lost', 'fly apps create'] });
});
test('5xx at look', async () => {
  await meet({ step: app, fault: ['server-error', 'fly apps list'] });
});
void existsSync;
void expect;
