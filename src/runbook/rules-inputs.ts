// Rules about inputs and secrets: a default that fits, a choice with options, nothing secret written down.
import { didYouMean } from '../text/closest.ts';
import type { Problem } from '../text/place.ts';
import { mapOf, say } from './draft.ts';
import type { Rule } from './rule.ts';
import type { WrittenInput } from './schema.ts';

export const inputsFit: Rule = function* ({ document, inputs }) {
  for (const [name, input] of inputs) {
    if (!input) continue;
    const at = (key: string, problem: Problem, on: 'key' | 'value' = 'value') =>
      say(document, ['inputs', name, key], problem, on);
    if (input.type === 'choice' && !input.options)
      yield at('type', { code: 'missing-key', message: 'a choice needs "options"', remedy: 'options: [one, two]' });
    if (input.options && input.type !== undefined && input.type !== 'choice') {
      yield at(
        'options',
        {
          code: 'wrong-value',
          message: `"options" makes a choice, and the type is ${input.type}`,
          remedy: 'take one of them away',
        },
        'key',
      );
    }
    if (input.secret && input.default !== undefined)
      yield at(
        'default',
        {
          code: 'secret-written',
          message: 'a secret does not stand in a file',
          remedy: 'take the default away: it is asked, unseen',
        },
        'key',
      );
    const problem = input.default === undefined ? undefined : misfit(input, input.default);
    if (problem) yield at('default', { code: 'wrong-value', ...problem });
  }
};

/** Why a value is none for an input. */
export function misfit(
  { type = 'text', options, pattern }: WrittenInput,
  value: string | number | boolean | readonly string[],
): { message: string; remedy?: string } | undefined {
  if (options || type === 'choice') {
    const known = (options ?? []).map(String);
    if (options && !known.includes(String(value)))
      return {
        message: `"${value}" is none of the options`,
        remedy: didYouMean(String(value), known) ?? `there are ${known.join(', ')}`,
      };
    return undefined;
  }
  if (type === 'number' && typeof value !== 'number')
    return { message: 'the type is number, and the default is none', remedy: 'write a number without quotes' };
  if (type === 'boolean' && typeof value !== 'boolean')
    return { message: 'the type is boolean, and the default is neither true nor false' };
  if (type === 'list' && !Array.isArray(value))
    return { message: 'the type is list, and the default is none', remedy: `write [${value}]` };
  if (type === 'number' || type === 'boolean' || type === 'list') return undefined;
  if (typeof value !== 'string')
    return { message: `the type is ${type}, and the default is no text`, remedy: `put it in quotes: "${value}"` };
  if (type === 'email' && !/^[^\s@]+@[^\s@]+$/.test(value)) return { message: `"${value}" is no e-mail address` };
  if (pattern !== undefined && isQuick(pattern, value) && !new RegExp(`^(?:${pattern})$`).test(value))
    return { message: `"${value}" does not match the pattern`, remedy: 'mend the one or the other' };
  return undefined;
}

/** A pattern can be made to take hours (`(a+)+b`). Reading a file must not: what could is left to whoever is asked. */
const isQuick = (pattern: string, value: string): boolean =>
  value.length <= 1000 && !/\)[*+{]/.test(pattern) && (pattern.match(/[*+]|,\}/g) ?? []).length <= 3;

export const secretsAreSecret: Rule = function* ({ document, secrets }) {
  for (const [app, written] of secrets) {
    for (const [name, spec] of Object.entries(written?.names ?? {})) {
      if (!spec) continue;
      const at = (key: string, problem: Problem) => say(document, ['secrets', app, 'names', name, key], problem, 'key');
      if (spec.secret !== false && spec.default !== undefined) {
        yield at('default', {
          code: 'secret-written',
          message: 'a secret does not stand in a file',
          remedy: 'write "secret: false" where it is plain configuration, else take the default away',
        });
      }
      const ways = (['generate', 'from', 'set-by', 'absent'] as const).filter(
        (key) => spec[key] !== undefined && spec[key] !== false,
      );
      const [first, second] = ways;
      if (first && second)
        yield at(second, {
          code: 'wrong-value',
          message: `"${second}" does not go with "${first}"`,
          remedy: 'a value comes from one place',
        });
      if (spec.keep !== undefined && spec.absent)
        yield at('keep', {
          code: 'wrong-value',
          message: 'what is to be absent cannot be kept',
          remedy: 'take one of them away',
        });
    }
    const names = mapOf(mapOf(document.front.secrets)[app]).names;
    if (written && Object.keys(mapOf(names)).length === 0)
      yield say(
        document,
        ['secrets', app],
        { code: 'wrong-value', message: 'no name is declared for this app', remedy: 'names: { API_KEY: {} }' },
        'key',
      );
  }
};
