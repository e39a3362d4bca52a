// fly machine exec, status, start, stop, destroy: on machines named by their ids (facts/flyctl.md §3.15).
import { type Call, visibleApps } from './call.ts';
import { FlyError } from './errors.ts';
import { destroyMachine, groupOf, shownMachine } from './machines.ts';
import type { FlyApp, FlyState, Machine } from './model.ts';
import { bold, goJson } from './output.ts';

/** The exit status of the command is printed, not passed on. `FLY_JSON` prints the whole answer. */
export async function execInMachine(call: Call): Promise<void> {
  const [id, command = ''] = call.args.length === 2 ? call.args : [undefined, call.args[0]];
  const { app, machine } = one(call, call.read(), id);
  if (machine.state !== 'started')
    throw new FlyError(`could not exec command on machine ${machine.id}: failed_precondition: machine not running`);
  await call.halfway();
  const { stdout, stderr, exit } = answerOf(call, app, machine, command);
  await call.answered();
  if (call.wantsJson) return call.json({ exit_code: exit, stdout, stderr });
  if (exit !== 0) call.out(`Exit code: ${exit}\n`);
  call.out(stdout);
  call.err(stderr);
}

/** What a command in a machine says, by the tables of its app. */
export function answerOf(
  call: Call,
  app: FlyApp,
  machine: Machine,
  command: string,
): { stdout: string; stderr: string; exit: number } {
  if (call.strike('command-failing')) return { stdout: '', stderr: 'Error: no such table: jobs\n', exit: 1 };
  const known = app.answers?.find((answer) => answer.command === command);
  if (known) return known;
  return { stdout: command.includes('/proc/meminfo') ? meminfo(machine) : '', stderr: '', exit: 0 };
}

/** As the kernel of a machine says it, with 60 % in use. */
function meminfo({ config: { guest } }: Machine): string {
  const total = guest.memory_mb * 1024;
  const line = (name: string, kb: number) => `${`${name}:`.padEnd(16)}${String(Math.round(kb)).padStart(8)} kB\n`;
  return line('MemTotal', total) + line('MemFree', total * 0.1) + line('MemAvailable', total * 0.4);
}

export async function showMachine(call: Call): Promise<void> {
  const { app, machine } = one(call, call.read(), call.args[0]);
  call.out(
    `Machine ID: ${machine.id}\nInstance ID: ${machine.instance_id}\nState: ${machine.state}\n\n${bold('VM')}\n  ID            = ${machine.id}\n  App           = ${app.name}\n  State         = ${machine.state}\n  Image         = ${machine.config.image}\n  Name          = ${machine.name}\n  Region        = ${machine.region}\n  Process Group = ${groupOf(machine)}\n\n`,
  );
  if (call.flags.is('display-config')) call.out(`Config:\n${goJson(shownMachine(machine).config, 2)}`);
}

export async function stopMachines(call: Call): Promise<void> {
  for (const id of ids(call)) {
    await call.act((state) => set(one(call, state, id).machine, 'stopped', call.now()));
    call.out(`Sending kill signal to machine ${id}...\n${id} has been successfully stopped\n`);
  }
}

export async function startMachines(call: Call): Promise<void> {
  for (const id of ids(call)) {
    await call.act((state) => set(one(call, state, id).machine, 'started', call.now()));
    call.out(`${id} has been started\n`);
  }
}

export async function destroyMachines(call: Call): Promise<void> {
  if (call.flags.text('image')) throw new FlyError('prompt: non interactive');
  for (const id of ids(call)) {
    const { machine } = one(call, call.read(), id);
    if (machine.state === 'started' && !call.flags.is('force'))
      throw new FlyError(`machine ${id} currently started, either stop first or use --force flag`);
    await call.act(
      (state) => destroyMachine(one(call, state, id).app, id),
      () => `machine destroyed ${id}`,
    );
    call.out(
      `machine ${id} was found and is currently in a ${machine.state} state, attempting to destroy...\n${id} has been destroyed\n`,
    );
  }
}

function ids(call: Call): readonly string[] {
  if (call.args.length === 0) throw new FlyError('a machine ID must be specified when not running interactively');
  return call.args;
}

function one(call: Call, state: FlyState, id: string | undefined): { app: FlyApp; machine: Machine } {
  if (id === undefined) throw new FlyError('a machine ID must be specified when not running interactively');
  const apps = call.appName ? [call.app(state)] : visibleApps(state, call.identity);
  for (const app of apps) {
    const machine = app.machines.find((found) => found.id === id);
    if (machine) return { app, machine };
  }
  throw new FlyError(`machine ${id} was not found in app '${call.appName}'`);
}

function set(machine: Machine, state: 'started' | 'stopped', now: number): void {
  if (machine.state === state) return;
  machine.state = state;
  machine.events.unshift({
    type: state === 'started' ? 'start' : 'stop',
    status: state,
    source: 'user',
    timestamp: now,
  });
}
