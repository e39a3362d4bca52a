// Arguments, help, login and what stands around results: mostly without account and network (facts/flyctl.md §2, §3.1–3.4).
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { a, type Row } from './row.ts';

const usage = /^(Usage:|.*\n\nUsage:)/s;
const noLogin = { FLY_CONFIG_DIR: join(tmpdir(), 'no-login'), FLY_API_TOKEN: '', FLY_ACCESS_TOKEN: '' };
const unknownFlag = (argv: readonly string[], flag = '--json'): Row => ({
  section: '2.15',
  argv,
  exit: 1,
  stdout: usage,
  stderr: new RegExp(`^Error: unknown flag: ${flag}$`, 'm'),
  offline: true,
});
const helpOf = (...argv: string[]): Row => ({
  section: '2.1',
  argv,
  exit: 0,
  stdout: /Available Commands:/,
  stderr: '',
  offline: true,
});
const notLoggedIn = (...argv: string[]): Row => ({
  section: '2.4',
  argv,
  env: noLogin,
  exit: 1,
  stdout: '',
  stderr: /^Error: no access token available/m,
  offline: true,
});

export const commandLine: readonly Row[] = [
  // §2.1 a mistyped subcommand of a group prints help and exits 0
  ...[
    'apps',
    'secrets',
    'volumes',
    'ips',
    'certs',
    'scale',
    'config',
    'checks',
    'orgs',
    'platform',
    'postgres',
    'mpg',
    'tokens',
    'auth',
    'ssh',
  ].map((group) => helpOf(group, 'no-such-word')),
  helpOf('secrets', 'stage'),
  helpOf('volumes', 'snapshots'),
  helpOf('tokens', 'create'),
  {
    section: '2.1',
    argv: ['no-such-command'],
    exit: 1,
    stderr: /^Error: unknown command "no-such-command" for "fly(ctl)?"$/m,
    offline: true,
  },
  { section: '2.1', argv: [], exit: 0, stdout: /flyctl/, offline: true },
  { section: '2.1', argv: ['--version'], exit: 0, stdout: /\d+\.\d+\.\d+/, offline: true },
  { section: '2.2', argv: ['deploy', '--help'], exit: 0, stdout: /--strategy/, stderr: '', offline: true },
  {
    section: '2.1',
    argv: ['deploy', '--ha=maybe', ...a],
    exit: 1,
    stderr: /^Error: invalid argument "maybe" for "--ha"/m,
    offline: true,
  },
  {
    section: '2.1',
    argv: ['status', '--app'],
    exit: 1,
    stderr: /^Error: flag needs an argument: --app$/m,
    offline: true,
  },
  {
    section: '2.1',
    argv: ['volumes', 'create', ...a],
    exit: 1,
    stderr: /^Error: accepts 1 arg\(s\), received 0$/m,
    offline: true,
  },
  {
    section: '2.1',
    argv: ['secrets', 'set', ...a],
    exit: 1,
    stderr: /^Error: requires at least 1 arg\(s\), only received 0$/m,
    offline: true,
  },
  {
    section: '2.1',
    argv: ['status', '-x', ...a],
    exit: 1,
    stderr: /^Error: unknown shorthand flag: 'x' in -x$/m,
    offline: true,
  },
  // §2.15 no --json
  unknownFlag(['deploy', ...a, '--json']),
  unknownFlag(['machine', 'run', 'x', ...a, '--json']),
  unknownFlag(['machine', 'status', 'x', '--json']),
  unknownFlag(['ips', 'allocate-v4', ...a, '--json']),
  unknownFlag(['ips', 'allocate-v6', ...a, '--json']),
  unknownFlag(['ips', 'release', '1.2.3.4', ...a, '--json']),
  unknownFlag(['apps', 'destroy', 'sol', '--json']),
  unknownFlag(['secrets', 'set', 'A=b', ...a, '--json']),
  unknownFlag(['secrets', 'import', ...a, '--json']),
  unknownFlag(['secrets', 'unset', 'A', ...a, '--json']),
  unknownFlag(['secrets', 'deploy', ...a, '--json']),
  unknownFlag(['scale', 'count', '1', ...a, '--json']),
  unknownFlag(['scale', 'vm', 'x', ...a, '--json']),
  unknownFlag(['scale', 'memory', '1', ...a, '--json']),
  unknownFlag(['config', 'show', ...a, '--json']),
  unknownFlag(['config', 'validate', ...a, '--json']),
  unknownFlag(['postgres', 'create', '--json']),
  unknownFlag(['postgres', 'attach', 'x', ...a, '--json']),
  unknownFlag(['mpg', 'create', '--json']),
  unknownFlag(['mpg', 'attach', 'x', ...a, '--json']),
  unknownFlag(['certs', 'remove', 'x', ...a, '--json']),
  unknownFlag(['deploy', ...a, '--region', 'sjc'], '--region'),
  unknownFlag(['ips', 'allocate-v4', ...a, '--private'], '--private'),
  unknownFlag(['volumes', 'destroy', 'x', '--json']),
  // §2.4 no token: at once, before anything else
  notLoggedIn('auth', 'whoami', '--json'),
  notLoggedIn('apps', 'list', '--json'),
  notLoggedIn('status', ...a, '--json'),
  notLoggedIn('deploy', ...a, '--yes'),
  notLoggedIn('machine', 'list', ...a, '--json'),
  notLoggedIn('tokens', 'create', 'deploy', ...a, '--json'),
  notLoggedIn('mpg', 'list', '--org', 'x', '--json'),
  // §2.4 thirty days, for file logins only
  {
    section: '2.4',
    argv: ['auth', 'whoami'],
    given: (state) => {
      if (state.session) state.session.lastLogin -= 30 * 86_400_000;
    },
    exit: 1,
    stdout: '',
    stderr: /^Error: no access token available/,
  },
  {
    section: '2.4',
    argv: ['auth', 'whoami', '--json'],
    env: { FLY_API_TOKEN: 'FlyV1 fm2_known' },
    given: (state) => {
      state.session = undefined;
      state.tokens.push({ token: 'fm2_known', kind: 'user', email: 'ci@example.test' });
    },
    exit: 0,
    json: { email: 'ci@example.test' },
  },
  {
    section: '2.4',
    argv: ['auth', 'whoami'],
    env: { FLY_API_TOKEN: 'unknown' },
    exit: 1,
    stderr: /You must be authenticated to view this/,
  },
  {
    section: '2.4',
    argv: ['mpg', 'list', '--org', 'sollabs'],
    env: { FLY_API_TOKEN: 'no-macaroon' },
    given: (state) => void state.tokens.push({ token: 'no-macaroon', kind: 'user', email: 'x' }),
    exit: 1,
    stderr: /MPG commands require updated tokens/,
  },
  // §2.3 which file, which app
  { section: '2.3', argv: ['status'], start: 'app', exit: 1, stderr: /missing an app name/ },
  { section: '2.3', argv: ['status', '--json'], start: 'app', env: { FLY_APP: 'sol' }, exit: 0, json: { Name: 'sol' } },
  {
    section: '2.3',
    argv: ['status', '--json'],
    start: 'app',
    files: { 'fly.toml': 'app = "sol"\n' },
    exit: 0,
    json: { Name: 'sol' },
  },
  {
    section: '2.3',
    argv: ['status', ...a],
    start: 'app',
    files: { 'fly.toml': 'app = [\n' },
    exit: 1,
    stderr: /failed loading app config from/,
  },
  {
    section: '2.3',
    argv: ['status', ...a, '-c', 'none.toml'],
    start: 'app',
    exit: 1,
    stderr: /config file not found at specified path/,
  },
  {
    section: '2.3',
    argv: ['status', ...a, '-c', '.'],
    start: 'app',
    exit: 1,
    stderr: /failed loading app config from/,
  },
  {
    section: '2.5',
    argv: ['apps', 'list', '--json'],
    start: 'app',
    env: { FLY_ORG: 'personal' },
    exit: 0,
    stdout: '[]\n',
  },
  { section: '2.5', argv: ['apps', 'list'], start: 'app', env: { FLY_JSON: '1' }, exit: 0, json: [{ Name: 'sol' }] },
  {
    section: '2.6',
    argv: ['auth', 'whoami'],
    env: { FLY_CONFIG_DIR: '/dev/null/launchbook' },
    exit: 1,
    stderr: /failed ensuring config directory perms/,
  },
  // §3.1–3.4
  {
    section: '3.1',
    argv: ['version', '--json'],
    exit: 0,
    stdout: /^\{.*\}\n$/,
    keys: ['Name', 'Version', 'Commit', 'BranchName', 'BuildDate', 'OS', 'Architecture', 'Environment'],
    offline: true,
  },
  { section: '3.1', argv: ['version'], exit: 0, stdout: /^fly(ctl)? v\d+\.\d+\.\d+\S* \w+\/\w+/, offline: true },
  { section: '3.2', argv: ['auth', 'whoami'], exit: 0, stdout: 'jam@example.test\n' },
  { section: '3.2', argv: ['auth', 'whoami', '-j'], exit: 0, stdout: '{\n    "email": "jam@example.test"\n}\n' },
  {
    section: '3.2',
    argv: ['auth', 'token', '--json'],
    exit: 0,
    json: { token: expect.stringMatching(/^FlyV1 fm2_canary/) },
    stderr: /deprecated/,
  },
  { section: '3.2', argv: ['auth', 'login'], exit: 1, stderr: /prompt: non interactive/ },
  {
    section: '3.3',
    argv: ['orgs', 'list', '--json'],
    exit: 0,
    stdout: '{\n    "personal": "jam",\n    "sollabs": "Sollabs"\n}\n',
  },
  {
    section: '3.4',
    argv: ['platform', 'regions', '--json'],
    exit: 0,
    keys: [
      'code',
      'name',
      'latitude',
      'longitude',
      'gateway_available',
      'requires_paid_plan',
      'deprecated',
      'capacity',
      'geo_region',
      'mpg_available',
    ],
  },
  {
    section: '3.4',
    argv: ['platform', 'vm-sizes', '-j'],
    exit: 0,
    json: expect.arrayContaining([expect.objectContaining({ name: 'shared-cpu-1x', memory_mb: 256 })]),
  },
  // §8
  {
    section: '8',
    argv: ['version', '--json'],
    fault: ['old-fly', 'fly version'],
    exit: 0,
    json: { Version: '0.3.170' },
  },
  ...(['0.3.170', '0.4.5', '0.4.6'] as const).map(
    (version): Row => ({
      section: '8',
      argv: ['secrets', 'list', ...a, '--json'],
      start: 'app',
      given: (state) => {
        state.version = version;
        state.apps[0]?.secrets.push({ name: 'A', digest: '0f1e2d3c4b5a6978', version: 1, createdAt: 1, updatedAt: 1 });
      },
      exit: 0,
      keys: {
        '0.3.170': ['Name', 'Digest', 'CreatedAt'],
        '0.4.5': ['name', 'digest', 'updated_at', 'created_at'],
        '0.4.6': ['name', 'digest', 'status'],
      }[version],
    }),
  ),
  {
    section: '8',
    argv: ['certs', 'add', 'api.example.test', ...a, '--json'],
    start: 'app',
    given: (state) => void (state.version = '0.4.10'),
    exit: 0,
    json: { Hostname: 'api.example.test', ClientStatus: 'Awaiting certificates', Issued: { Nodes: [] } },
  },
];
