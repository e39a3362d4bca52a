// A whole project: what is left out, which process reaches what, what is a secret, and where each name stands.
import { expect, test } from 'vitest';
import { takeInventory } from '../../src/secrets/inventory.ts';
import type { SecretSpec } from '../../src/system/ports.ts';
import { projectOf } from './project-in-memory.ts';

const spec = (name: string, more: Partial<SecretSpec> = {}): Omit<SecretSpec, 'app'> => ({
  name,
  secret: true,
  required: true,
  absent: false,
  to: 'fly-secret',
  sameAsStaging: 'warn',
  ...more,
});

const solserver = {
  'fly.toml':
    'app = "solserver-prod"\n[env]\nCONTROL_PLANE_DB_PATH = "/data/control_plane.db"\n[processes]\nweb = "node dist/server.js"\nworker = "npm run worker"\n',
  'package.json': '{ "scripts": { "worker": "node --enable-source-maps dist/worker.js" } }',
  'tsconfig.json': '{ // paths\n "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["src/*"] }, } }',
  'src/server.ts':
    'import { config } from "./config.js";\nimport OpenAI from "openai";\nnew OpenAI({ apiKey: process.env.OPENAI_API_KEY });\nconst mode = process.env.SOL_ENFORCEMENT_MODE ?? "strict";',
  'src/worker.ts':
    'import { config } from "@/config";\nif (!process.env.SOL_INTERNAL_TOKEN) throw new Error("SOL_INTERNAL_TOKEN");\nconst beat = process.env.WORKER_HEARTBEAT_LOG === "1";',
  'src/config.ts': 'export const config = { path: process.env.CONTROL_PLANE_DB_PATH! };',
  'scripts/seed.ts': 'use(process.env.SEED_FILE)',
  '.env.example': 'OPENAI_API_KEY=sk-your-key\n# LATTICE_ENABLED=1\n',
  '.github/workflows/deploy.yml':
    'env:\n  FLY_API_TOKEN: ${{ secrets.FLY_API_TOKEN }}\n  REGION: ${{ vars.REGION }}\n  T: ${{ secrets.GITHUB_TOKEN }}\n',
  Dockerfile:
    'FROM node:20 AS build\nARG COMMIT_SHA\nENV BUILD_ONLY=1\nFROM node:20\nENV NODE_ENV=production LOG_LEVEL="info"\nCMD ["node", "dist/server.js"]\n',
};

test('a Dockerfile is read whole: what stands on a continued line is named too, each at its place', async () => {
  const Dockerfile =
    'FROM x\nARG FROM_CI\nENV ONE_HERE=1 \\\n    TWO_THERE="b c"\nENTRYPOINT ["node"]\nCMD ["server.mjs"]\n';
  const { entries, groups } = await takeInventory(
    projectOf({ Dockerfile, 'server.mjs': 'use(process.env.READ_HERE)' }),
    {},
  );
  expect(groups.map(({ entries: files }) => files)).toEqual([['server.mjs']]);
  expect(entries.flatMap(({ name, named }) => named.map(({ line }) => [name, line]))).toEqual([
    ['FROM_CI', 2],
    ['ONE_HERE', 3],
    ['TWO_THERE', 4],
  ]);
});

test('a server and a worker: required, sort, default, process and place of each name', async () => {
  const runbooks = [{ file: 'runbooks/prod.md', line: 12, spec: spec('SOLSERVER_API_KEY') }];
  const { entries, groups, notes } = await takeInventory(projectOf(solserver), { runbooks });
  expect(notes).toEqual([]);
  expect(groups.map(({ name, entries: files }) => [name, files])).toEqual([
    ['web', ['src/server.ts']],
    ['worker', ['src/worker.ts']],
  ]);
  const told = entries.map(({ name, required, secret, default: standard, groups: by, read, named }) =>
    [
      name,
      required ? 'required' : '',
      secret ? 'secret' : 'config',
      standard ?? '',
      by.join('+'),
      [...read, ...named].map(({ file, line }) => `${file}:${line}`).join(' '),
    ].join('|'),
  );
  expect(told).toEqual([
    'BUILD_ONLY||config|||Dockerfile:3',
    'COMMIT_SHA||config|||Dockerfile:2',
    'CONTROL_PLANE_DB_PATH|required|config||web+worker|src/config.ts:1 fly.toml:3',
    'FLY_API_TOKEN||secret|||.github/workflows/deploy.yml:2',
    'LATTICE_ENABLED||config|||.env.example:2',
    'LOG_LEVEL||config|||Dockerfile:5',
    'NODE_ENV||config|||Dockerfile:5',
    'OPENAI_API_KEY|required|secret||web|src/server.ts:3 .env.example:1',
    'REGION||config|||.github/workflows/deploy.yml:3',
    'SEED_FILE|required|config|||scripts/seed.ts:1',
    'SOLSERVER_API_KEY|required|secret|||runbooks/prod.md:12',
    'SOL_ENFORCEMENT_MODE||config|strict|web|src/server.ts:4',
    'SOL_INTERNAL_TOKEN|required|secret||worker|src/worker.ts:2',
    'WORKER_HEARTBEAT_LOG||config||worker|src/worker.ts:3',
  ]);
});

