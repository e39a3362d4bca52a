// Smaller commands of facts/flyctl.md §3: private addresses, sizes, certificates by text and by file, config save, scale vm and memory.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Call, newId, stamp } from './call.ts';
import { tellCertificate } from './certs.ts';
import { currentConfig } from './deploy.ts';
import { FlyError } from './errors.ts';
import { groupOf, managed } from './machines.ts';
import type { MachineConfig } from './model.ts';
import { table } from './output.ts';

export async function listPrivateIps(call: Call): Promise<void> {
  const addresses = managed(call.app(call.read())).map((one) => one.private_ip);
  // Only the flag counts here, not FLY_JSON (§2.5).
  if (call.flags.is('json')) return call.json(addresses);
  call.out(
    table(
      ['ID', 'Region', 'IP'],
      managed(call.app(call.read())).map((one) => [one.id, one.region, one.private_ip]),
    ),
  );
}

const sizes = [1, 2, 4, 6, 8]
  .map((n) => size('shared', n))
  .concat([1, 2, 4, 6, 8, 10, 12, 14, 16].map((n) => size('performance', n)));

function size(kind: 'shared' | 'performance', cpus: number) {
  const memory_mb = cpus * (kind === 'shared' ? 256 : 2048);
  return { name: kind === 'shared' ? `shared-cpu-${cpus}x` : `performance-${cpus}x`, cpu_kind: kind, cpus, memory_mb };
}

export async function listSizes(call: Call): Promise<void> {
  if (call.wantsJson) return call.json(sizes);
  call.out(
    table(
      ['Name', 'CPU Cores', 'Memory'],
      sizes.map((one) => [one.name, String(one.cpus), `${one.memory_mb} MB`]),
    ),
  );
}

export async function scaleVm(call: Call): Promise<void> {
  const wanted = sizes.find(({ name }) => name === call.args[0]);
  if (!wanted)
    throw new FlyError(
      `'${call.args[0]}' is an invalid machine size, choose one of: [${sizes.map(({ name }) => name).join(', ')}]`,
    );
  const memory = call.flags.number('vm-memory') ?? wanted.memory_mb;
  await resize(call, { cpu_kind: wanted.cpu_kind, cpus: wanted.cpus, memory_mb: memory });
}

export async function scaleMemory(call: Call): Promise<void> {
  const memory_mb = Number(call.args[0]);
  if (!Number.isInteger(memory_mb) || memory_mb <= 0)
    throw new FlyError(`strconv.Atoi: parsing "${call.args[0]}": invalid syntax`);
  await resize(call, { memory_mb });
}

/** Every machine of the group, one by one, each restarted. */
async function resize(call: Call, guest: Partial<MachineConfig['guest']>): Promise<void> {
  const machines = managed(call.app(call.read()));
  const groups = [...new Set(machines.map(groupOf))];
  const group = call.flags.text('process-group') ?? (groups.length > 1 ? undefined : groups[0]);
  if (machines.length === 0) throw new FlyError('No active machines in process group, check `fly status` output');
  if (group === undefined)
    throw new FlyError(
      `scaling an app with multiple process groups requires specifying a group with '--process-group', available: ${groups.join(', ')}`,
    );
  for (const { id } of machines.filter((one) => groupOf(one) === group)) {
    call.out(`Updating machine ${id}\n`);
    await call.act(
      (state) => {
        const found = call.app(state).machines.find((one) => one.id === id);
        if (!found) return;
        found.config.guest = { ...found.config.guest, ...guest };
        found.instance_id = `01${newId(state, 24).toUpperCase()}`;
      },
      () => `machine updated ${id}`,
    );
    call.out(`Machine ${id} updated successfully!\n`);
  }
  call.out(`Scaled VM Type to '${call.args[0]}'\n`);
}

export async function importCertificate(call: Call): Promise<void> {
  const hostname = (call.args[0] ?? '').toLowerCase();
  for (const name of ['fullchain', 'private-key']) {
    const path = call.flags.text(name);
    if (path === undefined) throw new FlyError(`required flag(s) "${name}" not set`);
    const file = resolve(process.cwd(), path);
    if (!existsSync(file)) throw new FlyError(`failed to read ${name} file: open ${path}: no such file or directory`);
    if (!readFileSync(file, 'utf8').includes('-----BEGIN'))
      throw new FlyError('failed to import certificate: invalid PEM');
  }
  await call.act(
    (state) => {
      const app = call.app(state);
      const at = stamp(state, call.now());
      const found = app.certificates.find((one) => one.hostname === hostname);
      if (found) Object.assign(found, { validatedAt: at, issuedAt: at, custom: true });
      else
        app.certificates.push({
          hostname,
          createdAt: at,
          updatedAt: at,
          validatedAt: at,
          issuedAt: at,
          custom: true,
          failedChecks: [],
        });
    },
    () => `certificate imported ${hostname}`,
  );
  tellCertificate(call);
}

/** Writes the server's configuration; asks where a file is there, and nobody can answer. */
export async function saveConfig(call: Call): Promise<void> {
  const app = call.app(call.read());
  const config = currentConfig(app);
  if (!config) throw new FlyError(`failed to fetch app config: no machines configured for app ${app.name}`);
  const asJson = call.flags.is('json');
  const path = call.config?.path ?? join(process.cwd(), asJson ? 'fly.json' : 'fly.toml');
  if (existsSync(path) && !call.flags.is('yes')) throw new FlyError('prompt: non interactive');
  const build = call.config?.definition.build;
  const whole = { app: app.name, ...config, ...(build === undefined ? {} : { build }) };
  const { stringify } = await import('smol-toml');
  const header = `# fly.toml app configuration file generated for ${app.name}\n\n`;
  writeFileSync(path, asJson ? `${JSON.stringify(whole, null, 2)}\n` : `${header}${stringify(whole)}\n`);
  call.out(`Wrote config file ${path}\n`);
}

/** No keys: Go prints the list that is not there. */
export async function listSecretKeys(call: Call): Promise<void> {
  call.app(call.read());
  if (call.wantsJson) return call.json(null);
  call.out(table(['Label', 'Type'], []));
}
