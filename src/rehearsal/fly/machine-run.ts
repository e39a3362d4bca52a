// fly machine run: a machine outside of what deploys manage; each call makes another one (facts/flyctl.md §3.15).
import { resolveRegion } from './account.ts';
import { guestOf } from './app-config.ts';
import { type Call, newId, stamp, visibleApps } from './call.ts';
import { type Definition, megabytes } from './definition.ts';
import { FlyError, flaps, NoStandIn } from './errors.ts';
import { imageRef, log, mounted, nameOf } from './machines.ts';
import type { FlyApp, FlyState, Machine, MachineConfig } from './model.ts';
import { goTime } from './output.ts';

const startWaitMs = 300_000;

export async function runMachine(call: Call): Promise<void> {
  const [image = '', ...command] = call.args;
  // It would ask whether to create the app: nobody can be asked, and the app is not named in the error.
  if (!visibleApps(call.read(), call.identity).some(({ name }) => name === call.appName))
    throw new FlyError('prompt: non interactive');
  if (/^[./]/.test(image) || call.flags.text('dockerfile')) throw new NoStandIn('fly machine run with a build');
  const region = call.flags.text('region') ? resolveRegion(call) : 'iad';
  call.out(
    `Searching for image '${image}' remotely...\nimage found: img_${image.length}\nImage: ${image}\nImage size: 5.0 MB\n\n`,
  );
  await call.step();
  refuse(call);
  const machine = call.change(
    (state) => make(call, state, { image, command, region }),
    ({ id }) => `machine created ${id}`,
  );
  await call.halfway();
  await call.answered();
  call.out(
    `Success! A Machine has been successfully launched in app ${call.appName}\n Machine ID: ${machine.id}\n Instance ID: ${machine.instance_id}\n State: ${machine.state}\n\n`,
  );
  await begin(call, machine);
}

/** What the server says before anything is made. */
function refuse(call: Call): void {
  const say = (text: string): FlyError =>
    call.change((state) => flaps(`failed to launch VM: ${text}`, newId(state, 32)));
  if (call.strike('payment-missing'))
    throw say('To create more machines please add a payment method. https://fly.io/dashboard/billing');
  if (call.strike('no-room'))
    throw say(
      'insufficient resources available to fulfill request: could not reserve resource for machine: insufficient memory available',
    );
}

function make(
  call: Call,
  state: FlyState,
  want: { image: string; command: readonly string[]; region: string },
): Machine {
  const { flags } = call;
  const app = call.app(state);
  const id = newId(state, 14);
  const at = goTime(stamp(state, call.now()));
  const schedule = flags.text('schedule');
  const machine: Machine = {
    id,
    name: flags.text('name') ?? nameOf(id),
    state: 'created',
    region: want.region,
    image_ref: imageRef(want.image),
    instance_id: `01${newId(state, 24).toUpperCase()}`,
    private_ip: `fdaa:0:${id.slice(0, 4)}:a7b:${id.slice(4, 8)}:${id.slice(8, 12)}:0:2`,
    created_at: at,
    updated_at: at,
    config: { ...configOf(call, app, want), ...(schedule ? { schedule } : {}) },
    events: [{ type: 'launch', status: 'created', source: 'user', timestamp: call.now() }],
    checks: [],
    host_status: 'ok',
    cordoned: false,
  };
  for (const mount of machine.config.mounts ?? []) {
    const volume = app.volumes.find((one) => one.id === mount.volume);
    if (volume) volume.attached_machine_id = id;
  }
  app.machines.push(machine);
  return machine;
}

function configOf(
  call: Call,
  app: FlyApp,
  { image, command, region }: { image: string; command: readonly string[]; region: string },
): MachineConfig {
  const { flags } = call;
  const entrypoint = flags.text('entrypoint');
  const mounts = flags.list('volume').map((text) => mountOf(app, text, region));
  return {
    env: pairs(flags.list('env'), 'env'),
    init: {
      ...(command.length > 0 ? { cmd: [...command] } : {}),
      ...(entrypoint ? { entrypoint: entrypoint.split(/\s+/) } : {}),
    },
    guest: guest(call),
    metadata: pairs(flags.list('metadata'), 'metadata'),
    ...(mounts.length > 0 ? { mounts } : {}),
    image,
    restart: { policy: flags.text('restart') ?? (flags.text('schedule') ? 'on-failure' : 'always') },
    ...(flags.is('rm') ? { auto_destroy: true } : {}),
  };
}

function mountOf(app: FlyApp, text: string, region: string) {
  const [named = '', path = ''] = text.split(':');
  const volume = app.volumes.find(
    (one) => one.id === named || (one.name === named && one.attached_machine_id === null && one.region === region),
  );
  if (!volume || path === '')
    throw new FlyError(`could not find a volume ${named} in region ${region} to mount at ${path}`);
  return mounted(volume, path);
}

function guest(call: Call): MachineConfig['guest'] {
  const { flags } = call;
  const entry: Definition = {
    ...(flags.text('vm-size') ? { size: flags.text('vm-size') ?? '' } : {}),
    ...(flags.number('vm-cpus') ? { cpus: flags.number('vm-cpus') ?? 1 } : {}),
    ...(flags.text('vm-memory') ? { memory: megabytes(flags.text('vm-memory') ?? '') ?? 256 } : {}),
  };
  return guestOf({ vm: [entry] }, 'app') ?? { cpu_kind: 'shared', cpus: 1, memory_mb: 256 };
}

function pairs(list: readonly string[], flag: string): Record<string, string> {
  for (const pair of list)
    if (!pair.includes('=')) throw new FlyError(`invalid key/value pairs specified for flag ${flag}`);
  return Object.fromEntries(list.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

/** The start is waited for, five minutes at most; a machine with a schedule has its first run and stops. */
async function begin(call: Call, { id }: Machine): Promise<void> {
  call.out(' Attempting to start machine...\n\n');
  await call.step();
  if (call.strike('machine-not-starting')) {
    await call.wait(startWaitMs);
    throw new FlyError(`timeout reached waiting for machine's state to change to started: machine ${id} is created`);
  }
  call.change((state) => {
    const app = call.app(state);
    const machine = app.machines.find((one) => one.id === id);
    if (!machine) return;
    machine.state = 'started';
    machine.events.unshift({ type: 'start', status: 'started', source: 'flyd', timestamp: call.now() });
    log(app, machine, call.now(), 'runner', `Pulling container image ${machine.config.image}`);
  });
  if (!call.flags.is('detach')) call.out('==> Monitoring health checks\nNo health checks found\n');
  call.change((state) => {
    const app = call.app(state);
    const machine = app.machines.find((one) => one.id === id);
    if (!machine || !(machine.config.schedule || machine.config.auto_destroy)) return;
    machine.state = 'stopped';
    const request = { exit_event: { exit_code: 0, guest_exit_code: 0, requested_stop: false, oom_killed: false } };
    machine.events.unshift({ type: 'exit', status: 'stopped', source: 'flyd', timestamp: call.now(), request });
    if (machine.config.auto_destroy) app.machines = app.machines.filter((one) => one.id !== id);
  });
}
