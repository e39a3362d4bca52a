// Every hazard has a project in which it is found, and its repaired twin in which it is not. A fixture is what differs from the sound project.
import { describe, expect, test } from 'vitest';
import type { Hazard } from '../../../steps/fly/hazards/hazard.ts';
import { type FlyRunbook, findFlyHazards } from '../../../steps/fly/hazards/project.ts';
import { walkProject } from '../../../steps/fly/hazards/project-files.ts';
import { flyHazards } from '../../../steps/fly/hazards/rules.ts';
import { xcodeHazards } from '../../../steps/xcode/hazards.ts';
import { memoryFiles } from './memory-files.ts';

type Files = Readonly<Record<string, string>>;

/** The altContext plan: 256 MB, a heap of 192, Postgres, a webhook, everything as it should be. */
const sound = `app = "shop"
primary_region = "yyz"
kill_timeout = 30

[build]
  dockerfile = "Dockerfile"

[env]
  PORT = "8080"
  LOG_LEVEL = "info"
  DB_PATH = "/data/shop.db"

[deploy]
  strategy = "rolling"
  wait_timeout = "10m"

[[mounts]]
  source = "shop_data"
  destination = "/data"
  initial_size = "3gb"

[http_service]
  internal_port = 8080
  force_https = true
  auto_stop_machines = "off"
  auto_start_machines = true
  min_machines_running = 1

  [http_service.concurrency]
    type = "requests"
    soft_limit = 200

  [[http_service.checks]]
    method = "GET"
    path = "/api/health"
    interval = "15s"
    timeout = "5s"
    grace_period = "20s"
    headers = { X-Forwarded-Proto = "https" }

[checks.alive]
  type = "tcp"
  port = 8080
  interval = "15s"
  timeout = "5s"

[[vm]]
  size = "shared-cpu-1x"
  memory = "512mb"

[[restart]]
  policy = "on-failure"
  retries = 3
`;
const soundProject: Files = {
  'fly.toml': sound,
  '.git/HEAD': 'ref: refs/heads/main\n',
  '.gitignore': '.env*\n!.env.example\n',
  '.dockerignore': '.env*\n.git\n',
  '.env': 'API_KEY=abc\n',
  '.env.example': 'API_KEY=abc\n',
  Dockerfile: `FROM node:22 AS build
COPY . .
RUN npm run build
FROM node:22-slim
ENV NODE_ENV=production
COPY --from=build /app/dist ./dist
EXPOSE 8080
CMD ["node", "--max-old-space-size=384", "dist/server.js"]
`,
  'package.json': JSON.stringify({
    scripts: { start: 'node dist/server.js' },
    dependencies: { express: '5', 'better-sqlite3': '11' },
  }),
  'src/server.ts': `const router = express.Router();
router.get('/health', (_request, answer) => answer.json({ ok: true }));
router.post('/webhook/twilio', (_request, answer) => answer.send('ok'));
app.use('/api', router);
app.listen(Number(process.env.PORT ?? 8080), '0.0.0.0');
`,
};
const step = (
  kind: string,
  want: Record<string, unknown>,
  id = kind.replace('fly/', ''),
): FlyRunbook['steps'][number] => ({
  runbook: 'runbooks/prod.md',
  id,
  kind,
  want: { app: 'shop', ...want },
  spot: { file: 'runbooks/prod.md', line: 7, column: 5, length: 4, text: `  - id: ${id}` },
});
const soundSteps = [
  step('fly/app', { name: 'shop', app: undefined }),
  step('fly/ips', {}),
  step('fly/volume', { name: 'shop_data', region: 'yyz' }),
  step('fly/config', {
    file: 'fly.toml',
    region: 'yyz',
    groups: ['app'],
    mounts: { shop_data: '/data' },
    env: { PORT: '8080' },
  }),
  step('fly/deploy', { config: 'fly.toml', ha: false }),
  step('fly/machines', { count: 1 }),
  step('fly/certificate', { hostname: 'shop.example.com' }),
];
const setting = (name: string, more: Partial<FlyRunbook['secrets'][number]> = {}): FlyRunbook['secrets'][number] => ({
  app: 'shop',
  name,
  to: 'fly-secret',
  absent: false,
  required: true,
  ...more,
});
const soundRunbook: FlyRunbook = {
  steps: soundSteps,
  secrets: [setting('API_KEY'), setting('LOG_LEVEL', { to: 'fly-env' }), setting('OLD', { absent: true })],
  staging: ['shop-staging'],
};

