// A launch of a private app with Postgres, a schedule and a token, by the built program: what fly prints once is seen by nobody.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventsOf, launch, projectOf, rehearsalOf, runbookOf } from './launching.ts';

const steps = `
accounts: { fly: { org: sollabs } }
secrets:
  altcontext:
    names:
      DATABASE_URL: { set-by: database }
steps:
  - { id: app, uses: fly/app, with: { name: altcontext, org: sollabs } }
  - { id: addresses, uses: fly/ips, with: { app: altcontext, v4: none, v6: false, private: true, release-public: true } }
  - { id: database, uses: fly/postgres, with: { name: altcontext-db, org: sollabs, create: { region: yyz }, attach: { app: altcontext } } }
  - { id: managed, uses: fly/postgres, with: { name: other, org: sollabs, managed: true, create: { region: yyz }, attach: { app: altcontext, variable: OTHER_URL } } }
  - { id: schedule, uses: fly/scheduled-machine, with: { app: altcontext, name: hourly, image: "curl:8", schedule: hourly, region: yyz } }
  - { id: deploy, uses: fly/deploy, with: { app: altcontext, config: fly.toml, ha: false } }
  - { id: machines, uses: fly/machines, with: { app: altcontext, count: 1, memory-below: 200 } }
  - { id: rollup, uses: fly/console, with: { app: altcontext, command: node rollup.js } }
  - { id: token, uses: fly/token, with: { app: altcontext, name: ci } }
  - { id: logs, uses: fly/logs, with: { app: altcontext, contains: ["worker ready"] } }
  - { id: back, uses: fly/release, with: { app: altcontext, config: fly.toml, to: 1 } }
`;
const names = [
  'app',
  'addresses',
  'database',
  'managed',
  'schedule',
  'deploy',
  'machines',
  'rollup',
  'token',
  'logs',
  'back',
];
const flyToml =
  'app = "altcontext"\nprimary_region = "yyz"\n[build]\n  image = "registry.fly.io/altcontext:one"\n[http_service]\n  internal_port = 8080\n';

test('every step is done, the scheduled machine is not counted, and no credential that fly printed stands in any file', async () => {
  const project = projectOf({ 'runbooks/db.md': runbookOf(steps, ...names), 'fly.toml': flyToml });
  const { exit, stdout, stderr } = await launch(project, ['rehearse', 'db', '--auto']);
  expect({ exit, stderr: exit === 0 ? '' : stderr.slice(-2_000) }).toEqual({ exit: 0, stderr: '' });
  const done = eventsOf(rehearsalOf(project)).filter(({ type }) => type === 'step.done');
  expect(done.map(({ step }) => step).toSorted()).toEqual(names.toSorted());
  expect(stderr).toContain('app 1 (and with a schedule, not counted: hourly');
  const written = readdirSync(project, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'utf8')]);
  // Canaries of the stand-in: passwords and tokens begin so.
  const canary = /canary[0-9a-f]{20}|fm2_canary/;
  expect(written.flatMap(([name, text]) => (canary.test(text ?? '') ? [name] : []))).toEqual([]);
  expect(canary.test(stdout + stderr)).toBe(false);
}, 120_000);

/** Of its 77 points each so many is killed at; 1 is all of them. */
const STRIDE = process.env.LAUNCHBOOK_CRASH_STRIDE ?? '11';

test('killed (-9) at its points and started again it makes no second cluster, machine, attachment or token', async () => {
  const project = projectOf({ 'runbooks/db.md': runbookOf(steps, ...names), 'fly.toml': flyToml });
  const ran = await launch(project, ['rehearse', 'db', '--auto', '--crash', `every:${STRIDE}`]);
  expect(ran.stdout).toMatch(/Killed \d+ times at \d+ points, it ended as if nobody had/);
  for (const once of [
    'app created altcontext-db',
    'cluster created',
    'database user created altcontext',
    'token created ci',
  ])
    expect(ran.stdout).toMatch(new RegExp(`^${once} +1 +1$`, 'm'));
  expect(ran.exit).toBe(0);
}, 600_000);
