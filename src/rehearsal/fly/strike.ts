// Is a fault due now? The marking of what was played, in `faults.json`.
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultName } from './faults.ts';
import { withLock } from './lock.ts';
import { readJson } from './world.ts';

/** An entry of `faults.json`. `at` is a command (`fly deploy`) or a group (`fly certs`). `always`: it is not used up. */
interface Fault {
  readonly name: string;
  readonly at: string;
  readonly step?: string;
  readonly always?: boolean;
  fired: boolean;
}

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
  writeFileSync(`${path}.${process.pid}`, JSON.stringify(faults), { mode: 0o600 });
  stillOurs();
  renameSync(`${path}.${process.pid}`, path);
}

const faultsIn = (path: string): Fault[] => (readJson(path) ?? []) as Fault[]; // written by the rehearsal in this shape
