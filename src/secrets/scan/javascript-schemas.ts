// Schemas of the environment: zod, envalid, t3-env, joi, valibot, convict and their like, told by their shape and not by their package.
import type { CallExpression, ObjectExpression } from '@babel/types';
import { bare, keyName, lastName, lineOf, literal, type Node, propertiesOf, textOf } from './javascript-tree.ts';
import { isEnvName, type Need, type Sighting } from './sighting.ts';

/** The names of an object literal whose values are validators. Empty where it is something else. */
export function namesOfSchema(node: Node | null | undefined): readonly Sighting[] {
  const object = objectIn(node);
  if (!object) return [];
  return propertiesOf(object).flatMap(({ key, value }) => {
    const inner = bare(value);
    if (!isEnvName(key) || inner.type !== 'CallExpression') return [];
    return [{ name: key, line: lineOf(value), ...needOf(inner) }];
  });
}

/** `createEnv({ server, client, shared })` of t3-env: what is for the client is no secret. */
export function namesOfSections(node: Node | null | undefined): readonly Sighting[] {
  const object = objectIn(node);
  if (!object) return [];
  return propertiesOf(object).flatMap(({ key, value }) => {
    if (key !== 'server' && key !== 'client' && key !== 'shared') return [];
    const found = namesOfSchema(value);
    return key === 'client' ? found.map((one) => ({ ...one, open: true })) : found;
  });
}

/** convict: `{ port: { env: 'PORT', default: 1, sensitive: true } }`, nested at will. */
export function namesOfConvict(node: Node | null | undefined): readonly Sighting[] {
  const object = objectIn(node);
  if (!object) return [];
  const properties = propertiesOf(object);
  const value = (key: string) => properties.find((one) => one.key === key)?.value;
  const name = textOf(value('env'));
  if (name === undefined) return properties.flatMap((one) => namesOfConvict(one.value));
  const standard = value('default');
  const empty = standard === undefined || bare(standard).type === 'NullLiteral';
  const text = literal(standard);
  return [
    {
      name,
      line: lineOf(object),
      need: empty ? 'plain' : 'default',
      ...(text !== undefined && { default: text }),
      ...(literal(value('sensitive')) === 'true' && { sensitive: true }),
    },
  ];
}

/** The object literal of a schema: itself, or inside `z.object({…})`, `z.object({…}).refine(…)`, `v.object({…})`. */
export function objectIn(node: Node | null | undefined): ObjectExpression | undefined {
  if (!node) return undefined;
  const inner = bare(node);
  if (inner.type === 'ObjectExpression') return inner;
  if (inner.type !== 'CallExpression') return undefined;
  const callee = bare(inner.callee);
  if (/^(object|strictObject|looseObject|keys)$/.test(lastName(callee) ?? '')) {
    const [first] = inner.arguments;
    const found = first && bare(first);
    return found?.type === 'ObjectExpression' ? found : undefined;
  }
  // `.refine(…)`, `.transform(…)`, `.passthrough()` and so on behind it.
  return callee.type === 'MemberExpression' ? objectIn(callee.object) : undefined;
}

/** Required unless a link of the chain, or an option, says otherwise. */
function needOf(validator: CallExpression): Pick<Sighting, 'need' | 'default'> {
  const chain = chainOf(validator);
  const byDefault = chain.find(({ name }) => name === 'default' || name === 'catch' || name === 'prefault');
  const options = chain.map(({ call }) => optionOf(call)).find((found) => found !== undefined);
  if (byDefault ?? options) {
    const text = literal(byDefault?.call.arguments[0]) ?? options?.text;
    return { need: 'default', ...(text !== undefined && { default: text }) };
  }
  const optional = chain.some(({ name }) => /^(optional|nullish|nullable|exactOptional|maybe)$/.test(name));
  // Joi alone lets a name be missing unless told.
  const joi = /^joi$/i.test(chain.at(-1)?.root ?? '') && !chain.some(({ name }) => name === 'required');
  const need: Need = optional || joi ? 'flag' : 'refused';
  return { need };
}

/** envalid: `str({ default: 'x' })`, `devDefault` counting for development only. valibot: `optional(string(), 'x')`. */
function optionOf(call: CallExpression): { readonly text?: string } | undefined {
  const [first, second] = call.arguments;
  if (lastName(call.callee) === 'optional' && second) {
    const text = literal(second);
    return text === undefined ? {} : { text };
  }
  const inner = first && bare(first);
  if (inner?.type !== 'ObjectExpression') return undefined;
  const standard = propertiesOf(inner).find(({ key }) => key === 'default');
  if (!standard) return undefined;
  const text = literal(standard.value);
  return text === undefined ? {} : { text };
}

interface Link {
  readonly name: string;
  readonly call: CallExpression;
  /** What stands at the very left: `z`, `Joi`. */
  readonly root?: string;
}

/** The calls of `z.string().min(1).optional()`, last first. */
function chainOf(call: CallExpression): readonly Link[] {
  const callee = bare(call.callee);
  if (callee.type === 'Identifier') return [{ name: callee.name, call }];
  if (callee.type !== 'MemberExpression') return [];
  const name = keyName(callee) ?? '';
  const object = bare(callee.object);
  if (object.type === 'CallExpression') return [{ name, call }, ...chainOf(object)];
  // `z.coerce.number()`: the root is further left.
  const root = object.type === 'MemberExpression' ? lastName(object.object) : lastName(object);
  return [{ name, call, ...(root !== undefined && { root }) }];
}
