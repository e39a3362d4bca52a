// `launch verify` after a finished run: done steps are looked at again, in the real world or one it is aimed at; nothing is run.
import { rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { openFlyState } from '../../src/rehearsal/fly/state.ts';
import { openRehearsal } from '../../src/rehearsal/world.ts';
import { eventsOf, launch, projectOf, runbookOf, runOf, trusted } from './launching.ts';

const root = join(import.meta.dirname, '../..');

/** Three steps with a file each: seen by a command, as the plan says, and with nothing to look at. */
const STEPS = `steps:
  - id: make
    run: 'echo yes > made.txt; echo >> acts.txt'
    verify: [{ run: 'case "$(cat made.txt)" in yes) echo it says yes;; no) echo it says no; exit 1;; *) exit 2;; esac' }]
  - { id: paid, manual: true, already: "paid by the house, 2026-11-01" }
  - { id: told, run: 'true' }`;

async function launched() {
  const folder = projectOf({ 'runbooks/small.md': runbookOf(STEPS, 'make', 'paid', 'told') });
  const argv = await trusted(folder, 'small');
  const ran = await launch(folder, argv);
  expect(ran.exit, ran.stderr).toBe(0);
  const verify = (...more: readonly string[]) => launch(folder, ['verify', ...argv, ...more]);
  return { folder, run: runOf(folder), verify };
}

const drift = (run: string) => eventsOf(run).filter((event) => 'for' in event && event.for === 'drift');

test('what is still so ends with 0; each done step is listed, and how it was seen', async () => {
  const { run, verify } = await launched();
  const { exit, stdout } = await verify();
  expect(stdout).toMatch(/still so +make\n +it says yes/);
  expect(stdout).toMatch(/not looked at +paid \(was as the plan says: does not count\)/);
  expect(stdout).toMatch(/not looked at +told/);
  expect(stdout).toContain(`${basename(run)}: 3 done steps: 1 still so, 2 not looked at`);
  expect(exit).toBe(0);
});

test('drift ends with 1, says what was expected and seen, and stands in the journal of the finished run; nothing was run', async () => {
  const { folder, run, verify } = await launched();
  writeFileSync(join(folder, 'made.txt'), 'no\n');
  const { exit, stdout } = await verify();
  expect(stdout).toMatch(/no longer so +make/);
  expect(stdout).toMatch(/expected +exit 0\n +seen +it says no/);
  expect(exit).toBe(1);
  expect(drift(run)).toEqual([expect.objectContaining({ type: 'step.looked', step: 'make', is: 'not-so' })]);
  expect(eventsOf(run).filter(({ type }) => type === 'step.started' || type === 'step.reopened')).toHaveLength(2);
  const status = JSON.parse((await launch(folder, ['status', 'small', '--json'])).stdout);
  expect(status.finished).toMatchObject({ outcome: 'done' });
});

test('a look that gives no answer ends with 4', async () => {
  const { folder, verify } = await launched();
  rmSync(join(folder, 'made.txt'));
  const { exit, stdout } = await verify();
  expect(stdout).toMatch(/cannot be seen +make/);
  expect(exit).toBe(4);
});

test('--json is one document with each step', async () => {
  const { folder, run, verify } = await launched();
  writeFileSync(join(folder, 'made.txt'), 'no\n');
  const { exit, stdout } = await verify('--json');
  expect(JSON.parse(stdout)).toMatchObject({
    run: basename(run),
    is: 'not-so',
    written: true,
    steps: [
      { step: 'make', now: 'not-so', counts: true, checks: [{ is: 'not-so', seen: 'it says no' }] },
      { step: 'paid', now: 'not-looked', was: 'on-plan', counts: false, checks: [] },
      { step: 'told', now: 'not-looked', counts: false, checks: [] },
    ],
  });
  expect(exit).toBe(1);
});

test('the record made afterwards has the newest looks beside what was so at the launch', async () => {
  const { folder, verify } = await launched();
  const record = async () => (await launch(folder, ['export', 'small'])).stdout;
  expect(await record()).not.toContain('## Looked at again');
  writeFileSync(join(folder, 'made.txt'), 'no\n');
  await verify();
  expect(await record()).toMatch(
    /## Looked at again[\s\S]*\| make `make` \| PASS \| \*\*NO LONGER SO\*\* \|.*it says no/,
  );
  writeFileSync(join(folder, 'made.txt'), 'yes\n');
  await verify();
  const healed = await record();
  expect(healed).toMatch(/\| make `make` \| PASS \| PASS \|.*it says yes/);
  expect(healed).toMatch(/not so when it was looked at again: expected exit 0; seen it says no/);
});

test('commands of a runbook that is not trusted are not run: 7', async () => {
  const { folder, run } = await launched();
  const { exit } = await launch(folder, ['verify', 'small']);
  expect(exit).toBe(7);
  expect(drift(run)).toEqual([]);
});

test('a run that someone holds is looked at, and nothing is written', async () => {
  const { run, verify } = await launched();
  const holder = {
    pid: 7,
    startTime: '1',
    bootId: 'b',
    host: 'elsewhere.invalid',
    operator: 'ann',
    since: '',
    token: 't',
  };
  writeFileSync(join(run, 'lock'), `${JSON.stringify(holder)}\n"told"\n`);
  const before = eventsOf(run).length;
  const { exit, stdout, stderr } = await verify();
  expect(stderr).toContain('is held by ann on elsewhere.invalid');
  expect(stderr).toContain('what is seen is not written down');
  expect(stdout).toMatch(/still so +make/);
  expect(exit).toBe(0);
  expect(eventsOf(run)).toHaveLength(before);
});

test('in a world of stand-ins an app that somebody took away is drift; another world than that of the run is refused', async () => {
  const folder = projectOf({
    'runbooks/fly.md': runbookOf('steps: [{ id: app, uses: fly/app, with: { name: sol-prod, org: sollabs } }]', 'app'),
  });
  const world = await openRehearsal({
    folder: join(folder, '.world'),
    project: folder,
    flyExecutable: join(root, 'dist/stand-in-fly.cjs'),
    env: process.env,
    now: new Date(),
    accounts: { fly: { org: 'sollabs' } },
    apps: [],
  });
  try {
    expect((await launch(folder, await trusted(folder, 'fly'), world.aim)).exit).toBe(0);
    expect(await launch(folder, ['verify', 'fly'], world.aim)).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(/still so +app/),
    });
    openFlyState(join(folder, '.world')).change((state) => {
      state.apps = state.apps.filter(({ name }) => name !== 'sol-prod');
    });
    expect(await launch(folder, ['verify', 'fly'], world.aim)).toMatchObject({
      exit: 1,
      stdout: expect.stringMatching(/no longer so +app/),
    });
    expect((await launch(folder, ['verify', 'fly'])).exit).toBe(8);
  } finally {
    await world.close();
  }
});

test('a rehearsal is refused: its world is gone', async () => {
  const folder = projectOf({ 'runbooks/small.md': runbookOf(STEPS, 'make', 'paid', 'told') });
  await launch(folder, ['rehearse', 'small', '--auto']);
  const id = (await launch(folder, ['runs'])).stdout.match(/small-\S+/)?.[0] ?? '';
  expect(await launch(folder, ['verify', '--run', id])).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining('is a rehearsal'),
  });
});
