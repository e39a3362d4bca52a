// fly ssh console and fly proxy: through the tunnel into machines that run (facts/flyctl.md §3.19, §3.20).
import { createServer, type Server } from 'node:net';
import type { Call } from './call.ts';
import { visibleApp } from './call.ts';
import { FlyError, NoStandIn } from './errors.ts';
import { answerOf } from './machine-commands.ts';
import { groupOf } from './machines.ts';
import type { Machine } from './model.ts';

/** Any failure over there is exit 1 here; the status stands in the text. */
export async function sshConsole(call: Call): Promise<void> {
  const command = call.flags.text('command');
  if (command === undefined) throw new NoStandIn('fly ssh console without -C');
  const app = call.app(call.read());
  const machine = target(call, app.machines);
  if (!call.flags.is('quiet')) call.err(`Connecting to ${machine.private_ip}...`);
  await call.step();
  if (call.strike('tunnel-failing'))
    throw new FlyError('error connecting to SSH server: failed probing "sollabs": context deadline exceeded');
  if (!call.flags.is('quiet')) call.err(' complete\n');
  if (/^\s*(\/bin\/)?(ba|z)?sh\s*$/.test(command) && !call.flags.is('pty'))
    call.out('Warning: forcing a pty, because the command is a shell\n');
  await call.halfway();
  const { stdout, stderr, exit } = answerOf(call, app, machine, command);
  call.out(stdout);
  call.err(stderr);
  await call.answered();
  if (exit !== 0) throw new FlyError(`ssh shell: Process exited with status ${exit}`);
}

function target(call: Call, machines: readonly Machine[]): Machine {
  const { flags } = call;
  const [group, region, id] = [
    flags.text('process-group'),
    flags.text('region') || call.env.FLY_REGION,
    flags.text('machine'),
  ];
  const started = machines.filter(
    (one) =>
      one.state === 'started' &&
      (!group || groupOf(one) === group) &&
      (!region || one.region === region) &&
      !groupOf(one).startsWith('fly_app_'),
  );
  const chosen = id ? started.find((one) => one.id === id) : started[0];
  if (!chosen)
    throw new FlyError(
      `app ${call.appName} has no started VMs.\nIt may be unhealthy or not have been deployed yet.\nTry the following command to verify:\n\nfly status`,
    );
  if (!id && started.length > 1) call.out(`No machine specified, using ${chosen.id} in region ${chosen.region}\n`);
  return chosen;
}

/** Listens, as the real one does; what connects finds nobody at the other end. Ends well by a signal. */
export async function proxy(call: Call): Promise<void> {
  const [ports = '', host] = call.args;
  const [, local, remote = local] = /^(\d+)(?::(\d+))?$/.exec(ports) ?? [];
  if (local === undefined) throw new FlyError(`invalid port: ${ports}`);
  if (host === undefined) {
    if (call.appName === '') throw new FlyError('missing an app name. Specify one with -a APP_NAME');
    visibleApp(call.read(), call.identity, call.appName);
  }
  if (call.strike('tunnel-failing'))
    throw new FlyError('failed to connect to the wireguard tunnel: context deadline exceeded');
  const bind = call.flags.text('bind-addr') ?? '127.0.0.1';
  const server = await listen(Number(local), bind, (text) => call.err(text));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : local;
  call.out(`Proxying localhost:${port} to remote [${host ?? `${call.appName}.internal`}]:${remote}\n`);
  await stopped(call);
  server.close();
}

function listen(port: number, bind: string, say: (text: string) => void): Promise<Server> {
  const server = createServer((socket) => {
    say('failed to proxy connection: connect tcp: connection refused\n');
    socket.destroy();
  });
  return new Promise((resolve, reject) => {
    server.once('error', () => reject(new FlyError(`listen tcp ${bind}:${port}: bind: address already in use`)));
    server.listen(port, bind, () => resolve(server));
  });
}

/** A signal, stdin closed with `--watch-stdin`, or the driver gone: an orphan of a rehearsal must not stay. */
async function stopped(call: Call): Promise<void> {
  const driver = process.ppid;
  let closed = false;
  if (call.flags.is('watch-stdin')) process.stdin.on('end', () => (closed = true)).resume();
  while (!call.stop.requested && !closed && process.ppid === driver) await call.stop.sleep(50);
  call.stop.requested = false; // asked for and obeyed: the end is a good one
}
