// Do the machines of an app stand as they should: on the release asked for, started or rightly idle, checks passing?
import type { Look } from '../../src/step.ts';
import type { Machine } from './shapes.ts';

/**
 * So when every machine that deploys manage (`status --json`, facts/flyctl.md §3.7) carries one of `releases` (where they are given), is started
 * or rightly idle, and its checks pass. A machine whose host does not answer makes it unknown.
 */
export function lookAtMachines(
  machines: readonly Machine[],
  {
    app,
    expected,
    releases,
  }: { readonly app: string; readonly expected: string; readonly releases?: readonly number[] },
): Look {
  const hint = `\`fly status -a ${app}\` and \`fly logs -a ${app}\` say more`;
  if (machines.length === 0) return { is: 'not-so', expected, seen: `${app} has no machine`, hint };
  const wrong = machines.flatMap((machine) => whatIsWrong(machine, releases) ?? []);
  if (wrong.length > 0) return { is: 'not-so', expected, seen: wrong.join('; '), hint };
  const unseen = machines.filter(({ config }) => !config);
  if (unseen.length > 0)
    return {
      is: 'unknown',
      why: unseen
        .map((machine) => `${label(machine)} cannot be seen: its host is ${machine.host_status ?? 'silent'}`)
        .join('; '),
    };
  const idle = machines.filter(isIdle).length;
  const checks = machines.filter((machine) => !isIdle(machine)).flatMap((machine) => machine.checks);
  const parts = [
    `${machines.length - idle} started`,
    ...(idle > 0 ? [`${idle} idle`] : []),
    ...(checks.length > 0 ? [`${checks.length} ${checks.length === 1 ? 'check' : 'checks'} passing`] : []),
  ];
  const seen = `${machines.length === 1 ? '1 machine' : `${machines.length} machines`}: ${parts.join(', ')}`;
  return { is: 'so', seen, warning: warningOf(machines, idle) };
}

export const groupOf = ({ config }: Machine): string => config?.metadata?.fly_process_group ?? '';
export const releaseOf = ({ config }: Machine): string => config?.metadata?.fly_release_version ?? '';

/** What holds and yet should be known: nobody has seen an idle machine work, nor one without a check. */
function warningOf(machines: readonly Machine[], idle: number): string | undefined {
  if (idle === machines.length)
    return 'no machine runs at the moment (stopped by autostop): nobody has seen this release work';
  const warnings = [
    ...(idle > 0
      ? [`${idle} ${idle === 1 ? 'machine is' : 'machines are'} idle (autostop or standby) and not checked`]
      : []),
    ...(machines.some(hasChecks) ? [] : ['no health check is configured: only that the machines run is known']),
  ];
  return warnings.join('; ') || undefined;
}

function whatIsWrong(machine: Machine, releases: readonly number[] | undefined): string | undefined {
  if (!machine.config) return undefined;
  const carries = releaseOf(machine);
  if (releases && !releases.map(String).includes(carries))
    return `${label(machine)} carries release ${carries || 'unknown'}, not ${releases.join(' or ')}`;
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
