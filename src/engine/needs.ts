// What a runbook needs of this machine: tools and logins, each looked at once. Asked before the first act, and by `launch doctor`.
import type { Step } from '../runbook/model.ts';
import type { Login, Requirement } from '../step.ts';
import { fill } from '../text/expression.ts';
import { lookPorts } from './ports.ts';
import type { Sitting } from './sitting.ts';
import { Stop } from './stop.ts';

/** `wrong`: what is missing, and how to get it. */
export type NeedLook = { readonly seen: string } | { readonly wrong: string };

/** Each tool once, with the highest of the versions asked for. */
export function toolsOf(sitting: Sitting, steps: readonly Step[]): readonly Requirement[] {
  const tools = new Map<string, Requirement>();
  for (const step of steps) {
    for (const need of sitting.offer(step).kind?.requires ?? []) {
      const known = tools.get(need.tool);
      if (!known || (need.atLeast && isOlder(known.atLeast?.version ?? '0', need.atLeast.version)))
        tools.set(need.tool, need);
    }
    for (const tool of step.requires)
      if (!tools.has(tool)) tools.set(tool, { tool, get: `install ${tool}, and see that it is on PATH` });
  }
  return [...tools.values()];
}

export async function lookAtTool(sitting: Sitting, need: Requirement): Promise<NeedLook> {
  const { tool, atLeast, get } = need;
  const ended = await sitting.world.processes.look(atLeast ? [tool, 'version'] : [tool, '--version'], {
    timeout: 20_000,
  });
  if (ended.missing) return { wrong: `${tool} is not on this machine: ${get}` };
  const found = /(\d+\.\d+\.\d+)/.exec(ended.stdout)?.[1];
  if (!atLeast || found === undefined || !isOlder(found, atLeast.version)) return { seen: found ?? 'there' };
  return { wrong: `${tool} ${found} is too old: ${atLeast.version} is needed, because ${atLeast.why}. ${get}` };
}

/** Each account once. */
export function loginsOf(sitting: Sitting): readonly Login[] {
  const logins = new Map<string, Login>();
  for (const step of sitting.runbook.steps) {
    const login = sitting.offer(step).kind?.login;
    if (login && !logins.has(login.account)) logins.set(login.account, login);
  }
  return [...logins.values()];
}

/** As whom we are there. Throws Stop where the account that is expected is not known yet. */
export async function lookAtLogin(sitting: Sitting, login: Login): Promise<NeedLook> {
  const look = await login.check(accountOf(sitting, login.account), lookPorts(sitting));
  if (look.is === 'so') return { seen: look.seen };
  const why = look.is === 'not-so' ? `expected ${look.expected}, seen ${look.seen}` : look.why;
  return { wrong: `${login.account}: ${why}${look.hint ? `. To do: ${look.hint}` : ''}` };
}

/** Each account in a line, right or wrong: nothing is stopped by it. */
export async function tellLogins(sitting: Sitting): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const login of loginsOf(sitting)) {
    const look = await lookAtLogin(sitting, login).catch((error: unknown) => {
      if (!(error instanceof Stop)) throw error;
      return { wrong: error.message };
    });
    lines.push('seen' in look ? `${login.account}: ${look.seen}` : look.wrong);
  }
  return lines;
}

/** `accounts.NAME` with its expressions filled in. */
function accountOf(sitting: Sitting, name: string): Readonly<Record<string, string>> {
  const filled = Object.entries(sitting.runbook.accounts[name] ?? {}).map(([key, text]) => {
    const value = fill(text, sitting.contexts());
    if (!value.ok)
      throw new Stop(
        `accounts.${name}.${key} needs ${value.missing.join(', ') || value.problem}, which is not there`,
        4,
      );
    return [key, String(value.value)] as const;
  });
  return Object.fromEntries(filled);
}

/** By numbers, part by part: `20.9.0` is older than `20.19.0`. */
export function isOlder(version: string, than: string): boolean {
  const left = version.split('.').map(Number);
  const right = than.split('.').map(Number);
  for (const index of [0, 1, 2]) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
