// What the scan reads out of JavaScript and TypeScript: each way of writing a read, and what it says about a missing value.
import { describe, expect, test } from 'vitest';
import { takeInventory } from '../../src/secrets/inventory.ts';
import { projectOf } from './project-in-memory.ts';

/** `NAME! = default` for each entry: `!` is required. */
async function told(source: string, file = 'src/index.ts'): Promise<readonly string[]> {
  const { entries, notes } = await takeInventory(projectOf({ [file]: source }));
  expect(notes).toEqual([]);
  return entries.map(({ name, required, default: standard, hardCoded }) =>
    [
      `${name}${required ? '!' : ''}`,
      ...(standard === undefined ? [] : [`= ${standard}`]),
      ...(hardCoded ? ['hard-coded'] : []),
    ].join(' '),
  );
}

describe('a read', () => {
  test.each([
    ['by member', 'use(process.env.A1)', ['A1!']],
    ['by text', 'use(process.env["A1"])', ['A1!']],
    ['by template', 'use(process.env[`A1`])', ['A1!']],
    ['by a constant', 'const K = "A1"; use(process.env[K])', ['A1!']],
    ['of import.meta.env', 'use(import.meta.env.VITE_A)', ['VITE_A!']],
    ['of Bun and Deno', 'use(Bun.env.A1, Deno.env.get("B1"))', ['A1!', 'B1!']],
    ['of globalThis.process', 'use(globalThis.process.env.A1)', ['A1!']],
    ['with optional chaining', 'use(process?.env?.A1)', ['A1!']],
    ['with a non-null mark', 'const a: string = process.env.A1!', ['A1!']],
    ['with a cast', 'const a = (process.env as Env).A1 as string', ['A1!']],
    ['through an alias', 'const e = process.env; use(e.A1)', ['A1!']],
    ['through an imported env', 'import { env } from "node:process"; use(env.A1)', ['A1!']],
    ['through const { env } = process', 'const { env } = process; use(env.A1)', ['A1!']],
    [
      'through a parameter that is the environment by default',
      'export const f = (env = process.env) => env.A1',
      ['A1!'],
    ],
    ['through a copy', 'const all = { ...process.env, X: 1 }; use(all.A1)', ['A1!']],
    ['by destructuring', 'const { A1, B1 = "x", C1: c, D1 = 5 } = process.env', ['A1!', 'B1 = x', 'C1!', 'D1 = 5']],
    ['by destructuring a parameter', 'function f({ A1 } = process.env) {}', ['A1!']],
    ['with ??', 'use(process.env.A1 ?? "x")', ['A1 = x']],
    ['with ||', 'use(process.env.A1 || 5)', ['A1 = 5']],
    ['with two, the second standing in', 'use(process.env.A1 ?? process.env.B1 ?? "x")', ['A1 = x', 'B1 = x']],
    [
      'with a default outside a conversion',
      'const p = Number(process.env.P1 || 3000) + (parseInt(process.env.Q1, 10) || 8)',
      ['P1 = 3000', 'Q1 = 8'],
    ],
    ['with a default behind a chain', 'const a = process.env.A1?.split(",") ?? []', ['A1']],
    ['with a condition', 'const a = process.env.A1 ? Number(process.env.A1) : 7', ['A1 = 7']],
    ['that is compared', 'const a = process.env.A1 === "1"', ['A1']],
    ['that is negated', 'if (!process.env.A1) log()', ['A1']],
    ['that is tested with in', 'if ("A1" in process.env) log()', ['A1']],
    ['that is tested with &&', 'process.env.A1 && log()', ['A1']],
    ['that ends the program when missing', 'if (!process.env.A1) { throw new Error("A1") }', ['A1!']],
    [
      'of which either missing ends it',
      'if (!process.env.A1 || process.env.B1 === undefined) process.exit(1)',
      ['A1!', 'B1!'],
    ],
    ['with a default that throws', 'const a = process.env.A1 ?? fail("A1 is missing")', ['A1!']],
    ['that is asserted', 'assert(process.env.A1, "A1")', ['A1!']],
    [
      'held in a variable that is refused',
      'const a = process.env.A1 ; const n = a; if (!a) throw new Error()',
      ['A1!'],
    ],
    ['held in a variable that has a default later', 'const a = process.env.A1; use(a ?? "x")', ['A1 = x']],
    ['held in a variable that is only tested', 'const a = process.env.A1; if (a) use(a)', ['A1']],
    ['that is written is none', 'process.env.A1 = "x"; delete process.env.B1', []],
    ['in a comment or a text is none', '// process.env.A1\nuse("process.env.B1")', []],
    [
      'of what the platform gives is not required',
      'use(process.env.NODE_ENV, process.env.FLY_REGION)',
      ['FLY_REGION', 'NODE_ENV'],
    ],
    [
      'of a secret with a value in the code tells no value',
      'const API_KEY = process.env.API_KEY ?? "sk_live_1234"',
      ['API_KEY hard-coded'],
    ],
    [
      'in a list that a loop goes through',
      'const need = ["A1", "B1"] as const; for (const n of need) if (!process.env[n]) throw new Error(n)',
      ['A1!', 'B1!'],
    ],
    ['in a list that is filtered', 'const missing = ["A1", "B1"].filter((n) => !process.env[n])', ['A1', 'B1']],
  ])('%s', async (_how, source, want) => {
    expect(await told(source)).toEqual(want);
  });
});

