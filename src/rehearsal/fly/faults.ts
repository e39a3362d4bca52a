// What can go wrong with fly on purpose: the table for those who choose, and the marking of what was played.
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.ts';
import type { FlyState } from './model.ts';
import { logIn } from './state.ts';
import { readJson } from './world.ts';

/** An entry of `faults.json`. `at` is a command (`fly deploy`) or a group (`fly certs`). `always`: it is not used up. */
interface Fault {
  readonly name: string;
  readonly at: string;
  readonly step?: string;
  readonly always?: boolean;
  fired: boolean;
}

export interface FaultSort {
  /** The commands it can hit. */
  readonly at: readonly string[];
  /** What a driver sees. */
  readonly seen: string;
  /** What a person does about it. */
  readonly wayOut: string;
  /** That, done to the state, where it happens outside of fly commands. */
  readonly mend?: (state: FlyState, now: number) => void;
}

const making = [
  'fly apps create',
  'fly ips allocate-v4',
  'fly ips allocate-v6',
  'fly volumes create',
  'fly certs add',
] as const;
const secretWrites = ['fly secrets import', 'fly secrets set', 'fly secrets unset'] as const;
const changing = [...making, ...secretWrites, 'fly deploy', 'fly scale count', 'fly secrets deploy'] as const;
const releasing = ['fly deploy', ...secretWrites, 'fly secrets deploy'] as const;

/** Names as in `--fault NAME`. Each fires once, when it is really played; what it needs and does not find leaves it unfired. */
export const flyFaults = {
  'reply-lost': {
    at: changing,
    seen: 'the server did it all; then the connection is reset: Error, exit 1',
    wayOut: 'look before doing it again',
  },
  'network-lost': {
    at: [...changing, 'fly auth whoami', 'fly apps list', 'fly status'],
    seen: 'no connection, exit 1; nothing was changed',
    wayOut: 'try again',
  },
  'network-lost-midway': {
    at: ['fly deploy'],
    seen: 'exit 1 after the first machine; the release stays running, the lease is held on',
    wayOut: 'wait until the leases are over (13 s; 5 min for a new machine), then deploy again',
  },
  'login-expired': {
    at: ['fly auth whoami', 'fly orgs list', 'fly apps list', 'fly status', ...changing],
    seen: 'the login is older than 30 days from now on: no access token available, exit 1, for every command',
    wayOut: 'log in again',
    mend: logIn,
  },
  'name-taken': {
    at: ['fly apps create'],
    seen: 'Name has already been taken, exit 1',
    wayOut: 'try again (it is free then), or another name',
  },
  'rate-limit': {
    at: changing,
    seen: 'rate limit exceeded, exit 1; a deploy may have begun',
    wayOut: 'wait and try again',
  },
  'health-failing': {
    at: releasing,
    seen: 'checks of the first machine never pass: exit 1 after the wait, release failed; needs an app with checks',
    wayOut: 'deploy again',
  },
  'one-machine-failing': {
    at: releasing,
    seen: 'one of several machines is not healthy: 127 and no Error line where others were queued (three machines or two groups), else exit 1',
    wayOut: 'read releases and status, deploy again',
  },
  'build-failing': {
    at: ['fly deploy'],
    seen: 'failed to fetch an image or build from source, exit 1, no release',
    wayOut: 'try again',
  },
  'release-command-failing': {
    at: ['fly deploy'],
    seen: 'release command failed, exit 1, release failed, no machine changed; needs a release_command',
    wayOut: 'deploy again',
  },
  'machine-refused': {
    at: ['fly deploy'],
    seen: 'the last machine to be made is refused (insufficient_capacity), exit 1; those before it stay',
    wayOut: 'deploy again; after a first machine the missing one is made by scale count',
  },
  'addresses-failing': {
    at: ['fly deploy'],
    seen: 'first deploy: no addresses, only a message on stderr, exit 0',
    wayOut: 'allocate them',
  },
  'certificate-pending': {
    at: ['fly certs add', 'fly certs check', 'fly certs list'],
    seen: 'the certificate stays pending for 90 minutes',
    wayOut: 'go on waiting',
  },
  'long-output': {
    at: ['fly deploy'],
    seen: '200 kB on stdout, 100 kB of it one line; all goes well',
    wayOut: 'none needed',
  },
  noise: {
    at: ['fly apps list', 'fly status', 'fly releases', 'fly secrets list'],
    seen: 'a WARN line on stdout before the JSON',
    wayOut: 'none needed',
  },
} as const satisfies Record<string, FaultSort>;

export type FaultName = keyof typeof flyFaults;

/** Is this fault due now? Then it is marked as fired, under a lock, before it is played. `command` is `volumes create`. */
export function strike(folder: string, name: FaultName, command: string): boolean {
  const path = join(folder, 'faults.json');
  const isDue = (fault: Fault) =>
    fault.name === name && isAt(fault, command) && (!fault.fired || fault.always === true);
  if (!existsSync(path) || !faultsIn(path).some(isDue)) return false;
  return withLock(join(folder, 'faults.lock'), (stillOurs) => {
    const faults = faultsIn(path);
    const found = faults.find(isDue);
    if (!found) return false;
    found.fired = true;
    save(path, faults, stillOurs);
    return true;
  });
}

function isAt(fault: Fault, command: string): boolean {
  const at = fault.at.replace(/^(fly|flyctl) /, '');
  return at === command || command.startsWith(`${at} `);
}

function save(path: string, faults: readonly Fault[], stillOurs: () => void): void {
  writeFileSync(`${path}.${process.pid}`, JSON.stringify(faults));
  stillOurs();
  renameSync(`${path}.${process.pid}`, path);
}

const faultsIn = (path: string): Fault[] => (readJson(path) ?? []) as Fault[]; // written by the rehearsal in this shape
