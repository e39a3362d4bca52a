// What a rollout has to do, and the ways in which the server or the line to it says no (facts/flyctl.md §3.11.4, §6.5).
import { mountsOf } from './app-config.ts';
import { type Call, newId } from './call.ts';
import { text } from './definition.ts';
import { FlyError, flaps } from './errors.ts';
import type { Build } from './machines.ts';
import type { FlyApp, FlyState, Machine } from './model.ts';

export interface Rollout extends Build {
  readonly strategy: string;
  /** Spare machines for groups that have none. */
  readonly ha: boolean;
  /** Do not wait for start and health. */
  readonly detach: boolean;
  /** Milliseconds, per machine. */
  readonly waitTimeout: number;
  /** 0 is the classic engine, which ends a partial failure with 127 (§2.11). */
  readonly retries: number;
  /** Milliseconds a lease on an existing machine lasts. */
  readonly leaseTimeout: number;
  /** Make machines of groups that have none. */
  readonly create: boolean;
  /** Which existing machines and groups are touched. */
  readonly touches: (group: string, machine?: Machine) => boolean;
}

/** The connection went away in the middle: nothing is tidied up, neither leases nor the release. */
export class ConnectionLost extends FlyError {}

/** What the server says before it makes a machine. */
export function refuseMachine(call: Call, plan: Rollout, group: string): void {
  if (call.strike('payment-missing'))
    throw apiError(
      call,
      'failed to launch VM: To create more machines please add a payment method. https://fly.io/dashboard/billing',
    );
  if (call.strike('no-room'))
    throw apiError(
      call,
      'failed to launch VM: insufficient resources available to fulfill request: could not reserve resource for machine: insufficient memory available',
    );
  const mount = mountsOf(plan.config, group)[0];
  if (mount && call.strike('wrong-region'))
    throw new FlyError(
      `Process group '${group}' needs an unattached volume named '${mount.source}' in region '${regionOf(plan)}'`,
    );
}

export function loseConnection(call: Call): void {
  if (call.strike('network-lost-midway'))
    throw new ConnectionLost('Get "https://api.machines.dev/v1/apps": dial tcp: lookup api.machines.dev: no such host');
}

export function machineOf(app: FlyApp, id: string): Machine {
  const machine = app.machines.find((one) => one.id === id);
  if (!machine) throw new FlyError(`machine ID ${id} not found`);
  return machine;
}

export const regionOf = (plan: Rollout): string => text(plan.config.primary_region) ?? 'iad';

export const apiError = (call: Call, message: string): FlyError =>
  call.change((state: FlyState) => flaps(message, newId(state, 32)));
