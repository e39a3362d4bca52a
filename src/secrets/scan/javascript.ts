// What a JavaScript or TypeScript file reads of the environment, by its syntax tree.
import type { CallExpression } from '@babel/types';
import { type HelperCall, HelperCalls, type Wrapper } from './javascript-calls.ts';
import { readByEffect } from './javascript-effect.ts';
import { askedFor, helperOf, isEnvStore, isParameterOf, linkOf, secondOf } from './javascript-helpers.ts';
import { EnvNames } from './javascript-names.ts';
import { FoundSchemas } from './javascript-parsed.ts';
import { namesOfClass, namesOfConvict, namesOfJsonSchema, type Schema } from './javascript-schemas.ts';
import {
  bare,
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
import { type Use, useOf } from './javascript-use.ts';
import { isEnvName, type Sighting } from './sighting.ts';
import type { Helper } from './through-helper.ts';

export interface ScriptFacts {
  readonly sightings: readonly Sighting[];
  readonly helpers: readonly Helper[];
  readonly wrappers: readonly Wrapper[];
  /** Calls with a name of the environment as their first argument: of a helper, or of anything else. */
  readonly calls: readonly HelperCall[];
  /** Schemas by the name of their variable, and the names of those that the environment is put through. */
  readonly schemas: ReadonlyMap<string, Schema>;
  readonly parsed: readonly string[];
  /** Names that are put together at run time, as far as they are known: `FEATURE_…`. */
  readonly unknown: readonly { readonly line: number; readonly name: string }[];
}

/** undefined: the file cannot be parsed. */
export function readScript(source: string, file: string): ScriptFacts | undefined {
  const tree = parseScript(source, file);
  return tree && new Reader(tree, source).read();
}

class Reader {
  readonly #tree: Node;
  readonly #source: string;
  readonly #names: EnvNames;
  readonly #sightings: Sighting[] = [];
  readonly #helpers: Helper[] = [];
  readonly #calls: HelperCalls;
  readonly #schemas: FoundSchemas;
  readonly #unknown: ScriptFacts['unknown'][number][] = [];
  /** Variables that hold values of the environment, or lists of its names: what is done with them counts as well. */
  readonly #held = new Map<string, readonly string[]>();

  constructor(tree: Node, source: string) {
    this.#tree = tree;
    this.#source = source;
    this.#names = new EnvNames(tree);
    this.#schemas = new FoundSchemas(this.#names);
    this.#calls = new HelperCalls(this.#names);
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
    const held = [...this.#held].flatMap(([variable, names]) => (names.length === 0 ? [] : [variable]));
    if (held.length > 0)
      walk(this.#tree, (node, above) => this.#follow(node, above), marksOf(this.#source, wordsOf(held)));
    return {
      sightings: [...this.#sightings, ...this.#schemas.sightings],
      helpers: this.#helpers,
      wrappers: this.#calls.wrappers,
      calls: this.#calls.calls,
      schemas: this.#schemas.schemas,
      parsed: this.#schemas.parsed,
      unknown: this.#unknown,
    };
  }

  /** First the names under which the environment, lists of names and schemas are known here. */
  #learn(node: Node, above: readonly Node[]): void {
    this.#names.learn(node);
    if (node.type === 'ImportSpecifier') this.#imported(node, above.at(-1));
    if (node.type === 'VariableDeclarator' && node.init && node.id.type === 'Identifier')
      this.#schemas.learn(node.id.name, node.init);
  }

  /** SvelteKit's `$env/static/private`, Astro's `astro:env/server`: the name itself is imported. */
  #imported(node: Node & { type: 'ImportSpecifier' }, declaration: Node | undefined): void {
    const from = declaration?.type === 'ImportDeclaration' ? declaration.source.value : '';
    const fixed = /^(?:\$env\/static\/(private|public)|astro:env\/(server|client))$/.exec(from);
    if (!fixed) return;
    const name = node.imported.type === 'Identifier' ? node.imported.name : node.imported.value;
    if (!isEnvName(name)) return;
    this.#sightings.push({
      name,
      line: lineOf(node),
      need: 'refused',
      ...(/(public|client)$/.test(from) && { open: true }),
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
    else if (node.type === 'ObjectExpression') this.#sightings.push(...namesOfJsonSchema(node));
    else if (node.type === 'ObjectProperty' && keyOf(node) === 'validationSchema')
      this.#schemas.put(node.value, { wrapped: true });
    else if (node.type === 'ClassDeclaration') this.#sightings.push(...namesOfClass(node));
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
    // Vite gives these itself.
    if (/^(DEV|PROD|MODE|SSR|BASE_URL)$/.test(name ?? '') && isOfMeta(node.object)) return;
    const property = bare(node.property);
    if (name !== undefined) this.#see(name, node, above);
    else if (node.computed && property.type === 'Identifier') this.#computed(property.name, node, above);
    else if (node.computed) this.#putTogether(property, node, above);
  }

  /** `process.env[`${PREFIX}_KEY`]`. */
  #putTogether(property: Node, node: Node, above: readonly Node[]): void {
    const text = this.#names.textIn(property);
    if (text !== undefined) {
      this.#see(text, node, above);
      return;
    }
    const known = property.type === 'TemplateLiteral' ? property.quasis.map(({ value }) => value.raw).join('…') : '';
    if (/[A-Z]{2}/.test(known)) this.#unknown.push({ line: lineOf(node), name: known });
  }

  /** `process.env[name]`: of each name of a list, of the parameter of a helper, or of a constant. */
  #computed(variable: string, node: Node, above: readonly Node[]): void {
    const use = useOf(node, above);
    for (let depth = above.length - 1; depth >= 0; depth--) {
      const scope = above[depth]!;
      const around = above.slice(0, depth);
      const list = this.#names.looped(scope, around, variable);
      if (list) {
        this.#listed(list, use, around);
        return;
      }
      if (!isParameterOf(scope, variable)) continue;
      const helper = helperOf(scope, around, { variable, use });
      if (helper) this.#helpers.push(helper);
      return;
    }
    const text = this.#names.textOf(variable);
    if (text !== undefined) this.#see(text, node, above);
  }

  /** Of `const missing = NAMES.filter((name) => !process.env[name])` it counts what becomes of `missing`. */
  #listed(list: readonly { readonly name: string; readonly line: number }[], use: Use, around: readonly Node[]): void {
    const call = around.at(-1);
    const after = call?.type === 'CallExpression' ? useOf(call, around.slice(0, -1)) : undefined;
    const need = after?.need === 'refused' ? 'refused' : use.need;
    for (const { name, line } of list) this.#sightings.push({ name, line, need });
    if (after?.held !== undefined)
      this.#hold(
        after.held,
        list.map(({ name }) => name),
      );
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
      if (value.type === 'Identifier') this.#hold(value.name, [key]);
    }
  }

  #call(node: CallExpression, above: readonly Node[]): void {
    const callee = bare(node.callee);
    const name = lastName(callee) ?? '';
    const [first, second] = node.arguments;
    if (name === 'createEnv') this.#schemas.sections(first);
    // Of arkenv: it takes the environment by itself.
    if (first && /^(arkenv|createEnv)$/.test(name)) this.#schemas.put(first, { wrapped: true });
    if (name === 'convict') this.#sightings.push(...namesOfConvict(first));
    if (node.arguments.some((argument) => this.#names.holdsEnv(argument))) this.#schemas.through(node, callee);
    const byEffect = readByEffect(node, above, this.#names.effectConfig);
    if (byEffect) {
      this.#sightings.push(byEffect);
      return;
    }
    const asked = askedFor(callee, node.arguments, (one) => this.#names.isEnv(one));
    if (asked !== undefined) this.#sightings.push({ name: asked, line: lineOf(node), need: 'flag' });
    const text = textOf(first);
    if (first && text === undefined) this.#calls.handedOn(node, callee, above);
    if (text === undefined || !isEnvName(text)) return;
    if (isEnvStore(callee, this.#names.envVar)) {
      const link = linkOf(above) ?? secondOf(second);
      if (link) this.#sightings.push({ name: text, line: lineOf(node), ...link });
      else this.#see(text, node, above);
      return;
    }
    this.#calls.add(node, callee, { name: text, line: lineOf(node), use: useOf(node, above) });
  }

  #see(name: string, node: Node, above: readonly Node[]): void {
    const use = useOf(node, above);
    const { held, ...rest } = use;
    this.#sightings.push({ name, line: lineOf(node), ...rest });
    if (held !== undefined) this.#hold(held, [name]);
  }

  #hold(variable: string, names: readonly string[]): void {
    // Two variables of one name cannot be told apart here: neither is followed.
    this.#held.set(variable, this.#held.has(variable) ? [] : names);
  }

  #follow(node: Node, above: readonly Node[]): void {
    if (node.type !== 'Identifier') return;
    const names = this.#held.get(node.name) ?? [];
    const parent = above.at(-1);
    if (names.length === 0 || !parent || isDeclared(node, parent)) return;
    const { need, default: standard, sensitive } = useOf(node, above);
    if ((need === 'plain' && !sensitive) || (names.length > 1 && need !== 'refused')) return;
    for (const name of names)
      this.#sightings.push({
        name,
        line: lineOf(node),
        need,
        ...(standard !== undefined && { default: standard }),
        ...(sensitive && { sensitive }),
      });
  }
}

/** `import.meta.env` */
const isOfMeta = (env: Node): boolean => env.type === 'MemberExpression' && env.object.type === 'MetaProperty';

const keyOf = ({ key }: Node & { type: 'ObjectProperty' }): string | undefined =>
  key.type === 'Identifier' ? key.name : textOf(key);

/** Everything that the reader may want to see holds one of these; the last is a name that is handed on to a function. */
const MATTERS =
  /\benv\b|process|getOrThrow|convict|createEnv|cleanEnv|validationSchema|\b[A-Z][A-Z0-9_]+\b|\w\(\s*(?:\w*(?:[nN]ame|[kK]ey|[vV]ar|[eE]nv)\w*|[a-z])\s*[,)]/g;

const wordsOf = (names: Iterable<string>): RegExp =>
  new RegExp(`(?<![\\w$])(?:${[...names].map((name) => name.replaceAll('$', '\\$')).join('|')})(?![\\w$])`, 'g');

/** Where the variable is made or only named, not used. */
function isDeclared(node: Node, parent: Node): boolean {
  if (parent.type === 'VariableDeclarator') return parent.id === node;
  if (parent.type === 'ObjectProperty') return parent.value !== node;
  if (parent.type === 'MemberExpression') return parent.object !== node;
  return false;
}
