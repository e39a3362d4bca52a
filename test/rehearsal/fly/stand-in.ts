// The stand-in fly in a world of its own, for the tests beside this file.
import type { ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFlyState, type FlyState, newFlyWorld, openFlyState } from '../../../src/rehearsal/fly/state.ts';
import { type CallLine, readCalls } from '../../../src/rehearsal/fly/world.ts';
import { replaceFile } from '../../../src/rehearsal/stand-in-file.ts';
import { callFly, type Result, type Surroundings, spawnFly } from './called.ts';

export const start = Date.parse('2026-11-21T10:00:00Z');

interface Options {
  readonly stdin?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface World {
  readonly folder: string;
  /** A project folder with no files; the calls' working directory. */
  readonly project: string;
  fly(...argv: string[]): Promise<Result>;
  run(argv: readonly string[], options: Options): Promise<Result>;
  /** As a process, to be killed, hung or read while it goes on. */
  spawn(argv: readonly string[], options?: Options): ChildProcess;
  /** stdout as JSON; throws where the call failed. */
  json(...argv: string[]): Promise<unknown>;
  state(): FlyState;
  change(fn: (state: FlyState) => void): void;
  now(): number;
  /** Moves the virtual clock to so many milliseconds after the start. */
  at(ms: number): void;
  dns(...records: { name: string; type: string; value: string }[]): void;
  fault(name: string, at: string): void;
  /** A call that has printed or made this stands still then, until `goOn` or a signal. */
  hold(text: string): void;
  goOn(): void;
  write(name: string, content: string): void;
  /** The `changed` texts so far that begin with this. */
  changes(prefix: string): string[];
  calls(): readonly CallLine[];
}

/** A room for the worlds of a test file. */
export function openRoom(): { world(like?: World): World; remove(): void } {
  const room = mkdtempSync(join(tmpdir(), 'stand-in-fly-'));
  return { world: (like) => newWorld(room, like), remove: () => rmSync(room, { recursive: true, force: true }) };
}

/** `like`: a copy of that one, as it is now. */
function newWorld(room: string, like?: World): World {
  const folder = mkdtempSync(join(room, 'world-'));
  const project = mkdtempSync(join(room, 'project-'));
  const store = () => openFlyState(folder);
  let now = like?.now() ?? start;
  const at = (ms: number) => {
    now = start + ms;
    replaceFile(join(folder, 'clock.json'), JSON.stringify({ now }));
  };
  const fresh = { now: start, org: 'sollabs', email: 'jam@example.test', taken: ['somebody-elses'] };
  if (!like) createFlyState(folder, newFlyWorld(fresh));
  else
    for (const [from, to] of [[like.folder, folder] as const, [like.project, project] as const])
      cpSync(from, to, { recursive: true });
  at(now - start);
  const around = ({ cwd, env }: Options): Surroundings => ({
    cwd: cwd ?? project,
    env: { PATH: process.env.PATH, LAUNCHBOOK_STANDIN: folder, ...env },
  });
  const run = (argv: readonly string[], options: Options) => callFly(argv, around(options), options.stdin);
  return {
    folder,
    project,
    run,
    spawn: (argv, options = {}) => spawnFly(argv, around(options)),
    fly: (...argv) => run(argv, {}),
    json: async (...argv) => {
      const { exit, stdout, stderr } = await run(argv, {});
      if (exit !== 0) throw new Error(`exit ${exit}: ${stderr}`);
      return JSON.parse(stdout);
    },
    state: () => store().read(),
    change: (fn) => store().change(fn),
    now: () => now,
    at,
    dns: (...records) =>
      writeFileSync(
        join(folder, 'dns.json'),
        JSON.stringify({ records: records.map((one) => ({ ...one, ttl: 300, at: now })) }),
      ),
    fault: (name, command) =>
      writeFileSync(join(folder, 'faults.json'), JSON.stringify([{ name, at: command, fired: false }])),
    hold: (text) => replaceFile(join(folder, 'hold'), text),
    goOn: () => rmSync(join(folder, 'hold')),
    write: (name, content) => writeFileSync(join(project, name), content),
    changes: (prefix) => readCalls(folder).flatMap(({ changed }) => (changed?.startsWith(prefix) ? [changed] : [])),
    calls: () => readCalls(folder),
  };
}

/** Resolves when the process has written this; rejects when it has ended without. */
export function said(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = '';
    const look = (part: Buffer) => (seen += part).includes(text) && resolve();
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.on('close', () => reject(new Error(`ended without "${text}":\n${seen}`)));
  });
}

/** An app of the world, for what is not printed. */
export const theApp = (world: World, name = 'sol') => {
  const app = world.state().apps.find((one) => one.name === name);
  if (!app) throw new Error(`no app ${name}`);
  return app;
};

export const errorLine = ({ stderr }: Result): string =>
  stderr.split('\n').find((line) => line.startsWith('Error: ')) ?? '';

/** One web group with a check. */
export const webToml = `app = "sol"
primary_region = "sjc"

[build]
  image = "registry.fly.io/sol:one"

[http_service]
  internal_port = 8080
  force_https = true

  [[http_service.checks]]
    path = "/health"
    interval = "15s"
    timeout = "5s"
`;
