// Where the runbook says that the value of a secret lies: read there, and compared with what was last sent.
import { isSameSecret } from '../secrets/hash.ts';
import type { Ended, Obtained, SecretSpec, SinceSent } from '../system/ports.ts';
import { formatDuration } from '../text/duration.ts';
import { whyOf } from './one-password.ts';
import { withheld } from './shell.ts';
import type { Sitting } from './sitting.ts';

/** What stands at the source now. A `why` is a whole sentence, without the value. */
export async function readSource(sitting: Sitting, spec: SecretSpec): Promise<Obtained> {
  const { world } = sitting;
  const { name, from } = spec;
  if (!from) return { why: `${name} has no source` };
  if ('env' in from) {
    const value = world.env.get(from.env) ?? '';
    return value === ''
      ? { why: `${name} is read from the environment variable ${from.env}, which is not set` }
      : asValue(name, value, from.env);
  }
  if ('file' in from) return readFile(sitting, name, from.file);
  return 'op' in from ? readOnePassword(sitting, name, from.op) : readCommand(sitting, name, from.command);
}

async function readOnePassword(sitting: Sitting, name: string, reference: string): Promise<Obtained> {
  const ended = await sitting.world.processes.look(['op', 'read', '--no-newline', reference], asked(sitting));
  if (ended.exit === 0) return asValue(name, ended.stdout, 'op');
  const said = ended.timedOut || ended.missing ? undefined : whyOf(ended.stderr);
  return {
    why: `${name} could not be read: ${said ?? `${endOf('op', ended)}${seeYourself(`op read ${reference}`, ended)}`}`,
  };
}

/** It is the runbook's own, and gets what a `run` gets. */
async function readCommand(sitting: Sitting, name: string, command: readonly string[]): Promise<Obtained> {
  const [tool = ''] = command;
  const own = { environment: 'person', without: withheld(sitting, {}) } as const;
  const ended = await sitting.world.processes.look(command, { ...asked(sitting), ...own });
  if (ended.exit !== 0)
    return {
      why: `${name} could not be read: ${endOf(tool, ended)}${seeYourself('the command', ended)}`,
    };
  if (ended.stdout.includes('\x1b'))
    return { why: `${name} could not be read: ${tool} prints colours with it; let it print the value alone` };
  return asValue(name, ended.stdout, tool);
}

/** A person may have to agree to it first. Ctrl-C ends it. */
const asked = ({ signal }: Sitting) => ({ signal, timeout: PATIENCE });
const PATIENCE = 120_000;

function endOf(tool: string, { exit, signal, timedOut, missing }: Ended): string {
  if (missing) return `there is no ${tool} on this machine`;
  return timedOut ? `${tool} gave no answer in ${formatDuration(PATIENCE)}` : `${tool} ended with ${exit ?? signal}`;
}

/** What it says may hold the value, or half of it, which nobody knows yet. */
const seeYourself = (what: string, { missing }: Ended): string =>
  missing ? '' : ` (run ${what} yourself to see why: what it says is not repeated, as the value may be in it)`;

async function readFile({ world }: Sitting, name: string, file: string): Promise<Obtained> {
  try {
    const text = await world.files.read(file);
    if (text === undefined) return { why: `${name} is read from ${file}, and there is no such file` };
    return asValue(name, text, file);
  } catch (error) {
    return { why: `${name} could not be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function asValue(name: string, text: string, where: string): Obtained {
  // What is no UTF-8 was changed when it was read: it would not be the value any more.
  if (text.includes('\ufffd'))
    return { why: `${name} could not be read: ${where} gives bytes that are no UTF-8 text; store it as base64` };
  const value = text.replace(/\r?\n$/, '');
  return value === '' ? { why: `${name} could not be read: ${where} gives nothing` } : { value };
}

/**
 * Is what stands at the source what was last sent? Only our own hash can tell: Fly never gives a value back. What may ask for a password
 * or runs a command of the project is read only where that is trusted.
 */
export async function sinceSent(sitting: Sitting, spec: SecretSpec): Promise<SinceSent> {
  const standing = !spec.secret && spec.from === undefined ? spec.default : undefined;
  if (sitting.world.pretend || (spec.from === undefined && standing === undefined)) return { is: 'unknown' };
  const sent = sitting.lastSent(spec);
  const runs = spec.from !== undefined && ('op' in spec.from || 'command' in spec.from);
  if (sent === undefined || (runs && !sitting.trusted)) return { is: 'unknown' };
  const where = whereOf(spec);
  const now = standing === undefined ? await readSource(sitting, spec) : { value: standing };
  if ('why' in now) return { is: 'unknown', why: `${now.why}; whether it is what was last sent cannot be told` };
  if (spec.secret) sitting.learn(spec.name, now.value);
  if (!isSameSecret(now.value, sent))
    return { is: 'other', why: `the value of ${spec.name} in ${where} is not what was last sent to ${spec.app}` };
  if (sent.arrived) return { is: 'same' };
  return { is: 'other', why: `${spec.name} was sent to ${spec.app}, and nobody saw it arrive` };
}

export function whereOf({ from }: SecretSpec): string {
  if (!from) return 'the runbook';
  if ('env' in from) return `the environment variable ${from.env}`;
  if ('file' in from) return from.file;
  return 'op' in from ? from.op : `what ${from.command[0]} prints`;
}