interface Broken {
  readonly files?: Files;
  /** Parts of the sound fly.toml and what stands there. */
  readonly toml?: readonly (readonly [string, string])[];
  readonly runbook?: Partial<FlyRunbook>;
}
const find = async ({ files = {}, toml = [], runbook = {} }: Broken) => {
  let text = sound;
  for (const [from, to] of toml) {
    expect(text, 'the fixture changes what is there').toContain(from);
    text = text.replace(from, to);
  }
  const all = { ...soundProject, 'fly.toml': text, ...files };
  const project = await walkProject({ files: memoryFiles(all) });
  return (await findFlyHazards(project, [{ ...soundRunbook, ...runbook }])).findings;
};
const withStep = (kind: string, want: Record<string, unknown>, id?: string) => ({
  steps: [...soundSteps.filter((one) => one.kind !== kind), step(kind, want, id)],
});

const groups = '\n[processes]\n  app = "node dist/server.js"\n  jobs = "node dist/jobs.js"\n\n[deploy]';
const inGroups = [
  ['\n[deploy]', groups],
  ['  destination = "/data"', '  destination = "/data"\n  processes = ["app"]'],
  ['internal_port = 8080', 'internal_port = 8080\n  processes = ["app"]'],
  ['[checks.alive]', '[checks.alive]\n  processes = ["app"]'],
  ['[[restart]]', '[[restart]]\n  processes = ["app"]'],
] as const;
const grouped = { runbook: { ...withStep('fly/config', { file: 'fly.toml' }) } };
const vm = (config: string): Files => ({ 'vm/fly.toml': config, 'vm/package.json': '{}' });
const flycast = `app = "vm"\n[http_service]\n  internal_port = 3001\n  auto_stop_machines = "stop"\n  [[http_service.checks]]\n    path = "/"\n`;
const calls = (address: string): readonly (readonly [string, string])[] => [
  ['LOG_LEVEL = "info"', `LOG_LEVEL = "info"\n  VM_URL = "${address}"`],
];

/** code → a project with it, what is said and where, and the twin that is mended. */
const table: Record<
  string,
  { readonly with: Broken; readonly without?: Broken; readonly says: string; readonly at: string }[]
