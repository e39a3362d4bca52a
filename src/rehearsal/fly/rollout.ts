// A release reaching the machines: those of gone groups removed, missing ones made, the others updated (facts/flyctl.md §3.11.2 phases 12–14).
import { checksOf, groupsOf, mountsOf, servicesOf } from './app-config.ts';
import { blueGreen } from './bluegreen.ts';
import type { Call } from './call.ts';
import { Cancelled, FlyError } from './errors.ts';
import {
  destroyMachine,
  groupOf,
  leaseMachine,
  log,
  makeMachine,
  managed,
  replaceMachine,
  setChecks,
  settlingMs,
  startMachine,
} from './machines.ts';
import type { FlyApp, Machine } from './model.ts';
import { apiError, loseConnection, machineOf, type Rollout, refuseMachine, regionOf } from './rollout-plan.ts';

interface Making {
  readonly group: string;
  readonly standby: boolean;
}

export async function rollOut(call: Call, plan: Rollout): Promise<void> {
  await removeGoneGroups(call, plan);
  const making = plan.create ? missing(call.app(call.read()), plan) : [];
  const updating = managed(call.app(call.read())).filter((machine) => plan.touches(groupOf(machine), machine));
  await makeMissing(call, plan, making);
  if (updating.length > 0) await (plan.strategy === 'bluegreen' ? blueGreen : updateAll)(call, plan, updating);
  await call.halfway();
}

async function removeGoneGroups(call: Call, plan: Rollout): Promise<void> {
  const groups = groupsOf(plan.config);
  for (const machine of managed(call.app(call.read())).filter(
    (one) => !groups.includes(groupOf(one)) && plan.touches(groupOf(one), one),
  )) {
    call.change(
      (state) => destroyMachine(call.app(state), machine.id),
      () => `machine destroyed ${machine.id}`,
    );
    call.out(`Machine ${machine.id} [${groupOf(machine)}] was destroyed\n`);
    await call.step();
  }
}

/** Machines for groups that have none (§3.11.3): one with a mount, two with services, else one and a standby. */
function missing(app: FlyApp, plan: Rollout): Making[] {
  const has = new Set(managed(app).map(groupOf));
  return groupsOf(plan.config)
    .filter((group) => !has.has(group) && plan.touches(group))
    .flatMap((group) => {
      const second = plan.ha && mountsOf(plan.config, group).length === 0;
      const first = { group, standby: false };
      return second ? [first, { group, standby: servicesOf(plan.config, group).length === 0 }] : [first];
    });
}

async function makeMissing(call: Call, plan: Rollout, making: readonly Making[]): Promise<void> {
  const started = making.filter(({ standby }) => !standby);
  let before: { group: string; id: string } | undefined;
  for (const one of making) {
    const again = before?.group === one.group ? before : undefined;
    call.out(announcement(one, again !== undefined));
    if (call.strike('rate-limit')) throw apiError(call, 'failed to launch VM: resource_exhausted: rate limit exceeded');
    if (making.length > 1 && one === making.at(-1) && call.strike('machine-refused'))
      throw apiError(
        call,
        'failed to launch VM: insufficient_capacity: insufficient resources available to fulfill request: could not reserve resource for machine',
      );
    refuseMachine(call, plan, one.group);
    const id = make(call, plan, one.group, one.standby ? again?.id : undefined);
    await call.step();
    await call.halfway();
    loseConnection(call);
    if (!one.standby) {
      start(call, plan, id);
      const last = started.length > 1 && one === started.at(-1);
      await becomeHealthy(call, plan, { id, group: one.group, label: '' }, last);
      call.out(`Machine ${id} [${one.group}] update finished: success\n`);
    }
    before = { group: one.group, id };
  }
  if (making.length > 0) call.err('Finished launching new machines\n-------\n');
}

function make(call: Call, plan: Rollout, group: string, standbyFor: string | undefined): string {
  const lease = { nonce: call.nonce, until: call.now() + plan.waitTimeout };
  return call.change(
    (state) =>
      makeMachine(state, call.app(state), {
        build: plan,
        group,
        region: regionOf(plan),
        now: call.now(),
        lease,
        standbyFor,
      }).id,
    (id) => `machine created ${id}`,
  );
}

function start(call: Call, plan: Rollout, id: string): void {
  call.change((state) => {
    const app = call.app(state);
    startMachine(app, machineOf(app, id), plan.config, call.now());
  });
}

async function updateAll(call: Call, plan: Rollout, machines: readonly Machine[]): Promise<void> {
  call.out(`Updating existing machines in '${call.appName}' with ${plan.strategy} strategy\n\n-------\n`);
  if (call.strike('rate-limit')) throw apiError(call, 'failed to update VM: resource_exhausted: rate limit exceeded');
  const first = machines[0];
  if (first && call.strike('lease-held'))
    throw apiError(
      call,
      `failed to get lease on VM ${first.id}: lease currently held by somebody@example.test, expires in 13 s`,
    );
  call.change((state) => {
    for (const { id } of machines)
      leaseMachine(state, machineOf(call.app(state), id), call.nonce, call.now(), plan.leaseTimeout);
  });
  const groups = [...new Set(machines.map(groupOf))];
  const weak = weakOne(machines, groups);
  for (const [index, machine] of machines.entries()) {
    const label = machines.length > 1 ? `[${index + 1}/${machines.length}] ` : '';
    call.out(` > ${label}Updating ${machine.id} [${groupOf(machine)}]\n`);
    await update(call, plan, machine);
    const queued = machines.filter((one) => groupOf(one) === groupOf(machine)).at(-1) !== machine || groups.length > 1;
    const risk = { id: machine.id, group: groupOf(machine), label, cancels: index > 0 && queued && plan.retries === 0 };
    await becomeHealthy(call, plan, risk, machine === weak);
    call.out(
      ` ✔ ${label}Machine ${machine.id} [${groupOf(machine)}] ${plan.retries === 0 ? 'update succeeded' : 'is now in a good state'}\n`,
    );
  }
  call.out('-------\n');
}

