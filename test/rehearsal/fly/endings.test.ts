// How calls end before their time, and how many go on at once: the state is what the real one would leave.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { until } from '../../system/processes.ts';
import { ended, flyExecutable } from './called.ts';
import { errorLine, openRoom, said, theApp, type World, webToml } from './stand-in.ts';

const fly = openRoom();
afterAll(() => fly.remove());

async function withApp() {
  const world = fly.world();
  world.write('fly.toml', webToml);
  await world.fly('apps', 'create', 'sol', '--org', 'sollabs');
  return world;
}

const line = { level: 'info', instance: 'x', message: 'listening', region: 'ams', timestamp: '', provider: 'app' };

test('50 calls at once lose no update', async () => {
  const world = await withApp();
  const names = Array.from({ length: 50 }, (_, n) => `v${n}`);
  const ends = await Promise.all(
    names.map((name) => ended(world.spawn(['volumes', 'create', name, '-r', 'sjc', '-y', '-a', 'sol']))),
  );
  expect(ends.map(({ exit }) => exit)).toEqual(names.map(() => 0));
  expect(
    theApp(world)
      .volumes.map(({ name }) => name)
      .sort(),
  ).toEqual([...names].sort());
  expect(new Set(theApp(world).volumes.map(({ id }) => id)).size).toBe(50);
  expect(world.changes('volume created')).toHaveLength(50);
  expect(readdirSync(world.folder).sort()).toEqual(['calls.jsonl', 'clock.json', 'fly-config', 'fly.json']);
});

test('killed in the middle of a first deploy, it leaves what was made; the second call sees that and adds nothing', async () => {
  const world = await withApp();
  world.hold('machine created');
  const child = world.spawn(['deploy']);
  await until(() => world.changes('machine created').length === 1);
  child.kill('SIGKILL');
  await ended(child);
  world.goOn();
  const app = theApp(world);
  expect(app).toMatchObject({ deployed: false, status: 'pending', releases: [{ version: 1, status: 'running' }] });
  expect(app.machines).toMatchObject([{ lease: { nonce: expect.any(String) } }]);
  expect([app.ips.length, app.sharedV4 === undefined]).toEqual([1, false]);
  expect(world.calls().at(-1)?.exit).toBe(undefined);

  expect(errorLine(await world.fly('deploy'))).toContain('failed to get lease on VM');
  world.at(5 * 60_000 + 20);
  expect((await world.fly('deploy')).exit).toBe(0);
  expect(theApp(world).machines).toHaveLength(1);
  expect(theApp(world).releases.map(({ status }) => status)).toEqual(['running', 'failed', 'complete']);
  expect([world.changes('ip allocated').length, world.changes('machine created').length]).toEqual([2, 1]);
});

