// Which files a process starts with, where package managers call scripts of one package of a workspace.
import { expect, test } from 'vitest';
import { takeInventory } from '../../src/secrets/inventory.ts';
import { projectOf } from './project-in-memory.ts';

const manifest = (name: string, scripts: Readonly<Record<string, string>> = {}) => JSON.stringify({ name, scripts });
const MONOREPO = {
  'package.json': manifest('top', {
    start: 'npm run start -w api',
    all: 'turbo run start',
    dev: 'cd apps/api && npm run start',
  }),
  'apps/api/package.json': manifest('@acme/api', {
    start: 'node dist/server.js',
    worker: 'node ./dist/worker.js',
    both: 'npm run start & npm run worker',
  }),
  'apps/api/src/server.ts': 'import { db } from "@acme/db"; use(process.env.API_KEY)',
  'apps/api/src/worker.ts': 'use(process.env.WORKER_TOKEN)',
  'apps/web/package.json': manifest('@acme/web', { start: 'node server.mjs', only: 'node only.mjs' }),
  'apps/web/server.mjs': 'use(process.env.WEB_SECRET)',
  'apps/web/only.mjs': '',
  'packages/db/package.json': manifest('@acme/db'),
  'packages/db/src/index.ts': 'use(process.env.DATABASE_URL)',
  'packages/start/package.json': manifest('start-kit'),
};
const API = ['apps/api/src/server.ts'];
const WORKER = ['apps/api/src/worker.ts'];
const WEB = ['apps/web/server.mjs'];

async function started(command: string): Promise<readonly string[]> {
  const toml = `app = "a"\n[processes]\nweb = ${JSON.stringify(command)}\n`;
  const { groups } = await takeInventory(projectOf({ ...MONOREPO, 'fly.toml': toml }), {});
  return groups.flatMap(({ entries }) => entries);
}

test.each([
  ['npm start', API],
  ['npm run start -w apps/api', API],
  ['npm run -w @acme/api start', API],
  ['npm -w api run worker', WORKER],
  ['npm --workspace=apps/web start', WEB],
  ['npm --workspace ./apps/web/ run start', WEB],
  ['npm --prefix apps/api run worker', WORKER],
  ['npm run start --workspaces', [...API, ...WEB]],
  ['pnpm --filter @acme/api start', API],
  ['pnpm --filter=api... run start', API],
  ['pnpm -F ./apps/web start', WEB],
  ['pnpm --filter "./apps/*" start', [...API, ...WEB]],
  ['pnpm --filter "@acme/*" run start', [...API, ...WEB]],
  ['pnpm -C apps/api worker', WORKER],
  ['pnpm -r start', [...API, ...WEB]],
  ['pnpm --filter api exec node dist/worker.js', WORKER],
  ['yarn workspace @acme/web start', WEB],
  ['yarn workspace api run worker', WORKER],
  ['yarn --cwd apps/api start', API],
  ['yarn --cwd apps/api node dist/worker.js', WORKER],
  ['bun --filter api start', API],
  ['bun run --cwd apps/web start', WEB],
  ['turbo run start --filter=api', API],
  ['npx turbo start --filter @acme/web', WEB],
  ['npm run all', [...API, ...WEB]],
  ['lerna run worker --scope @acme/api', WORKER],
  ['npm run only', ['apps/web/only.mjs']],
  ['npm run dev', API],
  ['node --run start', API],
  ['cd apps/api && npm run both', [...API, ...WORKER]],
  ['cd apps && cd api && node dist/server.js', API],
  ['sh -c "cd /app/apps/web && npm start"', WEB],
  ['NODE_ENV=production npm run start -w api -- --port 8080', API],
  ['npm run migrate -w api; npm run worker -w api', WORKER],
  ['node /app/apps/api/dist/worker.js', WORKER],
])('%s', async (command, files) => {
  expect(await started(command)).toEqual(files);
});

test.each([
  // `-w` is the number of workers, `-C` a file, `--filter` one of the program.
  ['gunicorn -w 4 app:main'],
  ['puma -C config/puma.rb'],
  ['npm run start -w @acme/none'],
  ['pnpm --filter db start'],
  ['yarn workspace @other/api start'],
  ['npm -w api run missing'],
])('%s starts nothing that is here', async (command) => {
  expect(await started(command)).toEqual([]);
});

test('scripts that call each other in a circle end', async () => {
  const files = {
    'package.json': manifest('a', { start: 'npm run again', again: 'npm start && node x.js' }),
    'x.js': '',
  };
  const { groups } = await takeInventory(projectOf(files), {});
  expect(groups.flatMap(({ entries }) => entries)).toEqual(['x.js']);
});

test('what a package of the workspace reads counts for the process that reaches it', async () => {
  const toml = 'app = "a"\n[processes]\napi = "pnpm --filter api start"\nweb = "yarn workspace @acme/web start"\n';
  const { entries } = await takeInventory(projectOf({ ...MONOREPO, 'fly.toml': toml }), {});
  expect(entries.map(({ name, groups }) => `${name} ${groups.join('+')}`)).toEqual([
    'API_KEY api',
    'DATABASE_URL api',
    'WEB_SECRET web',
    'WORKER_TOKEN ',
  ]);
});
