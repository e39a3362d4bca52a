// Where the value of a secret comes from in a sitting, and what is written down about it: never the value itself.
import type { Step } from '../runbook/model.ts';
import { generateSecret } from '../secrets/generate.ts';
import { hashSecret, isSameSecret } from '../secrets/hash.ts';
import type { NamedSecret, Obtained, SecretSpec } from '../system/ports.ts';
import { ask, stopFor } from './ask.ts';
import { handOver } from './secret-handover.ts';
import { readSource, whereOf } from './secret-sources.ts';
import type { Sitting } from './sitting.ts';
import type { SentSecret } from './state.ts';
import { Stop } from './stop.ts';

const keyOf = (spec: NamedSecret) => `${spec.app}\u0000${spec.name}`;

/** The value, by the spec's way: of this sitting already, generated, read, or typed hidden; or why there is none. */
export async function obtainSecret(sitting: Sitting, step: Step, spec: SecretSpec): Promise<Obtained> {
  const known = sitting.secretValues.get(keyOf(spec));
  // What is read may have been changed where it lies.
  if (known !== undefined && (spec.from === undefined || sitting.world.pretend)) return { value: known };
  const obtained = await newValue(sitting, step, spec);
  if ('why' in obtained) return obtained;
  const { value } = obtained;
  if (spec.secret) {
    sitting.learn(spec.name, value);
    const weak = weakness(spec.name, value);
    if (weak !== undefined) sitting.face.tell([weak]);
  }
  if (spec.pattern !== undefined && !new RegExp(`^(?:${spec.pattern})$`).test(value))
    return { why: `the value of ${spec.name} does not match its pattern ${spec.pattern}` };
  sitting.secretValues.set(keyOf(spec), value);
  return obtained;
}

/** What the redactor makes of a value that is hardly a secret. */
function weakness(name: string, value: string): string | undefined {
  if (value.trim().length < 6)
    return `${name} is shorter than 6 characters: where a command prints it, it is not recognised, and stands as it is.`;
  if (!/^[A-Za-z]{6,15}$/.test(value)) return undefined;
  return `${name} is a plain word: wherever that stands from now on, «${name}» is shown. If it is no secret, write secret: false.`;
}

async function newValue(sitting: Sitting, step: Step, spec: SecretSpec): Promise<Obtained> {
  const { world } = sitting;
  if (spec.generate) {
    const before = await keptBefore(sitting, step, spec);
    if (before !== undefined) return { value: before };
    const value = generateSecret(spec.generate, (bytes) => world.random(bytes));
    await handOver(sitting, step, spec, value);
    return { value };
  }
  // In a rehearsal no secret is read from where the real one lies: the actor answers with a canary.
  if (spec.from && !world.pretend) {
    tellWait(sitting, spec);
    const read = await readSource(sitting, spec);
    // What was cut off by Ctrl-C is not what the source says.
    if (sitting.signal.aborted) throw stopFor({ withdrawn: true }, step);
    return read;
  }
  if (!spec.secret && spec.default !== undefined) return { value: spec.default };
  const asked = {
    id: `secrets.${spec.app}.${spec.name}`,
    message: `${spec.name} for ${spec.app}${spec.description ? `: ${spec.description}` : ''}`,
    ...(spec.pattern !== undefined && { pattern: spec.pattern }),
  };
  const example = spec.example === undefined ? {} : { example: spec.example };
  const value = await ask(
    sitting,
    spec.secret ? { ...asked, type: 'secret' } : { ...asked, ...example, type: 'text' },
    step,
  );
  return value === '' ? { why: `there is no value for ${spec.name}` } : { value };
}

/** What may take a while, or wait for a person somewhere else than here. */
function tellWait(sitting: Sitting, { name, from }: SecretSpec): void {
  if (!from || 'env' in from || 'file' in from) return;
  const what = 'op' in from ? `${from.op}. 1Password may ask you for a touch or a password` : `${from.command[0]}`;
  sitting.face.tell([`Reading ${name} from ${what}.`]);
}

/** A value that was handed over in an earlier sitting and did not arrive: the person may have it still. */
async function keptBefore(sitting: Sitting, step: Step, spec: SecretSpec): Promise<string | undefined> {
  const sent = sitting.state.secrets.find((one) => one.app === spec.app && one.name === spec.name);
  if (!sent) return undefined;
  const choice = await ask(
    sitting,
    {
      id: `secrets.${spec.app}.${spec.name}.again`,
      type: 'choice',
      about: 'work',
      message: `A value for ${spec.name} was made and handed over before (${sent.at.slice(0, 16).replace('T', ' ')} UTC), and ${spec.app} does not have it.`,
      options: [
        { value: 'new', key: 'n', label: 'make a new one; the kept one is worth nothing then' },
        { value: 'type', key: 't', label: 'type the one that was kept' },
      ],
      default: 'new',
    },
    step,
  );
  return choice === 'type' ? typedRight(sitting, step, spec, sent) : undefined;
}

