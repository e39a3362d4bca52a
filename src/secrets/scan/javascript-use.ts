// What becomes of a value where it is read: does it have a default, is it only tested, does the program end without it, is it used as a key?
import { bare, keyName, lastName, literal, type Node, textOf, walk } from './javascript-tree.ts';
import type { Need } from './sighting.ts';

export interface Use {
  readonly need: Need;
  readonly default?: string;
  readonly sensitive?: boolean;
  /** The variable that holds it from here on: its uses count as well. */
  readonly held?: string;
}

/** Follows the value upward from where it is read. `above`: the nodes around it, nearest last. */
export function useOf(read: Node, above: readonly Node[]): Use {
  let node = read;
  let chained = false;
  for (let depth = above.length - 1; depth >= 0; depth--) {
    const parent = above[depth]!;
    const step = climb(node, parent, above.slice(0, depth));
    if (step === 'up') {
      chained ||= parent.type === 'OptionalMemberExpression';
      node = parent;
      continue;
    }
    const sensitive = isSensitive(node, above.slice(0, depth + 1));
    const need = step.need === 'plain' && chained ? 'flag' : step.need;
    return { ...step, need, ...(sensitive && { sensitive }) };
  }
  return { need: 'plain' };
}

function climb(node: Node, parent: Node, above: readonly Node[]): 'up' | Use {
  switch (parent.type) {
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
    case 'TSTypeAssertion':
    case 'ParenthesizedExpression':
    case 'AwaitExpression':
      return 'up';
    case 'LogicalExpression':
      return throughLogical(node, parent, above);
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return parent.object === node ? 'up' : { need: 'plain' };
    case 'CallExpression':
    case 'OptionalCallExpression':
    case 'NewExpression':
      return throughCall(node, parent);
    case 'BinaryExpression':
      return { ...testOf([...above, parent], 'flag'), ...given(defaultWhenMissing(parent, above.at(-1))) };
    case 'UnaryExpression':
    case 'IfStatement':
    case 'SwitchStatement':
    case 'WhileStatement':
      return testOf([...above, parent], 'flag');
    case 'ConditionalExpression':
      return parent.test === node ? { need: 'flag', ...given(literal(parent.alternate)) } : 'up';
    case 'AssignmentExpression':
      return throughAssignment(node, parent);
    case 'VariableDeclarator':
      return { need: 'plain', ...(parent.id.type === 'Identifier' && { held: parent.id.name }) };
    default:
      return { need: 'plain' };
  }
}

/** `process.env.A ??= 'x'`; `a = process.env.A`. */
function throughAssignment(node: Node, parent: Node & { type: 'AssignmentExpression' }): Use {
  if (parent.left === node && (parent.operator === '??=' || parent.operator === '||='))
    return { need: 'default', ...given(literal(parent.right)) };
  const held = parent.right === node && parent.left.type === 'Identifier' ? parent.left.name : undefined;
  return { need: 'plain', ...(held !== undefined && { held }) };
}

/** `a ?? b`: the left one has a default; the right one is what becomes of the whole. */
function throughLogical(node: Node, parent: Node & { type: 'LogicalExpression' }, above: readonly Node[]): 'up' | Use {
  if (parent.operator === '&&') return parent.left === node ? testOf([...above, parent], 'flag') : 'up';
  if (parent.right === node) return 'up';
  if (ends(parent.right)) return { need: 'refused' };
  const tested = testOf([...above, parent], 'plain');
  if (tested.need !== 'plain') return tested;
  return { need: 'default', ...given(literal(parent.right) ?? defaultFurther(parent, above)) };
}

/** `a ?? b ?? 'x'`: the last one. */
function defaultFurther(node: Node, above: readonly Node[]): string | undefined {
  const parent = above.at(-1);
  if (parent?.type !== 'LogicalExpression' || parent.left !== node) return undefined;
  return literal(parent.right) ?? defaultFurther(parent, above.slice(0, -1));
}

