// The schemas of one file: where they are declared, and which of them the environment is put through.
import type { CallExpression } from '@babel/types';
import type { EnvNames } from './javascript-names.ts';
import { type Schema, schemaIn, schemasOfSections } from './javascript-schemas.ts';
import { bare, lastName, type Node } from './javascript-tree.ts';
import type { Sighting } from './sighting.ts';

export class FoundSchemas {
  /** Of schemas that stand where the environment is put through them. */
  readonly sightings: Sighting[] = [];
  /** By the name of their variable. */
  readonly schemas = new Map<string, Schema>();
  /** Names of those that the environment is put through, here or in another file. */
  readonly parsed: string[] = [];
  readonly #names: EnvNames;

  constructor(names: EnvNames) {
    this.#names = names;
  }

  learn(variable: string, value: Node): void {
    const schema = this.#schemaIn(value);
    if (schema.names.length === 0 && !(schema.wrapped && schema.parts.length > 0)) return;
    this.schemas.set(variable, schema);
    // Its name says what it is for, wherever the environment is put through it.
    if (schema.wrapped && /env(?!elop)/i.test(variable)) this.parsed.push(variable);
  }

  /** `createEnv({ server: {…}, client: {…} })`. */
  sections(node: Node | undefined): void {
    for (const schema of schemasOfSections(node, this.#names.heldBy)) this.#take(this.#exported(schema));
  }

  /** `cleanEnv(process.env, {…})`, `v.parse(Schema, process.env)`, `Schema.parse(process.env)`, also written in place. */
  through(node: CallExpression, callee: Node): void {
    const plain = /env|conf|parse|valid|load|check|define/i.test(lastName(callee) ?? '');
    for (const argument of node.arguments) if (!this.#names.holdsEnv(argument)) this.put(argument, { plain });
    if (callee.type === 'MemberExpression') this.put(callee.object);
    // ArkType: a schema is a function.
    else if (callee.type !== 'Identifier' || this.schemas.has(callee.name)) this.put(callee, { plain: false });
  }

  /** The environment is put through it. `plain`: an object of validators is a schema here. */
  put(node: Node, { wrapped = false, plain = true } = {}): void {
    const inner = bare(node);
    const schema = this.#schemaIn(inner, wrapped);
    if (schema.wrapped || plain || inner.type === 'Identifier') this.#take(schema);
  }

  #take({ names, parts }: Schema): void {
    this.sightings.push(...names);
    this.parsed.push(...parts);
  }

  #schemaIn(node: Node, wrapped = false): Schema {
    return this.#exported(schemaIn(node, this.#names.heldBy, wrapped));
  }

  #exported(schema: Schema): Schema {
    return { ...schema, parts: schema.parts.map((name) => this.#names.exportedAs(name)) };
  }
}
