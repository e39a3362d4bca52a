// fly deploy: the phases of facts/flyctl.md §3.11.2, each a change of state that stays when the call is killed.
import { autostop, groupsOf, servicesOf, strategyOf, table, waitTimeout } from './app-config.ts';
import type { Call } from './call.ts';
import { problemsOf } from './config-rules.ts';
import { type Definition, isTable, megabytes, milliseconds } from './definition.ts';
import { FlyError } from './errors.ts';
import { checkVolumes, isFirstDeploy, provision } from './first-deploy.ts';
import { imageOf } from './image.ts';
import type { FlyApp, Machine } from './model.ts';
import { releaseCommand } from './release-command.ts';
import { emitRelease, release } from './releases.ts';

export async function deploy(call: Call): Promise<void> {
  const config = await verifiedConfig(call);
  const strategy = strategyFor(call, config);
  const app = call.app(call.read());
  const image = await imageOf(call, config);
  if (call.flags.is('build-only')) return;
  call.out(`\nWatch your deployment at https://fly.io/apps/${app.name}/monitoring\n\n`);
  if (call.strike('long-output')) call.out(`${'x'.repeat(100_000)}\n${'a line of the builder\n'.repeat(5_000)}`);
  await call.step();
  if (isFirstDeploy(app)) await provision(call, config);
  checkVolumes(call.app(call.read()), config);
  if (call.strike('mount-removed')) throw new FlyError('yes flag must be specified when not running interactively');
  const made = await release(
    call,
    { config: stored(config), image, description: 'Release', first: (record) => releaseCommand(call, config, record) },
    { strategy, ...settings(call, config) },
  );
  emitRelease(call, made);
  await finish(call, config);
}

function strategyFor(call: Call, config: Definition): string {
  const strategy = call.flags.text('strategy') ?? strategyOf(config);
  if (!['rolling', 'immediate', 'canary', 'bluegreen'].includes(strategy))
    throw new FlyError(`error unsupported deployment strategy '${strategy}'`);
  return strategy;
}

/** Phase 1. Without a local file the app's current release gives the configuration. */
async function verifiedConfig(call: Call): Promise<Definition> {
  call.err('==> Verifying app config\n');
  await call.step();
  const given = call.config?.definition ?? serverConfig(call);
  if (call.config) call.out(`Validating ${call.config.path}\n`);
  const config = overridden(call, given);
  const problems = problemsOf(config);
  for (const problem of problems) call.out(`\u001b[31m✘\u001b[0m ${problem}\n`);
  if (problems.length > 0) throw new FlyError('App configuration is not valid');
  call.out('\u001b[32m✓\u001b[0m Configuration is valid\n');
  call.err('--> Verified app config\n');
  return config;
}

function serverConfig(call: Call): Definition {
  const app = call.read().apps.find(({ name }) => name === call.appName);
  if (!app) throw new FlyError(`The app ${call.appName} could not be found, did you create the app on Fly.io?`);
  const config = currentConfig(app);
  if (!config)
    throw new FlyError(
      `failed to fetch app config: no machines configured for app ${call.appName} and no fly.toml was found`,
    );
  return config;
}

/** The definition stored with the newest finished release, else with the newest. */
export const currentConfig = (app: FlyApp): Definition | undefined =>
  (app.releases.findLast(({ status }) => status === 'complete') ?? app.releases.at(-1))?.config;

/** Flags that change the configuration of this release. */
function overridden(call: Call, config: Definition): Definition {
  const { flags } = call;
  const env = flags.list('env').map((pair) => {
    if (!pair.includes('=')) throw new FlyError(`invalid env: ${pair} must be in the format NAME=VALUE`);
    return [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
  });
  const size = Object.fromEntries(
    (['size', 'memory', 'cpus', 'cpu-kind'] as const).flatMap((name) => {
      const value = flags.text(`vm-${name}`);
      return value === undefined
        ? []
        : [
            [
              name.replace('-', '_'),
              name === 'cpus' ? Number(value) : name === 'memory' ? (megabytes(value) ?? value) : value,
            ],
          ];
    }),
  );
  return {
    ...config,
    ...(flags.text('primary-region') ? { primary_region: flags.text('primary-region') ?? '' } : {}),
    ...(env.length > 0 ? { env: { ...table(config.env), ...Object.fromEntries(env) } } : {}),
    ...(Object.keys(size).length > 0 ? { vm: [size] } : {}),
  };
}

function settings(call: Call, config: Definition) {
  const { flags } = call;
  const retries = flags.text('deploy-retries') ?? 'auto';
  if (retries !== 'auto' && !/^\d+$/.test(retries))
    throw new FlyError(`invalid value for --deploy-retries: ${retries}`);
  const only = {
    groups: flags.list('process-groups'),
    regions: flags.list('regions'),
    machines: flags.list('only-machines'),
  };
  const without = { regions: flags.list('exclude-regions'), machines: flags.list('exclude-machines') };
  return {
    ha: flags.is('ha'),
    detach: flags.is('detach'),
    waitTimeout: timeout(flags.text('wait-timeout')) ?? waitTimeout(config),
    leaseTimeout: timeout(flags.text('lease-timeout')) ?? 13_000,
    retries: retries === 'auto' ? call.read().deployRetries : Number(retries),
    create: !flags.is('update-only'),
    touches: (group: string, machine?: Machine) =>
      (only.groups.length === 0 || only.groups.includes(group)) &&
      (machine === undefined ||
        ((only.regions.length === 0 || only.regions.includes(machine.region)) &&
          (only.machines.length === 0 || only.machines.includes(machine.id)) &&
          !without.regions.includes(machine.region) &&
          !without.machines.includes(machine.id))),
  };
}

/** `90`, `90s`, `5m`; `none` becomes two minutes. */
function timeout(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (given === 'none') return 120_000;
  const ms = milliseconds(given, 1000);
  if (ms === undefined) throw new FlyError(`invalid duration ${given}`);
  return ms;
}

/** Phases 16 and 17. */
async function finish(call: Call, config: Definition): Promise<void> {
  if (call.flags.is('dns-checks') && !call.flags.is('detach'))
    call.err(`Checking DNS configuration for ${call.appName}.fly.dev\n`);
  await call.answered();
  const app = call.app(call.read());
  const serves = groupsOf(config).some((group) => servicesOf(config, group).length > 0);
  if (serves && (app.sharedV4 !== undefined || app.ips.length > 0))
    call.out(`\nVisit your newly deployed app at https://${app.name}.fly.dev/\n`);
}

/** What the server keeps: no build section, autostop as machines have it. */
function stored(config: Definition): Definition {
  const { build: _, ...kept } = config;
  const http = kept.http_service;
  if (!isTable(http) || http.auto_stop_machines === undefined) return kept;
  return { ...kept, http_service: { ...http, auto_stop_machines: autostop(http.auto_stop_machines) } };
}
