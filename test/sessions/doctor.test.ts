// `launch doctor`: what is missing here for a runbook, and how to get it; nothing is left behind.
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRehearsal, type Rehearsal } from '../../src/rehearsal/world.ts';
import { launch, projectOf, projectWith, runbookOf, start } from './launching.ts';

interface Need {
  what: string;
  name: string;
  is: string;
  says: string;
}

async function needsOf(folder: string, argv: readonly string[], env: Record<string, string> = {}) {
  const ran = await launch(folder, ['doctor', ...argv, '--json'], env);
  const needs: Need[] = JSON.parse(ran.stdout);
  return { exit: ran.exit, need: (name: string) => needs.find((need) => need.name === name), needs };
}

describe('launch doctor on a runbook for Fly', () => {
  let world: Rehearsal;
  let project: string;
  beforeAll(async () => {
    project = projectWith();
    world = await openRehearsal({
      folder: join(project, '.world'),
      project,
      flyExecutable: join(import.meta.dirname, '../../dist/stand-in-fly.cjs'),
      env: process.env,
      now: new Date(),
      accounts: { fly: { org: 'sollabs' } },
      apps: [],
    });
  });
  afterAll(() => world.close());

  test('says which fly is there, as whom we are logged in, and that its files are there', async () => {
    const { need } = await needsOf(project, ['prod'], world.aim);
    expect(need('fly')).toMatchObject({ what: 'tool', is: 'there', says: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
    expect(need('fly.prod.toml')).toMatchObject({ what: 'file', is: 'there' });
    expect(need('Node.js')).toMatchObject({ is: 'there', says: process.versions.node });
    const { needs } = await needsOf(project, ['prod'], world.aim);
    expect(needs.find(({ what, name }) => what === 'login' && name === 'fly')?.says).toMatch(
      /^logged in to Fly as .+@.+, organization sollabs/,
    );
    expect(existsSync(join(project, '.launch'))).toBe(false);
  });

  test('names the file that is gone and the step that reads it, with 1', async () => {
    rmSync(join(project, 'fly.prod.toml'));
    const { need, exit } = await needsOf(project, ['prod'], world.aim);
    expect(need('fly.prod.toml')).toMatchObject({ is: 'missing', says: expect.stringContaining('reads it') });
    expect(exit).toBe(1);
  });

  test('where fly is not there says how to get it, and that nobody can be asked who we are', async () => {
    const { needs, exit } = await needsOf(project, ['prod'], { ...world.aim, LAUNCH_FLY: '/nowhere/fly' });
    expect(needs.find(({ what, name }) => what === 'tool' && name === 'fly')).toMatchObject({ is: 'missing' });
    expect(needs.find(({ what, name }) => what === 'login' && name === 'fly')).toMatchObject({ is: 'missing' });
    expect(exit).toBe(1);
  });
});

describe('launch doctor', () => {
  const small = (steps: string, more = '') =>
    projectOf({ 'runbooks/small.md': runbookOf(`steps: [${steps}]\n${more}`, 'go') });

  test('with nothing missing ends with 0, also without a name', async () => {
    const folder = small('{ id: go, run: "true" }');
    const ran = await launch(folder, ['doctor']);
    expect(ran.stdout).toContain('Nothing is missing.');
    expect(ran.stdout).toMatch(/^there {4}tool {9}bash: \d/m);
    expect(ran.exit).toBe(0);
  });

  test('names a tool that is not on PATH', async () => {
    const ran = await launch(small('{ id: go, run: "true", requires: [no-such-tool] }'), ['doctor', 'small']);
    expect(ran.stdout).toContain('no-such-tool is not on this machine: install no-such-tool');
    expect(ran.stdout).toContain('1 thing to see to.');
    expect(ran.exit).toBe(1);
  });

  test('says whether a variable is set, and never its value', async () => {
    const folder = small('{ id: go, run: "true", env: { TO: "${{ env.DEPLOY_TO }}" } }');
    expect((await needsOf(folder, ['small'])).need('DEPLOY_TO')).toMatchObject({ what: 'environment', is: 'missing' });
    const set = await needsOf(folder, ['small'], { DEPLOY_TO: 'canary-value-1' });
    expect(set.need('DEPLOY_TO')).toMatchObject({ is: 'there', says: 'is set' });
    expect(JSON.stringify(set.needs)).not.toContain('canary-value-1');
    expect(set.exit).toBe(0);
  });

  test('does not load a kind of the project that is not trusted, and says that its needs are not known', async () => {
    const folder = projectOf({
      'runbooks/small.md': runbookOf('steps: [{ id: go, uses: ./steps/own.mjs }]', 'go'),
      'steps/own.mjs': 'throw new Error("loaded")',
    });
    const { need, exit } = await needsOf(folder, ['small']);
    expect(need('./steps/own.mjs')).toMatchObject({
      what: 'kind',
      is: 'unknown',
      says: expect.stringContaining('launch trust small'),
    });
    expect(exit).toBe(1);
  });

  test.runIf(process.getuid?.() === 0)(
    'says that runs cannot be kept in a folder that may not be written',
    async () => {
      const folder = small('{ id: go, manual: true }');
      chmodSync(folder, 0o755);
      const ran = await start(folder, ['doctor'], { as: 65534 }).ended;
      expect(ran.stdout).toMatch(/^missing {2}folder .*runs cannot be kept there/m);
      expect(ran.exit).toBe(1);
    },
  );

  test('a runbook that is not valid ends with 3, one that is not there with 2', async () => {
    expect((await launch(small('{ id: go, uses: no/such }'), ['doctor', 'small'])).exit).toBe(3);
    expect((await launch(small('{ id: go, manual: true }'), ['doctor', 'smal2'])).exit).toBe(2);
  });
});
