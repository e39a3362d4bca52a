// Before the first act of a sitting: are the tools there, are we logged in, and as whom, and does the guard let the inputs pass?
import type { Requirement } from '../step.ts';
import { isSatisfied } from './decide.ts';
import { stepOf } from './evolve.ts';
import { forbiddenWord, lookPorts } from './ports.ts';
import { type Sitting, Stop } from './sitting.ts';

export async function preflight(sitting: Sitting): Promise<void> {
  const open = sitting.runbook.steps.filter((step) => !isSatisfied(step, stepOf(sitting.state, step.id)));
  const forbidden = forbiddenWord(
    sitting.runbook.forbid,
    [],
    Object.values(sitting.state.inputs).map((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
  );
  if (forbidden !== undefined)
    throw new Stop(`"${forbidden}" is forbidden by the runbook (guard.forbid) and stands in an input`, 1);

  const tools = new Map<string, Requirement>();
  for (const step of open) {
    for (const need of sitting.offer(step).kind?.requires ?? []) {
      const known = tools.get(need.tool);
      if (!known || (need.atLeast && isOlder(known.atLeast?.version ?? '0', need.atLeast.version)))
        tools.set(need.tool, need);
    }
    for (const tool of step.requires)
      if (!tools.has(tool)) tools.set(tool, { tool, get: `install ${tool}, and see that it is on PATH` });
  }
  if (sitting.world.pretend)
    for (const tool of [...tools.keys()]) if (!['fly', 'git'].includes(tool)) tools.delete(tool);
  for (const need of tools.values()) await requireTool(sitting, need);
  await requireLogins(sitting);
}

async function requireTool(sitting: Sitting, need: Requirement): Promise<void> {
  const ended = await sitting.world.processes.look(need.atLeast ? [need.tool, 'version'] : [need.tool, '--version'], {
    timeout: 20_000,
  });
  if (ended.missing) throw new Stop(`${need.tool} is not on this machine: ${need.get}`, 1);
  if (!need.atLeast) return;
  const found = /(\d+\.\d+\.\d+)/.exec(ended.stdout)?.[1];
  if (found === undefined || !isOlder(found, need.atLeast.version)) return;
  throw new Stop(
    `${need.tool} ${found} is too old: ${need.atLeast.version} is needed, because ${need.atLeast.why}. ${need.get}`,
    1,
  );
}

function isOlder(version: string, than: string): boolean {
  const left = version.split('.').map(Number);
  const right = than.split('.').map(Number);
  for (const index of [0, 1, 2]) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

async function requireLogins(sitting: Sitting): Promise<void> {
  const asked = new Set<string>();
  for (const step of sitting.runbook.steps) {
    const login = sitting.offer(step).kind?.login;
    if (!login || asked.has(login.account)) continue;
    asked.add(login.account);
    const look = await login.check(sitting.runbook.accounts[login.account] ?? {}, lookPorts(sitting));
    if (look.is === 'so') sitting.face.tell([`${login.account}: ${look.seen}`]);
    else if (look.is === 'not-so')
      throw new Stop(
        `${login.account}: expected ${look.expected}, seen ${look.seen}${look.hint ? `. ${look.hint}` : ''}`,
        1,
      );
    else throw new Stop(`${login.account}: ${look.why}${look.hint ? `. ${look.hint}` : ''}`, 1);
  }
}
