// Under which names a JavaScript file knows the environment itself, single names of it and lists of names.

import { isFunction } from './javascript-helpers.ts';
import { bare, keyName, lastName, lineOf, type Node, patternOf, propertiesOf, textOf } from './javascript-tree.ts';
import { isEnvName } from './sighting.ts';

interface Listed {
  readonly name: string;
  readonly line: number;
}

export class EnvNames {
  /** Variables that are the environment. */
  readonly aliases = new Set<string>();
  /** `import * as envs from './env'`, and `require` of a whole file. */
  readonly wholeFiles = new Set<string>();
  /** Under which names env-var and its `get` are known. */
  readonly envVar = new Set<string>();
  /** What Effect's Config is called here. */
  readonly effectConfig = new Set<string>();
  readonly #values = new Map<string, Node | undefined>();
  /** What an import is called in its own file, where that is another name. */
  readonly #imported = new Map<string, string>();
  readonly #lists = new Map<string, readonly Listed[]>();
  readonly #texts = new Map<string, string>();
  /** Not every node of a file is shown: what a validator is made of may stand in a line that speaks of nothing else. */
  readonly #atTop: ReadonlyMap<string, Node>;

  constructor(tree: Node) {
    const statements = tree.type === 'Program' ? tree.body : [];
    for (const statement of statements) if (statement.type === 'ImportDeclaration') this.#learnImports(statement);
    const declared = statements.flatMap(declarationsOf);
    for (const { id, init } of declared) if (init) this.#learnRequire(id, init);
    this.#atTop = new Map(
      declared.flatMap(({ id, init }) => (id.type === 'Identifier' && init ? [[id.name, init] as const] : [])),
    );
  }

  /** To be shown every node before anything is asked. */
  learn(node: Node): void {
    if (node.type === 'AssignmentPattern' && node.left.type === 'Identifier' && this.isEnv(node.right))
      this.aliases.add(node.left.name);
    if (node.type !== 'VariableDeclarator' || !node.init) return;
    const { id, init } = node;
    if (id.type === 'ObjectPattern' && lastName(init) === 'process')
      for (const { key, value } of patternOf(id))
        if (key === 'env' && value.type === 'Identifier') this.aliases.add(value.name);
    if (id.type !== 'Identifier') return;
    // Two variables of one name cannot be told apart here.
    this.#values.set(id.name, this.#values.has(id.name) ? undefined : init);
    if (this.isEnv(init) || isLoadEnv(init)) this.aliases.add(id.name);
    const text = textOf(init);
    if (text !== undefined && isEnvName(text)) this.#texts.set(id.name, text);
    const list = this.listIn(init);
    if (list.length > 0) this.#lists.set(id.name, list);
  }

  #learnImports({ source, specifiers }: Node & { type: 'ImportDeclaration' }): void {
    for (const one of specifiers) {
      const local = one.local.name;
      if (source.value === 'env-var') this.envVar.add(local);
      if (one.type === 'ImportNamespaceSpecifier') this.wholeFiles.add(local);
      if (one.type === 'ImportNamespaceSpecifier' && source.value === 'effect/Config') this.effectConfig.add(local);
      if (one.type !== 'ImportSpecifier') continue;
      const imported = one.imported.type === 'Identifier' ? one.imported.name : one.imported.value;
      if (imported !== local) this.#imported.set(local, imported);
      if (imported === 'Config' && source.value === 'effect') this.effectConfig.add(local);
      if (imported === 'env' && ENVIRONMENTS.test(source.value)) this.aliases.add(local);
    }
  }

  #learnRequire(id: Node, init: Node): void {
    if (init.type !== 'CallExpression' || lastName(init.callee) !== 'require') return;
    const known = textOf(init.arguments[0]) === 'env-var' ? this.envVar : this.wholeFiles;
    if (id.type === 'Identifier') known.add(id.name);
    if (id.type !== 'ObjectPattern') return;
    for (const { key, value } of patternOf(id)) {
      if (value.type !== 'Identifier') continue;
      if (known === this.envVar) known.add(value.name);
      if (key !== value.name) this.#imported.set(value.name, key);
    }
  }

  /** What it is called in the file that it comes from. */
  exportedAs(name: string): string {
    return this.#imported.get(name) ?? name;
  }

  /** What the one variable of this name holds. */
  readonly heldBy = (variable: string): Node | undefined => {
    return this.#values.has(variable) ? this.#values.get(variable) : this.#atTop.get(variable);
  };

  /** The name that a constant holds. */
  textOf(variable: string): string | undefined {
    return this.#texts.get(variable);
  }

  /** The text that an expression comes to, where all its parts are known: `${PREFIX}_KEY`, `PREFIX + '_KEY'`. */
  textIn(node: Node): string | undefined {
    const inner = bare(node);
    if (inner.type === 'Identifier') return textOf(this.heldBy(inner.name));
    if (inner.type === 'BinaryExpression' && inner.operator === '+')
      return joined([this.textIn(inner.left), this.textIn(inner.right)]);
    if (inner.type !== 'TemplateLiteral') return textOf(inner);
    return joined(
      inner.quasis.flatMap((part, at) => [
        part.value.cooked ?? undefined,
        ...(inner.expressions[at] ? [this.textIn(inner.expressions[at])] : []),
      ]),
    );
  }

  /** The environment, or an object made of single names of it: `{ A: process.env.A }`. */
  holdsEnv(node: Node): boolean {
    const inner = bare(node);
    if (this.isEnv(inner)) return true;
    const object = inner.type === 'Identifier' ? this.heldBy(inner.name) : inner;
    return (
      object?.type === 'ObjectExpression' && propertiesOf(object).some(({ key, value }) => this.#isRead(key, value))
    );
  }

  /** `A: process.env.A`, also with a default behind it. */
  #isRead(key: string, node: Node): boolean {
    const inner = bare(node);
    if (inner.type === 'LogicalExpression') return this.#isRead(key, inner.left);
    return inner.type === 'MemberExpression' && keyName(inner) === key && this.isEnv(inner.object);
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

function declarationsOf(statement: Node): readonly { readonly id: Node; readonly init?: Node | null }[] {
  const inner = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  return inner?.type === 'VariableDeclaration' ? inner.declarations : [];
}

/** Vite's `loadEnv(mode, folder)`, and what dotenv gives back. */
function isLoadEnv(init: Node): boolean {
  const inner = bare(init);
  if (inner.type === 'AwaitExpression') return isLoadEnv(inner.argument);
  if (inner.type === 'MemberExpression') return keyName(inner) === 'parsed' && isLoadEnv(inner.object);
  if (inner.type !== 'CallExpression') return false;
  const callee = bare(inner.callee);
  if (callee.type === 'Identifier') return callee.name === 'loadEnv';
  return callee.type === 'MemberExpression' && keyName(callee) === 'config' && lastName(callee.object) === 'dotenv';
}

const joined = (parts: readonly (string | undefined)[]): string | undefined =>
  parts.includes(undefined) ? undefined : parts.join('');

const ENVIRONMENTS = /^(node:process|process|\$env\/dynamic\/(private|public)|bun)$/;
