// How much memory of a machine is in use: asked in the machine, as flyctl has no command for it.
import type { Use } from '../../src/system/ports.ts';
import { lookFly } from './client.ts';
import { ofExec } from './exec.ts';

export type Memory =
  | { readonly used: number; readonly total: number }
  | { readonly why: string; readonly hint?: string };

/** MB. In use is what the kernel could not give to a new program. */
export async function memoryInUse(app: string, machine: string, ports: Use<'processes'>): Promise<Memory> {
  const ended = await lookFly(['machine', 'exec', machine, 'cat /proc/meminfo', '-a', app], ports);
  const said = ofExec(ended);
  if ('problem' in said) return said.problem;
  const kb = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(said.stdout)?.[1] ?? Number.NaN);
  const [total, available] = [kb('MemTotal'), kb('MemAvailable')];
  if (Number.isNaN(total - available)) return { why: `machine ${machine} does not say how much memory is in use` };
  return { used: Math.round((total - available) / 1024), total: Math.round(total / 1024) };
}
