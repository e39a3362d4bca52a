// The stand-in fly behind the ports of a kind: a world of its own for each test, with its list of calls.
import { writeFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createFlyState, type FlyState, newFlyWorld, openFlyState } from '../../../src/rehearsal/fly/state.ts';
import { readCalls } from '../../../src/rehearsal/fly/world.ts';
import type { Acted, Json, Look, StepKind } from '../../../src/step.ts';
import type { ActPorts, Ended, ProcessOptions } from '../../../src/system/ports.ts';
import { callFly } from '../../rehearsal/fly/called.ts';
import { flyWorld } from './fake-fly.ts';

const begin = Date.parse('2026-11-21T10:00:00Z');

export interface FlyStandIn {
  readonly ports: ActPorts;
  readonly folder: string;
  /** What calls have made or removed so far, in order. */
  changes(): readonly string[];
  /** How many of them begin with this. */
  count(prefix: string): number;
  state(): FlyState;
  change(fn: (state: FlyState) => void): void;
  now(): number;
  /** Moves the virtual clock on. */
  later(ms: number): void;
  fault(name: string, at: string): void;
  /** From now on calls that change something are killed after so many changes; undefined: no more. */
  killAfter(changes: number | undefined): void;
  write(name: string, text: string): Promise<void>;
  /** What a person runs in another window. Throws where that does not end well. */
  byHand(...args: readonly string[]): Promise<void>;
  /** `app NAME`: what was put into the person's hands, and what was only learned. */
  readonly handed: string[];
  readonly remembered: string[];
  /** What a person would have seen of acts: all but what the kind asked to withhold. */
  readonly shown: string[];
}

/** A room for the worlds of a test file. */
export async function openRoom() {
  const room = await mkdtemp(join(tmpdir(), 'launchbook-fly-'));
  return {
    open: (given: Given = {}) => openWorld(room, given),
    remove: () => rm(room, { recursive: true, force: true }),
  };
}

interface Given {
  readonly accounts?: ActPorts['accounts'];
  /** A copy of this one, as it is now. */
  readonly like?: FlyStandIn;
}

async function openWorld(room: string, { accounts, like }: Given): Promise<FlyStandIn> {
  const folder = await mkdtemp(join(room, 'world-'));
  const project = join(folder, 'project');
  if (like) await cp(like.folder, folder, { recursive: true });
  else await mkdir(project);
  let now = like?.now() ?? begin;
  let crash: string | undefined;
  const later = (ms: number): void => {
    now += ms;
    writeFileSync(join(folder, 'clock.json'), JSON.stringify({ now }));
  };
  if (!like)
    createFlyState(folder, newFlyWorld({ now, org: 'sollabs', email: 'jam@sollabs.com', taken: ['somebody-elses'] }));
  later(0);
  const run = async (argv: readonly string[], options: ProcessOptions = {}): Promise<Ended> => {
    const { cwd = project, env, stdin } = options;
    const whole = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      LAUNCHBOOK_STANDIN: folder,
      LAUNCHBOOK_CRASH: crash,
      LAUNCHBOOK_STANDIN_PACE: '0',
      ...env,
    };
    const around = { cwd: resolve(project, cwd), env: whole };
    const { exit, stdout, stderr, signal } = await callFly(argv.slice(1), around, stdin);
    return { exit, stdout, stderr, timedOut: false, ...(signal && { signal }) };
  };
  const [handed, remembered, shown]: [string[], string[], string[]] = [[], [], []];
  const fake = flyWorld([]).ports;
  const ports: ActPorts = {
    ...fake,
    ...(accounts && { accounts }),
    processes: {
      look: (argv, options) => run(argv, { ...options, env: { ...options?.env, LAUNCHBOOK_CRASH: '' } }),
      act: async (argv, options) => {
        const ended = await run(argv, options);
        if (!options?.credentials) shown.push(ended.stdout, ended.stderr);
        return ended;
      },
    },
    secrets: {
      ...fake.secrets,
      learn: () => {},
      remember: ({ app, name }) => void remembered.push(`${app} ${name}`),
      receive: async ({ app, name }, make) => {
        if ((await make()) !== undefined) handed.push(`${app} ${name}`);
      },
    },
    files: {
      read: (path) => readFile(join(project, path), 'utf8').catch(() => undefined),
      list: async () => [],
      resolve: async (path) => join(project, path),
      write: async () => {},
    },
  };
  const changes = () => readCalls(folder).flatMap(({ changed }) => changed ?? []);
  const store = openFlyState(folder);
  return {
    ports,
    folder,
    changes,
    count: (prefix) => changes().filter((one) => one.startsWith(prefix)).length,
    state: () => store.read(),
    change: (fn) => store.change(fn),
    now: () => now,
    later,
    fault: (name, at) => writeFileSync(join(folder, 'faults.json'), JSON.stringify([{ name, at, fired: false }])),
    killAfter: (count) => {
      crash = count === undefined ? undefined : `self:${count}`;
    },
    byHand: async (...args) => {
      const { exit, stderr } = await run(['fly', ...args], { env: { LAUNCHBOOK_CRASH: '' } });
      if (exit !== 0) throw new Error(`fly ${args.join(' ')}: ${stderr}`);
    },
    write: (name, text) => writeFile(join(project, name), text),
    handed,
    remembered,
    shown,
  };
}

export async function look<W>(kind: StepKind<W>, want: unknown, { ports }: FlyStandIn, since?: Json): Promise<Look> {
  return (await kind.verify?.(kind.with.parse(want), ports, { since })) ?? { is: 'unknown', why: 'no verify' };
}

export async function act<W>(kind: StepKind<W>, want: unknown, { ports }: FlyStandIn, since?: Json): Promise<Acted> {
  return (await kind.act?.(kind.with.parse(want), ports, { since })) ?? { ended: 'failed', why: 'no act' };
}

export const sinceOf = (answer: Look): Json | undefined => (answer.is === 'not-so' ? answer.since : undefined);
