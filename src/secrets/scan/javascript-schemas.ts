// Schemas of the environment: zod, envalid, t3-env, joi, yup, valibot, TypeBox, ArkType and their like, told by their shape and not by their package.
import type { ObjectExpression } from '@babel/types';
import { bare, keyName, lastName, lineOf, literal, type Node, propertiesOf, textOf } from './javascript-tree.ts';
import { type HeldBy, needOfValidator } from './javascript-validators.ts';
import { isEnvName, type Sighting } from './sighting.ts';

export interface Schema {
  readonly names: readonly Sighting[];
  /** Variables of other schemas that it is made of: `base.extend(…)`, `{ ...base.shape }`. */
  readonly parts: readonly string[];
  /** Inside `z.object(…)` and its like: a plain object may be anything. */
  readonly wrapped: boolean;
}

const NOTHING: Schema = { names: [], parts: [], wrapped: false };

/** The schema that an expression is. Without names and parts where it is something else. */
export function schemaIn(node: Node | null | undefined, heldBy: HeldBy, wrapped = false): Schema {
  if (!node) return NOTHING;
  const inner = bare(node);
  if (inner.type === 'ObjectExpression') return schemaOfObject(inner, heldBy, wrapped);
  if (inner.type === 'Identifier') return { ...NOTHING, parts: [inner.name] };
  if (inner.type === 'MemberExpression') {
    // `base.shape` of zod, `base.entries` of valibot.
    const name = /^(shape|entries|fields)$/.test(keyName(inner) ?? '') ? lastName(inner.object) : undefined;
    return name === undefined ? NOTHING : { ...NOTHING, parts: [name] };
  }
  if (inner.type !== 'CallExpression') return NOTHING;
  const callee = bare(inner.callee);
  const name = lastName(callee) ?? '';
  const before = callee.type === 'MemberExpression' ? callee.object : undefined;
  if (/^(object|strictObject|looseObject|Object|type)$/.test(name)) return schemaIn(inner.arguments[0], heldBy, true);
  if (/^(intersect|intersection)$/.test(name))
    return together(inner.arguments.flatMap(elementsOf).map((one) => schemaIn(one, heldBy, true)));
  if (ADDS.test(name)) return together([before, ...inner.arguments].map((one) => schemaIn(one, heldBy, true)));
  const found = before && bare(before).type === 'CallExpression' ? schemaIn(before, heldBy, wrapped) : NOTHING;
  if (name !== 'partial') return found;
  return { ...found, names: found.names.map((one) => ({ ...one, need: 'flag' as const })) };
}

/** What adds names to the schema before it. */
const ADDS = /^(extend|safeExtend|merge|and|keys|append|concat|shape|augment)$/;

function elementsOf(node: Node): readonly Node[] {
  const inner = bare(node);
  return inner.type === 'ArrayExpression' ? inner.elements.flatMap((one) => (one ? [one] : [])) : [inner];
}

function schemaOfObject(object: ObjectExpression, heldBy: HeldBy, wrapped: boolean): Schema {
  const spread = object.properties.flatMap((one) =>
    one.type === 'SpreadElement' ? [schemaIn(one.argument, heldBy, wrapped)] : [],
  );
  const own = propertiesOf(object).flatMap(({ key, value }): readonly Sighting[] => {
    const name = key.replace(/\?$/, ''); // ArkType: `'A?': 'string'`.
    const said = isEnvName(name) ? needOfValidator(value, heldBy, wrapped) : undefined;
    const need = said?.need === 'refused' && name !== key ? { need: 'flag' as const } : said;
    return need === undefined ? [] : [{ name, line: lineOf(value), ...need }];
  });
  return { ...together([...spread, { names: own, parts: [], wrapped }]), wrapped };
}

/** What comes later says more about a name than what comes before. */
function together(all: readonly Schema[]): Schema {
  const names = new Map(all.flatMap((one) => one.names.map((name) => [name.name, name] as const)));
  return { names: [...names.values()], parts: all.flatMap(({ parts }) => parts), wrapped: true };
}

/** `createEnv({ server, client, shared })` of t3-env: what is for the client is no secret. */
export function schemasOfSections(node: Node | null | undefined, heldBy: HeldBy): readonly Schema[] {
  const object = node && bare(node);
  if (object?.type !== 'ObjectExpression') return [];
  return propertiesOf(object).flatMap(({ key, value }) => {
    if (key !== 'server' && key !== 'client' && key !== 'shared') return [];
    const found = schemaIn(value, heldBy, true);
    const names = key === 'client' ? found.names.map((one) => ({ ...one, open: true })) : found.names;
    return [{ ...found, names }];
  });
}

/** convict: `{ port: { env: 'PORT', default: 1, sensitive: true } }`, nested at will. */
export function namesOfConvict(node: Node | null | undefined): readonly Sighting[] {
  const object = node && bare(node);
  if (object?.type !== 'ObjectExpression') return [];
  const properties = propertiesOf(object);
  const value = (key: string) => properties.find((one) => one.key === key)?.value;
  const name = textOf(value('env'));
  if (name === undefined) return properties.flatMap((one) => namesOfConvict(one.value));
  const standard = value('default');
  const empty = standard === undefined || bare(standard).type === 'NullLiteral';
  const text = literal(standard);
  return [
    {
      name,
      line: lineOf(object),
      need: empty ? 'plain' : 'default',
      ...(text !== undefined && { default: text }),
      ...(literal(value('sensitive')) === 'true' && { sensitive: true }),
    },
  ];
}

/** JSON Schema, as fastify's env plugin takes it: `{ type: 'object', required: ['A'], properties: { A: {…} } }`. */
export function namesOfJsonSchema(object: ObjectExpression): readonly Sighting[] {
  const own = propertiesOf(object);
  const value = (key: string) => own.find((one) => one.key === key)?.value;
  const properties = value('properties');
  const inner = properties && bare(properties);
  if (textOf(value('type')) !== 'object' || inner?.type !== 'ObjectExpression') return [];
  const listed = value('required');
  const required = new Set(listed ? elementsOf(listed).map(textOf) : []);
  const names = propertiesOf(inner);
  if (!names.every(({ key }) => isEnvName(key))) return []; // Of something else than the environment.
  return names.map(({ key, value: rules }) => {
    const of = bare(rules);
    const standard =
      of.type === 'ObjectExpression' ? propertiesOf(of).find((one) => one.key === 'default')?.value : undefined;
    const text = literal(standard);
    const need = standard ? 'default' : required.has(key) ? 'refused' : 'flag';
    return { name: key, line: lineOf(rules), need, ...(text !== undefined && { default: text }) };
  });
}

/** A class whose fields are checked by decorators (NestJS): `class EnvironmentVariables { @IsString() A: string }`. */
export function namesOfClass(node: Node & { type: 'ClassDeclaration' | 'ClassExpression' }): readonly Sighting[] {
  if (!/env(?!elop)/i.test(node.id?.name ?? '')) return [];
  return node.body.body.flatMap((member): readonly Sighting[] => {
    if (member.type !== 'ClassProperty' || member.key.type !== 'Identifier' || !isEnvName(member.key.name)) return [];
    const decorators = (member.decorators ?? []).map(({ expression }) =>
      lastName(expression.type === 'CallExpression' ? expression.callee : expression),
    );
    if (decorators.length === 0) return [];
    const text = literal(member.value);
    const need = member.value ? 'default' : member.optional || decorators.includes('IsOptional') ? 'flag' : 'refused';
    return [{ name: member.key.name, line: lineOf(member.key), need, ...(text !== undefined && { default: text }) }];
  });
}
