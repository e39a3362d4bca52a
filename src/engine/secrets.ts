// Where the value of a secret comes from in a sitting, and what is written down about it: never the value itself.
import type { Step } from '../runbook/model.ts';
import { generateSecret } from '../secrets/generate.ts';
import { hashSecret, isSameSecret } from '../secrets/hash.ts';
import type { NamedSecret, SecretSpec } from '../system/ports.ts';
import { ask } from './ask.ts';
import { type Sitting, Stop } from './sitting.ts';

const keyOf = (spec: NamedSecret) => `${spec.app}\u0000${spec.name}`;

/** The value, by the spec's way: of this sitting already, generated, read, or typed hidden. */
export async function obtainSecret(sitting: Sitting, step: Step, spec: SecretSpec): Promise<string | undefined> {
  const known = sitting.secretValues.get(keyOf(spec));
  if (known !== undefined) return known;
  const value = await newValue(sitting, step, spec);
  if (value === undefined) return undefined;
  if (spec.pattern !== undefined && !new RegExp(`^(?:${spec.pattern})$`).test(value)) {
    throw new Stop(`the value given for ${spec.name} does not match its pattern ${spec.pattern}`, 4, step.id);
  }
  if (spec.secret) sitting.learn(spec.name, value);
  sitting.secretValues.set(keyOf(spec), value);
  return value;
}

async function newValue(sitting: Sitting, step: Step, spec: SecretSpec): Promise<string | undefined> {
  const { world } = sitting;
  if (spec.generate) {
    const before = await keptBefore(sitting, step, spec);
    if (before !== undefined) return before;
    const value = generateSecret(spec.generate, (bytes) => world.random(bytes));
    await handOver(sitting, step, spec, value);
    return value;
  }
  // In a rehearsal no secret is read from where the real one lies: the actor answers with a canary.
  if (spec.from && !world.pretend) return read(sitting, step, spec);
  if (!spec.secret && spec.default !== undefined) return spec.default;
  const id = `secrets.${spec.app}.${spec.name}`;
  const message = `${spec.name} for ${spec.app}${spec.description ? `: ${spec.description}` : ''}`;
  const answer = spec.secret
    ? await ask(
        sitting,
        { id, type: 'secret', message, ...(spec.pattern !== undefined && { pattern: spec.pattern }) },
        step,
      )
    : await ask(
        sitting,
        {
          id,
          type: 'text',
          message,
          ...(spec.example !== undefined && { example: spec.example }),
          ...(spec.pattern !== undefined && { pattern: spec.pattern }),
        },
        step,
      );
  return answer === '' ? undefined : answer;
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
  if (choice !== 'type') return undefined;
  for (;;) {
    const value = await typedAgain(sitting, step, spec);
    if (isSameSecret(value, sent)) return value;
    sitting.face.tell([`That is not the value of ${spec.name} that was handed over.`]);
  }
}

async function read(sitting: Sitting, step: Step, spec: SecretSpec): Promise<string | undefined> {
  const { world } = sitting;
  const from = spec.from;
  if (!from) return undefined;
  const asValue = (text: string, where: string) => {
    // What is no UTF-8 was changed when it was read: it would not be the value any more.
    if (text.includes('\ufffd'))
      throw new Stop(
        `${spec.name} could not be read: ${where} gives bytes that are no UTF-8 text; store it as base64`,
        4,
        step.id,
      );
    return text.replace(/\r?\n$/, '');
  };
  if ('env' in from) {
    const value = world.env.get(from.env);
    if (value === undefined || value === '')
      throw new Stop(`${spec.name} is read from the environment variable ${from.env}, which is not set`, 4, step.id);
    return value;
  }
  if ('file' in from) {
    const text = await world.files.read(from.file).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new Stop(`${spec.name} could not be read: ${why}`, 4, step.id);
    });
    if (text === undefined)
      throw new Stop(`${spec.name} is read from ${from.file}, and there is no such file`, 4, step.id);
    return asValue(text, from.file);
  }
  const argv = 'op' in from ? ['op', 'read', '--no-newline', from.op] : from.command;
  const ended = await world.processes.look(argv);
  if (ended.exit === 0) return asValue(ended.stdout, argv[0] ?? '');
  const why = ended.missing
    ? `there is no ${argv[0]} on this machine`
    : `${argv[0]} ended with ${ended.exit ?? ended.signal}`;
  throw new Stop(`${spec.name} could not be read: ${why}`, 4, step.id);
}

