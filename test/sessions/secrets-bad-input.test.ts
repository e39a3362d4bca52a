// What is wrong with the files, names, values and rights that the secrets commands meet: clear words, and nothing set by half.

import { createHmac } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  lchownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRehearsal, type Rehearsal } from '../../src/rehearsal/world.ts';
import { launch, launchFile, projectOf, start } from './launching.ts';

const root = join(import.meta.dirname, '../..');
let world: Rehearsal;
let outside: string;

beforeAll(async () => {
  outside = realpathSync(mkdtempSync(join(tmpdir(), 'launchbook-secrets-bad-')));
  world = await openRehearsal({
    folder: join(outside, 'world'),
    project: outside,
    flyExecutable: join(root, 'dist/stand-in-fly.cjs'),
    env: process.env,
    now: new Date(),
    accounts: { fly: { org: 'sollabs' } },
    apps: [
      { name: 'sol-staging', secrets: ['ONE'] },
      { name: 'sol-prod', secrets: [] },
    ],
  });
});
afterAll(() => world.close());

const digestsOn = (app: string): Readonly<Record<string, string>> => {
  const { apps }: { apps: Record<string, { name: string; secrets: { name: string; digest: string }[] }> } = JSON.parse(
    readFileSync(join(outside, 'world/fly.json'), 'utf8'),
  );
  const found = Object.values(apps).find(({ name }) => name === app);
  return Object.fromEntries((found?.secrets ?? []).map(({ name, digest }) => [name, digest]));
};
const digestOfValue = (value: string): string =>
  createHmac('sha256', 'the digests of the stand-in').update(value).digest('hex').slice(0, 16);

const runbook = (names: string, { app = 'sol-prod', staging = 'sol-staging' } = {}): string => `---
runbook: 1
title: Sol
secrets:
  ${app}:
    compare-with: ${staging}
    names:
${names.replace(/^/gm, '      ')}
steps:
  - { id: later, manual: true }
---

### Later
`;

async function fillIn(project: string, env: Record<string, string> = {}, more: readonly string[] = []) {
  const { stderr } = await launch(project, ['secrets', 'fill'], { ...world.aim, ...env });
  const digest = /--trust ([0-9a-f]{64})/.exec(stderr)?.[1] ?? '';
  return launch(project, ['secrets', 'fill', ...more, '--trust', digest], { ...world.aim, ...env });
}

/** A user who may less than root; `undefined` where the tests are not run as root. */
const nobody = process.getuid?.() === 0 ? 65534 : undefined;
/** The program, where that user can read it. */
function readable(): string {
  if (nobody === undefined) return launchFile;
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'launchbook-readable-')));
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  chmodSync(folder, 0o755);
  return join(folder, 'dist/launch.cjs');
}
function givenAway(folder: string): void {
  if (nobody === undefined) return;
  for (const path of ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })])
    lchownSync(join(folder, path), nobody, nobody);
}
function asNobody(project: string, argv: readonly string[], env: Record<string, string> = {}) {
  givenAway(project);
  return start(project, argv, {
    file: readable(),
    env: { HOME: project, ...env },
    ...(nobody !== undefined && { as: nobody }),
  }).ended;
}

describe('launch secrets scan', () => {
  test('an env file of 10,000 lines gives 10,000 names', async () => {
    const lines = Array.from({ length: 10_000 }, (_, at) => `NAME_${at}=${at}`).join('\n');
    const ran = await launch(projectOf({ '.env.example': lines }), ['secrets', 'scan']);
    expect([ran.exit, ran.stderr]).toEqual([0, '']);
    expect(ran.stdout).toContain('10000 names in 1 file');
  });

  test('binary junk, lone quotes and lines that are no names are left out, and what is one is found', async () => {
    const project = projectOf({ '.env.example': '' });
    const junk = Buffer.from([0xff, 0xfe, 0x1b, 0x5d, 0x07, 0x3d, 0x0a]);
    writeFileSync(join(project, '.env.sample'), Buffer.from([0x41, 0x3d, 0x00]));
    writeFileSync(
      join(project, '.env.example'),
      Buffer.concat([junk, Buffer.from('"\nLONE="\nexport EXPORTED=1\nMY-NAME=1\n9TH=1\n=x\nA B=1\nGOOD=1\n'), junk]),
    );
    const ran = await launch(project, ['secrets', 'scan', '--json']);
    expect([ran.exit, ran.stderr]).toEqual([0, '']);
    const names = JSON.parse(ran.stdout).entries.map(({ name }: { name: string }) => name);
    expect(names).toEqual(['EXPORTED', 'GOOD', 'LONE']);
    expect(JSON.parse(ran.stdout).notes).toEqual(['.env.sample is no text: left out']);
  });

  test.each(['.env.example', 'src/server.ts', 'fly.toml', 'runbooks/prod.md'])(
    '%s that may not be read is named',
    async (file) => {
      const project = projectOf({
        '.env.example': 'ONE=1\n',
        'src/server.ts': 'use(process.env.TWO)',
        'fly.toml': "app = 'x'\n[env]\nTHREE = '1'\n",
        'runbooks/prod.md': runbook('ONE: {}'),
      });
      chmodSync(join(project, file), 0o000);
      const ran = await asNobody(project, ['secrets', 'scan']);
      expect(ran.exit).toBe(0);
      expect(ran.stdout).toContain(`Note: cannot read ${file}: permission denied
`);
    },
  );
});

