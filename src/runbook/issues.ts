// What a zod schema found wrong, as problems with a path and a remedy: one for each mistake, in words for authors.
import { z } from 'zod';
import type { Path } from '../document/document.ts';
import { closest, didYouMean } from '../text/closest.ts';
import { isMap, type Json } from '../text/json.ts';
import type { Problem } from '../text/place.ts';

export interface Mistake extends Problem {
  readonly path: Path;
  /** Is the key wrong, or its value? */
  readonly at: 'key' | 'value';
  /** The key that is missing, or that an unknown one was meant to be. */
  readonly key?: string;
}

type Issue = z.core.$ZodIssue;

/** What `schema` makes of a value, or what is wrong with it; paths count from `value`. */
export function read<S extends z.ZodType>(
  schema: S,
  value: Json,
): { readonly data: z.output<S> } | { readonly mistakes: readonly Mistake[] } {
  const { data, error } = schema.safeParse(value);
  return error ? { mistakes: mistakesIn(error.issues, value, schema) } : { data };
}

/** Mistakes of `value` against `schema`. */
export function mistakesOf(schema: z.ZodType, value: Json): readonly Mistake[] {
  const found = read(schema, value);
  return 'mistakes' in found ? found.mistakes : [];
}

function mistakesIn(issues: readonly Issue[], value: Json, schema: z.ZodType): readonly Mistake[] {
  const found = issues.flatMap((issue) => mistakes(issue, value, schema));
  // A misspelt key that must be there is one mistake, not two.
  const misspelt = new Set(
    found.flatMap(({ code, key, path }) => (code === 'unknown-key' && key ? [id(path.slice(0, -1), key)] : [])),
  );
  return found.filter(
    ({ code, key, path }) => code !== 'missing-key' || key === undefined || !misspelt.has(id(path, key)),
  );
}

const id = (path: Path, key: string): string => JSON.stringify([...path, key]);

/** Follows a path into a plain value. */
export function valueAt(value: Json, path: readonly PropertyKey[]): Json | undefined {
  let at: Json | undefined = value;
  for (const name of path) {
    if (Array.isArray(at) && typeof name === 'number') at = at[name];
    else if (isMap(at) && typeof name === 'string' && Object.hasOwn(at, name)) at = at[name];
    else return undefined;
  }
  return at;
}

function mistakes(issue: Issue, root: Json, schema: z.ZodType): readonly Mistake[] {
  const path = issue.path.filter((name) => typeof name !== 'symbol');
  const value = valueAt(root, path);
  const at = (problem: Problem, on: 'key' | 'value' = 'value', where: Path = path): Mistake => ({
    ...problem,
    path: where,
    at: on,
  });
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = keysAt(schema, path);
      return issue.keys.map((key) => unknownKey(key, path, known));
    }
    case 'invalid_union':
      return mistakesOfUnion(issue.errors, path, root, schema);
    case 'invalid_key':
      return [at({ code: 'wrong-key', message: issue.issues[0]?.message ?? issue.message }, 'key')];
    case 'invalid_element':
      return issue.issues.flatMap((inner) =>
        mistakes({ ...inner, path: [...issue.path, ...inner.path] }, root, schema),
      );
    default:
      if (value === undefined && path.length > 0) return [missingKey(String(path.at(-1)), path.slice(0, -1))];
      return [at(problemOf(issue, value))];
  }
}

function unknownKey(key: string, path: Path, known: readonly string[]): Mistake {
  const meant = closest(key, known);
  const remedy = meant === undefined ? fits(known) : `did you mean "${meant}"?`;
  const problem = { code: 'unknown-key', message: `unknown key "${key}"`, ...(remedy && { remedy }) };
  return { ...problem, path: [...path, key], at: 'key', ...(meant !== undefined && { key: meant }) };
}

/** What may stand there instead; undefined where anything may. */
function fits(known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  return known.length <= 12 ? `there are ${known.join(', ')}` : '`launch schema` says which keys fit here';
}

function missingKey(key: string, path: Path): Mistake {
  return { code: 'missing-key', message: `"${key}" is missing`, path, at: 'key', key };
}

function problemOf(issue: Issue, value: Json | undefined): Problem {
  switch (issue.code) {
    case 'invalid_type':
      if (!issue.message.startsWith('Invalid input')) return { code: 'wrong-value', message: issue.message };
      return wrongType([issue.expected], value);
    case 'invalid_value': {
      const known = issue.values.map(String);
      const remedy =
        typeof value !== 'string'
          ? undefined
          : known[0] === 'true' && YES.test(value)
            ? 'write true'
            : didYouMean(value, known);
      const only = known.length === 1 ? `write ${known[0]}` : undefined;
      return {
        code: 'wrong-value',
        message: `expected ${known.join(', ')}, found ${found(value)}`,
        ...((remedy ?? only) && { remedy: remedy ?? only }),
      };
    }
    case 'too_small':
      if (value === '' || (Array.isArray(value) && value.length === 0))
        return { code: 'wrong-value', message: 'this is empty', remedy: 'give a value, or take the key away' };
      return { code: 'wrong-value', message: `expected at least ${issue.minimum}${unitOf(issue.origin)}` };
    case 'too_big':
      return { code: 'wrong-value', message: `expected at most ${issue.maximum}${unitOf(issue.origin)}` };
    case 'invalid_format':
      return {
        code: 'wrong-value',
        message: issue.message.startsWith('Invalid')
          ? `this is no ${FORMATS[issue.format] ?? issue.format}`
          : issue.message,
      };
    default:
      return {
        code: 'wrong-value',
        message: issue.message.startsWith('Invalid input') ? 'this value does not fit' : issue.message,
      };
  }
}

