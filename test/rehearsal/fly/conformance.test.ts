// The conformance table: what the facts say of each command, JSON shape and failure mode, held against the stand-in; rows that need
// neither account nor network also against a real fly on PATH (LAUNCH_REAL_FLY=1).
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../../src/rehearsal/fly/commands/index.ts';
import { flyFaults } from '../../../src/rehearsal/fly/faults.ts';
import { findCommand } from '../../../src/rehearsal/fly/tree.ts';
import { ended, type Result } from './called.ts';
import { bluegreen } from './conformance/bluegreen.ts';
import { commandLine } from './conformance/command-line.ts';
import { databases } from './conformance/databases.ts';
import {
  commandsOfFacts,
  failureModes,
  fragmentsOfFacts,
  jsonIgnored,
  jsonOfFacts,
  notPlayedOfFacts,
  shapeUntold,
} from './conformance/facts.ts';
import { failures } from './conformance/failures.ts';
import { resources } from './conformance/resources.ts';
import { type Row, type Start, toml } from './conformance/row.ts';
import { openRoom, type World } from './stand-in.ts';

const failsClosed: readonly Row[] = Object.entries(notPlayedOfFacts).flatMap(([section, names]) =>
  names.map((name) => ({
    section,
    argv: name.split(' '),
    exit: 70,
    stdout: '',
    stderr: `no stand-in for fly ${name}\n`,
  })),
);
const rows: readonly Row[] = [...commandLine, ...resources, ...databases, ...bluegreen, ...failures, ...failsClosed];
const pathOf = ({ argv }: Row): string => findCommand(argv).path;
/** What each row really printed, for the lists that it is held against. */
const printed = new Map<Row, Result>();

const fly = openRoom();
const starts = new Map<Start, World>();
beforeAll(async () => {
  const from = async (start: Start, like: Start | undefined, ...calls: (readonly string[])[]) => {
    const world = fly.world(like && starts.get(like));
    for (const argv of calls) expect(await world.fly(...argv), argv.join(' ')).toMatchObject({ exit: 0 });
    starts.set(start, world);
    return world;
  };
  await from('empty', undefined);
  await from('app', 'empty', ['apps', 'create', 'sol', '--org', 'sollabs']);
  const world = fly.world(starts.get('app'));
  world.write('fly.toml', toml);
  expect(await world.fly('deploy')).toMatchObject({ exit: 0 });
  rmSync(join(world.project, 'fly.toml'));
  starts.set('deployed', world);
  const cluster = [
    '--name',
    'db',
    '--org',
    'sollabs',
    '--region',
    'yyz',
    '--vm-size',
    'shared-cpu-1x',
    '--volume-size',
    '1',
  ];
  await from('postgres', 'app', ['postgres', 'create', ...cluster, '--initial-cluster-size', '1']);
  await from('managed', 'app', ['mpg', 'create', '--name', 'm', '--org', 'sollabs', '--region', 'sjc']);
});
afterAll(() => fly.remove());

const titleOf = ({ section, argv, fault, start }: Row): string =>
  `§${section} fly ${argv.join(' ').slice(0, 90)}${fault ? ` · ${fault[0]}` : ''}${start ? ` (${start})` : ''}`;

/** What a real fly has in common with the stand-in: the end and the streams. */
function expectSeen(row: Row, { exit, stdout, stderr }: Result): void {
  expect({ exit, stderr: exit === row.exit ? '' : stderr }).toEqual({ exit: row.exit, stderr: '' });
  if (typeof row.stdout === 'string') expect(stdout).toBe(row.stdout);
  else if (row.stdout) expect(stdout).toMatch(row.stdout);
  if (typeof row.stderr === 'string') expect(stderr).toBe(row.stderr);
  else if (row.stderr) expect(stderr).toMatch(row.stderr);
  if (row.keys === undefined && row.json === undefined) return;
  const parsed: unknown = JSON.parse(stdout);
  const [first] = Array.isArray(parsed) ? parsed : [parsed];
  if (row.keys)
    expect(Object.keys(first ?? {}).filter((key) => key !== 'Network')).toEqual(
      row.keys.filter((key) => key !== 'Network'),
    );
  if (row.json !== undefined) expect(parsed).toMatchObject(row.json as object); // a pattern of that shape
}

async function call(world: World, { argv, env = {}, stdin, cut }: Row): Promise<Result> {
  const begun = beginningOf(world);
  if (typeof cut === 'object') world.hold(cut.after);
  const child = world.spawn(argv, { env });
  if (cut === undefined) return ended(child, stdin);
  const end = new Promise<Result>((resolve) => {
    let [stdout, stderr] = ['', ''];
    const look = () =>
      cut !== 'begun' && !child.killed && (stdout + stderr).includes(cut.after) && child.kill('SIGTERM');
    child.stdout?.on('data', (part) => (stdout += part) && look());
    child.stderr?.on('data', (part) => (stderr += part) && look());
    child.on('close', (exit, signal) => resolve({ exit, signal, stdout, stderr }));
  });
  // Each call makes and removes something in its configuration folder (§2.6).
  while (cut === 'begun' && child.exitCode === null && beginningOf(world) === begun)
    await new Promise((done) => setImmediate(done));
  if (cut === 'begun') child.kill('SIGTERM');
  return end;
}

