// What a JavaScript or TypeScript file reads of the environment, by its syntax tree.
import type { CallExpression } from '@babel/types';
import { namesOfConvict, namesOfSchema, namesOfSections } from './javascript-schemas.ts';
import { bare, keyName, lastName, lineOf, marksOf, type Node, parseScript, textOf, walk } from './javascript-tree.ts';
import { ends, type Use, useOf } from './javascript-use.ts';
import { isEnvName, type Need, type Sighting } from './sighting.ts';

/** A function that takes the name as a text: `requireEnv('X')`. */
export interface Helper {
  readonly name: string;
  readonly need: Need;
  readonly default?: string;
  /** A second argument is its default. */
  readonly takesDefault: boolean;
}

export interface HelperCall {
  readonly helper: string;
  readonly sighting: Sighting;
  readonly hasDefault: boolean;
}

export interface ScriptFacts {
  readonly sightings: readonly Sighting[];
  readonly helpers: readonly Helper[];
  /** Calls with a name of the environment as their first argument: of a helper, or of anything else. */
  readonly calls: readonly HelperCall[];
  /** Schemas by the name of their variable, and the names of those that the environment is put through. */
  readonly schemas: ReadonlyMap<string, readonly Sighting[]>;
  readonly parsed: readonly string[];
}

/** undefined: the file cannot be parsed. */
export function readScript(source: string, file: string): ScriptFacts | undefined {
  const tree = parseScript(source, file);
  return tree && new Reader(tree, source).read();
}

class Reader {
  readonly #tree: Node;
  readonly #source: string;
  readonly #aliases = new Set<string>();
  readonly #lists = new Map<string, readonly { readonly name: string; readonly line: number }[]>();
  readonly #texts = new Map<string, string>();
  readonly #sightings: Sighting[] = [];
  readonly #helpers: Helper[] = [];
  readonly #calls: HelperCall[] = [];
  readonly #schemas = new Map<string, readonly Sighting[]>();
  readonly #parsed: string[] = [];
  /** Variables that hold a value of the environment: what is done with them counts as well. */
  readonly #held = new Map<string, string>();

  constructor(tree: Node, source: string) {
    this.#tree = tree;
    this.#source = source;
  }