async function update(call: Call, plan: Rollout, machine: Machine): Promise<void> {
  const wasStarted = machine.state === 'started';
  call.change((state) => {
    const app = call.app(state);
    const found = machineOf(app, machine.id);
    leaseMachine(state, found, call.nonce, call.now(), plan.leaseTimeout);
    replaceMachine(state, app, found, plan, call.now());
    if (wasStarted) found.state = 'replacing';
    if (wasStarted) found.settlesAt = call.now() + settlingMs;
  });
  await call.step();
  await call.halfway();
  loseConnection(call);
  if (wasStarted) start(call, plan, machine.id);
}

/** Waits for state and checks. A machine that is not started is not waited for. */
async function becomeHealthy(
  call: Call,
  plan: Rollout,
  one: { id: string; group: string; label: string; cancels?: boolean },
  mayBeWeak: boolean,
): Promise<void> {
  await call.step();
  const machine = machineOf(call.app(call.read()), one.id);
  if (machine.state !== 'started') return;
  const waits = !plan.detach && plan.strategy !== 'immediate';
  if (waits && call.strike('crash-loop')) return await failSmoke(call, plan, one);
  if (waits && call.strike('machine-not-starting'))
    return await failHealth(call, plan, { ...one, checked: false, cancels: false });
  const checked = checksOf(plan.config, one.group).length > 0;
  const weak = waits && mayBeWeak && call.strike('one-machine-failing');
  if (weak || (waits && checked && call.strike('health-failing')))
    return await failHealth(call, plan, { ...one, checked, cancels: weak && one.cancels === true });
  if (waits) await call.wait(checked ? 12_000 : 10_000);
  call.change((state) => setChecks(call.app(state), machineOf(call.app(state), one.id), true, call.now()));
}

async function failSmoke(call: Call, plan: Rollout, one: { id: string; label: string }): Promise<never> {
  await call.wait(10_000);
  call.change((state) => {
    const app = call.app(state);
    machineOf(app, one.id).state = 'stopped';
    machineOf(app, one.id).settlesAt = undefined;
    log(app, machineOf(app, one.id), call.now(), 'app', 'Error: Cannot find module /app/dist/server.js');
  });
  const why = `smoke checks for ${one.id} failed: the app appears to be crashing`;
  call.out(` ✖ ${one.label}Machine ${one.id} update failed: ${why}\n`);
  call.err('Last 1 log lines:\n  Error: Cannot find module /app/dist/server.js\n');
  throw new FlyError(plan.retries === 0 ? why : `failed to update machine ${one.id}: Unrecoverable error: ${why}`);
}

async function failHealth(
  call: Call,
  plan: Rollout,
  one: { id: string; label: string; checked: boolean; cancels: boolean },
): Promise<never> {
  call.out(`   ${one.label}Waiting for ${one.id} to have ${one.checked ? 'healthy checks' : 'state started'}\n`);
  await call.wait(plan.waitTimeout);
  call.change((state) => {
    const app = call.app(state);
    const machine = machineOf(app, one.id);
    if (one.checked) setChecks(app, machine, false, call.now());
    else machine.state = 'stopped';
    machine.settlesAt = undefined;
    log(app, machine, call.now(), 'app', 'could not open the database: unable to open database file');
  });
  const what = one.checked
    ? 'timeout reached waiting for health checks to pass for machine'
    : "timeout reached waiting for machine's state to change for machine";
  const why = `${what} ${one.id}: failed to get VM ${one.id}: Get "https://api.machines.dev/v1": net/http: request canceled`;
  call.out(` ✖ ${one.label}Machine ${one.id} update failed: ${why}\n`);
  if (one.cancels) throw new Cancelled('joined');
  throw new FlyError(plan.retries === 0 ? why : `failed to update machine ${one.id}: Unrecoverable error: ${why}`);
}

/** Of several machines the one whose failure leaves others queued, if there can be one. */
function weakOne(machines: readonly Machine[], groups: readonly string[]): Machine | undefined {
  const large = groups
    .map((group) => machines.filter((one) => groupOf(one) === group))
    .find((members) => members.length >= 3);
  if (large) return large[1];
  return machines.length > 1 ? machines.at(-1) : undefined;
}

function announcement({ group, standby }: Making, again: boolean): string {
  if (standby) return `Creating a standby machine for the "${group}" process group\n`;
  return again
    ? `Creating a second machine for high availability in group ${group}...\n`
    : `\nNo machines in group ${group}, launching a new machine\n`;
}
