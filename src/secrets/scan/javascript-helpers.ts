// Functions of JavaScript that read the environment by a name given to them: the project's own, and those of known packages.
import { defaultOf, keyName, lastName, type Node } from './javascript-tree.ts';
import { ends, type Use } from './javascript-use.ts';
import type { Need, Sighting } from './sighting.ts';

/** A function that takes the name as a text: `requireEnv('X')`. */
export interface Helper {
  readonly name: string;
  readonly need: Need;
  readonly default?: string;
  /** A second argument is its default. */
  readonly takesDefault: boolean;
}

/** A function that reads the variable its parameter names; `above` gives it a name. */
export function helperOf(
  scope: Node,
  above: readonly Node[],
  { variable, use }: { variable: string; use: Use },
): Helper | undefined {
  if (!isFunction(scope)) return undefined;
  const at = scope.params.findIndex((one) => one.type === 'Identifier' && one.name === variable);
  const name = at < 0 ? undefined : nameOf(scope, above);
  if (name === undefined) return undefined;
  const refuses = use.need === 'refused' || (use.need === 'plain' && ends(scope.body));
  return {
    name,
    need: refuses ? 'refused' : use.need,
    ...(use.default !== undefined && { default: use.default }),
    takesDefault: scope.params.length > 1,
  };
}

function nameOf(scope: Node, above: readonly Node[]): string | undefined {
  if ((scope.type === 'FunctionDeclaration' || scope.type === 'FunctionExpression') && scope.id) return scope.id.name;
  if (scope.type === 'ObjectMethod' || scope.type === 'ClassMethod')
    return scope.key.type === 'Identifier' ? scope.key.name : undefined;
  const parent = above.at(-1);
  if (parent?.type === 'VariableDeclarator') return lastName(parent.id);
  if (parent?.type === 'ObjectProperty' || parent?.type === 'ClassProperty')
    return parent.key.type === 'Identifier' ? parent.key.name : undefined;
  return undefined;
}

type Callable = Node & {
  type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' | 'ObjectMethod' | 'ClassMethod';
};

export const isFunction = (node: Node): node is Callable =>
  /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ObjectMethod|ClassMethod)$/.test(node.type);

/** `Deno.env.get('X')`, NestJS `config.getOrThrow('X')`, env-var `env.get('X')`. */
export function isEnvStore(callee: Node): boolean {
  const method = keyName(callee);
  if (callee.type !== 'MemberExpression' || (method !== 'get' && method !== 'getOrThrow')) return false;
  return method === 'getOrThrow' || /(^env|config|configService)$/i.test(lastName(callee.object) ?? '');
}

/** env-var: `.required()` or `.default('x')` behind `.get('X')`. */
export function linkOf(above: readonly Node[]): Pick<Sighting, 'need' | 'default'> | undefined {
  const [member, call] = above.toReversed();
  const name = member && keyName(member);
  if (call?.type !== 'CallExpression') return undefined;
  if (name === 'required') return { need: 'refused' };
  return name === 'default' ? { need: 'default', ...defaultOf(call.arguments[0]) } : undefined;
}