  read(): ScriptFacts {
    const marks = marksOf(this.#source, MATTERS);
    walk(this.#tree, (node, above) => this.#learn(node, above), marks);
    const aliased = this.#aliases.size > 0 ? marksOf(this.#source, wordsOf(this.#aliases)) : [];
    walk(
      this.#tree,
      (node, above) => this.#look(node, above),
      [...marks, ...aliased].sort((a, b) => a - b),
    );
    const held = [...this.#held].flatMap(([variable, name]) => (name === '' ? [] : [variable]));
    if (held.length > 0)
      walk(this.#tree, (node, above) => this.#follow(node, above), marksOf(this.#source, wordsOf(held)));
    return {
      sightings: this.#sightings,
      helpers: this.#helpers,
      calls: this.#calls,
      schemas: this.#schemas,
      parsed: this.#parsed,
    };
  }

  /** First the names under which the environment, lists of names and schemas are known here. */
  #learn(node: Node, above: readonly Node[]): void {
    if (node.type === 'ImportSpecifier') this.#learnImport(node, above.at(-1));
    if (node.type === 'AssignmentPattern' && node.left.type === 'Identifier' && this.#isEnv(node.right))
      this.#aliases.add(node.left.name);
    if (node.type !== 'VariableDeclarator' || !node.init) return;
    const { id, init } = node;
    if (id.type === 'ObjectPattern' && lastName(init) === 'process')
      for (const { key, value } of patternOf(id))
        if (key === 'env' && value.type === 'Identifier') this.#aliases.add(value.name);
    if (id.type !== 'Identifier') return;
    if (this.#isEnv(init)) this.#aliases.add(id.name);
    const text = textOf(init);
    if (text !== undefined && isEnvName(text)) this.#texts.set(id.name, text);
    const list = this.#listIn(init);
    if (list.length > 0) this.#lists.set(id.name, list);
    const schema = namesOfSchema(init);
    if (schema.length > 0) this.#schemas.set(id.name, schema);
  }

  #learnImport(node: Node & { type: 'ImportSpecifier' }, declaration: Node | undefined): void {
    if (declaration?.type !== 'ImportDeclaration') return;
    const from = declaration.source.value;
    const imported = node.imported.type === 'Identifier' ? node.imported.name : node.imported.value;
    if (imported === 'env' && /^(node:process|process|\$env\/dynamic\/(private|public)|bun)$/.test(from))
      this.#aliases.add(node.local.name);
    const fixed = /^\$env\/static\/(private|public)$/.exec(from)?.[1];
    if (fixed)
      this.#sightings.push({
        name: imported,
        line: lineOf(node),
        need: 'refused',
        ...(fixed === 'public' && { open: true }),
      });
  }

  #look(node: Node, above: readonly Node[]): void {
    if (node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression') this.#member(node, above);
    else if (node.type === 'VariableDeclarator' && node.id.type === 'ObjectPattern')
      this.#destructured(node.id, node.init);
    else if (node.type === 'AssignmentPattern' && node.left.type === 'ObjectPattern')
      this.#destructured(node.left, node.right);
    else if (node.type === 'AssignmentExpression' && node.left.type === 'ObjectPattern')
      this.#destructured(node.left, node.right);
    else if (node.type === 'CallExpression') this.#call(node, above);
    else if (node.type === 'BinaryExpression' && node.operator === 'in' && this.#isEnv(node.right)) {
      const name = textOf(node.left);
      if (name !== undefined) this.#sightings.push({ name, line: lineOf(node), need: 'flag' });
    }
  }

  #member(node: Node & { type: 'MemberExpression' | 'OptionalMemberExpression' }, above: readonly Node[]): void {
    if (!this.#isEnv(node.object)) return;
    const parent = above.at(-1);
    if (parent?.type === 'AssignmentExpression' && parent.left === node && parent.operator === '=') return;
    if (parent?.type === 'UnaryExpression' && parent.operator === 'delete') return;
    const name = keyName(node);
    const property = bare(node.property);
    if (name !== undefined) this.#see(name, node, above);
    else if (node.computed && property.type === 'Identifier') this.#computed(property.name, node, above);
  }

  /** `process.env[name]`: of a constant, of each name of a list, or of the parameter of a helper. */
  #computed(variable: string, node: Node, above: readonly Node[]): void {
    const text = this.#texts.get(variable);
    if (text !== undefined) {
      this.#see(text, node, above);
      return;
    }
    const use = useOf(node, above);
    for (let depth = above.length - 1; depth >= 0; depth--) {
      const scope = above[depth]!;
      const list = this.#looped(scope, above.slice(0, depth), variable);
      if (list) {
        for (const { name, line } of list) this.#sightings.push({ name, line, need: use.need });
        return;
      }
      const helper = helperOf(scope, above.slice(0, depth), { variable, use });
      if (helper) {
        this.#helpers.push(helper);
        return;
      }
    }
  }

  /** The list that a loop or `.forEach`, `.filter` goes through with this variable. */
  #looped(scope: Node, above: readonly Node[], variable: string) {
    if (scope.type === 'ForOfStatement' && scope.left.type === 'VariableDeclaration') {
      const [declared] = scope.left.declarations;
      if (declared?.id.type === 'Identifier' && declared.id.name === variable) return this.#listIn(scope.right);
    }
    const call = above.at(-1);
    if (call?.type !== 'CallExpression' || !isFunction(scope) || call.arguments[0] !== scope) return undefined;
    const [parameter] = scope.params;
    const callee = bare(call.callee);
    if (parameter?.type !== 'Identifier' || parameter.name !== variable || callee.type !== 'MemberExpression')
      return undefined;
    const list = this.#listIn(callee.object);
    return list.length > 0 ? list : undefined;
  }

