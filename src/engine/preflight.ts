// Before the first act of a sitting: are the tools there, are we logged in, and as whom, and does the guard let the inputs pass?
import type { Login, Requirement } from '../step.ts';
import { askUntil, stopFor } from './ask.ts';
import { isSatisfied } from './decide.ts';
import { stepOf } from './evolve.ts';
import { loginsOf, lookAtLogin, lookAtTool, toolsOf } from './needs.ts';
import { forbiddenWord } from './ports.ts';
import type { Sitting } from './sitting.ts';
import { Stop } from './stop.ts';

export async function preflight(sitting: Sitting): Promise<void> {
  const open = sitting.runbook.steps.filter((step) => !isSatisfied(step, stepOf(sitting.state, step.id)));
  const forbidden = forbiddenWord(
    sitting.runbook.forbid,
    [],
    Object.values(sitting.state.inputs).map((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
  );
  if (forbidden !== undefined)
    throw new Stop(`"${forbidden}" is forbidden by the runbook (guard.forbid) and stands in an input`, 1);

  const standIns = ['fly', 'git'];
  for (const need of toolsOf(sitting, open))
    if (!sitting.world.pretend || standIns.includes(need.tool)) await requireTool(sitting, need);
  for (const login of loginsOf(sitting)) await requireLogin(sitting, login);
}

async function requireTool(sitting: Sitting, need: Requirement): Promise<void> {
  await untilRight(sitting, `tools.${need.tool}`, async () => {
    const look = await lookAtTool(sitting, need);
    return 'wrong' in look ? look.wrong : undefined;
  });
}

async function requireLogin(sitting: Sitting, login: Login): Promise<void> {
  await untilRight(sitting, `accounts.${login.account}`, async () => {
    const look = await lookAtLogin(sitting, login);
    if ('wrong' in look) return look.wrong;
    const who = sitting.redacted(`${login.account}: ${look.seen}`);
    sitting.accounts.set(login.account, who);
    sitting.face.tell([who]);
    return undefined;
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
