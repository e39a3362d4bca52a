// What a JavaScript or TypeScript file reads of the environment, by its syntax tree.
import type { CallExpression } from '@babel/types';
import { type Helper, helperOf, isEnvStore, linkOf } from './javascript-helpers.ts';
import { EnvNames } from './javascript-names.ts';
import { namesOfConvict, namesOfSchema, namesOfSections } from './javascript-schemas.ts';
import {
  bare,
  defaultOf,
  isLiteral,
  keyName,
  lastName,
  lineOf,
  marksOf,
  type Node,
  parseScript,
  patternOf,
  textOf,
  walk,
} from './javascript-tree.ts';
import { useOf } from './javascript-use.ts';
import { isEnvName, type Sighting } from './sighting.ts';

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
  readonly #names = new EnvNames();
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
    const aliased = this.#names.aliases.size > 0 ? marksOf(this.#source, wordsOf(this.#names.aliases)) : [];
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
    this.#names.learn(node, above);
    if (node.type === 'ImportSpecifier') this.#imported(node, above.at(-1));
    if (node.type !== 'VariableDeclarator' || !node.init || node.id.type !== 'Identifier') return;
    const schema = namesOfSchema(node.init);
    if (schema.length > 0) this.#schemas.set(node.id.name, schema);
  }

  /** SvelteKit's `$env/static/private`: the name itself is imported. */
  #imported(node: Node & { type: 'ImportSpecifier' }, declaration: Node | undefined): void {
    const from = declaration?.type === 'ImportDeclaration' ? declaration.source.value : '';
    const fixed = /^\$env\/static\/(private|public)$/.exec(from)?.[1];
    if (!fixed) return;
    const name = node.imported.type === 'Identifier' ? node.imported.name : node.imported.value;
    this.#sightings.push({ name, line: lineOf(node), need: 'refused', ...(fixed === 'public' && { open: true }) });
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
    else if (node.type === 'BinaryExpression' && node.operator === 'in' && this.#names.isEnv(node.right)) {
      const name = textOf(node.left);
      if (name !== undefined) this.#sightings.push({ name, line: lineOf(node), need: 'flag' });
    }
  }

  #member(node: Node & { type: 'MemberExpression' | 'OptionalMemberExpression' }, above: readonly Node[]): void {
    if (!this.#names.isEnv(node.object)) return;
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
    const text = this.#names.textOf(variable);
    if (text !== undefined) {
      this.#see(text, node, above);
      return;
    }
    const use = useOf(node, above);
    for (let depth = above.length - 1; depth >= 0; depth--) {
      const scope = above[depth]!;
      const list = this.#names.looped(scope, above.slice(0, depth), variable);
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

  #destructured(pattern: Node & { type: 'ObjectPattern' }, from: Node | null | undefined): void {
    if (!from || !this.#names.isEnv(from)) return;
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
    const onEnv = node.arguments.some((argument) => this.#names.isEnv(argument));
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
}

/** Everything that the reader may want to see holds one of these. */
const MATTERS = /\benv\b|process|getOrThrow|convict|createEnv|cleanEnv|\b[A-Z][A-Z0-9_]+\b/g;

const wordsOf = (names: Iterable<string>): RegExp =>
  new RegExp(`(?<![\\w$])(?:${[...names].map((name) => name.replaceAll('$', '\\$')).join('|')})(?![\\w$])`, 'g');

/** Where the variable is made or only named, not used. */
function isDeclared(node: Node, parent: Node): boolean {
  if (parent.type === 'VariableDeclarator') return parent.id === node;
  if (parent.type === 'ObjectProperty') return parent.value !== node;
  if (parent.type === 'MemberExpression') return parent.object !== node;
  return false;
}
