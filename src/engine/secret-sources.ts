// Where the runbook says that the value of a secret lies: read there, and compared with what was last sent.
import { isSameSecret } from '../secrets/hash.ts';
import type { Obtained, SecretSpec, SinceSent } from '../system/ports.ts';
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
      : { value };
  }
  if ('file' in from) return readFile(sitting, name, from.file);
  const argv = 'op' in from ? ['op', 'read', '--no-newline', from.op] : from.command;
  const ended = await world.processes.look(argv);
  if (ended.exit === 0) return asValue(name, ended.stdout, argv[0] ?? '');
  const why = ended.missing
    ? `there is no ${argv[0]} on this machine`
    : `${argv[0]} ended with ${ended.exit ?? ended.signal}`;
  return { why: `${name} could not be read: ${why}` };
}

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