/** `process.env.A === undefined ? 'x' : …`. */
function defaultWhenMissing(test: Node & { type: 'BinaryExpression' }, around: Node | undefined): string | undefined {
  if (around?.type !== 'ConditionalExpression' || around.test !== test) return undefined;
  const isMissing = /^(undefined|null)$/.test(lastName(test.right) ?? '') || test.right.type === 'NullLiteral';
  if (!isMissing) return undefined;
  return literal(test.operator.startsWith('=') ? around.consequent : around.alternate);
}

function throughCall(node: Node, call: Node & { arguments?: readonly Node[]; callee: Node }): 'up' | Use {
  if (call.callee === node) return 'up';
  const name = lastName(call.callee) ?? '';
  if (name === 'Boolean') return { need: 'flag' };
  if (/^(assert|invariant|ok|exists)$/.test(name) && call.arguments?.[0] === node) return { need: 'refused' };
  // What only makes another type of it: the default may stand outside.
  return /^(Number|String|parseInt|parseFloat|BigInt|parse|trim|split)$/.test(name) ? 'up' : { need: 'plain' };
}

/** Is it (part of) the test of an `if` that ends the program? */
function testOf(above: readonly Node[], otherwise: Need): Use {
  for (let depth = above.length - 1; depth >= 0; depth--) {
    const node = above[depth]!;
    if (node.type === 'IfStatement') return { need: ends(node.consequent) ? 'refused' : 'flag' };
    if (node.type === 'ConditionalExpression' || node.type === 'SwitchStatement' || node.type === 'WhileStatement')
      return { need: 'flag' };
    if (node.type !== 'LogicalExpression' && node.type !== 'UnaryExpression' && node.type !== 'BinaryExpression') break;
  }
  return { need: otherwise };
}

/** Does what stands there end the program, or take note that something is missing? */
export function ends(node: Node): boolean {
  let found = false;
  walk(node, (inner) => {
    if (inner.type === 'ThrowStatement') found = true;
    if (inner.type !== 'CallExpression') return;
    const name = lastName(inner.callee) ?? '';
    if (/^(exit|abort|fail|fatal|die|panic|bail|raise|invariant|throw\w*|missing\w*)$/i.test(name)) found = true;
    const callee = bare(inner.callee);
    if (
      name === 'push' &&
      callee.type === 'MemberExpression' &&
      /missing|error|problem/i.test(lastName(callee.object) ?? '')
    )
      found = true;
  });
  return found;
}

/** Used as a key: by the property it becomes, the function it goes into, or the header it stands in. */
function isSensitive(node: Node, above: readonly Node[]): boolean {
  const parent = above.at(-1);
  if (!parent) return false;
  if (parent.type === 'ObjectProperty' && parent.value === node) {
    const key = parent.key.type === 'Identifier' ? parent.key.name : textOf(parent.key);
    return SENSITIVE_PROPERTY.test(key ?? '');
  }
  if (parent.type === 'AssignmentExpression' && parent.right === node)
    return SENSITIVE_PROPERTY.test(keyName(parent.left) ?? lastName(parent.left) ?? '');
  if (parent.type === 'TemplateLiteral') {
    const parts: readonly Node[] = parent.expressions;
    const before = parent.quasis[parts.indexOf(node)]?.value.raw ?? '';
    return /\b(Bearer|Basic|Token) $|:\/\/[^/]*:$/.test(before);
  }
  if (parent.type === 'CallExpression') {
    const name = lastName(parent.callee) ?? '';
    const first = textOf(parent.arguments[0]) ?? '';
    if (name === 'createHmac') return parent.arguments[1] === node;
    if (/^(set|append|setHeader|header)$/.test(name)) return /^(authorization|x-.*(key|token|secret).*)$/i.test(first);
    return /^(timingSafeEqual|jwtVerify|signJwt|createSecretKey|createPrivateKey)$/.test(name);
  }
  return false;
}

const SENSITIVE_PROPERTY =
  /(api_?key|secret|token|passw(or)?d|passphrase|authorization|credentials?|private_?key|dsn)$/i;

const given = (value: string | undefined) => (value === undefined ? {} : { default: value });
