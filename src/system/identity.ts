// Who is that process? A pid alone may have been given to another since: start time, boot and host tell.
import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Spawned } from './world.ts';

export interface Identity {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat; `ps -o lstart` where there is no /proc. '' when the process is gone. */
  readonly startTime: string;
  readonly bootId: string;
  readonly host: string;
}

/** What tells this process from every other, on this machine and since it started. */
export function identityOf(pid: number): Identity {
  return { pid, startTime: processes(pid)[0]?.startTime ?? '', bootId: bootId(), host: hostname() };
}

/** Is the very process still there, as we see it from here? */
export function livesAs(identity: Identity): 'alive' | 'gone' | 'elsewhere' {
  if (identity.host !== hostname()) return 'elsewhere';
  if (identity.bootId !== bootId()) return 'gone';
  return processes(identity.pid)[0]?.startTime === identity.startTime ? 'alive' : 'gone';
}

/**
 * Is anything of a child's process group still there, the child itself or what it started? While a group has members its number is not
 * given out again, so a leader with another start time means that the group is gone.
 */
export function groupLives(child: Spawned): 'alive' | 'gone' | 'elsewhere' {
  const self = livesAs(child);
  if (self !== 'gone' || child.bootId !== bootId()) return self;
  if (processes(child.pid).length > 0) return 'gone';
  return hasMembers(child.group) ? 'alive' : 'gone';
}

/** Does a process live in the group? The dead that nobody has buried do not count. */
export function hasMembers(group: number): boolean {
  try {
    process.kill(-group, 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
  }
  return processes().some((found) => found.group === group);
}

let boot: string | undefined;

/** Of this start of the machine. */
function bootId(): string {
  boot ??=
    process.platform === 'linux'
      ? readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
      : ask('sysctl', ['-n', 'kern.bootsessionuuid']);
  return boot;
}

interface Seen {
  readonly group: number;
  readonly startTime: string;
}

/** The live processes, or the one with that pid. */
function processes(pid?: number): Seen[] {
  if (process.platform !== 'linux') return processesByPs(pid);
  const pids = pid === undefined ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [String(pid)];
  return pids.flatMap((name) => {
    const stat = readStat(name);
    return stat === undefined ? [] : [stat];
  });
}

function readStat(pid: string): Seen | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined; // It has ended since.
  }
  // The name in field 2 may hold anything, also `) `: the fields after it start behind the last parenthesis, with field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, group, startTime] = [fields[0], fields[2], fields[19]];
  if (state === undefined || 'ZX'.includes(state)) return undefined;
  return { group: Number(group), startTime: startTime ?? '' };
}

function processesByPs(pid?: number): Seen[] {
  const list = ask('ps', ['-o', 'pgid=,stat=,lstart=', ...(pid === undefined ? ['-ax'] : ['-p', String(pid)])]);
  return list.split('\n').flatMap((line) => {
    const [group, state, ...start] = line.trim().split(/\s+/);
    return group && state && !state.startsWith('Z') ? [{ group: Number(group), startTime: start.join(' ') }] : [];
  });
}

/** `ps` exits 1 where there is no such process. */
function ask(command: string, args: readonly string[]): string {
  // Loaded here: where there is /proc nobody is asked, and every command wants to know who it is.
  const { execFileSync } = process.getBuiltinModule('node:child_process');
  try {
    return execFileSync(command, args, {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}
