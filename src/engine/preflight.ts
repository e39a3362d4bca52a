// Before the first act of a sitting: are the tools there, are we logged in, and as whom, and does the guard let the inputs pass?
import type { Login, Look, Requirement } from '../step.ts';
import { fill } from '../text/expression.ts';
import { askUntil, stopFor } from './ask.ts';
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
  await untilRight(sitting, `tools.${need.tool}`, async () => {
    const ended = await sitting.world.processes.look(need.atLeast ? [need.tool, 'version'] : [need.tool, '--version'], {
      timeout: 20_000,
    });
    if (ended.missing) return `${need.tool} is not on this machine: ${need.get}`;
    const found = /(\d+\.\d+\.\d+)/.exec(ended.stdout)?.[1];
    if (!need.atLeast || found === undefined || !isOlder(found, need.atLeast.version)) return undefined;
    return `${need.tool} ${found} is too old: ${need.atLeast.version} is needed, because ${need.atLeast.why}. ${need.get}`;
  });
}

/** Looks until nothing is wrong any more: a person can mend it beside us and have it looked at again. */
async function untilRight(sitting: Sitting, id: string, wrong: () => Promise<string | undefined>): Promise<void> {
  for (;;) {
    const message = await wrong();
    if (message === undefined) return;
    const options = [LOOK, { value: 'stop', key: 'q', label: 'stop and keep' }];
    const question = { id, type: 'choice' as const, about: 'way' as const, message, options, default: LOOK.value };
    const answer = await askUntil(sitting, question, sitting.signal);
    if ('absent' in answer) throw new Stop(message, 1);
    if (!('value' in answer)) throw stopFor(answer);
    if (answer.value !== LOOK.value) throw stopFor({ stop: true });
  }
}

const LOOK = { value: 'look', key: 'c', label: 'look again, once it is mended' };

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
  for (const login of loginsOf(sitting))
    await untilRight(sitting, `accounts.${login.account}`, async () => {
      const expected = accountOf(sitting, login.account);
      if ('why' in expected) throw new Stop(expected.why, 4);
      const look = await login.check(expected.account, lookPorts(sitting));
      if (look.is !== 'so') return tellLogin(login, look);
      const who = sitting.redacted(tellLogin(login, look));
      sitting.accounts.set(login.account, who);
      sitting.face.tell([who]);
      return undefined;
    });
}

/** Who we are in each account that is needed, one line each: right or wrong, nothing is stopped by it. */
export async function lookAtLogins(sitting: Sitting): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const login of loginsOf(sitting)) {
    const expected = accountOf(sitting, login.account);
    if ('why' in expected) lines.push(`${login.account}: ${expected.why}`);
    else lines.push(tellLogin(login, await login.check(expected.account, lookPorts(sitting))));
  }
  return lines;
}

function loginsOf(sitting: Sitting): readonly Login[] {
  const logins = new Map<string, Login>();
  for (const step of sitting.runbook.steps) {
    const login = sitting.offer(step).kind?.login;
    if (login && !logins.has(login.account)) logins.set(login.account, login);
  }
  return [...logins.values()];
}

function tellLogin({ account }: Login, look: Look): string {
  if (look.is === 'so') return `${account}: ${look.seen}`;
  const why = look.is === 'not-so' ? `expected ${look.expected}, seen ${look.seen}` : look.why;
  return `${account}: ${why}${look.hint ? `. ${look.hint}` : ''}`;
}

/** `accounts.NAME` with its expressions filled in, or why that cannot be. */
function accountOf(
  sitting: Sitting,
  name: string,
): { readonly account: Readonly<Record<string, string>> } | { readonly why: string } {
  const account: Record<string, string> = {};
  for (const [key, text] of Object.entries(sitting.runbook.accounts[name] ?? {})) {
    const value = fill(text, sitting.contexts());
    if (!value.ok)
      return { why: `accounts.${name}.${key} needs ${value.missing.join(', ') || value.problem}, which is not there` };
    account[key] = String(value.value);
  }
  return { account };
}
