// Name servers and a caching resolver that other people wrote, where this machine has them: on loopback, on free ports, gone with the test.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, utimesSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Address } from '../../../src/system/aim.ts';
import { createDns } from '../../../src/system/dns.ts';
import { temporaryFolder, writeFileIn } from '../../system/folder.ts';
import { freePort } from '../../system/servers.ts';

/** A zone's name, and its records in the words of a zone file, without the SOA. */
export type Zones = Readonly<Record<string, readonly string[]>>;

export interface NameServer {
  readonly at: Address;
  /** Other records from now on: returns when they are answered. */
  publish(zones: Zones): Promise<void>;
}
export interface Resolver {
  readonly at: Address;
  /** Starts anew on the same port: as when the time of every answer it keeps is over. */
  forget(): Promise<void>;
}

export async function startNameServer(brand: Brand, zones: Zones): Promise<NameServer> {
  const folder = temporaryFolder();
  const at = { host: '127.0.0.1', port: await freePort() };
  let serial = 1;
  writeZones(folder, zones, serial);
  const { argv, config } = BRANDS[brand];
  const file = writeFileIn(folder, 'server.conf', config({ folder, port: at.port, zones: Object.keys(zones) }));
  const server = start(programAt(brand) ?? brand, argv(file));
  await answers(server, () => hasSerial(at, zones, serial));
  return {
    at,
    async publish(next) {
      serial += 1;
      writeZones(folder, next, serial);
      server.child.kill('SIGHUP');
      await answers(server, () => hasSerial(at, next, serial));
    },
  };
}

/** Asks the name servers by zone; `.` is for all other names, so that nothing is asked beyond loopback. */
export async function startResolver(zones: Readonly<Record<string, Address>>): Promise<Resolver> {
  const folder = temporaryFolder();
  const at = { host: '127.0.0.1', port: await freePort() };
  const file = writeFileIn(folder, 'unbound.conf', unboundConfig(folder, at.port, zones));
  const [anyZone = '.'] = Object.keys(zones);
  const { ask } = createDns({ dns: { '*': at }, tries: [200] });
  const open = async () => {
    const server = start(programAt('unbound') ?? 'unbound', ['-d', '-c', file]);
    await answers(server, async () => (await ask({ name: anyZone, type: 'SOA' })).answers.length > 0);
    return server;
  };
  let server = await open();
  return {
    at,
    async forget() {
      await server.end();
      server = await open();
    },
  };
}

/** Where a program is; many systems keep servers off the PATH of a person. */
export function programAt(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin'];
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

interface Server {
  readonly child: ChildProcess;
  said(): string;
  end(): Promise<void>;
}

/** In a group of its own, which is ended with the test. */
function start(program: string, argv: readonly string[]): Server {
  const child = spawn(program, argv, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (text += data.toString()));
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  const end = async () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, 'SIGKILL');
    await gone;
  };
  onTestFinished(end);
  return { child, end, said: () => `${program}: ${text.slice(-2000)}` };
}

async function answers({ child, said }: Server, so: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + LONGEST_START;
  while (performance.now() < end) {
    if (await so()) return;
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`ended by itself. ${said()}`);
    await pause(20);
  }
  throw new Error(`no such answer within ${LONGEST_START / 1000} s. ${said()}`);
}

async function hasSerial(at: Address, zones: Zones, serial: number): Promise<boolean> {
  const { ask } = createDns({ dns: { '*': at }, tries: [200] });
  const told = await Promise.all(Object.keys(zones).map((name) => ask({ name, type: 'SOA' })));
  return told.every(({ answers: [soa] }) => soa?.data.split(' ')[2] === String(serial));
}

function writeZones(folder: string, zones: Zones, serial: number): void {
  for (const [name, records] of Object.entries(zones)) {
    // It may itself be kept for longer than a "no" may.
    const soa = `@ 3600 SOA ns1.example.net. dns.example.net. ${serial} 10000 2400 604800 1800`;
    const file = writeFileIn(folder, `${name}.zone`, `$TTL 300\n${[soa, ...records].join('\n')}\n`);
    // A server passes over a file whose time is no later than when it was read last.
    const time = Date.now() / 1000 + serial * 10;
    utimesSync(file, time, time);
  }
}

interface Served {
  readonly folder: string;
  readonly port: number;
  readonly zones: readonly string[];
}

const namedConfig = ({ folder, port, zones }: Served): string => `
options {
  directory "${folder}"; pid-file none; lock-file none; session-keyfile none;
  listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
  recursion no; dnssec-validation no; notify no;
};
controls { };
${zones.map((zone) => `zone "${zone}" { type primary; file "${zone}.zone"; };`).join('\n')}
`;

const knotConfig = ({ folder, port, zones }: Served): string => `
server:
  rundir: ${folder}
  listen: 127.0.0.1@${port}
database:
  storage: ${folder}
log:
  - target: stderr
    any: warning
template:
  - id: default
    storage: ${folder}
    zonefile-load: whole
zone:
${zones.map((zone) => `  - domain: ${zone}\n    file: ${zone}.zone`).join('\n')}
`;

const unboundConfig = (folder: string, port: number, zones: Readonly<Record<string, Address>>): string => `
server:
  directory: "${folder}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  logfile: ""
  interface: 127.0.0.1
  port: ${port}
  outgoing-interface: 127.0.0.1
  do-not-query-localhost: no
  module-config: "iterator"
${Object.entries(zones)
  .map(([zone, at]) => `forward-zone:\n  name: "${zone}"\n  forward-addr: ${at.host}@${at.port}`)
  .join('\n')}
`;

interface BrandOf {
  argv(config: string): readonly string[];
  config(served: Served): string;
}

/** By the name of their program. */
const BRANDS = {
  named: { argv: (config) => ['-g', '-n', '1', '-c', config], config: namedConfig },
  knotd: { argv: (config) => ['-c', config], config: knotConfig },
} as const satisfies Readonly<Record<string, BrandOf>>;
export type Brand = keyof typeof BRANDS;

const LONGEST_START = 20_000;
