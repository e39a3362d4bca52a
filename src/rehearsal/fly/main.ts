#!/usr/bin/env node
// The stand-in `fly` executable of a rehearsal: finds the command, checks who asks, runs it, keeps the list of calls.

import { versionLine } from './account.ts';
import { Call, newId, Stop } from './call.ts';
import type { Command } from './commands/command.ts';
import { appName, loadConfigFile } from './config-file.ts';
import { Cancelled, FlyError, flaps, NoStandIn, Panic, Refused } from './errors.ts';
import { type Flags, globalFlags, parseFlags, redactArgv, UsageError } from './flags.ts';
import { ensureConfigFolder, identify } from './session.ts';
import { openFlyState } from './state.ts';
import { findCommand, groupHelp, intro, usage } from './tree.ts';
import { appendCall, virtualNow } from './world.ts';

const stop = new Stop();
const argv = process.argv.slice(2);
const world = process.env.LAUNCHBOOK_STANDIN;
let call: Call | undefined;

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.request());
// The driver may be gone, killed on purpose; what was begun goes on to its end.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

if (!world) {
  process.stderr.write('stand-in fly: LAUNCHBOOK_STANDIN names no world folder\n');
  process.exitCode = 70;
} else {
  void main(world).then((exit) => {
    const env = Object.keys(process.env).filter((name) => name.startsWith('FLY_'));
    const specs = [...globalFlags, ...(findCommand(argv).command?.flags ?? [])];
    appendCall(world, {
      at: virtualNow(world),
      tool: 'fly',
      pid: process.pid,
      argv: redactArgv(argv, specs),
      exit,
      env,
      waited: call?.waited || undefined,
    });
    process.exitCode = exit;
  });
}

async function main(folder: string): Promise<number> {
  try {
    await run(folder);
    return 0;
  } catch (error) {
    return explain(error);
  }
}

async function run(folder: string): Promise<void> {
  const found = findCommand(argv);
  const specs = [...globalFlags, ...(found.command?.flags ?? [])];
  const version = { name: 'version', type: 'bool' } as const;
  const { flags, args } = parseFlags(found.rest, found.path === '' ? [...specs, version] : specs);
  if (found.path === '' && flags.is('version')) return print(`${versionLine(openFlyState(folder).read().version)}\n`);
  if (found.notPlayed) throw new NoStandIn(`fly ${found.path}`);
  if (found.command === undefined) {
    if (found.path === '' && args[0] !== undefined && args[0] !== 'help')
      throw new UsageError(`unknown command "${args[0]}" for "fly"`);
    return print(found.path === '' ? intro() : groupHelp(found.path));
  }
  if (flags.is('help')) return print(usage(found.path, found.command));
  checkCount(found.path, found.command, args);
  await perform(folder, found.path, found.command, flags, args);
}

async function perform(
  folder: string,
  path: string,
  command: Command,
  flags: Flags,
  args: readonly string[],
): Promise<void> {
  const specs = [...globalFlags, ...command.flags];
  const changes = command.changes === true;
  call = new Call({
    command: path,
    changes,
    flags,
    args,
    env: process.env,
    world: folder,
    argv: redactArgv(argv, specs),
    stop,
  });
  ensureConfigFolder(process.env, folder);
  if (command.needs !== 'nothing') authenticate(call);
  if (path === 'deploy' && args[0] !== undefined) process.chdir(args[0]);
  if (command.needs === 'app' || command.needs === 'app?') {
    call.config = await loadConfigFile(process.cwd(), flags.text('config'));
    call.appName = command.needs === 'app' ? appName(flags.text('app'), process.env, call.config) : nameIfAny(call);
  }
  if (path === 'version' && call.strike('old-fly')) call.change((state) => void (state.version = '0.3.170'));
  if (command.needs !== 'nothing' && call.strike('help-printed'))
    return print(groupHelp(path.split(' ').slice(0, -1).join(' ')));
  if (command.needs !== 'nothing') await reach(call, path);
  await call.step();
  await command.run(call);
  if (process.env.FLY_SEND_METRICS !== '0' && call.read().noise)
    process.stderr.write('Warning: Metrics send issue: context deadline exceeded\n');
}

