// What one validator of a schema says about a name that is missing: `z.string().optional()`, `str({ default: 'x' })`, `v.optional(v.string(), 'x')`.
import type { CallExpression } from '@babel/types';
import { bare, keyName, lastName, literal, type Node, propertiesOf, textOf } from './javascript-tree.ts';
import type { Sighting } from './sighting.ts';

type Said = Pick<Sighting, 'need' | 'default'>;

/** What a variable of the file holds. */
export type HeldBy = (variable: string) => Node | undefined;

/** undefined: it is no validator, as far as can be told. `wrapped`: it stands where only validators can stand. */
export function needOfValidator(node: Node, heldBy: HeldBy, wrapped: boolean, depth = 0): Said | undefined {
  const inner = bare(node);
  const below = (one: Node) => needOfValidator(one, heldBy, wrapped, depth + 1);
  if (depth > 8) return { need: 'refused' }; // Variables that name each other.
  if (inner.type === 'CallExpression') return needOfCall(inner, below);
  if (inner.type === 'ConditionalExpression') {
    // `production ? z.string() : z.string().optional()`: the stricter one is the one that will hurt.
    const both = [below(inner.consequent), below(inner.alternate)];
    return both.find((one) => one?.need === 'refused') ?? both.find((one) => one !== undefined);
  }
  if (inner.type === 'Identifier') {
    const value = heldBy(inner.name);
    const said = value && value !== inner ? below(value) : undefined;
    return said ?? (wrapped ? { need: 'refused' } : undefined);
  }
  if (!wrapped) return undefined;
  if (inner.type === 'ArrayExpression') return needOfText(inner.elements.map((one) => written(one)).join(' '));
  const text = textOf(inner);
  if (text !== undefined) return needOfText(text);
  return inner.type === 'MemberExpression' ? { need: 'refused' } : undefined;
}

/** A part of a tuple of ArkType, as it would stand in a text. */
const written = (node: Node | null): string => textOf(node) ?? literal(node) ?? '…';

/** ArkType's own language: `string.url`, `number = 3000`, `string?`, `'a' | 'b' | undefined`. */
function needOfText(text: string): Said {
  const standard = /(?<![<>=!])=(?![=>])\s*(.*)$/s.exec(text)?.[1]?.trim();
  if (standard !== undefined)
    return { need: 'default', ...(standard !== '…' && { default: standard.replace(/^(["'])(.*)\1$/s, '$2') }) };
  return { need: /\?\s*$|(^|\|)\s*undefined\s*(\||$)|^(unknown|any)$/.test(text) ? 'flag' : 'refused' };
}

/** Required unless a link of the chain, or an option, says otherwise. */
function needOfCall(validator: CallExpression, below: (node: Node) => Said | undefined): Said {
  const chain = chainOf(validator);
  const byDefault = chain.find(({ name }) => /^(default|catch|prefault)$/.test(name));
  const options = chain.map(({ call }) => optionOf(call)).find((found) => found !== undefined);
  if (byDefault ?? options) {
    const standard = byDefault?.call.arguments[0];
    const text = literal(standard) ?? literal(returned(standard)) ?? options?.text;
    return { need: options?.empty && !byDefault ? 'flag' : 'default', ...(text !== undefined && { default: text }) };
  }
  if (chain.some(({ name, call }) => OPTIONAL.test(name) || (name === 'or' && takesNothing(call))))
    return { need: 'flag' };
  const first = chain.at(-1);
  if (first && takesNothing(first.call)) return { need: 'flag' };
  // Joi and yup let a name be missing unless told.
  if (/^(joi|yup)$/i.test(first?.root ?? '') && !chain.some(({ name }) => /^(required|exist|defined)$/.test(name)))
    return { need: 'flag' };
  const [one, two] = first?.call.arguments ?? [];
  if (first?.name === 'type' && one) return below(one) ?? { need: 'refused' };
  if (first?.name === 'preprocess' && two) return below(two) ?? { need: 'refused' };
  if (first?.name === 'pipe' && one) return below(one) ?? { need: 'refused' };
  // `optionalUrl.describe('…')`: the validator that a variable holds.
  const held = first && bare(first.call.callee);
  if (held?.type === 'MemberExpression' && held.object.type === 'Identifier')
    return below(held.object) ?? { need: 'refused' };
  return { need: 'refused' };
}

const OPTIONAL = /^(optional|nullish|exactOptional|maybe|undefinedable|notRequired|Optional)$/;

/** A validator that an absent value passes: `z.undefined()`, `z.any()`, a union with one of them, `z.coerce.boolean()`. */
function takesNothing(call: CallExpression): boolean {
  const name = lastName(call.callee) ?? '';
  if (/^(undefined|any|unknown|void)$/.test(name)) return true;
  const callee = bare(call.callee);
  if (name === 'boolean' && callee.type === 'MemberExpression') return lastName(callee.object) === 'coerce';
  if (name !== 'union' && name !== 'or') return false;
  const members: readonly (Node | null)[] = call.arguments.flatMap((one): (Node | null)[] =>
    one.type === 'ArrayExpression' ? one.elements : [one],
  );
  return members.some((one) => one?.type === 'CallExpression' && chainOf(one).some((link) => takesNothing(link.call)));
}

/** What a function without a body of its own gives: `() => 'x'`. */
const returned = (node: Node | undefined): Node | undefined =>
  node?.type === 'ArrowFunctionExpression' && node.body.type !== 'BlockStatement' ? node.body : undefined;

/** envalid: `str({ default: 'x' })`, `devDefault` counting for development only. valibot, zod/mini: `optional(string(), 'x')`. */
function optionOf(call: CallExpression): { readonly text?: string; readonly empty?: boolean } | undefined {
  const [first, second] = call.arguments;
  if (/^(optional|nullish|fallback|_default|withDefault)$/.test(lastName(call.callee) ?? '') && second) {
    const text = literal(second);
    return text === undefined ? {} : { text };
  }
  const inner = first && bare(first);
  if (inner?.type !== 'ObjectExpression') return undefined;
  const standard = propertiesOf(inner).find(({ key }) => key === 'default');
  if (!standard) return undefined;
  const text = literal(standard.value);
  return { ...(text !== undefined && { text }), empty: isNothing(standard.value) };
}

const isNothing = (node: Node): boolean =>
  node.type === 'NullLiteral' || (node.type === 'Identifier' && node.name === 'undefined');

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