  #listIn(node: Node): readonly { readonly name: string; readonly line: number }[] {
    const inner = bare(node);
    if (inner.type === 'Identifier') return this.#lists.get(inner.name) ?? [];
    if (inner.type === 'CallExpression' && lastName(inner.callee) === 'freeze' && inner.arguments[0])
      return this.#listIn(inner.arguments[0]);
    if (inner.type !== 'ArrayExpression') return [];
    const texts = inner.elements.map((element) => ({ name: textOf(element), line: element ? lineOf(element) : 1 }));
    return texts.flatMap(({ name, line }) => (name !== undefined && isEnvName(name) ? [{ name, line }] : []));
  }

  #destructured(pattern: Node & { type: 'ObjectPattern' }, from: Node | null | undefined): void {
    if (!from || !this.#isEnv(from)) return;
    for (const { key, value } of patternOf(pattern)) {
      const line = lineOf(value);
      if (value.type === 'AssignmentPattern') {
        const standard = textOf(value.right) ?? (isLiteral(value.right) ? String(value.right.value) : undefined);
        this.#sightings.push({
          name: key,
          line,
          need: 'default',
          ...(standard !== undefined && { default: standard }),
        });
        continue;
      }
      this.#sightings.push({ name: key, line, need: 'plain' });
      if (value.type === 'Identifier') this.#hold(value.name, key);
    }
  }

  #call(node: CallExpression, above: readonly Node[]): void {
    const callee = bare(node.callee);
    const name = lastName(callee) ?? '';
    const [first, second] = node.arguments;
    if (name === 'createEnv') this.#sightings.push(...namesOfSections(first));
    if (name === 'convict') this.#sightings.push(...namesOfConvict(first));
    const onEnv = node.arguments.some((argument) => this.#isEnv(argument));
    if (onEnv) {
      // `cleanEnv(process.env, {…})`, `v.parse(Schema, process.env)`, `Schema.parse(process.env)`, also written in place.
      for (const argument of node.arguments) this.#put(argument);
      if (callee.type === 'MemberExpression') this.#put(callee.object);
    }
    const text = textOf(first);
    if (text === undefined || !isEnvName(text)) return;
    if (isEnvStore(callee)) {
      const link = linkOf(above);
      if (link) this.#sightings.push({ name: text, line: lineOf(node), ...link });
      else this.#see(text, node, above);
      return;
    }
    const use = useOf(node, above);
    this.#calls.push({
      helper: name,
      hasDefault: second !== undefined,
      sighting: {
        name: text,
        line: lineOf(node),
        need: use.need,
        ...(use.default !== undefined && { default: use.default }),
        ...defaultOf(second),
        ...(use.sensitive && { sensitive: true }),
      },
    });
  }

  /** The environment is put through this schema. */
  #put(node: Node): void {
    const inner = bare(node);
    if (inner.type === 'Identifier') this.#parsed.push(inner.name);
    else this.#sightings.push(...namesOfSchema(inner));
  }

  #see(name: string, node: Node, above: readonly Node[]): void {
    const use = useOf(node, above);
    const { held, ...rest } = use;
    this.#sightings.push({ name, line: lineOf(node), ...rest });
    if (held !== undefined) this.#hold(held, name);
  }

  #hold(variable: string, name: string): void {
    // Two variables of one name cannot be told apart here: neither is followed.
    this.#held.set(variable, this.#held.has(variable) ? '' : name);
  }

  #follow(node: Node, above: readonly Node[]): void {
    if (node.type !== 'Identifier') return;
    const name = this.#held.get(node.name);
    const parent = above.at(-1);
    if (!name || !parent || isDeclared(node, parent)) return;
    const { need, default: standard, sensitive } = useOf(node, above);
    if (need === 'plain' && !sensitive) return;
    this.#sightings.push({
      name,
      line: lineOf(node),
      need,
      ...(standard !== undefined && { default: standard }),
      ...(sensitive && { sensitive }),
    });
  }

  /** `process.env`, `import.meta.env`, `Bun.env`, or what stands for one of them here. */
  #isEnv(node: Node): boolean {
    const inner = bare(node);
    if (inner.type === 'Identifier') return this.#aliases.has(inner.name);
    if (inner.type === 'LogicalExpression') return this.#isEnv(inner.left);
    // `{ ...process.env }` and `Object.assign({}, process.env)` are the environment again.
    if (inner.type === 'ObjectExpression')
      return inner.properties.some((one) => one.type === 'SpreadElement' && this.#isEnv(one.argument));
    if (inner.type !== 'MemberExpression' && inner.type !== 'OptionalMemberExpression') return false;
    if (keyName(inner) !== 'env') return false;
    const object = bare(inner.object);
    return object.type === 'MetaProperty' || /^(process|Bun)$/.test(lastName(object) ?? '');
  }
}