/** A slip of the hand is no reason to stop. In a rehearsal values are canaries, made up anew. */
async function typedRight(sitting: Sitting, step: Step, spec: SecretSpec, sent: SentSecret): Promise<string> {
  for (;;) {
    const value = await typedAgain(sitting, step, spec);
    if (sitting.world.pretend || isSameSecret(value, sent)) return value;
    sitting.face.tell([`That is not the value of ${spec.name} that was handed over.`]);
  }
}

/** A value that was not obtained here and is set already. */
export function rememberSecret(sitting: Sitting, of: NamedSecret, value: string): void {
  sitting.learn(of.name, value);
  sitting.secretValues.set(keyOf(of), value);
}

/** What is shown once: somebody is there before it is made, and has it afterwards. */
export async function receiveSecret(
  sitting: Sitting,
  step: Step,
  of: NamedSecret,
  make: () => Promise<string | undefined>,
): Promise<void> {
  const declared = sitting.declared().find((one) => one.app === of.app && one.name === of.name);
  const where = declared?.keep ? ` at ${declared.keep}` : '';
  const message = `${of.name} of ${of.app} is shown only once, by what runs next. Be ready to keep it${where}.`;
  const options = [{ value: 'done', key: 'd', label: 'ready: go on' }];
  const id = `secrets.${of.app}.${of.name}.ready`;
  await ask(sitting, { id, type: 'choice', about: 'work', message, options, default: 'done' }, step);
  const value = await make();
  if (value === undefined) return;
  rememberSecret(sitting, of, value);
  const what = `${of.name} of ${of.app} is there. It cannot be shown again.`;
  await handOver(sitting, step, { ...of, ...(declared?.keep && { keep: declared.keep }) }, value, what);
}

/** `secret.kept` is on disk before the value is sent: a second run knows what is set without knowing the value. */
export async function keepSecret(
  sitting: Sitting,
  step: Step,
  spec: SecretSpec,
  value: string,
  where: string,
): Promise<void> {
  const salt = sitting.world.random(16);
  const hash = hashSecret(value, salt);
  sitting.append({ type: 'secret.kept', app: spec.app, name: spec.name, where, salt, hash, step: step.id });
}

/** A value that an expression needs (`secrets.NAME`) and this sitting does not have: asked or read again, and compared with what was sent. */
export async function recallSecret(sitting: Sitting, step: Step, path: readonly string[]): Promise<void> {
  const name = path.at(-1) ?? '';
  const spec = sitting.declared().find((one) => one.name === name && (path.length === 1 || one.app === path[0]));
  if (!spec)
    throw new Stop(
      `"${step.title}" needs the secret ${path.join('.')}, which the runbook does not declare`,
      4,
      step.id,
    );
  const sent = sitting.state.secrets.find((one) => one.app === spec.app && one.name === name);
  const obtained =
    sent && spec.generate
      ? { value: await typedRight(sitting, step, spec, sent) }
      : await obtainSecret(sitting, step, spec);
  if ('why' in obtained) throw new Stop(`"${step.title}" needs the secret ${name}: ${obtained.why}`, 4, step.id);
  const { value } = obtained;
  // In a rehearsal values are canaries, made up anew.
  if (sent && !sitting.world.pretend && !isSameSecret(value, sent))
    throw new Stop(
      spec.from
        ? `the value of ${name} in ${whereOf(spec)} is not what was last sent to ${spec.app}: go back to the step that fills it, or put the old value there`
        : `this is not the value of ${name} that was sent to ${spec.app}`,
      4,
      step.id,
    );
  sitting.learn(name, value);
  sitting.secretValues.set(keyOf(spec), value);
}

function typedAgain(sitting: Sitting, step: Step, spec: SecretSpec): Promise<string> {
  return ask(
    sitting,
    {
      id: `secrets.${spec.app}.${spec.name}`,
      type: 'secret',
      message: `"${step.title}" needs ${spec.name} of ${spec.app}: type it as it was kept${spec.keep ? ` at ${spec.keep}` : ''}`,
    },
    step,
  );
}
