// How the stand-in reads a command line, finds the app and the login: as strict, and as odd, as the real one (facts/flyctl.md §2).
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { errorLine, openRoom, start, webToml } from './stand-in.ts';

const fly = openRoom();
afterAll(() => fly.remove());

async function withApp() {
  const world = fly.world();
  await world.fly('apps', 'create', 'sol', '--org', 'sollabs');
  return world;
}

const refused: readonly [argv: string[], error: string][] = [
  [['deploy', '--json'], 'unknown flag: --json'],
  [['ips', 'allocate-v4', '--shared', '--json'], 'unknown flag: --json'],
  [['secrets', 'import', '-j'], "unknown shorthand flag: 'j' in -j"],
  [
    ['volumes', 'create', '--size', 'big', 'data'],
    'invalid argument "big" for "-s, --size" flag: strconv.ParseInt: parsing "big": invalid syntax',
  ],
  [
    ['deploy', '--ha=maybe'],
    'invalid argument "maybe" for "--ha" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
  ],
  [['status', '--app'], 'flag needs an argument: --app'],
  [['volumes', 'create', '-r', 'sjc'], 'accepts 1 arg(s), received 0'],
  [['secrets', 'set', '-a', 'sol'], 'requires at least 1 arg(s), only received 0'],
  [['status', 'sol'], 'unknown command "sol" for "fly status"'],
  [['deploy', 'a', 'b'], 'accepts at most 1 arg(s), received 2'],
  [['deploy', '--ha', 'false', '.'], 'accepts at most 1 arg(s), received 2'],
  [['frobnicate'], 'unknown command "frobnicate" for "fly"'],
  [['volumes', 'lst', '--json'], 'unknown flag: --json'],
  [['--json', 'apps', 'list'], 'unknown flag: --json'],
];

test.each(refused)('%j is refused with usage on stdout and exit 1', async (argv, error) => {
  const { exit, stdout, stderr } = await fly.world().fly(...argv);
  expect({ exit, stderr }).toEqual({ exit: 1, stderr: `Error: ${error}\n` });
  expect(stdout).not.toBe('');
});

test('a mistyped subcommand of a group prints help and exits 0', async () => {
  for (const argv of [['secrets', 'stage'], ['volumes', 'lst'], ['certs'], ['apps', 'frob', 'x']]) {
    const { exit, stdout, stderr } = await fly.world().fly(...argv);
    expect({ argv, exit, stderr, help: stdout.startsWith('Usage:\n') }).toEqual({
      argv,
      exit: 0,
      stderr: '',
      help: true,
    });
  }
});

test('what the real one can do and the stand-in cannot fails and is named', async () => {
  expect(await fly.world().fly('launch')).toMatchObject({ exit: 70, stderr: 'no stand-in for fly launch\n' });
  expect(await fly.world().fly('machine', 'clone', 'x')).toMatchObject({
    exit: 70,
    stderr: 'no stand-in for fly machine clone\n',
  });
});

test('flags may stand before and after, with = or a space, shorthands together, aliases of groups and commands', async () => {
  const world = await withApp();
  for (const argv of [
    ['-a', 'sol', 'status', '-j'],
    ['status', '-ja', 'sol'],
    ['status', '-asol', '--json=true'],
    ['status', '--app=sol', '--json'],
  ])
    expect(await world.json(...argv)).toMatchObject({ Name: 'sol' });
  await world.fly('vol', 'create', '-ysz', 'x');
  expect(await world.json('v', 'ls', '-ja', 'sol')).toEqual([]);
  await world.fly('apps', 'create', '--', 'other');
  expect(await world.fly('app', 'ls', '-q', '-o', 'sollabs')).toMatchObject({ stdout: 'sol\n' });
});

test('the app is --app, else FLY_APP, else that of the file; none is an error', async () => {
  const world = await withApp();
  await world.fly('apps', 'create', 'two', '--org', 'sollabs');
  const name = async (argv: string[], env = {}) =>
    JSON.parse((await world.run(['status', '-j', ...argv], { env })).stdout || '{}').Name;
  expect(errorLine(await world.fly('status'))).toContain('missing an app name');
  expect(await name([], { FLY_APP: 'two' })).toBe('two');
  world.write('fly.toml', webToml);
  expect(await name([])).toBe('sol');
  expect(await name([], { FLY_APP: 'two' })).toBe('two');
  expect(await name(['-a', 'sol'], { FLY_APP: 'two' })).toBe('sol');
});

