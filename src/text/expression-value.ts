// Works an expression out. Names are looked up in our own contexts, so that one that is not there is never an empty text.
import { data, Evaluator, type Expr, wellKnownFunctions } from '@actions/expressions';
import type { ContextAccess, FunctionCall, IndexAccess } from '@actions/expressions/ast';
import { isStar, parseExpression, spell, unchain } from './expression-tree.ts';
import { isMap, type Json } from './json.ts';

/** Names and what they stand for; what is undefined is not known (yet). */
export type Known = Json | undefined | { readonly [name: string]: Known };

export type Value =
  | { readonly ok: true; readonly value: Json; readonly truth: boolean }
  | { readonly ok: false; readonly missing: readonly string[]; readonly problem?: string };

/** A name that is not there yet. */
class Missing extends Error {}
/** The expression cannot be worked out, in words. */
class Unworkable extends Error {}

/** What an expression (without `${{ }}`) comes to. */
export function evaluate(source: string, contexts: Known): Value {
  const parsed = parseExpression(source);
  if (!parsed.ok) return { ok: false, missing: [], problem: `${parsed.message} in \${{ ${source.trim()} }}` };
  const reader = new Reader(parsed.tree, contexts);
  try {
    const found = reader.evaluate();
    if (found.kind === data.Kind.Null && reader.empty) throw new Missing(reader.empty);
    return { ok: true, value: toJson(found), truth: isTrue(found) };
  } catch (error) {
    if (error instanceof Missing) return { ok: false, missing: [error.message] };
    // Guard: errors of the library's functions are plain errors without a place.
    const why = error instanceof Error ? error.message : String(error);
    return { ok: false, missing: [], problem: `\${{ ${source.trim()} }} cannot be worked out: ${why}` };
  }
}

class Reader extends Evaluator {
  /** The last name that was there but empty (an input that was left out). */
  empty: string | undefined;
  readonly #contexts: Known;

  constructor(tree: Expr, contexts: Known) {
    super(tree, new data.Dictionary());
    this.#contexts = contexts;
  }

  override visitContextAccess(access: ContextAccess): data.ExpressionData {
    throw new Unworkable(`"${access.name.lexeme}" alone is no value`);
  }

  override visitIndexAccess(access: IndexAccess): data.ExpressionData {
    const chain = unchain(access);
    if (!chain || chain.indexes.some(isStar)) return super.visitIndexAccess(access);
    const names = [chain.root.lexeme, ...chain.indexes.map((index) => this.eval(index).coerceString())];
    const value = lookUp(this.#contexts, names);
    if (value === undefined) throw new Missing(spell(names));
    if (value === null) this.empty = spell(names);
    return toData(value);
  }

  override visitFunctionCall(call: FunctionCall): data.ExpressionData {
    const args = call.args.map((arg) => {
      this.empty = undefined;
      const value = this.eval(arg);
      if (value.kind === data.Kind.Null && this.empty) throw new Missing(this.empty);
      return value;
    });
    // Parsing has let only names of this table through.
    const functions: Readonly<Record<string, { call(...args: data.ExpressionData[]): data.ExpressionData }>> =
      wellKnownFunctions;
    const known = functions[call.functionName.lexeme.toLowerCase()];
    if (!known) throw new Unworkable(`unknown function "${call.functionName.lexeme}"`);
    return known.call(...args);
  }
}

function lookUp(contexts: Known, names: readonly string[]): Json | undefined {
  let at: Known = contexts;
  for (const name of names) {
    if (Array.isArray(at)) at = at[Number(name)];
    else if (typeof at === 'object' && at !== null && Object.hasOwn(at, name))
      at = (at as { readonly [name: string]: Known })[name]; // no list: asked above
    else return undefined;
  }
  return isJson(at) ? at : undefined;
}

/** A whole context holds values that may be undefined; nothing that load lets through names one. */
function isJson(value: Known): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.values(value).every(isJson)
    : value !== undefined;
}

function toData(value: Json): data.ExpressionData {
  if (value === null) return new data.Null();
  if (typeof value === 'string') return new data.StringData(value);
  if (typeof value === 'number') return new data.NumberData(value);
  if (typeof value === 'boolean') return new data.BooleanData(value);
  if (isMap(value))
    return new data.Dictionary(...Object.entries(value).map(([key, item]) => ({ key, value: toData(item) })));
  return new data.Array(...value.map(toData));
}

function toJson(value: data.ExpressionData): Json {
  if (value instanceof data.StringData || value instanceof data.NumberData || value instanceof data.BooleanData)
    return value.value;
  if (value instanceof data.Array) return value.values().map(toJson);
  if (value instanceof data.Dictionary)
    return Object.fromEntries(value.pairs().map(({ key, value: item }) => [key, toJson(item)]));
  return null;
}

/** As GitHub's: null, false, 0, NaN and the empty text are false. */
function isTrue(value: data.ExpressionData): boolean {
  const plain = toJson(value);
  return !(plain === null || plain === false || plain === 0 || plain === '' || Number.isNaN(plain));
}