> = {
  unreadable: [
    { with: { files: { 'fly.toml': 'app = "shop"\nregion = [\n' } }, says: 'it cannot be read', at: 'fly.toml:3' },
  ],
  'no-file': [
    {
      with: { runbook: withStep('fly/deploy', { config: 'fly.prod.toml', ha: false }) },
      says: 'uses fly.prod.toml, which is not there',
      at: 'runbooks/prod.md:7',
    },
  ],
  'unknown-key': [
    {
      with: { toml: [['min_machines_running = 1', 'min_machines_running = 1\n  max_machines_running = 1']] },
      says: 'fly knows no max_machines_running in http_service',
      at: 'fly.toml:28',
    },
    { with: { toml: [['[[restart]]', '[[restarts]]']] }, says: 'fly knows no restarts', at: 'fly.toml:51' },
    {
      with: { toml: [['    path =', '    pth =']] },
      says: 'fly knows no pth in http_service.checks',
      at: 'fly.toml:35',
    },
  ],
  'wrong-shape': [
    {
      with: { toml: [['internal_port = 8080', 'internal_port = "8080"']] },
      says: 'http_service.internal_port: expected number, received string',
      at: 'fly.toml:23',
    },
    { with: { toml: [['"off"', '"never"']] }, says: 'expected "off", "stop" or "suspend"', at: 'fly.toml:25' },
    { with: { toml: [['"15s"', '"soon"']] }, says: '"soon" is no duration', at: 'fly.toml:36' },
    {
      with: { toml: [['strategy = "rolling"', 'strategy = "blue-green"']] },
      says: 'deploy.strategy',
      at: 'fly.toml:14',
    },
  ],
  'bare-duration': [
    {
      with: { toml: [['interval = "15s"', 'interval = 15']] },
      says: 'http_service.checks.interval = 15 means 15 nanoseconds here',
      at: 'fly.toml:36',
    },
    {
      with: { toml: [['wait_timeout = "10m"', 'wait_timeout = 600']] },
      says: 'deploy.wait_timeout = 600 means 600 nanoseconds here',
      at: 'fly.toml:15',
    },
    { with: { toml: [['timeout = "5s"', 'timeout = "5"']] }, says: 'has no unit', at: 'fly.toml:37' },
    {
      with: {
        toml: [
          [
            '[checks.alive]\n  type = "tcp"\n  port = 8080\n  interval = "15s"',
            '[checks.alive]\n  type = "tcp"\n  port = 8080\n  interval = 15',
          ],
        ],
      },
      says: 'means 15 milliseconds here',
      at: 'fly.toml:44',
    },
  ],
  'app-differs': [
    {
      with: { toml: [['app = "shop"', 'app = "stall"']] },
      says: 'the file is of stall, the step config of runbooks/prod.md uses it for shop',
      at: 'fly.toml:1',
    },
  ],
  'staging-file': [
    {
      with: { toml: [['LOG_LEVEL = "info"', 'LOG_LEVEL = "info"\n  API = "https://shop-staging.fly.dev"']] },
      says: 'API in [env] speaks of shop-staging',
      at: 'fly.toml:11',
    },
    {
      with: {
        files: { 'fly.staging.toml': sound },
        runbook: withStep('fly/deploy', { config: 'fly.staging.toml', ha: false }),
      },
      without: {
        files: { 'fly.prod.toml': sound },
        runbook: withStep('fly/deploy', { config: 'fly.prod.toml', ha: false }),
      },
      says: 'uses fly.staging.toml, by its name the file of staging',
      at: 'runbooks/prod.md:7',
    },
  ],
  'region-differs': [
    {
      with: { runbook: withStep('fly/volume', { name: 'shop_data', region: 'sjc' }) },
      says: 'primary_region is yyz, the step volume of runbooks/prod.md says sjc',
      at: 'fly.toml:2',
    },
  ],
  'no-mount': [
    {
      with: { runbook: withStep('fly/volume', { name: 'data', region: 'yyz' }) },
      says: 'makes the volume data; the file mounts shop_data',
      at: 'fly.toml:18',
    },
  ],
  'no-group': [
    {
      with: { runbook: withStep('fly/machines', { groups: { web: 1 } }) },
      without: { runbook: withStep('fly/machines', { groups: { app: 1 } }) },
      says: 'the step machines speaks of the process group web; the file has app',
      at: 'runbooks/prod.md:7',
    },
  ],
  'no-service': [
    {
      with: {
        files: {
          'fly.toml':
            'app = "shop"\nprimary_region = "yyz"\n[env]\n  LOG_LEVEL = "info"\n[[mounts]]\n  source = "shop_data"\n  destination = "/data"\n',
        },
        runbook: { steps: soundSteps.filter(({ kind }) => kind !== 'fly/config') },
      },
      says: 'the step certificate makes a certificate for shop.example.com, and the file has no service on 443',
      at: 'runbooks/prod.md:7',
    },
  ],
  'second-machine': [
    {
      with: {
        toml: [['[[mounts]]\n  source = "shop_data"\n  destination = "/data"\n  initial_size = "3gb"\n', '']],
        runbook: { steps: [step('fly/machines', { count: 1 }), step('fly/deploy', { config: 'fly.toml' })] },
      },
      without: {
        toml: [['[[mounts]]\n  source = "shop_data"\n  destination = "/data"\n  initial_size = "3gb"\n', '']],
        runbook: { steps: [step('fly/machines', { count: 1 }), step('fly/deploy', { config: 'fly.toml', ha: false })] },
      },
      says: 'the step deploy deploys with a spare machine, and exactly one of app is wanted',
      at: 'runbooks/prod.md:7',
    },
  ],
  'missing-env': [
    {
      with: { runbook: { secrets: [setting('REGION_LIMIT', { to: 'fly-env' })] } },
      says: 'REGION_LIMIT is not in [env]',
      at: 'fly.toml:8',
    },
  ],
  'config-differs': [
    {
      with: { runbook: withStep('fly/config', { file: 'fly.toml', env: { LOG_LEVEL: 'warn' } }) },
      says: 'expects LOG_LEVEL = "warn" in [env]; the file says: LOG_LEVEL = "info" in [env]',
      at: 'fly.toml:10',
    },
  ],
  'missing-dockerfile': [
    {
      with: { toml: [['"Dockerfile"', '"infra/Dockerfile"']] },
      says: 'there is no infra/Dockerfile',
      at: 'fly.toml:6',
    },
  ],
  'unknown-group': [
    {
      with: { ...grouped, toml: [...inGroups, ['  processes = ["app"]', '  processes = ["ap"]']] },
      without: { ...grouped, toml: inGroups },
      says: '[[mounts]] names a process group that is not there: ap',
      at: 'fly.toml:24',
    },
    {
      with: { ...grouped, toml: [...inGroups, ['[[vm]]', '[[vm]]\n  processes = ["jobs", "job"]']] },
      without: { ...grouped, toml: [...inGroups, ['[[vm]]', '[[vm]]\n  processes = ["jobs", "app"]']] },
      says: '[[vm]] names a process group that is not there: job',
      at: 'fly.toml:55',
    },
    {
      with: {
        ...grouped,
        toml: [...inGroups, ['[checks.alive]\n  processes = ["app"]', '[checks.alive]\n  processes = ["web"]']],
      },
      without: { ...grouped, toml: inGroups },
      says: '[checks.alive] names a process group that is not there: web',
      at: 'fly.toml:48',
    },
  ],
  'service-without-group': [
    {
      with: { ...grouped, toml: inGroups.filter(([from]) => !from.startsWith('internal')) },
      without: { ...grouped, toml: inGroups },
      says: '[http_service] names no process group',
      at: 'fly.toml:27',
    },
  ],
  'default-group': [
    {
      with: { ...grouped, toml: inGroups.filter(([from]) => !from.includes('destination')) },
      without: { ...grouped, toml: inGroups },
      says: '[[mounts]] names no process group, so it belongs to app',
      at: 'fly.toml:21',
    },
    {
      with: { ...grouped, toml: inGroups.filter(([from]) => !from.includes('checks')) },
      without: { ...grouped, toml: inGroups },
      says: '[checks.alive] names no process group, so it belongs to app',
      at: 'fly.toml:47',
    },
  ],
  'shared-mount': [
    {
      with: { ...grouped, toml: [...inGroups, ['  processes = ["app"]', '  processes = ["app", "jobs"]']] },
      without: { ...grouped, toml: inGroups },
      says: 'the mount shop_data at /data belongs to 2 process groups (app, jobs)',
      at: 'fly.toml:21',
    },
  ],
  'many-machines': [
    {
      with: { toml: [['min_machines_running = 1', 'min_machines_running = 2']] },
      says: '2 machines are kept running, and DB_PATH is a database file on a volume',
      at: 'fly.toml:27',
    },
    {
      with: { runbook: withStep('fly/machines', { count: 3 }) },
      says: 'the step machines wants 3 machines of app, and DB_PATH is a database file',
      at: 'runbooks/prod.md:7',
    },
  ],
  'path-without-mount': [
    {
      with: { ...grouped, toml: inGroups },
      without: { ...grouped, toml: [...inGroups, ['/data/shop.db', '/tmp/shop.db']] },
      says: 'DB_PATH points below /data, which only app mounts: jobs writes to a folder of its own',
      at: 'fly.toml:11',
    },
  ],
  'two-mounts': [
    {
      with: {
        toml: [['\n[http_service]', '\n[[mounts]]\n  source = "more"\n  destination = "/more"\n[http_service]']],
      },
      says: 'the group app has more than one mount',
      at: 'fly.toml:22',
    },
  ],
  'no-region': [
    {
      with: { toml: [['primary_region = "yyz"\n', '']], runbook: { steps: [] } },
      without: { runbook: { steps: [] } },
      says: 'there are mounts but no primary_region',
      at: 'fly.toml:16',
    },
  ],
  'strategy-with-mount': [
    {
      with: { toml: [['"rolling"', '"bluegreen"']] },
      says: 'the strategy bluegreen cannot be used with volumes',
      at: 'fly.toml:14',
    },
  ],
  'release-command-volume': [
    {
      with: { toml: [['wait_timeout', 'release_command = "npm run migrate"\n  wait_timeout']] },
      without: {
        toml: [
          ['wait_timeout', 'release_command = "npm run migrate"\n  wait_timeout'],
          ['/data/shop.db', 'postgres'],
        ],
      },
      says: 'changes the database, and DB_PATH is a file on the volume shop_data',
      at: 'fly.toml:15',
    },
    {
      with: { toml: [['wait_timeout', 'release_command = "ls /data/in"\n  wait_timeout']] },
      without: { toml: [['wait_timeout', 'release_command = "ls /database"\n  wait_timeout']] },
      says: 'uses /data, which is a volume',
      at: 'fly.toml:15',
    },
  ],
  'port-differs': [
    {
      with: {
        toml: [['PORT = "8080"', 'PORT = "3000"']],
        ...{ runbook: withStep('fly/config', { file: 'fly.toml' }) },
      },
      says: 'PORT is 3000 in [env], internal_port is 8080',
      at: 'fly.toml:9',
    },
  ],
  'image-port-differs': [
    {
      with: {
        toml: [['  PORT = "8080"\n', '']],
        files: { Dockerfile: `${soundProject.Dockerfile}ENV PORT=3000\n` },
        runbook: withStep('fly/config', { file: 'fly.toml' }),
      },
      without: {
        toml: [['  PORT = "8080"\n', '']],
        files: { Dockerfile: `${soundProject.Dockerfile}ENV PORT=8080\n` },
        runbook: withStep('fly/config', { file: 'fly.toml' }),
      },
      says: 'PORT is 3000 in the image, internal_port is 8080',
      at: 'Dockerfile:9',
    },
  ],
  'expose-differs': [
    {
      with: { files: { Dockerfile: soundProject.Dockerfile?.replace('EXPOSE 8080', 'EXPOSE 3000') ?? '' } },
      says: 'EXPOSE 3000, internal_port is 8080',
      at: 'Dockerfile:7',
    },
  ],
  'code-port-differs': [
    {
      with: {
        toml: [['  PORT = "8080"\n', '']],
        files: { 'src/server.ts': "app.listen(process.env.PORT || '3000', '0.0.0.0');\n" },
        runbook: withStep('fly/config', { file: 'fly.toml' }),
      },
      without: { files: { 'src/server.ts': "app.listen(process.env.PORT || '3000', '0.0.0.0');\n" } },
      says: 'the code listens on 3000 unless PORT is set, and it is not; internal_port is 8080',
      at: 'src/server.ts:1',
    },
    {
      with: { files: { 'src/server.ts': '\napp.listen(5000);\n' } },
      without: { files: { 'src/server.ts': '\napp.listen(8080);\n' } },
      says: 'the code listens on 5000; internal_port is 8080',
      at: 'src/server.ts:2',
    },
    {
      with: {
        toml: [['  PORT = "8080"\n', '']],
        files: {
          'src/server.ts': '',
          'src/env.ts': 'const Env = z.object({ PORT: z.coerce.number().default(4000) });\n',
        },
        runbook: withStep('fly/config', { file: 'fly.toml' }),
      },
      says: 'the code listens on 4000',
      at: 'src/env.ts:1',
    },
    {
      with: {
        toml: [['  PORT = "8080"\n', '']],
        files: { 'src/server.ts': '', 'app.py': 'app.run(port=int(os.environ.get("PORT", 5000)))\n' },
        runbook: withStep('fly/config', { file: 'fly.toml' }),
      },
      says: 'the code listens on 5000',
      at: 'app.py:1',
    },
  ],
  loopback: [
    {
      with: { files: { 'src/server.ts': "app.listen(8080, '127.0.0.1');\n" } },
      without: { files: { 'src/server.ts': 'app.listen(8080);\n' } },
      says: 'the server listens for its own machine only',
      at: 'src/server.ts:1',
    },
    {
      with: { toml: [['LOG_LEVEL = "info"', 'LOG_LEVEL = "info"\n  HOST = "localhost"']] },
      without: { toml: [['LOG_LEVEL = "info"', 'LOG_LEVEL = "info"\n  HOST = "0.0.0.0"']] },
      says: 'HOST is localhost',
      at: 'fly.toml:11',
    },
  ],
  'dedicated-address': [
    {
      with: {
        toml: [
          [
            '[checks.alive]',
            '[[services]]\n  internal_port = 8080\n  [[services.ports]]\n    port = 8443\n    handlers = ["tls", "http"]\n  [[services.tcp_checks]]\n    interval = 10000\n\n[checks.alive]',
          ],
        ],
      },
      without: {
        toml: [
          [
            '[checks.alive]',
            '[[services]]\n  internal_port = 8080\n  [[services.ports]]\n    port = 8443\n    handlers = ["tls", "http"]\n  [[services.tcp_checks]]\n    interval = 10000\n\n[checks.alive]',
          ],
        ],
        runbook: withStep('fly/ips', { v4: 'dedicated' }),
      },
      says: 'the service offers port 8443, which a shared address does not serve',
      at: 'fly.toml:43',
    },
  ],
  'path-not-served': [
    {
      with: { toml: [['"/api/health"', '"/healthz"']] },
      without: { toml: [['"/api/health"', '"/health"']] },
      says: 'nothing in the code serves /healthz',
      at: 'fly.toml:35',
    },
  ],
  'no-check': [
    {
      with: { toml: [[sound.slice(sound.indexOf('  [[http_service.checks]]'), sound.indexOf('[[vm]]')), '']] },
      without: {
        toml: [[sound.slice(sound.indexOf('  [[http_service.checks]]'), sound.indexOf('[checks.alive]')), '']],
      },
      says: 'the service has no health check',
      at: 'fly.toml:22',
    },
  ],
  'check-limits': [
    {
      with: { toml: [['port = 8080\n  interval = "15s"', 'port = 8080\n  interval = "1s"']] },
      says: 'the interval 1s is too short',
      at: 'fly.toml:44',
    },
    {
      with: { toml: [['interval = "15s"\n  timeout = "5s"', 'interval = "15s"\n  timeout = "2m"']] },
      says: 'the timeout 2m is too long',
      at: 'fly.toml:45',
    },
  ],
  'check-without-type': [
    { with: { toml: [['  type = "tcp"\n', '']] }, says: '[checks.alive] has no type', at: 'fly.toml:41' },
  ],
  'check-without-port': [
    {
      with: { files: { 'fly.toml': 'app = "w"\n[checks.alive]\n  type = "tcp"\n' }, runbook: { steps: [] } },
      without: {
        files: { 'fly.toml': 'app = "w"\n[checks.alive]\n  type = "tcp"\n  port = 9000\n' },
        runbook: { steps: [] },
      },
      says: '[checks.alive] has no port',
      at: 'fly.toml:2',
    },
  ],
  'sleeping-worker': [
    {
      with: {
        toml: [
          ['"off"', '"stop"'],
          ['min_machines_running = 1', 'min_machines_running = 0'],
        ],
        files: {
          Dockerfile: 'FROM node:22\nCMD ["sh", "scripts/start-fly.sh"]\n',
          'scripts/start-fly.sh': 'node dist/server.js &\nnode dist/worker.js &\nwait -n\n',
        },
      },
      without: {
        files: {
          Dockerfile: 'FROM node:22\nCMD ["sh", "scripts/start-fly.sh"]\n',
          'scripts/start-fly.sh': 'node dist/server.js &\nnode dist/worker.js &\nwait -n\n',
        },
      },
      says: 'machines of app are stopped when idle, and a worker runs in them',
      at: 'fly.toml:25',
    },
  ],
  'sleeping-webhook': [
    {
      with: {
        toml: [
          ['"off"', '"suspend"'],
          ['min_machines_running = 1', 'min_machines_running = 0'],
        ],
      },
      without: { toml: [['"off"', '"suspend"']] },
      says: 'a webhook is answered there (src/server.ts:3)',
      at: 'fly.toml:25',
    },
  ],
  'never-wakes': [
    {
      with: {
        toml: [
          ['"off"', '"stop"'],
          ['auto_start_machines = true', 'auto_start_machines = false'],
        ],
      },
      without: { toml: [['"off"', '"stop"']] },
      says: 'stopped when idle and never started again',
      at: 'fly.toml:26',
    },
  ],
  'internal-of-sleeper': [
    {
      with: { toml: calls('http://vm.internal:3001'), files: vm(flycast) },
      without: { toml: calls('http://vm.internal:3001'), files: vm(flycast.replace('"stop"', '"off"')) },
      says: 'vm.internal is an address of an app that may be asleep',
      at: 'fly.toml:11',
    },
    {
      with: {
        files: { ...vm(flycast), 'src/vm.ts': "\nexport const vm = process.env.VM ?? 'http://vm.internal:3001';\n" },
      },
      without: {
        files: { ...vm(flycast), 'src/vm.ts': "\nexport const vm = process.env.VM ?? 'http://vm.flycast';\n" },
      },
      says: 'vm.internal is an address',
      at: 'src/vm.ts:2',
    },
  ],
  'flycast-port': [
    {
      with: { toml: calls('http://vm.flycast:3001'), files: vm(flycast) },
      without: { toml: calls('http://vm.flycast'), files: vm(flycast) },
      says: 'vm.flycast is asked on port 3001; the app offers 80, 443',
      at: 'fly.toml:11',
    },
  ],
  'flycast-https': [
    {
      with: {
        toml: calls('http://vm.flycast'),
        files: vm(flycast.replace('internal_port', 'force_https = true\n  internal_port')),
      },
      without: { toml: calls('http://vm.flycast'), files: vm(flycast) },
      says: 'vm.flycast is asked by http, and the app forces HTTPS',
      at: 'fly.toml:11',
    },
    {
      with: { toml: calls('https://vm.flycast'), files: vm(flycast) },
      without: { toml: calls('http://vm.flycast'), files: vm(flycast) },
      says: 'vm.flycast is asked by https',
      at: 'fly.toml:11',
    },
  ],
  'public-private': [
    {
      with: { runbook: withStep('fly/ips', { private: true }) },
      without: { runbook: withStep('fly/ips', { private: true, v6: false, v4: 'none', 'release-public': true }) },
      says: 'the step ips allocates public addresses for an app that is meant to be private',
      at: 'runbooks/prod.md:7',
    },
    {
      with: { runbook: withStep('fly/ips', { private: true, v6: false, v4: 'none' }) },
      without: {
        runbook: {
          steps: [
            step('fly/ips', { private: true, v6: false, v4: 'none' }),
            ...soundSteps.filter(({ kind }) => kind !== 'fly/ips'),
          ],
        },
      },
      says: 'the step deploy deploys before the app has its private address',
      at: 'runbooks/prod.md:7',
    },
  ],
  'heap-over-memory': [
    {
      with: { toml: [['"512mb"', '"256mb"']] },
      says: 'the heap of app may grow to 384 MB in a machine of 256 MB',
      at: 'Dockerfile:8',
    },
    {
      with: {
        toml: [['LOG_LEVEL = "info"', 'LOG_LEVEL = "info"\n  NODE_OPTIONS = "--max-old-space-size=1024"']],
        files: { Dockerfile: 'FROM node:22\nCMD ["node", "dist/server.js"]\n' },
      },
      says: 'may grow to 1024 MB in a machine of 512 MB',
      at: 'fly.toml:11',
    },
    { with: { toml: [['memory = "512mb"', '']] }, says: 'in a machine of 256 MB', at: 'Dockerfile:8' },
  ],
  'secret-in-env': [
    {
      with: { toml: [['LOG_LEVEL = "info"', 'LOG_LEVEL = "info"\n  OPENAI_API_KEY = "sk-proj-abcdefghijklmnop0123"']] },
      says: 'OPENAI_API_KEY in [env] looks like a secret',
      at: 'fly.toml:11',
    },
    {
      with: {
        toml: [['LOG_LEVEL = "info"', 'LOG_LEVEL = "info"\n  SOURCE = "postgres://app:hunter22@db.example.com/app"']],
      },
      without: {
        toml: [
          [
            'LOG_LEVEL = "info"',
            'LOG_LEVEL = "info"\n  SOURCE = "postgres://db.example.com/app"\n  TOKEN_TTL = "86400000000000"\n  AUTH_TOKEN_HEADER = "x-sol-internal-token"',
          ],
        ],
      },
      says: 'SOURCE in [env] looks like a secret',
      at: 'fly.toml:11',
    },
  ],
  'secret-and-env': [
    {
      with: { runbook: { secrets: [setting('LOG_LEVEL')] } },
      says: 'LOG_LEVEL is both a secret of the app and in [env]',
      at: 'fly.toml:10',
    },
  ],
  'env-file-in-git': [
    {
      with: { files: { '.gitignore': 'node_modules\n' } },
      says: '.env has values and no .gitignore leaves it out',
      at: '.env:1',
    },
    {
      with: { files: { 'api/.gitignore': '!.env.production\n', 'api/.env.production': '# made by hand\nKEY=abc\n' } },
      says: 'api/.env.production has values',
      at: 'api/.env.production:2',
    },
  ],
  'env-file-in-image': [
    {
      with: { files: { '.dockerignore': '.git\n' } },
      says: '.env has values and the Dockerfile copies it into the image',
      at: '.env:1',
    },
  ],
};

