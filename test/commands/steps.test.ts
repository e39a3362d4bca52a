// `launch steps KIND` says all that somebody who writes a runbook needs of a kind; docs/steps.md has the same of every kind.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type Field, fieldsOf, outputsOf } from '../../src/runbook/kind-fields.ts';
import type { StepKind } from '../../src/step.ts';
import { kindNames, loadKind } from '../../steps/index.ts';
import { launch, projectOf } from '../sessions/launching.ts';

const named = (schema: z.ZodType) => fieldsOf({ with: schema });

test('a value has its name, its shape, whether it must be there or what it is without, and what is meant', () => {
  const schema = z
    .strictObject({
      name: z.string().describe('Of the app'),
      count: z.int().default(1),
      sort: z.enum(['a', 'b']).optional(),
      tags: z.array(z.string()).optional(),
      env: z.record(z.string(), z.number()).optional(),
      on: z.boolean().optional(),
      any: z.json().optional(),
      either: z.union([z.string(), z.number()]).optional(),
      part: z.strictObject({ x: z.string(), y: z.string().optional() }).optional(),
      fixed: z.literal(true).optional(),
    })
    .refine(() => true);
  expect(named(schema)).toEqual([
    { name: 'name', shape: 'text', required: true, meaning: 'Of the app' },
    { name: 'count', shape: 'whole number', required: false, default: 1 },
    { name: 'sort', shape: 'a | b', required: false },
    { name: 'tags', shape: 'list of text', required: false },
    { name: 'env', shape: 'name: number', required: false },
    { name: 'on', shape: 'true or false', required: false },
    { name: 'any', shape: expect.any(String), required: false },
    { name: 'either', shape: 'text or number', required: false },
    { name: 'part', shape: 'map', required: false },
    { name: 'part.x', shape: 'text', required: true },
    { name: 'part.y', shape: 'text', required: false },
    { name: 'fixed', shape: 'true', required: false },
  ]);
});

test('of alternatives all are named; what each needs is required', () => {
  const schema = z.union([
    z.strictObject({ app: z.string(), count: z.number() }),
    z.strictObject({ app: z.string(), groups: z.string() }),
  ]);
  expect(named(schema).map(({ name, required }) => [name, required])).toEqual([
    ['app', true],
    ['count', false],
    ['groups', false],
  ]);
});

test('it is on the screen', async () => {
  const { stdout, exit } = await launch(projectOf({}), ['steps', 'git/tag']);
  expect(exit).toBe(0);
  expect(stdout).toContain('Values under `with`\n  name     text, required\n  push     true or false, default false\n');
  expect(stdout).toContain('  message  text\n           Makes an annotated tag\n');
  expect(stdout).toContain('Outputs, for later steps: `steps.ID.outputs.NAME`\n  commit\n');
});

test('every kind that needs values says which', async () => {
  for (const name of kindNames) {
    const kind = await loadKind(name);
    const needs = !kind?.with.safeParse({}).success;
    expect([name, needs && fieldsOf(kind as StepKind).length === 0]).toEqual([name, false]);
  }
});

/** `npx vitest run -u test/commands/steps.test.ts` writes it anew. */
test('docs/steps.md has every kind as it is', async () => {
  const kinds = await Promise.all(kindNames.map(async (name) => (await loadKind(name)) as StepKind));
  await expect(`${HEAD}${kinds.map(pageOf).join('\n')}`).toMatchFileSnapshot('../../docs/steps.md');
});

const HEAD = `# The kinds of steps

Made from the kinds themselves; \`launch steps\` lists them, \`launch steps KIND\` shows one. A value may be an expression (\`\${{ inputs.app }}\`); outputs are read by later
steps as \`steps.ID.outputs.NAME\`. What looks can stand in a \`verify\`; what also acts is done only where it is not so already.

`;

function pageOf(kind: StepKind): string {
  const outputs = outputsOf(kind).map(({ name }) => `\`${name}\``);
  return [
    `## ${kind.name}`,
    '',
    `${kind.summary}. It ${offersOf(kind).join(', ')}.${outputs.length > 0 ? ` Outputs: ${outputs.join(', ')}.` : ''}`,
    '',
    '```yaml',
    kind.example,
    '```',
    '',
    ...(fieldsOf(kind).length > 0
      ? ['| value | shape | meaning |', '|---|---|---|', ...fieldsOf(kind).map(rowOf), '']
      : []),
  ].join('\n');
}

const offersOf = (kind: StepKind): readonly string[] => [
  ...(kind.verify ? ['looks'] : []),
  ...(kind.act ? ['acts'] : []),
  ...(kind.guide ? ['guides a person'] : []),
  ...(kind.undo ? ['can be taken back'] : []),
];

function rowOf({ name, shape, required, default: standing, meaning = '' }: Field): string {
  const extra = required ? ', required' : standing === undefined ? '' : `, default \`${JSON.stringify(standing)}\``;
  return `| \`${name}\` | ${shape.replaceAll('|', '\\|')}${extra} | ${meaning.replaceAll('|', '\\|')} |`;
}
