// The inputs of a runbook: asked once, and again where a person goes back to one.
import type { Input } from '../runbook/model.ts';
import type { Json } from '../step.ts';
import { ask } from './ask.ts';
import type { Sitting } from './sitting.ts';
import { Stop } from './stop.ts';

/** Ask an input; a secret one is known to this sitting only. */
export async function askInput(sitting: Sitting, input: Input): Promise<void> {
  const id = `inputs.${input.name}`;
  const message = input.description ?? input.name;
  const { inputs } = sitting.runbook;
  const numbered = inputs.length > 1 && {
    numbered: { position: inputs.indexOf(input) + 1, total: inputs.length },
  };
  if (input.secret) {
    const value = await ask(sitting, {
      id,
      type: 'secret',
      message,
      ...numbered,
      ...(input.pattern !== undefined && { pattern: input.pattern }),
    });
    sitting.secretInputs.set(input.name, value);
    sitting.learn(input.name, value);
    sitting.append({ type: 'input.given', name: input.name, secret: true, from: sitting.operator });
    return;
  }
  const given = sitting.state.inputs[input.name];
  const standing = input.default === undefined ? undefined : textOf(input.default);
  const last = lastOf(sitting, input);
  const now = given === undefined ? undefined : textOf(given);
  const preset = now ?? last ?? standing;
  const asked =
    now !== undefined || last === undefined || last === standing ? message : `${message} (last time: ${last})`;
  const more = now === undefined ? numbered : { anew: true as const };
  const options = input.type === 'boolean' ? ['true', 'false'] : input.options;
  const value = options
    ? await ask(sitting, {
        id,
        type: 'choice',
        about: 'value',
        message: asked,
        ...more,
        options: options.map((option) => ({ value: option, label: option })),
        ...(preset !== undefined && { default: preset }),
      })
    : await ask(sitting, {
        id,
        type: 'text',
        message: asked,
        ...more,
        shape: input.type === 'choice' || input.type === 'boolean' ? 'text' : input.type,
        ...(preset !== undefined && { default: preset }),
        ...(input.example !== undefined && { example: input.example }),
        ...(input.pattern !== undefined && { pattern: input.pattern }),
        ...(!input.required && { optional: true }),
      });
  const problem = inputProblem(input, value) ?? secretIn(sitting, input, value);
  if (problem !== undefined) {
    if (!sitting.face.present) throw new Stop(problem, 4);
    sitting.face.tell([problem]);
    return;
  }
  const next = typed(input, value);
  if (given !== undefined && JSON.stringify(next) === JSON.stringify(given))
    return sitting.face.tell([`${input.name} is ${value} already.`]);
  sitting.append({ type: 'input.given', name: input.name, value: next, from: sitting.operator });
}

/** An input is written down, and read again from there: with a name in the place of a secret it would be another value. */
function secretIn(sitting: Sitting, { name }: Input, value: string): string | undefined {
  const shown = sitting.redacted(value);
  if (shown === value) return undefined;
  return `${name} cannot be ${shown}: it would be written down with the secret in it. Leave that out, mark the input as secret (secret: true), or, where the other is none, mark that (secret: false)`;
}

/** What was given in the last run, where it is still a value of this input. */
function lastOf(sitting: Sitting, input: Input): string | undefined {
  const value = sitting.lastInput(input.name);
  const text = value === undefined ? undefined : textOf(value);
  return text === undefined || inputProblem(input, text) !== undefined ? undefined : text;
}

export const textOf = (value: Json): string =>
  Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : JSON.stringify(value);

/** Why a text is no value of an input; undefined when it is one. */
export function inputProblem(input: Input, text: string): string | undefined {
  if (text === '' && input.required && input.default !== '') return `${input.name} is needed`;
  if (text === '') return undefined;
  if (input.type === 'number' && !Number.isFinite(Number(text)))
    return `${input.name} is a number, and "${text}" is none`;
  if (input.type === 'boolean' && text !== 'true' && text !== 'false') return `${input.name} is true or false`;
  if (input.type === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return `"${text}" is no e-mail address`;
  if (input.options && !input.options.includes(text)) return `${input.name} is one of ${input.options.join(', ')}`;
  if (input.pattern !== undefined && !new RegExp(`^(?:${input.pattern})$`).test(text))
    return `${input.name} must match ${input.pattern}${input.example ? `, for example ${input.example}` : ''}`;
  return undefined;
}

/** A text as the input's type: what expressions see. */
export function typed(input: Input, text: string): Json {
  if (input.type === 'number') return Number(text);
  if (input.type === 'boolean') return text === 'true';
  if (input.type === 'list') {
    return text
      .split(/[,\n]/)
      .map((part) => part.trim())
      .filter((part) => part !== '');
  }
  return text;
}