describe('a helper that takes the name as a text', () => {
  test.each([
    [
      'that refuses',
      'function need(n: string) { const v = process.env[n]; if (!v) throw new Error(n); return v }\nneed("A1")',
      ['A1!'],
    ],
    [
      'that gives a default',
      'const get = (n: string, d = "") => process.env[n] ?? d\nget("A1", "x"); get("B1")',
      ['A1 = x', 'B1!'],
    ],
    ['with a default of its own', 'const flag = (n: string) => process.env[n] === "1"\nflag("A1")', ['A1']],
    [
      'that is a method',
      'class Config { read(n: string) { return process.env[n] } }\nnew Config().read("A1")',
      ['A1!'],
    ],
    ['with a default at the call', 'const get = (n: string) => process.env[n]\nget("A1") ?? "x"', ['A1 = x']],
  ])('%s', async (_how, source, want) => {
    expect(await told(source)).toEqual(want);
  });

  test('is known in the files that import it', async () => {
    const { entries } = await takeInventory(
      projectOf({
        'src/env.ts':
          'export function requireEnv(name: string): string { const v = process.env[name]; if (v === undefined) throw new Error(name); return v }',
        'src/worker.ts': 'import { requireEnv } from "./env.js";\nexport const url = requireEnv("QUEUE_NAME")',
        'src/other.ts': 'somethingElse("NOT_A_READ")',
      }),
    );
    expect(entries.map(({ name, required, read }) => ({ name, required, read }))).toEqual([
      { name: 'QUEUE_NAME', required: true, read: [{ file: 'src/worker.ts', line: 2 }] },
    ]);
  });
});

describe('a schema', () => {
  test.each([
    [
      'of zod',
      'const S = z.object({ A1: z.string().min(1), B1: z.string().optional(), C1: z.coerce.number().default(3), D1: z.enum(["a"]).default("a") });\nexport const env = S.parse(process.env)',
      ['A1!', 'B1', 'C1 = 3', 'D1 = a'],
    ],
    ['of zod in place', 'z.object({ A1: z.url() }).refine(ok).safeParse(process.env)', ['A1!']],
    ['that the environment is not put through is none', 'const S = z.object({ A1: z.string() }); S.parse(body)', []],
    [
      'of envalid',
      'cleanEnv(process.env, { A1: str(), B1: port({ default: 80 }), C1: str({ devDefault: "x" }) })',
      ['A1!', 'B1 = 80', 'C1!'],
    ],
    [
      'of t3-env',
      'createEnv({ server: { A1: z.string() }, client: { NEXT_PUBLIC_B: z.string() }, runtimeEnv: process.env })',
      ['A1!', 'NEXT_PUBLIC_B!'],
    ],
    [
      'of joi',
      'const S = Joi.object({ A1: Joi.string().required(), B1: Joi.string(), C1: Joi.number().default(4) }); S.validate(process.env)',
      ['A1!', 'B1', 'C1 = 4'],
    ],
    [
      'of valibot',
      'const S = v.object({ A1: v.string(), B1: v.optional(v.string(), "x") }); v.parse(S, process.env)',
      ['A1!', 'B1 = x'],
    ],
    [
      'of convict',
      'convict({ db: { url: { env: "A1", default: null, sensitive: true }, size: { env: "B1", default: 5 } } })',
      ['A1!', 'B1 = 5'],
    ],
    ['of env-var', 'env.get("A1").required().asString(); env.get("B1").default("7").asInt()', ['A1!', 'B1 = 7']],
    ['of NestJS', 'this.configService.getOrThrow<string>("A1")', ['A1!']],
    ['of SvelteKit', 'import { A1 } from "$env/static/private"', ['A1!']],
  ])('%s', async (_how, source, want) => {
    expect(await told(source)).toEqual(want);
  });

  test('of another file is known where the environment is put through it', async () => {
    const { entries } = await takeInventory(
      projectOf({
        'src/schema.ts': 'export const EnvSchema = z.object({\n  DATABASE_PATH: z.string(),\n})',
        'src/index.ts': 'import { EnvSchema } from "./schema";\nEnvSchema.parse(process.env)',
      }),
    );
    expect(entries.map(({ name, required, read }) => ({ name, required, read }))).toEqual([
      { name: 'DATABASE_PATH', required: true, read: [{ file: 'src/schema.ts', line: 2 }] },
    ]);
  });
});

describe('the syntax', () => {
  test.each([
    [
      'of TypeScript',
      'src/a.ts',
      'enum E { A } ; abstract class B<T extends E> { constructor(private readonly x = <string>process.env.A1) {} }',
    ],
    ['of decorators', 'src/a.ts', '@Injectable() export class A { @Input() a = process.env.A1 }'],
    ['of JSX', 'src/a.tsx', 'export const A = () => <b title={process.env.A1}>x</b>'],
    ['of JSX in .js', 'src/a.js', 'export const A = () => <b title={process.env.A1}>x</b>'],
    ['of CommonJS with a return at its top', 'src/a.cjs', 'if (x) return; module.exports = process.env.A1'],
    ['of ES modules with await at their top', 'src/a.mjs', 'await f(process.env.A1)'],
    [
      'of satisfies, accessors and using',
      'src/a.mts',
      'const c = { a: process.env.A1 } satisfies C; class D { accessor x = 1 }',
    ],
  ])('%s is read', async (_how, file, source) => {
    expect(await told(source, file)).toEqual(['A1!']);
  });

  test('that cannot be parsed is read by pattern, and that is said', async () => {
    const { entries, notes } = await takeInventory(
      projectOf({ 'src/a.ts': 'const = = ;\nuse(process.env.A1 ?? "x")\n}}}' }),
    );
    expect(entries.map(({ name, default: standard }) => [name, standard])).toEqual([['A1', 'x']]);
    expect(notes).toEqual(['src/a.ts could not be parsed: it was read by pattern']);
  });
});
