// How a runbook's front matter is written. What code uses is model.ts; the JSON Schema for editors is made of these shapes.
import { z } from 'zod';
import { Condition, EnvName, OutputName, Pattern, Plain, Step, Text } from './schema-step.ts';

export const Input = z.strictObject({
  description: Text.optional(),
  type: z.enum(['text', 'boolean', 'number', 'choice', 'list', 'email', 'directory']).optional(),
  options: z.array(Plain).min(1).optional(),
  default: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).optional(),
  pattern: Pattern.optional(),
  example: Plain.optional(),
  secret: z.boolean().optional(),
  required: z.boolean().optional(),
});

const From = z.union([
  z.strictObject({ env: EnvName }),
  z.strictObject({ file: Text }),
  z.strictObject({ op: Text }),
  z.strictObject({ command: z.array(Text).min(1) }),
]);

const Secret = z.strictObject({
  description: Text.optional(),
  secret: z.boolean().optional(),
  required: z.boolean().optional(),
  absent: z.boolean().optional(),
  default: Plain.optional(),
  generate: z.enum(['hex32', 'base64-32', 'uuid']).optional(),
  from: From.optional(),
  keep: Text.optional(),
  to: z.enum(['fly-secret', 'fly-env']).optional(),
  'set-by': z.string().optional(),
  pattern: Pattern.optional(),
  'same-as-staging': z.enum(['allow', 'warn']).optional(),
  example: Plain.optional(),
  when: Condition.optional(),
});

export const SecretsOfApp = z.strictObject({
  'compare-with': Text.optional(),
  names: z.record(EnvName, Secret.nullable()),
});

const InputName = OutputName.refine((name) => name !== 'prototype', 'take another name');

/** Everything but inputs, secrets and steps, which are read one by one. */
export const Head = z.strictObject({
  runbook: z.literal(1).describe('The version of this format'),
  title: Text.optional(),
  record: z.string().regex(/\.md$/, 'the record is a Markdown file: PRODUCTION_DEPLOYMENT.md').optional(),
  accounts: z.record(z.string(), z.record(z.string(), Plain)).optional(),
  guard: z.strictObject({ forbid: z.array(Text).min(1) }).optional(),
  inputs: z.record(InputName, z.unknown()).optional(),
  secrets: z.record(z.string(), z.unknown()).optional(),
  steps: z.array(z.unknown()).min(1),
});

export const Runbook = Head.extend({
  inputs: z.record(InputName, Input.nullable()).optional(),
  secrets: z.record(z.string(), SecretsOfApp).optional(),
  steps: z.array(Step).min(1),
});

export type WrittenHead = z.output<typeof Head>;
export type WrittenInput = z.output<typeof Input>;
export type WrittenSecrets = z.output<typeof SecretsOfApp>;

/** JSON Schema (2020-12) of the front matter, for editors. */
export function runbookJsonSchema(): object {
  return { ...z.toJSONSchema(Runbook, { io: 'input', target: 'draft-2020-12' }), title: 'Launchbook runbook' };
}
