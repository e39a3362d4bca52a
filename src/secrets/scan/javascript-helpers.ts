// Functions of JavaScript that read the environment by a name given to them: the project's own, and those of known packages.
import { defaultOf, keyName, lastName, literal, type Node, textOf } from './javascript-tree.ts';
import { ends, type Use } from './javascript-use.ts';
import type { Sighting } from './sighting.ts';
import { type Helper, isGeneric } from './through-helper.ts';

/** The function around, where this is a parameter of it. */
export function isParameterOf(scope: Node, variable: string): scope is Callable {
  return isFunction(scope) && parameterAt(scope, variable) >= 0;
}

const parameterAt = (scope: Callable, variable: string): number =>
  scope.params.findIndex((one) => one.type === 'Identifier' && one.name === variable);

/** A function that reads the variable its parameter names; `above` gives it a name. */
export function helperOf(
  scope: Node,
  above: readonly Node[],
  { variable, use }: { variable: string; use: Use },
): Helper | undefined {
  if (!isParameterOf(scope, variable)) return undefined;
  const name = nameOf(scope, above);
  if (name === undefined) return undefined;
  const refuses = use.need === 'refused' || (use.need === 'plain' && ends(scope.body));
  const second = scope.params[parameterAt(scope, variable) + 1];
  const standard = second?.type === 'AssignmentPattern' ? literal(second.right) : undefined;
  const owner = ownerOf(scope, above);
  return {
    name,
    ...(owner !== undefined && { owner }),
    need: refuses ? 'refused' : use.need,
    ...(use.default !== undefined && { default: use.default }),
    takesDefault: second !== undefined,
    ...(standard !== undefined && { standard }),
  };
}

function nameOf(scope: Node, above: readonly Node[]): string | undefined {
  if ((scope.type === 'FunctionDeclaration' || scope.type === 'FunctionExpression') && scope.id) return scope.id.name;
  if (scope.type === 'ObjectMethod' || scope.type === 'ClassMethod')
    return scope.key.type === 'Identifier' ? scope.key.name : undefined;
  const parent = above.at(-1);
  if (parent?.type === 'VariableDeclarator') return lastName(parent.id);
  if (parent?.type === 'AssignmentExpression') return lastName(parent.left);
  if (parent?.type === 'ObjectProperty' || parent?.type === 'ClassProperty')
    return parent.key.type === 'Identifier' ? parent.key.name : undefined;
  return undefined;
}

function ownerOf(scope: Node, above: readonly Node[]): string | undefined {
  const parent = above.at(-1);
  const isMember =
    scope.type === 'ObjectMethod' ||
    scope.type === 'ClassMethod' ||
    parent?.type === 'ObjectProperty' ||
    parent?.type === 'ClassProperty';
  if (!isMember) return undefined;
  const around = above.findLast((node) => node.type === 'VariableDeclarator' || node.type === 'ClassDeclaration');
  if (around?.type === 'ClassDeclaration') return around.id?.name ?? '';
  return around?.type === 'VariableDeclarator' ? (lastName(around.id) ?? '') : '';
}

/** May a call of this name be a call of the helper? `get` and its like are names of too many other things. */
export function isCallOf(
  { name, owner }: Helper,
  object: string | undefined,
  { isWholeFile }: { readonly isWholeFile: boolean },
): boolean {
  if (owner === undefined) return object === undefined || isWholeFile || !isGeneric(name);
  if (object === undefined) return !isGeneric(name);
  return !isGeneric(name) || object.toLowerCase() === owner.toLowerCase() || ENVISH.test(object);
}

const ENVISH = /env|conf|settings|^this$/i;

type Callable = Node & {
  type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' | 'ObjectMethod' | 'ClassMethod';
};

export const isFunction = (node: Node): node is Callable =>
  /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ObjectMethod|ClassMethod)$/.test(node.type);

/** `Deno.env.get('X')`, NestJS `config.getOrThrow('X')`, env-var `env.get('X')`. `envVar`: names of that package here. */
export function isEnvStore(callee: Node, envVar: ReadonlySet<string>): boolean {
  if (callee.type === 'Identifier') return callee.name === 'get' && envVar.has('get');
  const method = keyName(callee);
  if (callee.type !== 'MemberExpression' || (method !== 'get' && method !== 'getOrThrow')) return false;
  const object = lastName(callee.object) ?? '';
  return envVar.has(object) || STORE[method].test(object);
}

const STORE = { get: /^env$|(config|config_?service)$/i, getOrThrow: /env|config|conf$|cfg|settings/i };

/** NestJS `config.get('X', 'default')`: options are no default. */
export function secondOf(second: Node | undefined): Pick<Sighting, 'need' | 'default'> | undefined {
  if (!second || second.type === 'ObjectExpression') return undefined;
  return { need: 'default', ...defaultOf(second) };
}

/** env-var: `.required()`, `.default('x')`, and none of them before `.asString()`, behind `.get('X')`. */
export function linkOf(above: readonly Node[]): Pick<Sighting, 'need' | 'default'> | undefined {
  let found: Pick<Sighting, 'need' | 'default'> | undefined;
  for (let depth = above.length - 1; depth > 0; depth -= 2) {
    const [call, member] = [above[depth - 1], above[depth]];
    const name = member && keyName(member);
    if (name === undefined || call?.type !== 'CallExpression' || call.callee !== member) break;
    const [first] = call.arguments;
    if (name === 'required') found ??= { need: literal(first) === 'false' ? 'flag' : 'refused' };
    if (name === 'default') found = { need: 'default', ...defaultOf(first) };
    if (/^as[A-Z]/.test(name)) return found ?? { need: 'flag' };
  }
  return found;
}

/** `Object.hasOwn(process.env, 'X')`, `process.env.hasOwnProperty('X')`: where the name stands. */
export function askedFor(callee: Node, args: readonly Node[], isEnv: (node: Node) => boolean): string | undefined {
  if (callee.type !== 'MemberExpression') return undefined;
  const [first, second] = args;
  if (keyName(callee) === 'hasOwn' && first && isEnv(first)) return textOf(second);
  return keyName(callee) === 'hasOwnProperty' && isEnv(callee.object) ? textOf(first) : undefined;
}
