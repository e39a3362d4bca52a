// The release command of a deploy: a temporary machine before any machine of the app is touched (facts/flyctl.md §3.11.2 phase 10).
import { defaultGroup, machineConfig, table } from './app-config.ts';
import { type Call, newId } from './call.ts';
import { type Definition, milliseconds, text } from './definition.ts';
import { FlyError } from './errors.ts';
import type { Machine, Release } from './model.ts';

/** Runs it where the configuration has one. */
export async function releaseCommand(call: Call, config: Definition, record: Release): Promise<void> {
  const command = text(table(config.deploy).release_command);
  if (command === undefined || call.flags.is('skip-release-command')) return;
  call.err(`Running ${call.appName} release_command: ${command}\n`);
  if (call.strike('payment-missing'))
    throw new FlyError(
      'error running release_command machine: To create more machines please add a payment method. https://fly.io/dashboard/billing',
    );
  const id = call.change((state) => {
    const built = { releaseId: record.id, version: record.version, image: record.imageRef, config };
    const temporary = temporaryMachine(newId(state, 14), call.now(), built);
    call.app(state).machines.push(temporary);
    return temporary.id;
  });
  await call.step();
  call.err('Starting machine\n');
  await call.step();
  const hangs = call.strike('release-command-hanging');
  const fails = call.strike('release-command-failing');
  await call.wait(hangs ? (milliseconds(call.flags.text('release-command-timeout') ?? '5m', 1000) ?? 300_000) : 4_000);
  call.change((state) => {
    const app = call.app(state);
    app.machines = app.machines.filter((machine) => machine.id !== id);
  });
  if (hangs)
    throw new FlyError(
      `release command failed - aborting deployment. error waiting for release_command machine ${id} to finish running: timeout reached waiting for machine's state to change`,
    );
  if (!fails) return call.err(`✔ release_command ${id} completed successfully\n`);
  call.err(
    '✖ release_command failed\nError release_command failed running on machine with exit code 1.\nlast log lines: relation "users" does not exist\n',
  );
  throw new FlyError(
    `release command failed - aborting deployment. error release_command machine ${id} exited with non-zero status of 1`,
  );
}

function temporaryMachine(
  id: string,
  now: number,
  built: { releaseId: string; version: number; image: string; config: Definition },
): Machine {
  const config = machineConfig(built.config, defaultGroup(built.config), built.image, { RELEASE_COMMAND: '1' });
  const at = new Date(now).toISOString();
  return {
    id,
    name: `release-command-${built.version}`,
    state: 'started',
    region: text(built.config.primary_region) ?? 'iad',
    image_ref: { registry: 'registry.fly.io', repository: '', tag: '', digest: '', labels: null },
    instance_id: id,
    private_ip: '',
    created_at: at,
    updated_at: at,
    config: {
      ...config,
      services: undefined,
      checks: undefined,
      auto_destroy: true,
      metadata: {
        fly_platform_version: 'v2',
        fly_process_group: 'fly_app_release_command',
        fly_release_id: built.releaseId,
        fly_release_version: String(built.version),
      },
    },
    events: [],
    checks: [],
    host_status: 'ok',
    cordoned: false,
  };
}
