// Do the machines of an app stand as they should: on the release asked for, started or rightly idle, checks passing?
import type { Machine } from './shapes.ts';

export interface Standing {
  readonly total: number;
  readonly started: number;
  /** Stopped by autostop, or waiting as a standby: right, but nobody has seen them work. */
  readonly idle: number;
  /** What is wrong, one sentence a machine. */
  readonly wrong: readonly string[];
  /** Machines nothing is known about: their host does not answer. */
  readonly unseen: readonly string[];
  /** No machine has a check: only that they run is known. */
  readonly unchecked: boolean;
}

/** Judges the machines that deploys manage (`status --json`, facts §3.7). `release`: the version each must carry. */
export function standingOf(machines: readonly Machine[], release?: number): Standing {
  const seen = machines.filter((machine) => machine.config);
  return {
    total: machines.length,
    started: seen.filter(({ state }) => state === 'started').length,
    idle: seen.filter(isIdle).length,
    wrong: seen.flatMap((machine) => whatIsWrong(machine, release) ?? []),
    unseen: machines
      .filter((machine) => !machine.config)
      .map((machine) => `${label(machine)} cannot be seen: its host is ${machine.host_status ?? 'silent'}`),
    unchecked: !seen.some(hasChecks),
  };
}

export const groupOf = ({ config }: Machine): string => config?.metadata?.fly_process_group ?? '';

/** `3 machines: 2 started, 1 idle`. */
export function count({ total, started, idle }: Standing): string {
  const parts = [`${started} started`, ...(idle > 0 ? [`${idle} idle`] : [])];
  return `${total === 1 ? '1 machine' : `${total} machines`}: ${parts.join(', ')}`;
}

/** What holds and yet should be known. */
export function warningOf({ started, idle, unchecked }: Standing): string | undefined {
  if (started === 0) return 'no machine runs at the moment (stopped by autostop): nobody has seen this release work';
  const warnings = [
    ...(idle > 0
      ? [`${idle} ${idle === 1 ? 'machine is' : 'machines are'} idle (autostop or standby) and not checked`]
      : []),
    ...(unchecked ? ['no health check is configured: only that the machines run is known'] : []),
  ];
  return warnings.join('; ') || undefined;
}

function whatIsWrong(machine: Machine, release: number | undefined): string | undefined {
  const carries = machine.config?.metadata?.fly_release_version;
  if (release !== undefined && carries !== String(release))
    return `${label(machine)} carries release ${carries ?? 'unknown'}, not ${release}`;
  if (isIdle(machine)) return undefined;
  if (machine.state !== 'started') return `${label(machine)} is ${machine.state}`;
  const bad = machine.checks.find(({ status }) => status !== 'passing');
  if (bad) return `${label(machine)}: check ${bad.name} is ${bad.status}${firstLine(bad.output)}`;
  // Freshly started machines report nothing for some seconds: absence is not success (§3.16).
  return hasChecks(machine) && machine.checks.length === 0
    ? `${label(machine)}: no result of its checks yet`
    : undefined;
}

function isIdle({ state, config }: Machine): boolean {
  if (!config) return false;
  if (config.standbys.length > 0) return ['created', 'stopped'].includes(state);
  const stopsByItself = config.services.some(
    ({ autostop }) => autostop === true || autostop === 'stop' || autostop === 'suspend',
  );
  return stopsByItself && ['stopped', 'suspended'].includes(state);
}

function hasChecks({ config }: Machine): boolean {
  return [config?.checks, ...(config?.services ?? []).map(({ checks }) => checks)].some(
    (checks) => typeof checks === 'object' && checks !== null && Object.keys(checks).length > 0,
  );
}

const label = (machine: Machine): string => `${groupOf(machine) || 'machine'} ${machine.id} (${machine.region})`;

/** A check's output may hold a whole response body. */
const firstLine = (output: string): string => {
  const line = output.trim().split('\n')[0]?.slice(0, 120) ?? '';
  return line === '' ? '' : ` (${line})`;
};
