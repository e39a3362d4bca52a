// What only a first deploy does: addresses and volumes by itself (facts/flyctl.md §3.11.3); and how config and volumes must agree later.

import { allocate } from './addresses.ts';
import { groupsOf, isPlainHttp, mountsOf, servicesOf } from './app-config.ts';
import type { Call } from './call.ts';
import { type Definition, text } from './definition.ts';
import { FlyError } from './errors.ts';
import { freeVolumes, groupOf, managed } from './machines.ts';
import type { FlyApp } from './model.ts';
import { makeVolume } from './volume.ts';

/** Nothing else counts: not addresses, volumes, secrets or failed releases. */
export const isFirstDeploy = (app: FlyApp): boolean => app.status === 'pending' && managed(app).length === 0;

export async function provision(call: Call, config: Definition): Promise<void> {
  await provisionAddresses(call, config);
  await provisionVolumes(call, config);
}

async function provisionAddresses(call: Call, config: Definition): Promise<void> {
  const app = call.app(call.read());
  const hasServices = groupsOf(config).some((group) => servicesOf(config, group).length > 0);
  const hasAddresses = app.ips.length > 0 || app.sharedV4 !== undefined;
  if (!hasServices || hasAddresses || call.flags.is('no-public-ips')) return;
  // flyctl would ask here whether to buy dedicated addresses; without a terminal nothing is allocated and nothing said.
  if (!call.flags.is('flycast') && !isPlainHttp(config)) return;
  call.out(`Provisioning ips for ${call.appName}\n`);
  if (call.strike('addresses-failing')) {
    call.err(
      'Failed to provision IP addresses. Use `fly ips` commands to remediate it. ERROR: server returned a non-200 status code: 503\n',
    );
    return;
  }
  for (const type of call.flags.is('flycast') ? (['private_v6'] as const) : (['v6', 'shared_v4'] as const)) {
    const address = call.change(
      (state) => allocate(call, state, type),
      () => `ip allocated ${type}`,
    );
    const label = { private_v6: 'Private ipv6', v6: 'Dedicated ipv6', shared_v4: 'Shared ipv4' }[type];
    call.out(`  ${label}: ${address}\n`);
    await call.step();
  }
  call.out('  Add a dedicated ipv4 with: fly ips allocate-v4\n\n');
}

/** One volume a group with a mount, unless a free one of that name is there, in whatever region. */
async function provisionVolumes(call: Call, config: Definition): Promise<void> {
  const app = call.app(call.read());
  const used = new Map<string, number>();
  for (const group of groupsOf(config)) {
    for (const mount of mountsOf(config, group)) {
      const before = used.get(mount.source) ?? 0;
      used.set(mount.source, before + 1);
      if (freeVolumes(app, mount.source).length > before) continue;
      const region = text(config.primary_region);
      if (!region)
        throw new FlyError('failed creating volume: region code must be specified when not running interactively');
      const size = mount.initialSize ?? call.flags.number('volume-initial-size') ?? 1;
      call.out(
        `Creating a ${size} GB volume named '${mount.source}' for process group '${group}'. Use 'fly vol extend' to increase its size\n`,
      );
      call.change(
        (state) => makeVolume(state, call.app(state), { name: mount.source, region, size, now: call.now() }),
        (volume) => `volume created ${volume.id} ${volume.name} ${volume.region}`,
      );
      await call.step();
    }
  }
}

/** Throws where mounts and volumes do not fit together; on a first deploy after its volumes were made. */
export function checkVolumes(app: FlyApp, config: Definition): void {
  for (const group of groupsOf(config)) {
    const mount = mountsOf(config, group)[0];
    const machines = managed(app).filter((machine) => groupOf(machine) === group);
    if (mount && machines.length === 0 && freeVolumes(app, mount.source).length === 0)
      throw new FlyError(
        `creating a new machine in group '${group}' requires an unattached '${mount.source}' volume. Create it with \`fly volume create ${mount.source}\``,
      );
    const lacking = mount ? machines.filter(({ config: { mounts } }) => !mounts?.length).length : 0;
    if (mount && lacking > freeVolumes(app, mount.source).length)
      throw new FlyError(
        `Process group '${group}' needs volumes with name '${mount.source}' to fulfill mounts defined in fly.toml; Run \`fly volume create ${mount.source} -r REGION -n COUNT\` for the following regions and counts: ${machines[0]?.region}=${lacking}`,
      );
    for (const { id, config: machine } of machines) {
      const attached = machine.mounts?.[0];
      if (attached && !mount) throw new FlyError('yes flag must be specified when not running interactively');
      if (attached && mount && attached.name !== mount.source)
        throw new FlyError(
          `machine ${id} [${group}] can't update the attached volume ${attached.volume} with name '${attached.name}' by '${mount.source}'`,
        );
    }
  }
}
