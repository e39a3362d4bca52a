// docker-compose files: what they give to the services that are built here is named, and no value of theirs is.
import { expect, test } from 'vitest';
import { takeInventory } from '../../src/secrets/inventory.ts';
import { projectOf } from './project-in-memory.ts';

const COMPOSE = `x-common: &common
  SENTRY_DSN: \${SENTRY_DSN:-}
services:
  web:
    build: { context: ., args: { COMMIT_SHA: "\${GIT_SHA}" } }
    image: registry.test/web:\${TAG:-latest}
    env_file:
      - .env
      - path: config/web.env
        required: false
    environment:
      <<: *common
      DATABASE_URL: postgres://sol:\${DB_PASSWORD}@db/sol # \${IN_A_COMMENT}
      STRIPE_SECRET_KEY: \${STRIPE_SECRET_KEY:?set it}
      MODE: \${SOL_MODE:-\${FALLBACK_MODE}}
      PRICE: "5 $$US_DOLLARS \${PLUS:+x}"
      HANDED_THROUGH:
      LEVEL: 3
      lower_case: x
    command: ["serve", "--key=$START_KEY", "$$INSIDE_ONLY"]
    ports: ["\${WEB_PORT:-8080}:8080"]
  worker:
    build: ./worker
    environment:
      - QUEUE_TOKEN
      - QUEUE_URL=redis://queue:6379
      - "API_SECRET=\${API_SECRET?no default}"
  db:
    image: postgres:16
    environment:
      POSTGRES_PASSWORD: \${POSTGRES_PASSWORD:?}
secrets:
  signing: { environment: SIGNING_SECRET }
  file_one: { file: ./secret.txt }
`;
const files = {
  'docker-compose.yml': COMPOSE,
  '.env': 'NEVER_READ=1\n',
  '.env.example': 'FROM_EXAMPLE=\n',
  'config/web.env': '# one\nexport WEB_ONLY_TOKEN=hunter2-the-great\n#OFF=1\n',
  'config/other.env': 'NOT_LED_TO=1\n',
  'server.js': 'use(process.env.DATABASE_URL)',
};

const told = async (project: Readonly<Record<string, string>>) => {
  const { entries, notes } = await takeInventory(projectOf(project), {});
  const lines = entries.flatMap(({ name, required, secret, named }) =>
    named
      .filter(({ by }) => by === 'compose')
      .map(({ file, line }) => `${name} ${required ? 'required' : ''} ${secret ? 'secret' : 'config'} ${file}:${line}`),
  );
  return { lines, notes, all: JSON.stringify(entries) };
};

test('names of the environment, of variables in it and of files it leads to, each at its place', async () => {
  const { lines, notes, all } = await told(files);
  expect(lines).toEqual([
    'API_SECRET required secret docker-compose.yml:27',
    'COMMIT_SHA  config docker-compose.yml:5',
    'DATABASE_URL required secret docker-compose.yml:13',
    'DB_PASSWORD  secret docker-compose.yml:13',
    'FALLBACK_MODE  config docker-compose.yml:15',
    'GIT_SHA  config docker-compose.yml:5',
    'HANDED_THROUGH  config docker-compose.yml:17',
    'LEVEL  config docker-compose.yml:18',
    'MODE  config docker-compose.yml:15',
    'OFF  config config/web.env:3',
    'PLUS  config docker-compose.yml:16',
    'PRICE  config docker-compose.yml:16',
    'QUEUE_TOKEN  secret docker-compose.yml:25',
    'QUEUE_URL  config docker-compose.yml:26',
    'SENTRY_DSN  secret docker-compose.yml:11',
    'SIGNING_SECRET  secret docker-compose.yml:33',
    'SOL_MODE  config docker-compose.yml:15',
    'START_KEY  secret docker-compose.yml:20',
    'STRIPE_SECRET_KEY required secret docker-compose.yml:14',
    'WEB_ONLY_TOKEN  secret config/web.env:2',
  ]);
  expect(notes).toEqual([]);
  for (const never of [
    'hunter2',
    'NEVER_READ',
    'NOT_LED_TO',
    'IN_A_COMMENT',
    'US_DOLLARS',
    'INSIDE_ONLY',
    'POSTGRES_PASSWORD',
    'TAG',
    'WEB_PORT',
    'redis://',
  ])
    expect(all).not.toContain(never);
});

test('where nothing is built here, the services of others are all there is', async () => {
  const compose = 'services:\n  app:\n    image: ghcr.io/x/y\n    environment: [APP_TOKEN]\n';
  expect((await told({ 'compose.prod.yaml': compose })).lines).toEqual(['APP_TOKEN  secret compose.prod.yaml:4']);
});

test('what the code says of a name counts more than that compose insists on it', async () => {
  const compose =
    'services:\n  app:\n    build: .\n    environment:\n      LEVEL: ${LEVEL:?}\n      ONLY_HERE: ${ONLY_HERE:?}\n';
  const { lines } = await told({ 'compose.yml': compose, 'a.js': 'use(process.env.LEVEL ?? "info")' });
  expect(lines).toEqual(['LEVEL  config compose.yml:5', 'ONLY_HERE required config compose.yml:6']);
});

test.each([
  ['YAML that is none', 'services: [\n', 'docker-compose.yml is not YAML that can be read: left out'],
  [
    'aliases without an end',
    `a: &a [x]\n${'bcdefghij'.replace(/./g, (name) => `${name}: &${name} [${`*${String.fromCharCode(name.charCodeAt(0) - 1)},`.repeat(9)}]\n`)}`,
    'docker-compose.yml is not YAML that can be read: left out',
  ],
  ['no services', 'version: "3"\n', undefined],
  [
    'services of another shape',
    'services:\n  a: text\n  b: [1]\n  c: { build: ., environment: 7, env_file: { no: path } }\n',
    undefined,
  ],
  [
    'a file of names that is not there',
    'services:\n  a:\n    build: .\n    env_file: .env.local\n',
    'docker-compose.yml:4 takes names from .env.local, which is not read, and no .env.example stands beside it',
  ],
])('%s is told, and is no trouble', async (_what, compose, note) => {
  const { lines, notes } = await told({ 'docker-compose.yml': compose });
  expect([lines, notes]).toEqual([[], note === undefined ? [] : [note]]);
});

test.each(['my-docker-compose.yml', 'docker-compose.yml.bak', 'composer.yml', 'docker-compose.md'])(
  '%s is none',
  async (file) => {
    expect((await told({ [file]: COMPOSE })).lines).toEqual([]);
  },
);