const INTRODUCTION = `# Hazards

What \`launch lint --project\` finds in fly.toml files, in the project around them and in Xcode projects, and what the kind \`fly/config\` stops a
launch for. An error stops; a warning is told. What is meant is accepted in the step: \`accept: { shared-mount: each keeps data of its own }\`.

Code is read lightly, by patterns: what is found is there, but not all is found. Of files that were not read (more than 5,000 files of
code, or 20 MB of it) nothing is said. Every \`fly.toml\`, \`fly.NAME.toml\`, \`fly.json\` and \`fly.yaml\` of the project is
looked at, and each file that a \`fly/config\` or \`fly/deploy\` step names. Inputs of runbooks stand at their defaults; a value that is
known only while running is left out. Folders called test, fixtures, examples and the like are passed over. Git is asked by the .gitignore files of the project alone, and only where the repository begins in its folder.

This page is made from the rules by their test.
`;
const HEAD = '| code | | what comes of it | what to do |\n|---|---|---|---|';

const rows = Object.entries(table).flatMap(([code, fixtures]) => fixtures.map((fixture) => ({ code, ...fixture })));

describe('hazards of a fly.toml', () => {
  test('a sound project has none', async () => {
    expect(await find({})).toEqual([]);
  });

  test.each(rows)('$code is found: $says', async ({ code, with: broken, says, at }) => {
    const found = (await find(broken)).filter((one) => one.code === code);
    expect(found.map(({ message, place }) => ({ message, at: `${place.file}:${place.line}` }))).toContainEqual({
      message: expect.stringContaining(says),
      at,
    });
    for (const { why, remedy } of found)
      expect([why, remedy].filter((part) => part === undefined || part === '')).toEqual([]);
  });

  test.each(rows)('$code is not found in its repaired twin: $says', async ({ code, without = {} }) => {
    expect((await find(without)).filter((one) => one.code === code)).toEqual([]);
  });

  test('each rule has a fixture, and each fixture a rule', () => {
    const codes = [...flyHazards.map(({ code }) => code), 'unreadable', 'no-file'];
    expect(Object.keys(table).toSorted()).toEqual(codes.toSorted());
  });

  test('a fixture changes nothing else: no other hazard is found with it, but for what comes with it', async () => {
    const others = new Map<string, readonly string[]>();
    for (const { code, with: broken } of rows) {
      const found = new Set((await find(broken)).map((one) => one.code));
      found.delete(code);
      others.set(code, [...(others.get(code) ?? []), ...found]);
    }
    expect(Object.fromEntries([...others].filter(([, found]) => found.length > 0))).toMatchInlineSnapshot(`
      {
        "check-without-port": [
          "heap-over-memory",
        ],
        "default-group": [
          "path-without-mount",
          "path-without-mount",
        ],
        "env-file-in-git": [
          "env-file-in-image",
        ],
        "no-service": [
          "heap-over-memory",
        ],
        "service-without-group": [
          "path-without-mount",
        ],
        "sleeping-worker": [
          "sleeping-webhook",
        ],
        "unknown-group": [
          "path-without-mount",
          "path-without-mount",
          "path-without-mount",
        ],
      }
    `);
  });

  test('the page of hazards is the table of rules', async () => {
    const row = ({ code, stops, why, remedy }: Hazard) =>
      `| \`${code}\` | ${stops ? 'error' : 'warning'} | ${why} | ${remedy} |`;
    const rows = flyHazards.map(row).join('\n');
    const xcode = xcodeHazards
      .map(({ code, stops, why, remedy }) => `| \`${code}\` | ${stops ? 'error' : 'warning'} | ${why} | ${remedy} |`)
      .join('\n');
    await expect(
      `${INTRODUCTION}\n## fly.toml\n\n${HEAD}\n${rows}\n\n## Xcode\n\n${HEAD}\n${xcode}\n`,
    ).toMatchFileSnapshot('../../../docs/hazards.md');
  });

  test('a large repository is read within bounds, and nothing is said of what was not read', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 5100 }, (_, index) => [`src/f${index}.ts`, "app.get('/', ok);\n"]),
    );
    let reads = 0;
    const held = memoryFiles({ 'fly.toml': sound.replace('"/api/health"', '"/healthz"'), ...files });
    const project = await walkProject({
      files: {
        ...held,
        read: (path) => {
          reads++;
          return held.read(path);
        },
      },
    });
    const { findings } = await findFlyHazards(project, []);
    expect(findings.map(({ code }) => code)).not.toContain('path-not-served');
    expect(reads).toBeLessThan(5020);
  });

  test('the value of a secret is not shown with its line', async () => {
    const found = await find({
      toml: [['LOG_LEVEL = "info"', 'LOG_LEVEL = "info"\n  OPENAI_API_KEY = "sk-proj-abcdefghijklmnop0123"']],
      files: { '.gitignore': '' },
    });
    expect(JSON.stringify(found)).not.toContain('sk-proj');
    expect(found.map(({ text }) => text)).toEqual(['API_KEY=…', '  OPENAI_API_KEY = …']);
  });

  test('what is accepted by the step is not told', async () => {
    const steps = withStep('fly/config', {
      file: 'fly.toml',
      accept: { 'many-machines': 'each shop has data of its own' },
    });
    expect(await find({ toml: [['min_machines_running = 1', 'min_machines_running = 2']], runbook: steps })).toEqual(
      [],
    );
  });

  test('code that was not read whole says nothing about what it lacks', async () => {
    const files = { 'src/huge.ts': 'x'.repeat(600_000) };
    const found = await find({ toml: [['"/api/health"', '"/healthz"']], files });
    expect(found).toEqual([]);
  });

  test('an app of its own below is not this one', async () => {
    const files = {
      ...vm(flycast.replaceAll('"/"', '"/ready"')),
      'vm/server.js': "app.get('/ready', ok); app.listen(3001);\n",
    };
    expect(await find({ files })).toEqual([]);
    expect((await find({ files, toml: [['"/api/health"', '"/ready"']] })).map(({ code }) => code)).toEqual([
      'path-not-served',
    ]);
  });

  test('what was made for tests is not looked at', async () => {
    const files = {
      'test/fly.toml': 'app = ',
      'runbooks/fixtures/a/fly.toml': 'app = 3',
      'examples/fly.staging.toml': '[',
    };
    expect(await find({ files })).toEqual([]);
  });

  test('fly.json has places too', async () => {
    const json = '{\n  "app": "other",\n  "http_service": {\n    "internal_prt": 8080\n  }\n}\n';
    const project = await walkProject({ files: memoryFiles({ 'fly.json': json }) });
    const { findings } = await findFlyHazards(project, []);
    expect(findings.map(({ code, place }) => `${code} ${place.line}:${place.column}`)).toEqual([
      'no-check 3:3',
      'unknown-key 4:5',
    ]);
  });
});
