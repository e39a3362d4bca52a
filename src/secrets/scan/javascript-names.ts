// Under which names a JavaScript file knows the environment itself, single names of it and lists of names.

import { isFunction } from './javascript-helpers.ts';
import { bare, keyName, lastName, lineOf, type Node, patternOf, textOf } from './javascript-tree.ts';
import { isEnvName } from './sighting.ts';

interface Listed {
  readonly name: string;
  readonly line: number;
}

export class EnvNames {
  /** Variables that are the environment. */
  readonly aliases = new Set<string>();
  readonly #lists = new Map<string, readonly Listed[]>();
  readonly #texts = new Map<string, string>();

  /** To be shown every node before anything is asked. */
  learn(node: Node, above: readonly Node[]): void {
    if (node.type === 'ImportSpecifier') this.#learnImport(node, above.at(-1));
    if (node.type === 'AssignmentPattern' && node.left.type === 'Identifier' && this.isEnv(node.right))
      this.aliases.add(node.left.name);
    if (node.type !== 'VariableDeclarator' || !node.init) return;
    const { id, init } = node;
    if (id.type === 'ObjectPattern' && lastName(init) === 'process')
      for (const { key, value } of patternOf(id))
        if (key === 'env' && value.type === 'Identifier') this.aliases.add(value.name);
    if (id.type !== 'Identifier') return;
    if (this.isEnv(init)) this.aliases.add(id.name);
    const text = textOf(init);
    if (text !== undefined && isEnvName(text)) this.#texts.set(id.name, text);
    const list = this.listIn(init);
    if (list.length > 0) this.#lists.set(id.name, list);
  }

  #learnImport(node: Node & { type: 'ImportSpecifier' }, declaration: Node | undefined): void {
    if (declaration?.type !== 'ImportDeclaration') return;
    const imported = node.imported.type === 'Identifier' ? node.imported.name : node.imported.value;
    if (imported === 'env' && ENVIRONMENTS.test(declaration.source.value)) this.aliases.add(node.local.name);
  }

  /** The name that a constant holds. */
  textOf(variable: string): string | undefined {
    return this.#texts.get(variable);
  }

  /** `process.env`, `import.meta.env`, `Bun.env`, or what stands for one of them here. */
  isEnv(node: Node): boolean {
    const inner = bare(node);
    if (inner.type === 'Identifier') return this.aliases.has(inner.name);
    if (inner.type === 'LogicalExpression') return this.isEnv(inner.left);
    // `{ ...process.env }` and `Object.assign({}, process.env)` are the environment again.
    if (inner.type === 'ObjectExpression')
      return inner.properties.some((one) => one.type === 'SpreadElement' && this.isEnv(one.argument));
    if (inner.type !== 'MemberExpression' && inner.type !== 'OptionalMemberExpression') return false;
    if (keyName(inner) !== 'env') return false;
    const object = bare(inner.object);
    return object.type === 'MetaProperty' || /^(process|Bun)$/.test(lastName(object) ?? '');
  }

  /** The list that a loop or `.forEach`, `.filter` goes through with this variable. */
  looped(scope: Node, above: readonly Node[], variable: string): readonly Listed[] | undefined {
    if (scope.type === 'ForOfStatement' && scope.left.type === 'VariableDeclaration') {
      const [declared] = scope.left.declarations;
      if (declared?.id.type === 'Identifier' && declared.id.name === variable) return this.listIn(scope.right);
    }
    const call = above.at(-1);
    if (call?.type !== 'CallExpression' || !isFunction(scope) || call.arguments[0] !== scope) return undefined;
    const [parameter] = scope.params;
    const callee = bare(call.callee);
    if (parameter?.type !== 'Identifier' || parameter.name !== variable || callee.type !== 'MemberExpression')
      return undefined;
    const list = this.listIn(callee.object);
    return list.length > 0 ? list : undefined;
  }

  listIn(node: Node): readonly Listed[] {
    const inner = bare(node);
    if (inner.type === 'Identifier') return this.#lists.get(inner.name) ?? [];
    if (inner.type === 'CallExpression' && lastName(inner.callee) === 'freeze' && inner.arguments[0])
      return this.listIn(inner.arguments[0]);
    if (inner.type !== 'ArrayExpression') return [];
    const texts = inner.elements.map((element) => ({ name: textOf(element), line: element ? lineOf(element) : 1 }));
    return texts.flatMap(({ name, line }) => (name !== undefined && isEnvName(name) ? [{ name, line }] : []));
  }
}

const ENVIRONMENTS = /^(node:process|process|\$env\/dynamic\/(private|public)|bun)$/;