describe('launch secrets diff', () => {
  test('a staging app whose secrets may not be listed is said, and production is compared with the rest', async () => {
    const fly = join(outside, 'fly-refusing');
    writeFileSync(
      fly,
      `#!/bin/sh\ncase "$*" in *secrets*list*sol-staging*) echo 'Error: failed to list app secrets: You must be authenticated to view this.' >&2; exit 1;; esac\nexec '${world.aim.LAUNCH_FLY}' "$@"\n`,
    );
    chmodSync(fly, 0o755);
    const project = projectOf({ 'runbooks/prod.md': runbook('ONE: {}') });
    const ran = await launch(project, ['secrets', 'diff'], { ...world.aim, LAUNCH_FLY: fly });
    expect(ran.stderr).toContain('sol-prod was not compared with sol-staging');
    expect(ran.stdout).toContain('ONE is missing on sol-prod');
    expect(ran.exit).toBe(1);
  });
});

describe('launch secrets fill', () => {
  test.each(['MY-NAME', 'A B', '9TH', 'É'])(
    'the name %j, which fly would refuse, is told before anything runs',
    async (name) => {
      const project = projectOf({
        'runbooks/prod.md': runbook(`"${name}": { secret: false, default: x }\nGOOD: { secret: false, default: x }`),
      });
      const ran = await fillIn(project);
      expect(ran.exit).toBe(3);
      expect(ran.stderr).toContain(name);
      expect(digestsOn('sol-prod')).not.toHaveProperty('GOOD');
    },
  );

  test('a lone quote arrives as it is', async () => {
    const project = projectOf({
      'runbooks/prod.md': runbook(
        'LONE: { from: { file: lone } }\nSINGLE: { from: { file: single } }\nEMPTY: { secret: false, default: "\'" }',
      ),
      lone: '"',
      single: "'",
    });
    expect((await fillIn(project)).exit).toBe(0);
    expect(digestsOn('sol-prod')).toMatchObject({
      LONE: digestOfValue('"'),
      SINGLE: digestOfValue("'"),
      EMPTY: digestOfValue("'"),
    });
  });

  test('every source that cannot be read is named at once, with 1; nothing is set', async () => {
    const project = projectOf({
      'runbooks/prod.md': runbook(
        [
          'OF_ENV: { from: { env: NOT_SET } }',
          'OF_FILE: { from: { file: keys/none } }',
          'CLOSED: { from: { file: keys/closed } }',
          'FOLDER: { from: { file: keys } }',
          'BYTES: { from: { file: keys/bytes } }',
          'OF_OP: { from: { op: "op://a/b/c" } }',
          'OF_COMMAND: { from: { command: ["false"] } }',
          'FINE: { secret: false, default: x }',
        ].join('\n'),
      ),
      'keys/closed': 'x',
    });
    writeFileSync(join(project, 'keys/bytes'), Buffer.from([0x66, 0xff, 0xfe]));
    chmodSync(join(project, 'keys/closed'), 0o000);
    const { stderr } = await launch(project, ['secrets', 'fill'], world.aim);
    const digest = /--trust ([0-9a-f]{64})/.exec(stderr)?.[1] ?? '';
    givenAway(outside);
    const ran = await asNobody(project, ['secrets', 'fill', '--trust', digest], world.aim);
    for (const says of [
      'OF_ENV is read from the environment variable NOT_SET, which is not set',
      'OF_FILE is read from keys/none, and there is no such file',
      /CLOSED could not be read: .*keys\/closed.*(no permission|permission denied)/,
      /FOLDER could not be read: /,
      'BYTES could not be read: keys/bytes gives bytes that are no UTF-8 text; store it as base64',
      'OF_OP could not be read: there is no op on this machine',
      'OF_COMMAND could not be read: false ended with 1',
      'nothing was sent',
    ])
      expect(ran.stderr).toEqual(
        typeof says === 'string' ? expect.stringContaining(says) : expect.stringMatching(says),
      );
    expect(ran.stderr).not.toContain('In doubt');
    expect(ran.exit).toBe(1);
    expect(digestsOn('sol-prod')).not.toHaveProperty('FINE');
  });

  test('a value that changed at its source is told and sent again, by a later run too; the same one is not', async () => {
    const project = projectOf({
      'runbooks/prod.md': runbook('PEM: { from: { file: pem } }\nOF_ENV: { from: { env: SOL_KEY } }'),
      pem: 'first value of the key\n',
    });
    const env = { SOL_KEY: 'the value of the environment' };
    expect((await fillIn(project, env)).exit).toBe(0);
    expect(digestsOn('sol-prod')).toMatchObject({ PEM: digestOfValue('first value of the key') });
    const same = await fillIn(project, env);
    expect([same.exit, same.stderr]).toEqual([
      0,
      expect.stringContaining('2 of 2 required secrets are set on sol-prod'),
    ]);
    writeFileSync(join(project, 'pem'), 'second value of the key\n');
    const changed = await fillIn(project, env);
    expect(changed.stderr).toContain('the value of PEM in pem is not what was last sent to sol-prod');
    expect(changed.stderr).toContain('sending PEM to sol-prod');
    expect(changed.exit).toBe(0);
    expect(digestsOn('sol-prod')).toMatchObject({ PEM: digestOfValue('second value of the key') });
    const unset = await fillIn(project, {});
    expect([unset.exit, unset.stderr]).toEqual([
      0,
      expect.stringContaining('whether it is what was last sent cannot be told'),
    ]);
  });
});