const beginningOf = (world: World): number =>
  statSync(join(world.folder, 'fly-config'), { throwIfNoEntry: false })?.mtimeMs ?? 0;

describe('the stand-in', () => {
  test.each(rows.map((row) => [titleOf(row), row] as const))('%s', async (_, row) => {
    const world = fly.world(starts.get(row.start ?? 'empty'));
    for (const [name, text] of Object.entries(row.files ?? {})) world.write(name, text);
    if (row.given) world.change(row.given);
    if (row.fault) world.fault(...row.fault);
    const twin = fly.world(world);
    const result = await call(world, row);
    printed.set(row, result);
    expectSeen(row, result);
    if (row.after) expect(row.after(world.state())).toEqual(row.is);
    const struck = row.fault && JSON.parse(readFileSync(join(world.folder, 'faults.json'), 'utf8'))[0].fired;
    if (row.fault && !(row.fault[0] === 'command-failing' && row.stderr?.toString().includes('machine ID')))
      expect(struck).toBe(true);
    if (row.cut === undefined && row.exit !== null)
      expect(seenOf(twin, await twin.run(row.argv, row))).toEqual(seenOf(world, result));
  });
});

/** What a call leaves, with the names left out that are new for each. Said and done as a function it is the same: so other tests call it. */
function seenOf(world: World, result: Result): unknown {
  const said = JSON.stringify([result, world.state(), world.changes('')]);
  return JSON.parse(
    said
      .replaceAll(world.folder, 'WORLD')
      .replaceAll(world.project, 'PROJECT')
      .replace(/"nonce":"[0-9a-f]+"/g, '"nonce":"NONCE"')
      .replace(/localhost:[0-9]+/, 'localhost:PORT'),
  );
}

describe('the table', () => {
  const seen = new Set(rows.map(pathOf));
  const sorted = (names: readonly string[]) => [...new Set(names)].sort();

  test('has a row for every command that the facts describe (§3), and one for every other that is played', () => {
    expect(
      Object.values(commandsOfFacts)
        .flat()
        .filter((path) => !seen.has(path)),
    ).toEqual([]);
    expect(Object.keys(commands).filter((path) => !seen.has(path))).toEqual([]);
  });

  test('has a row for every JSON shape (§2.15), full and empty, and for each refusal of --json', () => {
    const asked = rows.filter(({ argv }) => argv.some((word) => word === '--json' || word === '-j'));
    const shown = asked.filter((row) => row.exit === 0 && (row.keys ?? row.json ?? row.stdout) !== undefined);
    const isFull = (row: Row, empty: string | undefined) =>
      row.keys !== undefined || row.json !== undefined || row.stdout !== empty;
    const full = Object.entries(jsonOfFacts).filter(
      ([path, empty]) => path !== shapeUntold && !shown.some((row) => pathOf(row) === path && isFull(row, empty)),
    );
    const bare = Object.entries(jsonOfFacts).filter(
      ([path, empty]) => empty !== undefined && !asked.some((row) => pathOf(row) === path && row.stdout === empty),
    );
    expect({ full: full.map(([path]) => path), empty: bare.map(([path]) => path) }).toEqual({ full: [], empty: [] });
    const accepting = sorted([...Object.keys(jsonOfFacts), ...jsonIgnored]);
    const takes = (path: string) => commands[path]?.flags.some(({ name }) => name === 'json') === true;
    expect(accepting.filter((path) => !takes(path))).toEqual([]);
  });

  test('has a row for every fault, and for every failure mode of the facts (§6.5), with what is to be seen', () => {
    const faults = new Set(rows.flatMap(({ fault }) => fault?.[0] ?? []));
    // There is no such executable to call.
    expect(Object.keys(flyFaults).filter((name) => !faults.has(name) && name !== 'fly-missing')).toEqual([]);
    const results = [...printed];
    const isSeen = ({ fault, exit, sees }: (typeof failureModes)[number]) =>
      results.some(
        ([row, { exit: code, stdout, stderr }]) =>
          (fault === undefined || row.fault?.[0] === fault) &&
          code === exit &&
          (sees === undefined || sees.test(stdout) || sees.test(stderr)),
      );
    expect(failureModes.filter((mode) => !isSeen(mode)).map(({ mode }) => mode)).toEqual([]);
  });

  test('prints every fragment of the facts (§2.12) somewhere', () => {
    const errors = [...printed.values()].map(({ stderr }) => stderr);
    const missing = fragmentsOfFacts.filter(([, fragment]) => !errors.some((text) => text.includes(fragment)));
    expect(missing).toEqual([]);
  });
});

describe.runIf(process.env.LAUNCH_REAL_FLY === '1')('a real fly on PATH', () => {
  const home = mkdtempSync(join(tmpdir(), 'real-fly-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  test.each(rows.filter(({ offline }) => offline).map((row) => [titleOf(row), row] as const))('%s', async (_, row) => {
    const env = {
      PATH: process.env.PATH,
      HOME: home,
      FLY_NO_UPDATE_CHECK: '1',
      FLY_SEND_METRICS: '0',
      NO_COLOR: '1',
      ...row.env,
      FLY_CONFIG_DIR: join(home, '.fly'),
    };
    expectSeen(row, await ended(spawn('fly', row.argv, { cwd: home, env }), row.stdin));
  });
});