function authenticate(one: Call): void {
  if (one.strike('token-revoked'))
    one.change((state) => {
      if (state.session) state.session.revoked = true;
    });
  if (one.strike('token-narrow')) one.change((state) => void (state.narrow = true));
  if (one.strike('login-expired')) {
    one.change((state) => {
      if (state.session) state.session.lastLogin = one.now() - 31 * 86_400_000;
    });
  }
  try {
    one.identity = identify(one.read(), process.env, one.world, one.flags.text('access-token'), one.now());
  } catch (error) {
    throw error instanceof Refused ? refusal(one) : error;
  }
}

/** The web API and the machines API say it in other words (§2.4). */
function refusal(one: Call): FlyError {
  if (!/^(machine|volumes|secrets|certs|checks) /.test(one.command))
    return new FlyError('You must be authenticated to view this.');
  return one.change((state) => flaps('failed to make request: unauthorized', newId(state, 32)));
}

/** What can go wrong before the server has done anything. */
async function reach(one: Call, path: string): Promise<void> {
  if (one.strike('hang')) await one.hang();
  if (one.strike('server-error')) {
    await one.wait(3_000);
    throw new FlyError('server returned a non-200 status code: 503');
  }
  if (one.strike('app-vanished'))
    one.change((state) => {
      state.vanished = state.apps.filter(({ name }) => name === one.appName);
      state.apps = state.apps.filter(({ name }) => name !== one.appName);
    });
  if (one.strike('network-lost'))
    throw new FlyError('Post "https://api.fly.io/graphql": dial tcp: lookup api.fly.io: no such host');
  if (path !== 'deploy' && path !== 'scale count' && one.strike('rate-limit'))
    throw new FlyError('server returned a non-200 status code: 429: rate limit exceeded');
}

function nameIfAny(one: Call): string {
  try {
    return appName(one.flags.text('app'), process.env, one.config);
  } catch {
    return ''; // this command does without
  }
}

/** Cobra's texts for a wrong number of positionals. */
function checkCount(path: string, { args: [least, most] }: Command, args: readonly string[]): void {
  const n = args.length;
  if (n >= least && n <= most) return;
  if (most === 0) throw new UsageError(`unknown command "${args[0]}" for "fly ${path}"`);
  if (most === Number.POSITIVE_INFINITY) throw new UsageError(`requires at least ${least} arg(s), only received ${n}`);
  if (least === most) throw new UsageError(`accepts ${least} arg(s), received ${n}`);
  throw new UsageError(
    least === 0
      ? `accepts at most ${most} arg(s), received ${n}`
      : `accepts between ${least} and ${most} arg(s), received ${n}`,
  );
}

/** Writes what went wrong and gives the exit code (§2.11). */
function explain(error: unknown): number {
  const say = (text: string) => process.stderr.write(text);
  if (error instanceof UsageError) {
    const { path, command } = findCommand(argv);
    process.stdout.write(command ? usage(path, command) : path ? groupHelp(path) : 'Run `fly help` for usage.\n');
    say(`Error: ${error.message}\n`);
    return 1;
  }
  if (error instanceof Cancelled) {
    say(stop.requested ? '\n' : '');
    return 127;
  }
  if (error instanceof FlyError) {
    say(`Error: ${error.message}\n`);
    return 1;
  }
  if (error instanceof Panic) {
    say(`panic: ${error.message}\n\ngoroutine 1 [running]:\n`);
    return 3;
  }
  say(
    error instanceof NoStandIn
      ? `no stand-in for ${error.message}\n`
      : `stand-in fly is broken: ${error instanceof Error ? error.stack : error}\n`,
  );
  return 70;
}

function print(text: string): void {
  process.stdout.write(text);
}