test('a broken file fails the command also with --app, a missing -c and a folder too', async () => {
  const world = await withApp();
  world.write('fly.toml', 'app = \n');
  expect(errorLine(await world.fly('status', '-a', 'sol'))).toContain('failed loading app config from');
  const clean = mkdtempSync(join(world.project, 'clean-'));
  expect(errorLine(await world.run(['status', '-a', 'sol', '-c', 'x.toml'], { cwd: clean }))).toContain(
    'config file not found at specified path',
  );
  expect(errorLine(await world.run(['status', '-a', 'sol', '-c', '.'], { cwd: clean }))).toContain(
    'failed loading app config from',
  );
  expect((await world.run(['status', '-a', 'sol'], { cwd: clean })).exit).toBe(0);
});

test('nobody logged in, and a login older than 30 days, fail at once', async () => {
  const world = await withApp();
  world.at(29 * 86_400_000 - 1);
  expect((await world.fly('auth', 'whoami')).stdout).toBe('jam@example.test\n');
  world.at(29 * 86_400_000);
  expect(await world.fly('auth', 'whoami')).toMatchObject({
    exit: 1,
    stdout: '',
    stderr: expect.stringContaining('no access token available'),
  });
  expect((await world.fly('version')).exit).toBe(0);
  world.change((state) => void (state.session = undefined));
  expect(errorLine(await world.fly('status', '-a', 'sol'))).toContain('no access token available');
});

test('a token from outside is not bound to the age; an unknown one is refused by the server; a deploy token sees one app', async () => {
  const world = await withApp();
  await world.fly('apps', 'create', 'two', '--org', 'sollabs');
  world.change((state) =>
    state.tokens.push({
      token: 'FlyV1 fm2_abc',
      kind: 'deploy',
      email: 'token@tokens.fly.io',
      org: 'sollabs',
      app: 'two',
    }),
  );
  world.at(99 * 86_400_000);
  const run = (argv: string[], token: string) => world.run(argv, { env: { FLY_API_TOKEN: token } });
  expect((await run(['apps', 'list', '-q'], 'FlyV1 fm2_abc')).stdout).toBe('two\n');
  expect(errorLine(await run(['status', '-a', 'sol'], 'fm2_abc'))).toContain('Could not find App "sol"');
  expect(errorLine(await run(['auth', 'whoami'], 'nonsense'))).toContain('You must be authenticated to view this');
  expect((await world.fly('auth', 'whoami', '--access-token', 'fm2_abc')).exit).toBe(0);
  expect(world.calls().at(-1)?.argv).toEqual(['auth', 'whoami', '--access-token', '[redacted]']);
});

test('a configuration folder of its own has its own login, and must be writable', async () => {
  const world = await withApp();
  const folder = mkdtempSync(join(world.project, 'config-'));
  const run = (dir: string) => world.run(['auth', 'whoami'], { env: { FLY_CONFIG_DIR: dir } });
  expect(errorLine(await run(folder))).toContain('no access token available');
  world.change((state) => state.tokens.push({ token: 'fo1_x', kind: 'user', email: 'ann@example.test' }));
  writeFileSync(join(folder, 'config.yml'), `access_token: fo1_x\nlast_login: ${new Date(start).toISOString()}\n`);
  expect((await run(folder)).stdout).toBe('ann@example.test\n');
  const blocked = join(world.project, 'blocked');
  writeFileSync(blocked, '');
  expect(errorLine(await run(blocked))).toContain('failed ensuring config directory perms');
});

test('without a world the executable does nothing', async () => {
  const world = fly.world();
  const { exit, stderr } = await world.run(['version'], { env: { LAUNCHBOOK_STANDIN: '' } });
  expect({ exit, stderr }).toEqual({ exit: 70, stderr: expect.stringContaining('LAUNCHBOOK_STANDIN') });
});
