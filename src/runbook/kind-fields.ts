// What a kind takes under `with` and leaves as outputs, in words: from the schemas by which a runbook is checked.
import { z } from 'zod';
import type { StepKind } from '../step.ts';
import type { Json } from '../text/json.ts';

export interface Field {
  readonly name: string;
  /** `text`, `number`, `list of text`, `run | skip` … */
  readonly shape: string;
  readonly required: boolean;
  readonly default?: Json;
  readonly meaning?: string;
}

export const fieldsOf = (kind: Pick<StepKind, 'with'>): readonly Field[] => propertiesOf(kind.with);

export const outputsOf = ({ outputs }: Pick<StepKind, 'outputs'>): readonly Field[] =>
  outputs === undefined ? [] : propertiesOf(outputs);

function propertiesOf(schema: z.ZodType): readonly Field[] {
  const written = schemaShape.safeParse(
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }),
  );
  return written.success ? fieldsIn(written.data) : [];
}

/** Of alternatives all fields, required where each requires it. */
function fieldsIn({ properties = {}, required = [], anyOf = [], allOf = [] }: Shape): readonly Field[] {
  const own = Object.entries(properties).flatMap(([name, property]): readonly Field[] => [
    {
      name,
      shape: shapeOf(property),
      required: required.includes(name),
      ...(property.default !== undefined && { default: property.default }),
      ...(property.description !== undefined && { meaning: property.description }),
    },
    // `create.region`: of a value that is a map with keys of its own.
    ...fieldsIn({ properties: property.properties, required: property.required }).map((field) => ({
      ...field,
      name: `${name}.${field.name}`,
    })),
  ]);
  const ways = anyOf.map(fieldsIn);
  const ofWays = ways.flat().map((field) => ({
    ...field,
    required: ways.every((way) => way.some((one) => one.name === field.name && one.required)),
  }));
  const all = [...own, ...allOf.flatMap(fieldsIn), ...ofWays];
  return all.filter((field, at) => all.findIndex(({ name }) => name === field.name) === at);
}

/** Of JSON Schema what our kinds use. */
interface Shape {
  readonly type?: string | readonly string[] | undefined;
  readonly const?: Json | undefined;
  readonly enum?: readonly Json[] | undefined;
  readonly anyOf?: readonly Shape[] | undefined;
  readonly allOf?: readonly Shape[] | undefined;
  readonly items?: Shape | undefined;
  readonly properties?: Readonly<Record<string, Shape>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly additionalProperties?: Shape | boolean | undefined;
  readonly default?: Json | undefined;
  readonly description?: string | undefined;
}

const schemaShape: z.ZodType<Shape> = z.lazy(() =>
  z.object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    const: z.json().optional(),
    enum: z.array(z.json()).optional(),
    anyOf: z.array(schemaShape).optional(),
    allOf: z.array(schemaShape).optional(),
    items: schemaShape.optional(),
    properties: z.record(z.string(), schemaShape).optional(),
    required: z.array(z.string()).optional(),
    additionalProperties: z.union([z.boolean(), schemaShape]).optional(),
    default: z.json().optional(),
    description: z.string().optional(),
  }),
);

function shapeOf(shape: Shape): string {
  if (shape.const !== undefined) return JSON.stringify(shape.const);
  if (shape.enum)
    return shape.enum.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' | ');
  if (shape.anyOf) return [...new Set(shape.anyOf.map(shapeOf))].join(' or ');
  if (shape.type === 'array') return `list of ${shape.items ? shapeOf(shape.items) : 'values'}`;
  if (shape.properties) return 'map';
  const { additionalProperties: values } = shape;
  if (shape.type === 'object') return typeof values === 'object' ? `name: ${shapeOf(values)}` : 'map';
  const types = typeof shape.type === 'string' ? [shape.type] : (shape.type ?? []);
  return types.length === 0 ? 'any value' : types.map((type) => WORDS[type] ?? type).join(' or ');
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'true or false',
  null: 'null',
};
