// A command in a machine, and how it ended over there: `machine exec` prints the status, `ssh console` wraps it (facts/flyctl.md §3.15, §3.19).
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import type { Ended } from '../../src/system/ports.ts';
import { findJson } from './client.ts';
import { explain, type Known, type Problem } from './trouble.ts';

/** What the command said, and its exit status; or why it is not known whether it ran. */
export type InMachine =
  | { readonly status: number; readonly stdout: string; readonly stderr: string }
  | { readonly problem: Problem };

const answer = z.object({
  exit_code: z.number().default(0),
  stdout: z.string().default(''),
  stderr: z.string().default(''),
});

/** Asked with `FLY_JSON=1` the whole answer is JSON; where that is not so, the status stands before the output. */
export function ofExec(ended: Ended): InMachine {
  if (ended.exit !== 0) return { problem: explain(ended, notRunning) };
  const json = findJson(ended.stdout, answer);
  if (json) return { status: json.exit_code, stdout: json.stdout, stderr: json.stderr };
  const [line, status] = /^Exit code: (\d+)\n/.exec(ended.stdout) ?? ['', '0'];
  return { status: Number(status), stdout: ended.stdout.slice(line.length), stderr: ended.stderr };
}

/** Any failure over there is exit 1 here; the status stands in the error. */
export function ofConsole(ended: Ended): InMachine {
  if (ended.exit === 0) return { status: 0, stdout: ended.stdout, stderr: ended.stderr };
  const status = /Process exited with status (\d+)/.exec(stripVTControlCharacters(ended.stderr))?.[1];
  if (status !== undefined && ended.exit === 1)
    return { status: Number(status), stdout: ended.stdout, stderr: ended.stderr };
  return { problem: explain(ended, notRunning) };
}

export const notRunning: readonly Known[] = [
  {
    says: /has no started VMs|machine not running/,
    sort: 'refused',
    why: 'no machine of the app is started',
    hint: '`fly machine start ID` wakes one that autostop has stopped',
  },
  {
    says: /connecting to SSH server|wireguard tunnel|failed probing/,
    sort: 'refused',
    why: 'the tunnel to the machine does not come up, nothing was run',
    hint: 'WireGuard needs UDP 51820; `fly doctor` says more, and `via: exec` needs no tunnel',
  },
];
