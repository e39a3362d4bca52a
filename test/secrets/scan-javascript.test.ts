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
    ['with ??= or ||=', 'process.env.A1 ??= "x"; process.env.B1 ||= "y"', ['A1 = x', 'B1 = y']],
    [
      'with a default where it is compared with nothing',
      'const a = process.env.A1 === undefined ? "x" : process.env.A1',
      ['A1 = x'],
    ],
    ['that is asked for', 'use(Object.hasOwn(process.env, "A1"), process.env.hasOwnProperty("B1"))', ['A1', 'B1']],
    ['of a variable that is set later', 'let a; a = process.env.A1; if (a) use(a)', ['A1']],
    [
      'by a text put together of known parts',
      'const P = "A"; use(process.env[`${P}_ONE`], process.env[P + "_TWO"])',
      ['A_ONE!', 'A_TWO!'],
    ],
    ['of what loadEnv of Vite gives', 'const e = loadEnv(mode, process.cwd(), ""); use(e.VITE_A)', ['VITE_A!']],
    [
      'by a parameter that has the name of a constant',
      'const n = "A1"; use(process.env[n]); ["B1"].forEach((n) => process.env[n] ?? fail())',
      ['A1!', 'B1!'],
    ],
    ['for a child is none', 'run({ ...process.env, A1: make() }); Object.assign(process.env, { B1: make() })', []],
    [
      'in a list of which a missing one ends it',
      'const missing = ["A1", "B1"].filter((n) => !process.env[n]); if (missing.length > 0) process.exit(1)',
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
      ['A1 = x', 'B1 = '],
    ],
    ['with a default of its own', 'const flag = (n: string) => process.env[n] === "1"\nflag("A1")', ['A1']],
    [
      'that is a method',
      'class Config { read(n: string) { return process.env[n] } }\nnew Config().read("A1")',
      ['A1!'],
    ],
    [
      'with a default of its second parameter',
      'const flag = (n: string, d = false) => { const v = process.env[n]; return v ? v === "1" : d }\nflag("A1"); flag("B1", true)',
      ['A1 = false', 'B1 = true'],
    ],
    [
      'that hands the name on to another one',
      'const need = (n: string) => process.env[n] ?? fail(n)\nclass Env { static get(name: string) { return need(name) } }\nEnv.get("A1"); cache.get("NOT_ONE")',
      ['A1!'],
    ],
    [
      'that a loop calls',
      'const need = (n: string) => process.env[n] ?? fail(n)\nfor (const name of ["A1", "B1"]) need(name)\n;["C1"].forEach(need)',
      ['A1!', 'B1!', 'C1!'],
    ],
    [
      'that has the name of many things, on another object',
      'const store = { get: (n: string) => process.env[n] }\nstore.get("A1"); cache.get("B1"); get("C1")',
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

  test('is known under another name too, and in a file that only hands the name on', async () => {
    const { entries } = await takeInventory(
      projectOf({
        'src/read.ts': 'export const need = (n: string) => process.env[n] ?? fail(n)',
        'src/settings.ts': 'import { need as must } from "./read";\nexport const fetchKey = (key: string) => must(key)',
        'src/main.ts':
          'import { need as n } from "./read";\nimport * as all from "./settings";\nn("A1"); all.fetchKey("B1")',
      }),
    );
    expect(entries.map(({ name, required }) => [name, required])).toEqual([
      ['A1', true],
      ['B1', true],
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
    [
      'of zod, extended',
      'const base = z.object({ A1: z.string() });\nconst all = base.extend({ A1: z.string().default("x"), B1: z.string() }).merge(z.object({ C1: z.string() }));\nall.parse(process.env)',
      ['A1 = x', 'B1!', 'C1!'],
    ],
    [
      'of zod, spread',
      'const base = { A1: z.string().optional() };\nz.object({ ...base, ...other.shape, B1: z.string() }).parse(process.env)',
      ['A1', 'B1!'],
    ],
    [
      'of zod with validators in variables',
      'const flag = z.enum(["a"]).transform(Boolean);\nconst maybe = z.string().optional();\nz.object({ A1: flag, B1: flag.default("a"), C1: maybe, D1: elsewhere }).parse(process.env)',
      ['A1!', 'B1 = a', 'C1', 'D1!'],
    ],
    [
      'of zod with a condition',
      'z.object({ A1: production ? z.string() : z.string().optional() }).parse(process.env)',
      ['A1!'],
    ],
    [
      'of zod: what an absent value passes',
      'z.object({ A1: z.string().nullable(), B1: z.string().or(z.undefined()), C1: z.union([z.string(), z.undefined()]), D1: z.optional(z.string()), E1: z.any(), F1: z.preprocess(f, z.string().default("x")), G1: z.coerce.boolean() }).parse(process.env)',
      ['A1!', 'B1', 'C1', 'D1', 'E1', 'F1 = x', 'G1'],
    ],
    [
      'that is handed single names',
      'const S = z.object({ A1: z.string().default("x") });\nS.parse({ A1: process.env.A1 });\nconst given = { B1: process.env.B1 };\nz.object({ B1: z.string().optional() }).parse(given)',
      ['A1 = x', 'B1'],
    ],
    ['that has the environment in its name', 'export const envSchema = z.object({ A1: z.string() })', ['A1!']],
    [
      'of envalid in a variable',
      'const specs = { A1: str(), B1: str({ default: undefined }) };\ncleanEnv(process.env, specs)',
      ['A1!', 'B1'],
    ],
    [
      'of t3-env with sections in variables',
      'const base = { A1: z.string() };\ncreateEnv({ server: { ...base, B1: cond ? z.string() : z.string().optional() }, runtimeEnv: {} })',
      ['A1!', 'B1!'],
    ],
    [
      'of yup',
      'yup.object({ A1: yup.string().required(), B1: yup.string() }).validateSync(process.env)',
      ['A1!', 'B1'],
    ],
    [
      'of TypeBox',
      'Value.Parse(Type.Object({ A1: Type.String(), B1: Type.Optional(Type.String()), C1: Type.String({ default: "x" }) }), process.env)',
      ['A1!', 'B1', 'C1 = x'],
    ],
    [
      'of valibot with pipes',
      'v.parse(v.object({ A1: v.pipe(v.string(), v.url()), B1: v.pipe(v.optional(v.string(), "7"), v.toNumber()) }), process.env)',
      ['A1!', 'B1 = 7'],
    ],
    [
      'of NestJS by joi',
      'ConfigModule.forRoot({ validationSchema: Joi.object({ A1: Joi.string().required(), B1: Joi.number() }) })',
      ['A1!', 'B1'],
    ],
    [
      'of NestJS by a class',
      'class EnvironmentVariables { @IsString() A1: string; @IsOptional() B1?: string; @IsNumber() C1: number = 3; D1: string }',
      ['A1!', 'B1', 'C1 = 3'],
    ],
    [
      'of ArkType',
      `const S = type({ A1: 'string.url', 'B1?': 'string', C1: "string = 'info'", D1: 'number >= 3', E1: "'a' | 'b' | undefined", F1: 'number = 3000', G1: type('string'), H1: type('string').default('x'), I1: ['string', '=', 'y'], J1: 'string?', K1: type.string });\nS(process.env)`,
      ['A1!', 'B1', 'C1 = info', 'D1!', 'E1', 'F1 = 3000', 'G1!', 'H1 = x', 'I1 = y', 'J1', 'K1!'],
    ],
    ['of ArkType, asserted', `type({ A1: 'string' }).assert(process.env)`, ['A1!']],
    ['of ArkType, called in place', `const out = type({ A1: 'string' })(process.env)`, ['A1!']],
    ['of ArkType for something else', `const S = type({ A1: 'string' }); S(await request.json())`, []],
    [
      'of arkenv',
      `import arkenv from 'arkenv'; arkenv({ A1: 'string.host', B1: "'x' | 'y' = 'x'" })`,
      ['A1!', 'B1 = x'],
    ],
    ['that is only a map of texts', `const S = { A1: 'string' }; send(S, process.env)`, []],
    [
      'of Effect',
      `import { Config, Effect } from "effect";
Effect.gen(function* () {
  const a = yield* Config.string("A1");
  const b = yield* Config.number("B1").pipe(Config.withDefault(3000));
  const c = yield* Config.withDefault(Config.string("C1"), "info");
  const d = yield* Config.option(Config.string("D1"));
  const e = yield* Config.redacted("E1").pipe(Config.map(f), Config.option);
  const g = yield* Config.literal("x", "y")("G1");
  const h = yield* Config.array(Config.string(), "H1");
});
const all = Config.all({ i: Config.redacted("I1"), j: Config.nested(Config.string("URL"), "J1") }).pipe(Config.nested("K1"));`,
      ['A1!', 'B1 = 3000', 'C1 = info', 'D1', 'E1', 'G1!', 'H1!', 'K1_I1!', 'K1_J1_URL!'],
    ],
    ['of Effect as a module', `import * as C from "effect/Config"; export const port = C.port("A1")`, ['A1!']],
    ['of something else that is called Config', `import { Config } from "./config"; Config.string("A1")`, []],
    [
      'of JSON Schema',
      'app.register(fastifyEnv, { schema: { type: "object", required: ["A1"], properties: { A1: { type: "string" }, B1: { type: "string", default: "x" }, C1: { type: "string" } } } })',
      ['A1!', 'B1 = x', 'C1'],
    ],
    [
      'of env-var by its import',
      'import envVar, { get } from "env-var";\nget("A1").required().asString(); envVar.get("B1").asString(); get("C1").example("y").required(false).asInt()',
      ['A1!', 'B1', 'C1'],
    ],
    [
      'of NestJS with a default',
      'config.get<number>("A1", 3000); config.get("B1", { infer: true }); this.map.getOrThrow("NOT_ONE")',
      ['A1 = 3000', 'B1!'],
    ],
    ['of env-var', 'env.get("A1").required().asString(); env.get("B1").default("7").asInt()', ['A1!', 'B1 = 7']],
    ['of NestJS', 'this.configService.getOrThrow<string>("A1")', ['A1!']],
    ['of SvelteKit', 'import { A1 } from "$env/static/private"', ['A1!']],
  ])('%s', async (_how, source, want) => {
    expect(await told(source)).toEqual(want);
  });

  test('made of parts of other files is told at the place of each', async () => {
    const { entries } = await takeInventory(
      projectOf({
        'src/parts.ts':
          'export const dbSchema = z.object({ A1: z.string() });\nexport const redis = { B1: z.string() };',
        'src/index.ts':
          'import { dbSchema as db, redis } from "./parts";\nz.object({ ...redis, C1: z.string() }).and(db).parse(process.env)',
      }),
    );
    expect(
      entries.map(({ name, required, read }) => [name, required, read.map(({ file, line }) => `${file}:${line}`)]),
    ).toEqual([
      ['A1', true, ['src/parts.ts:1']],
      ['B1', true, ['src/parts.ts:2']],
      ['C1', true, ['src/index.ts:2']],
    ]);
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

  test.each([
    [
      'src/A.vue',
      '<template>\n<p>{{ process.env.B1 }}</p>\n</template>\n<script setup lang="ts">\nconst a = import.meta.env.A1 as string;\n</script>',
      ['A1:5', 'B1:2'],
    ],
    ['src/+page.svelte', '<script>\n  import { A1 } from "$env/static/public";\n</script>\n<p>{A1}</p>', ['A1:2']],
    [
      'src/index.astro',
      '---\nimport { A1 } from "astro:env/server";\n---\n<p>{import.meta.env.B1}</p>',
      ['A1:2', 'B1:4'],
    ],
  ])('of the components in %s is read, each line in its place', async (file, source, want) => {
    const { entries } = await takeInventory(projectOf({ [file]: source }));
    expect(entries.flatMap(({ name, read }) => read.map(({ line }) => `${name}:${line}`))).toEqual(want);
  });

  test('names that are put together at run time are not in the table, and that is said', async () => {
    const { entries, notes } = await takeInventory(projectOf({ 'a.ts': '\nuse(process.env[`FEATURE_${name}`])' }));
    expect(entries).toEqual([]);
    expect(notes).toEqual(['a.ts:2 reads a name that is put together at run time (FEATURE_…): it is not in the table']);
  });

  test('that cannot be parsed is read by pattern, and that is said', async () => {
    const { entries, notes } = await takeInventory(
      projectOf({ 'src/a.ts': 'const = = ;\nuse(process.env.A1 ?? "x")\n}}}' }),
    );
    expect(entries.map(({ name, default: standard }) => [name, standard])).toEqual([['A1', 'x']]);
    expect(notes).toEqual(['src/a.ts could not be parsed: it was read by pattern']);
  });
});