test('ignored and vendored folders, tests and links are left out; an ignored example is not', async () => {
  const tree = projectOf({
    '.gitignore': '.env*\n/generated/\n*.gen.ts\n!keep.gen.ts\n',
    '.env': 'REAL=1\n',
    '.env.example': 'EXAMPLE=1\n',
    'generated/a.ts': 'process.env.GENERATED',
    'src/generated/a.ts': 'process.env.DEEP',
    'src/a.gen.ts': 'process.env.GEN',
    'src/keep.gen.ts': 'process.env.KEPT',
    'packages/.gitignore': 'local/\n',
    'packages/local/a.ts': 'process.env.LOCAL',
    'node_modules/a/index.js': 'process.env.MODULE',
    'vendor/a.rb': 'ENV["VENDORED"]',
    'test/a.ts': 'process.env.TESTED',
    'src/a.test.ts': 'process.env.TESTED_BESIDE',
    'linked/a.ts': 'process.env.LINKED',
    'README.md': 'process.env.PROSE',
  });
  const linked = { ...tree, resolve: async (path: string) => (path === 'linked/' ? '/elsewhere' : tree.resolve(path)) };
  expect((await takeInventory(linked)).entries.map(({ name }) => name)).toEqual(['DEEP', 'EXAMPLE', 'KEPT']);
});

test.each([
  ['OPENAI_API_KEY', true],
  ['SOL_INTERNAL_TOKEN', true],
  ['DATABASE_URL', true],
  ['TWILIO_AUTH_TOKEN', true],
  ['JWT_SECRET', true],
  ['SENTRY_DSN', true],
  ['DB_PASS', true],
  ['SESSION_SECRETS', true],
  ['SESSION_TTL', false],
  ['MAX_TOKENS', false],
  ['SOL_INTERNAL_API_BASE', false],
  ['CONTROL_PLANE_DB_PATH', false],
  ['STRIPE_PUBLISHABLE_KEY', false],
  ['NEXT_PUBLIC_API_KEY', false],
  ['OUTPUT_CONTRACT_RETRY_MODEL_PROVIDER', false],
  ['TOKEN_EXPIRY', false],
])('by its name %s is a secret: %s', async (name, secret) => {
  const { entries } = await takeInventory(projectOf({ 'a.ts': `use(process.env.${name})` }));
  expect(entries[0]?.secret).toBe(secret);
});

test('by its use a name is a secret: a header, a key property, a signature', async () => {
  const source =
    'f({ headers: { authorization: process.env.A1 } }); g(`Bearer ${process.env.B1}`); h({ apiKey: process.env.C1 }); createHmac("sha256", process.env.D1); k(process.env.E1)';
  const { entries } = await takeInventory(projectOf({ 'a.ts': source }));
  expect(entries.filter(({ secret }) => secret).map(({ name }) => name)).toEqual(['A1', 'B1', 'C1', 'D1']);
});

test('without process groups there is one, started by the image, by package.json, or by the only main of Go', async () => {
  const groupsOf = async (files: Record<string, string>) =>
    (await takeInventory(projectOf(files))).groups.map(({ name, entries }) => `${name}: ${entries.join(' ')}`);
  expect(await groupsOf({ Dockerfile: 'FROM x\nCMD ["node", "server.mjs"]', 'server.mjs': '' })).toEqual([
    'app: server.mjs',
  ]);
  expect(await groupsOf({ 'package.json': '{"scripts":{"start":"tsx src/main.ts"}}', 'src/main.ts': '' })).toEqual([
    'app: src/main.ts',
  ]);
  expect(await groupsOf({ 'package.json': '{"main":"lib/index.js"}', 'lib/index.js': '' })).toEqual([
    'app: lib/index.js',
  ]);
  expect(await groupsOf({ 'main.go': '' })).toEqual(['app: main.go']);
  expect(
    await groupsOf({
      'fly.toml': '[processes]\nweb = "gunicorn app.wsgi:application"\nworker = "python -m app.worker"',
      'app/wsgi.py': '',
      'app/worker.py': '',
    }),
  ).toEqual(['web: app/wsgi.py', 'worker: app/worker.py']);
  expect(
    await groupsOf({ 'fly.toml': '[processes]\nworker = "celery -A app.tasks worker -l info"', 'app/tasks.py': '' }),
  ).toEqual(['worker: app/tasks.py']);
  expect(
    await groupsOf({
      'fly.toml': '[processes]\nweb = "/app/web"\nworker = "/app/worker"',
      'cmd/web/main.go': '',
      'cmd/worker/main.go': '',
    }),
  ).toEqual(['web: cmd/web/main.go', 'worker: cmd/worker/main.go']);
});

