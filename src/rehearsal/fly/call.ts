// One call of the stand-in: what a command may use of its flags, the state, the clock and the streams.
import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { isCrashDue, killDriver, outlivesBy, ownEnd } from '../crash.ts';
import { readText } from '../stand-in-file.ts';
import type { LoadedConfig } from './config-file.ts';
import { Cancelled, FlyError, graphql } from './errors.ts';
import type { FaultName } from './faults.ts';
import type { Flags } from './flags.ts';
import type { FlyApp, FlyState } from './model.ts';
import { goJson } from './output.ts';
import type { Identity } from './session.ts';
import { type FlyStore, openFlyState } from './state.ts';
import { strike } from './strike.ts';
import { appendCall, virtualNow } from './world.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** SIGINT and SIGTERM: asked for at any time, obeyed at the next step. */
export class Stop {
  requested = false;
  private readonly wakers = new Set<() => void>();

  request(): void {
    this.requested = true;
    for (const wake of [...this.wakers]) wake();
  }

  /** Real milliseconds; ends early when a stop is requested. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.wakers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, this.requested ? 0 : ms);
      this.wakers.add(wake);
    });
  }

  /** All of stdin; a stop ends the reading. */
  async readStdin(): Promise<string> {
    const parts: Buffer[] = [];
    const close = () => process.stdin.destroy();
    this.wakers.add(close);
    try {
      for await (const part of process.stdin) parts.push(Buffer.from(part));
    } catch (error) {
      if (!this.requested) throw error;
    } finally {
      this.wakers.delete(close);
    }
    if (this.requested) throw new Cancelled();
    return Buffer.concat(parts).toString('utf8');
  }
}

export interface CallStart {
  readonly command: string;
  readonly changes: boolean;
  readonly flags: Flags;
  readonly args: readonly string[];
  readonly env: Environment;
  readonly world: string;
  readonly argv: readonly string[];
  readonly stop: Stop;
}

export class Call {
  readonly command: string;
  readonly flags: Flags;
  readonly args: readonly string[];
  readonly env: Environment;
  readonly world: string;
  readonly argv: readonly string[];
  readonly stop: Stop;
  /** Set before the command runs, as far as it needs them. */
  identity: Identity = { email: '' };
  appName = '';
  config: LoadedConfig | undefined;
  /** Virtual milliseconds that this call has waited; the shared clock is not ours to move. */
  waited = 0;
  /** What it holds leases with. */
  readonly nonce = Math.random().toString(16).slice(2, 14);

  private readonly store: FlyStore;
  private readonly pace: number;
  private crashDue: boolean;
  private readonly endsAfter: number | undefined;
  private changesMade = 0;
  /** What was printed and made so far. */
  private told = '';

  constructor(start: CallStart) {
    this.command = start.command;
    this.flags = start.flags;
    this.args = start.args;
    this.env = start.env;
    this.world = start.world;
    this.argv = start.argv;
    this.stop = start.stop;
    this.store = openFlyState(start.world);
    this.pace = Number(start.env.LAUNCHBOOK_STANDIN_PACE ?? 2) || 0;
    this.endsAfter = start.changes ? ownEnd(start.env.LAUNCHBOOK_CRASH) : undefined;
    this.crashDue =
      start.changes &&
      isCrashDue(start.world, start.env.LAUNCHBOOK_CRASH, { at: `in the middle of fly ${start.argv.join(' ')}` });
  }

  out(text: string): void {
    this.told += text;
    process.stdout.write(text);
  }

  err(text: string): void {
    this.told += text;
    process.stderr.write(text);
  }

  /** `--json`, or `FLY_JSON` for commands that have the flag. */
  get wantsJson(): boolean {
    return this.flags.is('json') || /^(1|ok|t|true)$/i.test(this.env.FLY_JSON ?? '');
  }

  json(value: unknown): void {
    const noisy = this.read().noise || this.strike('noise');
    if (noisy && this.env.LOG_LEVEL !== 'error')
      this.out('\u001b[33mWARN\u001b[0m failed to release lease for machine: lease not found\n');
    const text = goJson(value);
    if (this.strike('truncated')) this.dieAfter(text.slice(0, Math.ceil(text.length / 2)));
    else this.out(text);
  }

