// A shell in the middle of a step: the person's own, in the project, with the step's environment and no secret they did not ask for.
import type { Step } from '../runbook/model.ts';
import { fill } from '../text/expression.ts';
import { ask } from './ask.ts';
import { shellOf } from './shell.ts';
import type { Sitting } from './sitting.ts';

/** There is a terminal to lend, and a shell to lend it to. */
export const offersShell = (sitting: Sitting): boolean =>
  sitting.face.lend !== undefined && sitting.world.shell !== undefined;

export async function shell(sitting: Sitting, step: Step): Promise<void> {
  const { face, world } = sitting;
  if (!face.lend || !world.shell) return;
  const { open, secret } = environmentOf(sitting, step);
  const names = Object.keys(secret);
  const asked = names.length > 0 && (await wantsSecrets(sitting, step, names));
  const env = asked ? { ...open, ...secret } : open;
  const shelled = await shellOf(sitting, step, '');
  const folder = ('cwd' in shelled ? shelled.cwd : undefined) ?? world.project;
  face.tell([`A shell in ${folder}, ${secretsIn(names, asked)}. Leave it with \`exit\`.`]);
  await face.lend(() => world.shell?.({ env, cwd: folder }) ?? Promise.resolve());
  face.tell(['Back from the shell.']);
}

/** The person's environment and the step's, parted by whether a value is known as secret. */
function environmentOf(sitting: Sitting, step: Step) {
  const contexts = sitting.contexts();
  const ofStep = Object.entries(step.env).flatMap(([name, text]) => {
    const filled = fill(text, contexts);
    return filled.ok ? [[name, typeof filled.value === 'string' ? filled.value : JSON.stringify(filled.value)]] : [];
  });
  const all: Record<string, string> = { ...sitting.environment, ...Object.fromEntries(ofStep) };
  const known = ([, value]: [string, string]) => sitting.redactor.text(value) !== value;
  const entries = Object.entries(all);
  return {
    open: Object.fromEntries(entries.filter((entry) => !known(entry))),
    secret: Object.fromEntries(entries.filter(known)),
  };
}

async function wantsSecrets(sitting: Sitting, step: Step, names: readonly string[]): Promise<boolean> {
  const message = `With the secrets too (${names.join(', ')})?`;
  return (await ask(sitting, { id: `steps.${step.id}.shell`, type: 'confirm', message }, step)) === 'yes';
}

function secretsIn(names: readonly string[], asked: boolean): string {
  if (names.length === 0) return 'with no secrets';
  return asked ? `with ${names.join(', ')}` : `without ${names.join(', ')}`;
}