test('imports of Python and Go lead to what they read', async () => {
  const python = await takeInventory(
    projectOf({
      'fly.toml': '[processes]\nweb = "uvicorn app.main:app"',
      'app/main.py': 'from app.config import settings\nfrom . import keys',
      'app/config.py': 'os.environ["A1"]',
      'app/keys.py': 'os.environ["B1"]',
      'app/unused.py': 'os.environ["C1"]',
    }),
  );
  expect(python.entries.map(({ name, groups }) => [name, groups])).toEqual([
    ['A1', ['web']],
    ['B1', ['web']],
    ['C1', []],
  ]);
  const go = await takeInventory(
    projectOf({
      'go.mod': 'module example.com/sol\n',
      'cmd/web/main.go': 'package main\nimport (\n\t"example.com/sol/internal/config"\n)',
      'internal/config/load.go': 'package config\nvar a = os.Getenv("A1")',
    }),
  );
  expect(go.entries.map(({ name, groups }) => [name, groups])).toEqual([['A1', ['app']]]);
});

test('binary junk, broken TOML, a folder that may not be listed and a file that may not be read are survived and named', async () => {
  const tree = projectOf({
    'a.ts': '\0\u0001process.env.JUNK',
    'fly.toml': 'app = [',
    'b.ts': 'process.env.FINE',
    'secret/c.ts': '',
    'd.ts': '',
  });
  const refusing = {
    ...tree,
    list: async (path: string) => {
      if (path === 'secret/') throw new Error('cannot list secret/: permission denied');
      return tree.list(path);
    },
    read: async (path: string) => {
      if (path === 'd.ts') throw new Error('cannot read d.ts: permission denied');
      return tree.read(path);
    },
  };
  const { entries, notes } = await takeInventory(refusing);
  expect(entries.map(({ name }) => name)).toEqual(['FINE']);
  expect(notes).toEqual([
    'a.ts is no text: left out',
    'cannot list secret/: permission denied',
    'cannot read d.ts: permission denied',
    'fly.toml is not TOML that can be read: left out',
  ]);
});

test('an example file of 10,000 lines with junk between is read to its end', async () => {
  const lines = Array.from({ length: 10_000 }, (_, at) =>
    at % 3 === 0 ? `NAME_${at}="v#${at}" # note` : at % 3 === 1 ? '"' : `\u0001 = ${'='.repeat(40)}`,
  );
  const { entries } = await takeInventory(projectOf({ '.env.example': lines.join('\r\n') }));
  expect(entries).toHaveLength(3334);
  expect(entries.find(({ name }) => name === 'NAME_9999')?.named).toEqual([
    { file: '.env.example', line: 10_000, by: 'example' },
  ]);
});

test('names that Vite gives are given only where they are read as of Vite', async () => {
  const { entries } = await takeInventory(
    projectOf({ 'a.ts': 'use(import.meta.env.MODE, import.meta.env.BASE_URL, process.env.BASE_URL)' }),
  );
  expect(entries.map(({ name, required }) => [name, required])).toEqual([['BASE_URL', true]]);
});

test('what a bench reads and what Node itself reads is no setting of the app', async () => {
  const { entries } = await takeInventory(
    projectOf({
      'bench/run.mjs': 'use(process.env.BENCH_ROUNDS)',
      'src/server.ts': 'use(process.env.NODE_EXTRA_CA_CERTS, process.env.API_URL)',
    }),
  );
  expect(entries.map(({ name, required }) => [name, required])).toEqual([
    ['API_URL', true],
    ['NODE_EXTRA_CA_CERTS', false],
  ]);
});

test('a file that a build made into a few very long lines is left out, and that is said; a long line in a source is passed over', async () => {
  const { entries, notes } = await takeInventory(
    projectOf({
      'public/app.js': 'use(process.env.BUILT);'.repeat(3000),
      'a.py': `${'x("" '.repeat(1000)}os.environ["LONG"]\nos.environ["SHORT"]\n`,
    }),
  );
  expect(entries.map(({ name, read }) => [name, read[0]?.line])).toEqual([['SHORT', 2]]);
  expect(notes).toEqual(['public/app.js is minified: left out']);
});

test('where no process is known, a script that needs a name does not make it required; where only scripts read it, it does', async () => {
  const { entries } = await takeInventory(
    projectOf({
      'src/server.ts': 'use(process.env.MODE_HERE ?? "a")',
      'scripts/seed.ts': 'use(process.env.MODE_HERE, process.env.SEED_FILE)',
    }),
  );
  expect(entries.map(({ name, required }) => [name, required])).toEqual([
    ['MODE_HERE', false],
    ['SEED_FILE', true],
  ]);
});