/** Everything that the reader may want to see holds one of these. */
const MATTERS = /\benv\b|process|getOrThrow|convict|createEnv|cleanEnv|\b[A-Z][A-Z0-9_]+\b/g;

const wordsOf = (names: Iterable<string>): RegExp =>
  new RegExp(`(?<![\\w$])(?:${[...names].map((name) => name.replaceAll('$', '\\$')).join('|')})(?![\\w$])`, 'g');

/** A function that reads the variable its parameter names; `above` gives it a name. */
function helperOf(
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

const isFunction = (node: Node): node is Callable =>
  /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ObjectMethod|ClassMethod)$/.test(node.type);

/** `Deno.env.get('X')`, NestJS `config.getOrThrow('X')`, env-var `env.get('X')`. */
function isEnvStore(callee: Node): boolean {
  const method = keyName(callee);
  if (callee.type !== 'MemberExpression' || (method !== 'get' && method !== 'getOrThrow')) return false;
  return method === 'getOrThrow' || /(^env|config|configService)$/i.test(lastName(callee.object) ?? '');
}

/** env-var: `.required()` or `.default('x')` behind `.get('X')`. */
function linkOf(above: readonly Node[]): Pick<Sighting, 'need' | 'default'> | undefined {
  const [member, call] = above.toReversed();
  const name = member && keyName(member);
  if (call?.type !== 'CallExpression') return undefined;
  if (name === 'required') return { need: 'refused' };
  return name === 'default' ? { need: 'default', ...defaultOf(call.arguments[0]) } : undefined;
}

function defaultOf(node: Node | undefined): { readonly default?: string } {
  const text = node && (textOf(node) ?? (isLiteral(node) ? String(node.value) : undefined));
  return text === undefined ? {} : { default: text };
}

const isLiteral = (node: Node): node is Node & { type: 'NumericLiteral' | 'BooleanLiteral' } =>
  node.type === 'NumericLiteral' || node.type === 'BooleanLiteral';

function patternOf(
  pattern: Node & { type: 'ObjectPattern' },
): readonly { readonly key: string; readonly value: Node }[] {
  return pattern.properties.flatMap((property) => {
    if (property.type !== 'ObjectProperty' || property.computed) return [];
    const key = property.key.type === 'Identifier' ? property.key.name : textOf(property.key);
    return key === undefined ? [] : [{ key, value: property.value }];
  });
}

/** Where the variable is made or only named, not used. */
function isDeclared(node: Node, parent: Node): boolean {
  if (parent.type === 'VariableDeclarator') return parent.id === node;
  if (parent.type === 'ObjectProperty') return parent.value !== node;
  if (parent.type === 'MemberExpression') return parent.object !== node;
  return false;
}
