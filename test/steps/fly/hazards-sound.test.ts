// Projects of the sorts that Fly's own guides describe, as they should be: nothing is found in them.
import { expect, test } from 'vitest';
import { findFlyHazards } from '../../../steps/fly/hazards/project.ts';
import { walkProject } from '../../../steps/fly/hazards/project-files.ts';
import { memoryFiles } from './memory-files.ts';

type Files = Readonly<Record<string, string>>;
const kept: Files = {
  '.git/HEAD': 'ref: refs/heads/main\n',
  '.gitignore': '.env*\nnode_modules\n',
  '.dockerignore': '.env*\n.git\n',
};

const projects: Readonly<Record<string, Files>> = {
  'Rails with a release command, static files and a check of its own': {
    'fly.toml': `# fly.toml app configuration file generated for shop
app = 'shop'
primary_region = 'ord'
console_command = '/rails/bin/rails console'

[build]

[deploy]
  release_command = './bin/rails db:prepare'

[http_service]
  internal_port = 3000
  force_https = true
  auto_stop_machines = 'stop'
  auto_start_machines = true
  min_machines_running = 0
  processes = ['app']

[checks]
  [checks.status]
    port = 3000
    type = 'http'
    interval = '10s'
    timeout = '2s'
    grace_period = '5s'
    method = 'GET'
    path = '/up'
    protocol = 'http'
    tls_skip_verify = false

[[vm]]
  memory = '1gb'
  cpu_kind = 'shared'
  cpus = 1

[[statics]]
  guest_path = '/rails/public'
  url_prefix = '/'
`,
    Dockerfile:
      'FROM ruby:3.3-slim AS base\nENV RAILS_ENV="production" \\\n    BUNDLE_PATH="/usr/local/bundle"\nFROM base\nCOPY . .\nENTRYPOINT ["/rails/bin/docker-entrypoint"]\nEXPOSE 3000\nCMD ["./bin/rails", "server"]\n',
    Gemfile: 'gem "rails"\ngem "pg"\n',
    'config/routes.rb':
      'Rails.application.routes.draw do\n  get "up" => "rails/health#show", as: :rails_health_check\n  root "home#index"\nend\n',
    'config/puma.rb': 'port ENV.fetch("PORT") { 3000 }\n',
  },
  'Next.js, standalone, that sleeps': {
    'fly.toml': `app = "shop"
primary_region = "cdg"

[build]

[http_service]
  internal_port = 3000
  force_https = true
  auto_stop_machines = "stop"
  auto_start_machines = true
  min_machines_running = 0
  processes = ["app"]

  [[http_service.checks]]
    grace_period = "10s"
    interval = "30s"
    method = "GET"
    timeout = "5s"
    path = "/"

[[vm]]
  memory = "1gb"
  cpu_kind = "shared"
  cpus = 1
`,
    Dockerfile:
      'FROM node:22-slim AS base\nENV NODE_ENV="production"\nFROM base AS build\nCOPY . .\nRUN npx next build\nFROM base\nCOPY --from=build /app /app\nEXPOSE 3000\nCMD [ "npm", "run", "start" ]\n',
    'package.json': '{ "scripts": { "build": "next build", "start": "next start" }, "dependencies": { "next": "15" } }',
    'app/page.tsx': 'export default function Page() { return <h1>Shop</h1>; }\n',
    'app/api/health/route.ts': 'export const GET = () => Response.json({ ok: true });\n',
  },
  'Phoenix with migrations and a clustered name': {
    'fly.toml': `app = 'shop'
primary_region = 'ams'
kill_signal = 'SIGTERM'
kill_timeout = '30s'

[build]

[deploy]
  release_command = '/app/bin/migrate'

[env]
  PHX_HOST = 'shop.fly.dev'
  PORT = '8080'
  DNS_CLUSTER_QUERY = 'shop.internal'

[http_service]
  internal_port = 8080
  force_https = true
  auto_stop_machines = 'off'
  auto_start_machines = true
  min_machines_running = 1
  processes = ['app']

  [http_service.concurrency]
    type = 'connections'
    hard_limit = 1000
    soft_limit = 1000

  [[http_service.checks]]
    grace_period = '20s'
    interval = '30s'
    method = 'GET'
    timeout = '5s'
    path = '/health'

[[vm]]
  size = 'shared-cpu-1x'
`,
    Dockerfile:
      'FROM hexpm/elixir:1.17 AS builder\nCOPY . .\nRUN mix release\nFROM debian:bookworm-slim\nENV LANG en_US.UTF-8\nENV MIX_ENV="prod"\nCOPY --from=builder /app/_build/prod/rel/shop ./\nCMD ["/app/bin/server"]\n',
    'config/runtime.exs': 'port = String.to_integer(System.get_env("PORT") || "4000")\n',
    'lib/shop_web/router.ex': 'scope "/", ShopWeb do\n  get "/health", HealthController, :show\nend\n',
    'mix.exs': 'defp deps, do: [{:phoenix, "~> 1.7"}, {:postgrex, ">= 0.0.0"}]\n',
  },
  'Django with three process groups, each with its size': {
    'fly.toml': `app = "shop"
primary_region = "fra"

[deploy]
  release_command = "python manage.py migrate --noinput"

[env]
  PORT = "8000"
  DJANGO_SETTINGS_MODULE = "shop.settings"

[processes]
  web = "gunicorn --bind :8000 --workers 2 shop.wsgi"
  worker = "celery -A shop worker -l info"
  beat = "celery -A shop beat -l info"

[http_service]
  internal_port = 8000
  force_https = true
  auto_stop_machines = "stop"
  auto_start_machines = true
  min_machines_running = 1
  processes = ["web"]

  [[http_service.checks]]
    path = "/healthz/"
    interval = "15s"
    timeout = "3s"
    grace_period = "10s"

[[vm]]
  size = "shared-cpu-1x"
  memory = "512mb"
  processes = ["web", "worker"]

[[vm]]
  size = "shared-cpu-1x"
  processes = ["beat"]

[[statics]]
  guest_path = "/code/static"
  url_prefix = "/static/"
`,
    Dockerfile:
      'FROM python:3.12-slim\nENV PYTHONUNBUFFERED 1\nCOPY . /code\nEXPOSE 8000\nCMD ["gunicorn", "--bind", ":8000", "--workers", "2", "shop.wsgi"]\n',
    'shop/urls.py': 'urlpatterns = [\n    path("admin/", admin.site.urls),\n    path("healthz/", views.healthz),\n]\n',
    'requirements.txt': 'Django\ngunicorn\ncelery\npsycopg\n',
  },
  'a web group and a worker with the volume': {
    'fly.toml': `app = "shop"
primary_region = "ams"

[deploy]
  release_command = "bin/migrate"
  release_command_timeout = "10m"

[processes]
  web = "bin/server"
  worker = "bin/worker"

[[mounts]]
  source = "data"
  destination = "/data"
  initial_size = "10gb"
  processes = ["worker"]

[http_service]
  internal_port = 8080
  force_https = true
  auto_stop_machines = "off"
  auto_start_machines = true
  min_machines_running = 1
  processes = ["web"]

  [[http_service.checks]]
    method = "GET"
    path = "/healthz"
    interval = "15s"
    timeout = "5s"
    grace_period = "20s"

[[vm]]
  size = "shared-cpu-1x"
  memory = "512mb"
`,
    Dockerfile:
      'FROM golang:1.23 AS build\nCOPY . .\nFROM debian:bookworm-slim\nCOPY --from=build /bin/server /bin/worker /app/bin/\nEXPOSE 8080\nCMD ["/app/bin/server"]\n',
    'cmd/server/main.go':
      'func main() {\n\thttp.HandleFunc("/healthz", func(w http.ResponseWriter, r *http.Request) {})\n\tlog.Fatal(http.ListenAndServe(":8080", nil))\n}\n',
    'cmd/worker/main.go': 'func main() { os.WriteFile("/data/seen.json", nil, 0o644) }\n',
    'go.mod': 'module shop\n',
  },
  'a static site behind nginx': {
    'fly.toml': `app = "shop"
primary_region = "lhr"

[build]
  dockerfile = "Dockerfile"

[http_service]
  internal_port = 80
  force_https = true
  auto_stop_machines = "suspend"
  auto_start_machines = true
  min_machines_running = 0

  [[http_service.checks]]
    path = "/index.html"
    interval = "30s"
    timeout = "2s"
    grace_period = "5s"
`,
    Dockerfile: 'FROM nginx:alpine\nCOPY public /usr/share/nginx/html\nEXPOSE 80\n',
    'public/index.html': '<h1>Shop</h1>\n',
  },
  'SQLite on one machine, in the old spelling of the mount': {
    'fly.toml': `app = "shop"
primary_region = "sjc"

[env]
  DATABASE_URL = "sqlite:///data/shop.db"
  PORT = "8080"

[mounts]
  source = "data"
  destination = "/data"

[http_service]
  internal_port = 8080
  force_https = true
  auto_stop_machines = false
  auto_start_machines = true
  min_machines_running = 1

  [[http_service.checks]]
    path = "/health"
    interval = "15s"
    timeout = "5s"

[[vm]]
  size = "shared-cpu-1x"
`,
    Dockerfile: 'FROM node:22-slim\nCOPY . .\nEXPOSE 8080\nCMD ["node", "server.mjs"]\n',
    'package.json': '{ "dependencies": { "better-sqlite3": "11", "express": "5" } }',
    'server.mjs': "app.get('/health', (_, answer) => answer.send('ok'));\napp.listen(process.env.PORT, '0.0.0.0');\n",
  },
  'a private Redis with a volume and no service': {
    'fly.toml': `app = "shop-redis"
primary_region = "yyz"

[build]
  image = "flyio/redis:7.2"

[[mounts]]
  source = "redis_server"
  destination = "/data"

[checks]
  [checks.alive]
    type = "tcp"
    port = 6379
    interval = "15s"
    timeout = "2s"

[[vm]]
  size = "shared-cpu-1x"
`,
  },
};