/** A value that exists only once is put into the person's hands before it is sent anywhere. */
async function handOver(
  sitting: Sitting,
  step: Step,
  spec: NamedSecret & Pick<SecretSpec, 'keep'>,
  value: string,
  what = `A new value for ${spec.name} was made. It exists only here, and is sent to ${spec.app} next.`,
): Promise<void> {
  sitting.learn(spec.name, value);
  const where = spec.keep ? ` Keep it at ${spec.keep}.` : '';
  let asked = false;
  let copied: boolean | undefined;
  for (;;) {
    const choice = await ask(
      sitting,
      {
        id: `secrets.${spec.app}.${spec.name}.kept`,
        type: 'choice',
        about: 'work',
        message: `${what}${where}`,
        options: [
          copied === false
            ? { value: 'show', key: 'v', label: 'show it here until a key is pressed' }
            : { value: 'copy', key: 'y', label: 'copy it to the clipboard' },
          { value: 'done', key: 'd', label: 'it is kept: go on' },
        ],
        default: copied === false ? 'show' : 'copy',
      },
      step,
    );
    if (choice === 'show') await show(sitting, spec.name, value);
    else if (choice === 'done') {
      const doubt = asked || sitting.world.pretend ? undefined : await notKeptAt(sitting, spec.keep, value);
      if (doubt === undefined) {
        if (copied) await sitting.world.copy('');
        return;
      }
      // Said once: where it cannot be seen, the word of the person counts.
      asked = true;
      sitting.face.tell([doubt]);
    } else {
      copied = await sitting.world.copy(value);
      sitting.face.tell([copied ? `${spec.name} is on the clipboard.` : 'There is no clipboard here.']);
    }
  }
}

/** The one time a value is on the screen, because the person asked for it: past the redactor, and gone with the next key. */
async function show(sitting: Sitting, name: string, value: string): Promise<void> {
  const options = [{ value: 'hide', label: 'hide it' }];
  await sitting.face.ask(
    { id: `${name}.shown`, type: 'choice', about: 'work', message: `${name}\n${value}`, options, default: 'hide' },
    { signal: sitting.signal },
  );
}

/** "It is kept" is looked at where 1Password can tell: why it does not seem so. */
async function notKeptAt(sitting: Sitting, keep: string | undefined, value: string): Promise<string | undefined> {
  if (!keep?.startsWith('op://')) return undefined;
  const ended = await sitting.world.processes.look(['op', 'read', '--no-newline', keep]);
  if (ended.missing || (ended.exit === 0 && ended.stdout === value)) return undefined;
  return ended.exit === 0
    ? `${keep} holds another value. Copy this one there, or say once more that it is kept.`
    : `${keep} could not be read by op. See that it is there, then say once more that it is kept.`;
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
  const value = sent && spec.generate ? await typedAgain(sitting, step, spec) : await obtainSecret(sitting, step, spec);
  if (value === undefined) throw new Stop(`"${step.title}" needs the secret ${name}`, 4, step.id);
  // In a rehearsal values are canaries, made up anew.
  if (sent && !sitting.world.pretend && !isSameSecret(value, sent))
    throw new Stop(`this is not the value of ${name} that was sent to ${spec.app}`, 4, step.id);
  sitting.learn(name, value);
  sitting.secretValues.set(keyOf(spec), value);
}

function typedAgain(sitting: Sitting, step: Step, spec: SecretSpec): Promise<string> {
  return ask(
    sitting,
    {
      id: `secrets.${spec.app}.${spec.name}`,
      type: 'secret',
      message: `${spec.name} of ${spec.app}, as it was kept${spec.keep ? ` at ${spec.keep}` : ''}`,
    },
    step,
  );
}
