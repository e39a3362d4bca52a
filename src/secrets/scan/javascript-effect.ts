// Effect's Config: `Config.string("A").pipe(Config.withDefault("x"))`. It fails where a name is missing, unless what is around it says otherwise.
import type { CallExpression } from '@babel/types';
import { bare, keyName, lineOf, literal, type Node, textOf } from './javascript-tree.ts';
import { isEnvName, type Sighting } from './sighting.ts';

/** The name that a call reads, with all that is said of it; undefined where it is no such call. `config`: what the module is called here. */
export function readByEffect(
  node: CallExpression,
  above: readonly Node[],
  config: ReadonlySet<string>,
): Sighting | undefined {
  const method = methodOf(node.callee, config);
  const [first, second] = node.arguments;
  const text =
    method === undefined
      ? undefined
      : MANY.test(method)
        ? textOf(second)
        : ONE.test(method)
          ? textOf(first)
          : undefined;
  const name = text ?? literalName(node, config);
  if (name === undefined) return undefined;
  const said = saidAround(node, above, config);
  const whole = [...said.inside, name].join('_');
  if (!isEnvName(whole)) return undefined;
  return {
    name: whole,
    line: lineOf(node),
    need: said.need,
    ...(said.default !== undefined && { default: said.default }),
    ...(/^(redacted|secret)$/.test(method ?? '') && { sensitive: true }),
  };
}

const ONE = /^(string|nonEmptyString|number|integer|boolean|date|duration|url|port|logLevel|redacted|secret)$/;
const MANY = /^(array|chunk|hashSet|hashMap|branded)$/;

/** `Config.literal("a", "b")("NAME")` */
function literalName({ callee, arguments: [first] }: CallExpression, config: ReadonlySet<string>): string | undefined {
  const inner = bare(callee);
  return inner.type === 'CallExpression' && methodOf(inner.callee, config) === 'literal' ? textOf(first) : undefined;
}

function methodOf(callee: Node, config: ReadonlySet<string>): string | undefined {
  const inner = bare(callee);
  if (inner.type !== 'MemberExpression' || inner.object.type !== 'Identifier') return undefined;
  return config.has(inner.object.name) ? keyName(inner) : undefined;
}

interface Around {
  readonly need: 'refused' | 'default' | 'flag';
  readonly default?: string;
  /** Of `nested`, the outermost first. */
  readonly inside: readonly string[];
}

/** Calls around it, and those of its pipes, from the inside out; groups (`Config.all`) are passed through. */
function saidAround(node: Node, above: readonly Node[], config: ReadonlySet<string>): Around {
  let said: Around = { need: 'refused', inside: [] };
  let inner = node;
  for (let depth = above.length - 1; depth >= 0; depth--) {
    const one = above[depth]!;
    if (one.type === 'CallExpression' && inner.type === 'MemberExpression') {
      if (keyName(inner) === 'pipe') for (const step of one.arguments) said = after(said, step, config);
    } else if (one.type === 'CallExpression' && one.arguments[0] === inner) said = after(said, one, config);
    else if (!/^(MemberExpression|ObjectProperty|ObjectExpression|ArrayExpression|YieldExpression)$/.test(one.type))
      break;
    inner = one;
  }
  return said;
}

/** `Config.option`, `Config.withDefault(…)`, in a pipe or around it. */
function after(said: Around, step: Node, config: ReadonlySet<string>): Around {
  const call = step.type === 'CallExpression' ? step : undefined;
  const method = methodOf(call?.callee ?? step, config);
  const last = call?.arguments.at(-1);
  const text = literal(last);
  if (method === 'nested') return { ...said, inside: [...(text === undefined ? [] : [text]), ...said.inside] };
  if (said.need !== 'refused') return said;
  if (method === 'withDefault') return { ...said, need: 'default', ...(text !== undefined && { default: text }) };
  return method === 'option' || method === 'orElse' || method === 'orElseIf' ? { ...said, need: 'flag' } : said;
}