test.each(Object.entries(projects))('%s', async (_, files) => {
  const project = await walkProject({ files: memoryFiles({ ...kept, ...files }) });
  const { findings } = await findFlyHazards(project, []);
  expect(findings.map(({ code, message, place }) => `${place.file}:${place.line} ${code}: ${message}`)).toEqual([]);
});

/** Every key of facts/flyctl.md §4, once. */
const everyKey = `app = "shop"
primary_region = "ams"
kill_signal = "SIGTERM"
kill_timeout = "30s"
swap_size_mb = 512
console_command = "bin/console"
host_dedication_id = "x"

[experimental]
  cmd = ["bin/server"]
  entrypoint = "/entry"
  exec = ["/bin/sh"]
  enable_consul = false
  enable_etcd = false

[build]
  image = "shop:1"
  dockerfile = "Dockerfile"
  ignorefile = ".dockerignore"
  build-target = "prod"
  builder = "paketo"
  buildpacks = ["x"]
  builtin = "node"
  compression = "zstd"
  compression_level = 3
  [build.args]
    VERSION = "1"
  [build.settings]
    pruned = true

[env]
  LEVEL = "info"

[deploy]
  strategy = "canary"
  max_unavailable = 0.5
  wait_timeout = "5m"
  release_command = "bin/migrate"
  release_command_timeout = "10m"
  seed_command = "bin/seed"
  [deploy.release_command_vm]
    size = "performance-1x"
    memory = "4gb"

[processes]
  web = "bin/server"
  worker = "bin/worker"

[http_service]
  internal_port = 8080
  force_https = true
  auto_stop_machines = "off"
  auto_start_machines = true
  min_machines_running = 1
  processes = ["web"]
  [http_service.concurrency]
    type = "requests"
    hard_limit = 250
    soft_limit = 200
  [http_service.tls_options]
    alpn = ["h2", "http/1.1"]
    versions = ["TLSv1.2", "TLSv1.3"]
  [http_service.http_options]
    compress = true
    h2_backend = false
    idle_timeout = 60
    [http_service.http_options.response]
      pristine = true
      [http_service.http_options.response.headers]
        X-Shop = "1"
  [[http_service.checks]]
    interval = "15s"
    timeout = "5s"
    grace_period = "10s"
    method = "GET"
    path = "/health"
    protocol = "http"
    tls_skip_verify = false
    tls_server_name = "shop"
    [http_service.checks.headers]
      X-Forwarded-Proto = "https"
  [[http_service.machine_checks]]
    command = ["curl", "http://[$FLY_TEST_MACHINE_IP]:8080"]
    image = "curlimages/curl"
    entrypoint = ["/bin/sh"]
    kill_signal = "SIGKILL"
    kill_timeout = "10s"

[[services]]
  protocol = "tcp"
  internal_port = 9000
  auto_stop_machines = false
  auto_start_machines = true
  min_machines_running = 1
  processes = ["worker"]
  [[services.ports]]
    port = 443
    handlers = ["tls", "http"]
    force_https = false
    [services.ports.tls_options]
      alpn = ["h2"]
  [[services.ports]]
    start_port = 9000
    end_port = 9010
    handlers = ["proxy_proto"]
    [services.ports.proxy_proto_options]
      version = "v2"
  [services.concurrency]
    type = "connections"
    hard_limit = 25
    soft_limit = 20
  [[services.tcp_checks]]
    interval = "15s"
    timeout = "2s"
    grace_period = "1s"
  [[services.http_checks]]
    interval = "10s"
    timeout = "2s"
    grace_period = "5s"
    method = "get"
    path = "/"
    protocol = "http"
    tls_skip_verify = false

[checks.alive]
  type = "http"
  port = 8080
  path = "/health"
  interval = "15s"
  timeout = "2s"
  grace_period = "5s"
  method = "GET"
  processes = ["web"]

[[vm]]
  size = "shared-cpu-1x"
  memory = "512mb"
  processes = ["web"]

[[vm]]
  memory_mb = 256
  cpus = 1
  cpu_kind = "shared"
  kernel_args = ["x"]
  host_dedication_id = "x"
  processes = ["worker"]

[[restart]]
  policy = "on-failure"
  retries = 3
  processes = ["web"]

[[metrics]]
  port = 9091
  path = "/metrics"
  https = false
  processes = ["web"]

[[files]]
  guest_path = "/etc/one"
  local_path = "one"
  processes = ["web"]

[[files]]
  guest_path = "/etc/two"
  secret_name = "TWO"
  processes = ["web"]

[[files]]
  guest_path = "/etc/three"
  raw_value = "aGVsbG8="
  processes = ["web"]

[[statics]]
  guest_path = "/app/public"
  url_prefix = "/static"
  tigris_bucket = "shop"
  index_document = "index.html"
`;

test('every key that fly knows is known, in its shape', async () => {
  const files = { ...kept, 'fly.toml': everyKey, Dockerfile: 'FROM scratch\n', one: '' };
  const { findings } = await findFlyHazards(await walkProject({ files: memoryFiles(files) }), []);
  const ofShape = findings.filter(({ code }) => ['unknown-key', 'wrong-shape', 'bare-duration'].includes(code));
  expect(ofShape.map(({ message, place }) => `${place.line}: ${message}`)).toEqual([]);
  const twin = everyKey.replace('kill_signal', 'kil_signal').replace('index_document', 'index_dokument');
  const broken = await findFlyHazards(await walkProject({ files: memoryFiles({ ...files, 'fly.toml': twin }) }), []);
  expect(broken.findings.filter(({ code }) => code === 'unknown-key').map(({ place }) => place.line)).toEqual([3, 178]);
});