  /** Killed by something from outside while it was printing. */
  private dieAfter(part: string): void {
    writeSync(1, part);
    process.kill(process.pid, 'SIGKILL');
  }

  now(): number {
    return virtualNow(this.world) + this.waited;
  }

  /** A boundary between two steps: a little real time passes, and a signal is obeyed. */
  async step(): Promise<void> {
    await this.stop.sleep(this.pace);
    while (this.isHeld()) await this.stop.sleep(10);
    if (this.stop.requested) throw new Cancelled();
  }

  /** Waits in virtual time. */
  async wait(ms: number): Promise<void> {
    this.waited += ms;
    await this.step();
  }

  /** Nothing more is said or done, until it is ended; an orphan of a rehearsal must not stay. */
  async hang(): Promise<never> {
    const driver = process.ppid;
    while (!this.stop.requested && process.ppid === driver) await this.stop.sleep(50);
    throw new Cancelled();
  }

  read(): FlyState {
    return this.store.read();
  }

  /** Changes the state. `made` says what was made or removed, for the list of calls. */
  change<T>(fn: (state: FlyState) => T, made?: (result: T) => string | undefined): T {
    if (this.endsAfter === this.changesMade) process.kill(process.pid, 'SIGKILL');
    this.changesMade += 1;
    const result = this.store.change(fn);
    const changed = made?.(result);
    if (changed !== undefined) {
      this.told += changed;
      appendCall(this.world, { at: this.now(), tool: 'fly', pid: process.pid, argv: this.argv, changed });
    }
    return result;
  }

  /** `W/hold`, which only a test puts there: no step is begun after that text was printed or made, until it is another or gone. */
  private isHeld(): boolean {
    const text = this.stop.requested ? undefined : readText(join(this.world, 'hold'));
    return text !== undefined && this.told.includes(text);
  }

  /** The one change of a simple command, with the moments at which a driver or a connection may die around it. */
  async act<T>(fn: (state: FlyState) => T, made?: (result: T) => string | undefined): Promise<T> {
    await this.step();
    await this.halfway();
    const result = this.change(fn, made);
    await this.answered();
    return result;
  }

  /** A crash trial kills the driver here, once; then the call goes on. */
  async halfway(): Promise<void> {
    if (!this.crashDue) return;
    this.crashDue = false;
    this.told += 'driver killed';
    killDriver(this.env.LAUNCHBOOK_PID);
    await new Promise((resolve) => setTimeout(resolve, outlivesBy));
    await this.step();
  }

  /** The server has acted; its answer may be lost. */
  async answered(): Promise<void> {
    await this.step();
    if (this.strike('reply-lost'))
      throw new FlyError(
        'Post "https://api.machines.dev/v1/apps": read tcp 10.0.0.2:50312->77.83.142.1:443: read: connection reset by peer',
      );
  }

  /** Is this fault to be played now? Then it counts as fired. */
  strike(name: FaultName): boolean {
    return strike(this.world, name, this.command);
  }

  /** The app of this call in a state, or the error for one that is not there or not visible. */
  app(state: FlyState): FlyApp {
    return visibleApp(state, this.identity, this.appName);
  }
}

export function visibleApps(state: FlyState, identity: Identity): FlyApp[] {
  return state.apps.filter(
    (app) => (identity.app === undefined || app.name === identity.app) && (!identity.org || app.org === identity.org),
  );
}

export function visibleApp(state: FlyState, identity: Identity, name: string): FlyApp {
  const app = visibleApps(state, identity).find((one) => one.name === name);
  if (!app)
    throw graphql(
      '$appName: String!) { app(name: $appName) { id name status organization { slug } } }',
      `Could not find App "${name}"`,
    );
  return app;
}

/** Hex characters that no other id of this world has. */
export function newId(state: FlyState, length: number): string {
  state.counter += 1;
  return createHash('sha256').update(`stand-in ${state.counter} ${state.lastStamp}`).digest('hex').slice(0, length);
}

/** A stamp later than every one before. */
export function stamp(state: FlyState, now: number): number {
  state.lastStamp = Math.max(now, state.lastStamp + 1);
  return state.lastStamp;
}