test('a lease on a machine that was there lasts 13 seconds after a kill', async () => {
  const world = await withApp();
  await world.fly('deploy', '--ha=false');
  world.hold('Updating existing machines');
  const child = world.spawn(['deploy']);
  await until(() => theApp(world).machines.some(({ lease }) => lease !== undefined));
  child.kill('SIGKILL');
  await ended(child);
  world.goOn();
  expect(errorLine(await world.fly('deploy'))).toContain('failed to get lease on VM');
  world.at(40_000);
  expect((await world.fly('deploy')).exit).toBe(0);
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s in a deploy: 127, only a newline on stderr, release interrupted, no lease',
  async (signal) => {
    const world = await withApp();
    world.hold('launching a new machine');
    const child = world.spawn(['deploy']);
    const end = ended(child);
    await said(child, 'launching a new machine');
    child.kill(signal);
    const { exit, stderr } = await end;
    expect({ exit, last: stderr.endsWith('\n\n'), error: stderr.includes('Error') }).toEqual({
      exit: 127,
      last: true,
      error: false,
    });
    expect(theApp(world).releases).toMatchObject([{ status: 'interrupted' }]);
    expect(theApp(world).machines.every(({ lease }) => lease === undefined)).toBe(true);
  },
);

test('logs --no-tail hangs while there is no line', async () => {
  const world = await withApp();
  const end = ended(world.spawn(['logs', '--no-tail', '-a', 'sol']));
  expect(await Promise.race([end, pause(400)])).toBe(undefined);
  world.change((state) => state.apps[0]?.logs.push(line));
  expect(await end).toMatchObject({ exit: 0, stdout: expect.stringContaining('listening') });
});

test('logs that follow end by a signal only, with 127', async () => {
  const world = await withApp();
  world.change((state) => state.apps[0]?.logs.push(line));
  const child = world.spawn(['logs', '-a', 'sol']);
  const end = ended(child);
  await said(child, 'listening');
  child.kill('SIGTERM');
  expect((await end).exit).toBe(127);
});

test('a signal while stdin is read ends the call, and nothing is stored', async () => {
  const world = await withApp();
  const child = world.spawn(['secrets', 'import', '-a', 'sol']);
  const end = once(child, 'exit');
  // More than a pipe holds: it is written only when the child has begun to read.
  await new Promise((resolve) => child.stdin?.write('A=1\n'.repeat(500_000), resolve));
  child.kill('SIGTERM');
  expect(await end).toEqual([127, null]);
  expect(theApp(world).secrets).toEqual([]);
});

/** A driver that starts fly with its own pid, as the wizard does; resolves with how it ended. */
async function driven(world: World, crash: string, ...argv: string[]): Promise<{ signal: string | null }> {
  const [node, script] = [process.execPath, join(world.project, 'driver.cjs')];
  writeFileSync(
    script,
    `const child = require('node:child_process').spawn(process.execPath, ${JSON.stringify([flyExecutable, ...argv])}, { detached: true, stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LAUNCHBOOK_PID: String(process.pid) } }); child.on('exit', (code) => process.exit(code));`,
  );
  const env = { PATH: process.env.PATH, LAUNCHBOOK_STANDIN: world.folder, LAUNCHBOOK_CRASH: crash };
  const driver = spawn(node, [script], { cwd: world.project, env });
  const [, signal] = await once(driver, 'exit');
  return { signal };
}

const ends = (world: World, command: string): number =>
  world.calls().filter(({ argv, exit }) => argv[0] === command && exit !== undefined).length;

test('the N-th changing call kills its driver before the server has acted, and itself goes on to the end', async () => {
  const world = await withApp();
  expect(await driven(world, 'every:2', 'volumes', 'create', 'one', '-r', 'sjc', '-y')).toEqual({ signal: null });
  expect(await driven(world, 'every:2', 'volumes', 'list')).toEqual({ signal: null });
  world.hold('driver killed');
  expect(await driven(world, 'every:2', 'volumes', 'create', 'two', '-r', 'sjc', '-y')).toEqual({ signal: 'SIGKILL' });
  expect(theApp(world).volumes.map(({ name }) => name)).toEqual(['one']);
  world.goOn();
  await until(() => ends(world, 'volumes') === 3);
  expect(theApp(world).volumes.map(({ name }) => name)).toEqual(['one', 'two']);
  expect(await driven(world, 'every:2', 'volumes', 'create', 'three', '-r', 'sjc', '-y')).toEqual({ signal: null });
});

test('a deploy kills its driver with one machine made, and finishes without it', async () => {
  const world = await withApp();
  world.hold('driver killed');
  expect(await driven(world, 'every', 'deploy')).toEqual({ signal: 'SIGKILL' });
  expect(theApp(world)).toMatchObject({ releases: [{ status: 'running' }], machines: [{ state: 'created' }] });
  world.goOn();
  await until(() => ends(world, 'deploy') === 1);
  expect(theApp(world)).toMatchObject({
    releases: [{ status: 'complete' }],
    machines: [{ state: 'started' }, { state: 'started' }],
  });
});

test('an app is there before its driver hears of it', async () => {
  const world = fly.world();
  expect(await driven(world, 'every', 'apps', 'create', 'sol', '--org', 'sollabs')).toEqual({ signal: 'SIGKILL' });
  expect(theApp(world).name).toBe('sol');
});
