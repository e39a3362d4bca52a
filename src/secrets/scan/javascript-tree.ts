// The door to the JavaScript and TypeScript parser, and the few questions that every reader of its tree asks.
import { parse } from '@babel/parser';
import type { Node, ObjectExpression } from '@babel/types';

export type { Node } from '@babel/types';

/** The tree of a file, or undefined where it is not JavaScript or TypeScript. Goes on after mistakes that can be survived. */
export function parseScript(source: string, file: string): Node | undefined {
  const typed = /\.[cm]?tsx?$/.test(file);
  // In a plain .ts file `<T>x` is a cast; everywhere else it is JSX.
  const jsx = !/\.[cm]?ts$/.test(file);
  try {
    return parse(source, {
      sourceType: 'unambiguous',
      errorRecovery: true,
      attachComment: false,
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
      plugins: [
        ...(typed ? (['typescript'] as const) : (['flow'] as const)),
        ...(jsx ? (['jsx'] as const) : []),
        'decorators-legacy',
        'decoratorAutoAccessors',
        'explicitResourceManagement',
      ],
    }).program;
  } catch {
    return undefined; // The caller falls back to patterns, and says so.
  }
}

/** Where something that matters stands in a source: offsets, in order. */
export type Marks = readonly number[];

export function marksOf(source: string, what: RegExp): Marks {
  return [...source.matchAll(what)].map(({ index }) => index);
}

/**
 * Calls `visit` for every node with those above it, nearest last. The list is reused: copy what is kept. With `marks` only nodes
 * that hold one: most of a file never matters, and walking it is what costs.
 */
export function walk(
  node: Node,
  visit: (node: Node, above: readonly Node[]) => void,
  marks?: Marks,
  above: Node[] = [],
): void {
  if (marks && !holdsMark(node, marks)) return;
  visit(node, above);
  above.push(node);
  for (const key in node) {
    if (SKIPPED.has(key)) continue;
    // A node is a plain object; its parts are told apart below.
    const part = (node as unknown as Record<string, unknown>)[key];
    if (Array.isArray(part)) for (const one of part) if (isNode(one)) walk(one, visit, marks, above);
    if (isNode(part)) walk(part, visit, marks, above);
  }
  above.pop();
}

/** Is there a mark from the start of the node to its end? */
function holdsMark({ start, end }: Node, marks: Marks): boolean {
  if (typeof start !== 'number' || typeof end !== 'number') return true;
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle] ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  return (marks[low] ?? Number.POSITIVE_INFINITY) < end;
}

const SKIPPED = new Set(['loc', 'start', 'end', 'type', 'extra', 'typeAnnotation', 'returnType', 'typeParameters']);

const isNode = (part: unknown): part is Node =>
  typeof part === 'object' && part !== null && 'type' in part && typeof part.type === 'string';

export const lineOf = (node: Node): number => node.loc?.start.line ?? 1;

/** The expression inside casts, `!` and `satisfies`. */
export function bare(node: Node): Node {
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
    case 'TSTypeAssertion':
    case 'TypeCastExpression':
    case 'ParenthesizedExpression':
      return bare(node.expression);
    default:
      return node;
  }
}

/** The text of a literal: also numbers and booleans, as a variable of the environment would hold them. */
export function literal(node: Node | null | undefined): string | undefined {
  if (!node) return undefined;
  const inner = bare(node);
  if (inner.type === 'StringLiteral') return inner.value;
  if (inner.type === 'NumericLiteral' || inner.type === 'BooleanLiteral') return String(inner.value);
  if (inner.type === 'TemplateLiteral' && inner.expressions.length === 0)
    return inner.quasis[0]?.value.cooked ?? undefined;
  return undefined;
}

/** A text, and nothing that only becomes one. */
export function textOf(node: Node | null | undefined): string | undefined {
  const inner = node ? bare(node) : undefined;
  return inner?.type === 'StringLiteral' || inner?.type === 'TemplateLiteral' ? literal(inner) : undefined;
}

/** The last name of what is called or read: `jwt.sign` → `sign`. */
export function lastName(node: Node): string | undefined {
  const inner = bare(node);
  if (inner.type === 'Identifier') return inner.name;
  if (inner.type === 'MemberExpression' || inner.type === 'OptionalMemberExpression') return keyName(inner);
  return undefined;
}

/** The name of a member: `a.b` and `a['b']` → `b`. */
export function keyName(node: Node): string | undefined {
  if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return undefined;
  if (node.computed) return textOf(node.property);
  return node.property.type === 'Identifier' ? node.property.name : undefined;
}

/** The properties of an object literal that have a plain name. */
export function propertiesOf(object: ObjectExpression): readonly { readonly key: string; readonly value: Node }[] {
  return object.properties.flatMap((property) => {
    if (property.type !== 'ObjectProperty' || property.computed) return [];
    const key = property.key.type === 'Identifier' ? property.key.name : textOf(property.key);
    return key === undefined ? [] : [{ key, value: property.value }];
  });
}

/** Names and values of a destructuring; what is computed cannot be told. */
export function patternOf(
  pattern: Node & { type: 'ObjectPattern' },
): readonly { readonly key: string; readonly value: Node }[] {
  return pattern.properties.flatMap((property) => {
    if (property.type !== 'ObjectProperty' || property.computed) return [];
    const key = property.key.type === 'Identifier' ? property.key.name : textOf(property.key);
    return key === undefined ? [] : [{ key, value: property.value }];
  });
}

/** What a value says as a default, where it is written out. */
export function defaultOf(node: Node | undefined): { readonly default?: string } {
  const text = node && (textOf(node) ?? (isLiteral(node) ? String(node.value) : undefined));
  return text === undefined ? {} : { default: text };
}

export const isLiteral = (node: Node): node is Node & { type: 'NumericLiteral' | 'BooleanLiteral' } =>
  node.type === 'NumericLiteral' || node.type === 'BooleanLiteral';
