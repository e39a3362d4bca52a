// The bluegreen strategy: a whole second set of machines, and the first one destroyed once the second is healthy (facts/flyctl.md §3.11.4).
import { checksOf } from './app-config.ts';
import type { Call } from './call.ts';
import { FlyError } from './errors.ts';
import { destroyMachine, groupOf, makeMachine, setChecks, startMachine } from './machines.ts';
import type { Machine } from './model.ts';
import { ConnectionLost, loseConnection, machineOf, type Rollout, refuseMachine } from './rollout-plan.ts';

/** All of its progress goes to stderr. What goes wrong before the new set is ready for traffic takes the new set away again. */
export async function blueGreen(call: Call, plan: Rollout, blue: readonly Machine[]): Promise<void> {
  refuse(call, plan, blue);
  const green: string[] = [];
  let ready = false;
  try {
    await makeGreen(call, plan, blue, green);
    await waitForGreen(call, plan, green);
    markReady(call, green);
    ready = true;
    await removeBlue(call, blue);
  } catch (error) {
    if (!ready && !(error instanceof ConnectionLost)) rollBack(call, green);
    throw error;
  }
  call.err('\nDeployment Complete\n');
}

function refuse(call: Call, plan: Rollout, blue: readonly Machine[]): void {
  const strangers = call
    .app(call.read())
    .machines.filter(
      ({ config }) => config.metadata.fly_process_group !== undefined && !config.metadata.fly_platform_version,
    );
  if (strangers.length > 0)
    throw new FlyError(
      `found ${strangers.length} machines that are unmanaged. \`fly deploy\` only updates machines with fly_platform_version=v2 in their metadata; bluegreen deployment can't safely continue`,
    );
  if (!blue.some((machine) => checksOf(plan.config, groupOf(machine)).length > 0)) {
    call.err('\n\nYou need to define at least 1 check in order to use blue-green deployments.\n');
    throw new FlyError('app not in valid state for bluegreen deployments');
  }
  call.err('\nVerifying if app can be safely deployed \n');
  const images = new Set(blue.map(({ config }) => config.image));
  if (images.size === 1) return;
  call.err(
    `\n  Found ${images.size} different images in your app (for bluegreen to work, all machines need to run a single image)\n`,
  );
  for (const image of images) call.err(`    [x] ${image}\n`);
  throw new FlyError('found multiple image versions');
}

async function makeGreen(call: Call, plan: Rollout, blue: readonly Machine[], green: string[]): Promise<void> {
  call.err('\nCreating green machines\n');
  for (const like of blue) {
    await failing('failed to create green machines', async () => {
      if (call.strike('rate-limit')) throw new FlyError('resource_exhausted: rate limit exceeded');
      refuseMachine(call, plan, groupOf(like));
      green.push(makeOne(call, plan, like));
    });
    call.err(`  Created machine ${green.at(-1)}\n`);
    await call.step();
    await call.halfway();
    loseConnection(call);
  }
}

/** One that stands still where the old one does. */
function makeOne(call: Call, plan: Rollout, like: Machine): string {
  return call.change(
    (state) => {
      const lease = { nonce: call.nonce, until: call.now() + plan.waitTimeout };
      const want = { build: plan, group: groupOf(like), region: like.region, now: call.now(), lease };
      const made = makeMachine(state, call.app(state), want);
      if (like.config.standbys) made.config.standbys = like.config.standbys;
      if (like.state !== 'started') made.state = like.state;
      if (like.state !== 'started') made.settlesAt = undefined;
      made.cordoned = true;
      return made.id;
    },
    (id) => `machine created ${id}`,
  );
}

async function waitForGreen(call: Call, plan: Rollout, green: readonly string[]): Promise<void> {
  const waiting = green.filter((id) => machineOf(call.app(call.read()), id).settlesAt !== undefined);
  call.err('\nWaiting for all green machines to start\n');
  if (call.strike('machine-not-starting'))
    return await timeOut(call, plan, 'could not get all green machines into started state');
  for (const id of waiting)
    call.change((state) => startMachine(call.app(state), machineOf(call.app(state), id), plan.config, call.now()));
  call.err('\nWaiting for all green machines to be healthy\n');
  if (call.strike('health-failing') || call.strike('one-machine-failing'))
    return await timeOut(call, plan, 'could not get all green machines to be healthy');
  await call.wait(12_000);
  for (const id of waiting)
    call.change((state) => setChecks(call.app(state), machineOf(call.app(state), id), true, call.now()));
  for (const id of waiting) call.err(`  Machine ${id} - 1/1 passing\n`);
}

async function timeOut(call: Call, plan: Rollout, why: string): Promise<never> {
  await call.wait(plan.waitTimeout);
  throw new FlyError(`wait timeout\n${why}`);
}

function markReady(call: Call, green: readonly string[]): void {
  call.err('\nMarking green machines as ready\n');
  call.change((state) => {
    for (const id of green) machineOf(call.app(state), id).cordoned = false;
  });
  for (const id of green) call.err(`  Machine ${id} now ready\n`);
}

async function removeBlue(call: Call, blue: readonly Machine[]): Promise<void> {
  call.err('\nWaiting before cordoning all blue machines\n');
  await call.wait(20_000);
  call.err('\nDestroying all blue machines\n');
  for (const { id } of blue) {
    call.change(
      (state) => destroyMachine(call.app(state), id),
      () => `machine destroyed ${id}`,
    );
    call.err(`  Machine ${id} destroyed\n`);
    await call.step();
  }
}

function rollBack(call: Call, green: readonly string[]): void {
  call.err('\nRolling back failed deployment\n');
  for (const id of green) {
    call.change(
      (state) => destroyMachine(call.app(state), id),
      () => `machine destroyed ${id}`,
    );
    call.err(`  Deleted machine ${id}\n`);
  }
}

/** Go joins the reason and the phase it happened in, one line each. */
async function failing(phase: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw error instanceof FlyError ? new FlyError(`${error.message}\n${phase}`) : error;
  }
}