function wrongType(expected: readonly string[], value: Json | undefined): Problem {
  const words = [...new Set(expected.map((one) => TYPES[one] ?? one))].join(' or ');
  if (value === null)
    return {
      code: 'wrong-type',
      message: `expected ${words}, found nothing`,
      remedy: 'give a value, or take the key away',
    };
  const remedy = remedyFor(expected, value);
  return { code: 'wrong-type', message: `expected ${words}, found ${found(value)}`, ...(remedy && { remedy }) };
}

function remedyFor(expected: readonly string[], value: Json | undefined): string | undefined {
  if (expected.includes('string') && (typeof value === 'number' || typeof value === 'boolean'))
    return `put it in quotes: "${value}"`;
  if (expected.includes('boolean') && typeof value === 'string' && /^(?:y|yes|on|n|no|off)$/i.test(value))
    return `write ${YES.test(value)}`;
  if (expected.includes('array') && typeof value === 'string') return `write a list: [${value}]`;
  if (
    (expected.includes('number') || expected.includes('int') || expected.includes('boolean')) &&
    typeof value === 'string'
  )
    return 'write it without quotes';
  return undefined;
}

function found(value: Json | undefined): string {
  if (Array.isArray(value)) return 'a list';
  if (isMap(value)) return 'a map';
  const text = String(value);
  return typeof value === 'string' ? `"${text.length > 40 ? `${text.slice(0, 40)}…` : text}"` : text;
}

/** The branch that was meant is the one with the fewest mistakes; where all want another type, or another key, they are told together. */
function mistakesOfUnion(
  branches: readonly (readonly Issue[])[],
  path: Path,
  root: Json,
  schema: z.ZodType,
): readonly Mistake[] {
  const value = valueAt(root, path);
  if (value === undefined && path.length > 0) return [missingKey(String(path.at(-1)), path.slice(0, -1))];
  const expected = branches.flatMap(([first]) =>
    first?.code === 'invalid_type' && first.path.length === 0 ? [first.expected] : [],
  );
  if (expected.length === branches.length) return [{ ...wrongType(expected, value), path, at: 'value' }];
  const missing = branches.flatMap((issues) => missingKeys(issues, value));
  if (missing.length === branches.length) {
    return [
      {
        code: 'missing-key',
        message: `one of ${missing.map((key) => `"${key}"`).join(', ')} is missing`,
        path,
        at: 'value',
      },
    ];
  }
  const fitting = branches.filter(([first]) => !(first?.code === 'invalid_type' && first.path.length === 0));
  const [meant = []] = (fitting.length > 0 ? fitting : branches).toSorted(
    (a, b) => weight(a, value) - weight(b, value),
  );
  return meant.flatMap((issue) => mistakes({ ...issue, path: [...path, ...issue.path] }, root, schema));
}

const missingKeys = (issues: readonly Issue[], value: Json | undefined): readonly string[] => {
  const [only] = issues;
  const key = only?.path[0];
  return issues.length === 1 &&
    only?.path.length === 1 &&
    typeof key === 'string' &&
    isMap(value) &&
    !Object.hasOwn(value, key)
    ? [key]
    : [];
};

const weight = (issues: readonly Issue[], value: Json | undefined): number =>
  issues.reduce(
    (sum, issue) =>
      sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : missingKeys([issue], value).length > 0 ? 3 : 1),
    0,
  );

/** The keys that a schema knows at a path, as far as it can be followed. */
function keysAt(schema: z.ZodType, path: Path): readonly string[] {
  const here = unwrap(schema);
  const [next, ...rest] = path;
  if (here instanceof z.ZodUnion) return [...new Set(here.options.flatMap((option) => keysAt(asType(option), path)))];
  if (next === undefined) return here instanceof z.ZodObject ? Object.keys(here.shape) : [];
  if (here instanceof z.ZodObject && Object.hasOwn(here.shape, next)) return keysAt(asType(here.shape[next]), rest);
  if (here instanceof z.ZodArray) return keysAt(asType(here.element), rest);
  if (here instanceof z.ZodRecord) return keysAt(asType(here.valueType), rest);
  return [];
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return unwrap(asType(schema.unwrap()));
  if (schema instanceof z.ZodPipe) return unwrap(asType(schema.in));
  return schema;
}

/** zod's own types speak of the core's `$ZodType`; what is built with the classic methods is always a `ZodType`. */
const asType = (schema: unknown): z.ZodType => (schema instanceof z.ZodType ? schema : z.unknown());

/** Words for true that YAML took once and takes no more. */
const YES = /^(?:y|yes|on)$/i;

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys and values',
  record: 'a map of keys and values',
};
const FORMATS: Readonly<Record<string, string>> = {
  url: 'URL',
  email: 'e-mail address',
  ipv4: 'IPv4 address',
  ipv6: 'IPv6 address',
  regex: 'text of the right form',
};

const unitOf = (origin: string): string => (origin === 'string' ? ' characters' : origin === 'array' ? ' items' : '');
