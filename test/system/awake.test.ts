// The machine is kept awake by a program of the system, for exactly as long as an act goes on.
import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readAim } from '../../src/system/aim.ts';
import { createAwake } from '../../src/system/awake.ts';
import { createRealWorld } from '../../src/system/real-world.ts';

/** A folder on PATH with a program that says when it begins and when it ends. */
function pretend(name: string): { readonly folder: string; readonly env: Record<string, string> } {
  const folder = mkdtempSync(join(tmpdir(), 'launchbook-awake-'));
  const program = `#!/bin/sh\necho "$@" >> ${folder}/begun\n${name === 'caffeinate' ? 'shift 1' : 'shift 3'}\n"$@"\necho over > ${folder}/ended\n`;
  writeFileSync(join(folder, name), program);
  chmodSync(join(folder, name), 0o755);
  return { folder, env: { PATH: `${folder}:${process.env.PATH}` } };
}

/** Once the program has come so far. */
async function until(path: string): Promise<string> {
  while (!existsSync(path) || readFileSync(path, 'utf8') === '') await new Promise((resolve) => setImmediate(resolve));
  return readFileSync(path, 'utf8').trim();
}

test.each([
  ['darwin', 'caffeinate', '-i cat'],
  ['linux', 'systemd-inhibit', '--what=idle:sleep --who=launch --why=A step of a launch is being carried out cat'],
] as const)('on %s by %s, until it is released', async (platform, name, args) => {
  const { folder, env } = pretend(name);
  const release = createAwake({ env, platform, after: 0 })();
  expect(await until(join(folder, 'begun'))).toBe(args);
  expect(existsSync(join(folder, 'ended'))).toBe(false);
  release();
  await until(join(folder, 'ended'));
});

test('what is over at once starts nothing', async () => {
  const { folder, env } = pretend('systemd-inhibit');
  const awake = createAwake({ env, platform: 'linux', after: 0 });
  awake()();
  const release = awake();
  await until(join(folder, 'begun'));
  release();
  await until(join(folder, 'ended'));
  expect(readFileSync(join(folder, 'begun'), 'utf8').trim().split('\n')).toHaveLength(1);
});

test('a program that is missing, or ends badly at once, is no failure', async () => {
  createAwake({ env: { PATH: '/nowhere' }, platform: 'linux', after: 0 })();
  const { folder, env } = pretend('systemd-inhibit');
  writeFileSync(join(folder, 'systemd-inhibit'), `#!/bin/sh\necho begun > ${folder}/begun\nexit 1\n`);
  const release = createAwake({ env, platform: 'linux', after: 0 })();
  await until(join(folder, 'begun'));
  release();
});

test('nobody is kept awake in CI', () => {
  const world = (env: Record<string, string>) => createRealWorld({ project: '/', aim: readAim({}), env });
  expect(world({ CI: 'true' }).awake).toBeUndefined();
  expect(world({}).awake).toBeTypeOf('function');
});
