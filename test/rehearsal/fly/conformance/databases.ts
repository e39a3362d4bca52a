// Ways out of an attachment, and Upstash Redis (facts/flyctl.md §3.21–3.23).
import { a, type Row, type sol } from './row.ts';

const clusterOf = (state: Parameters<typeof sol>[0]) => state.clusters?.[0]?.id ?? '';
const redis = ['redis', 'create', '--name', 'cache', '--org', 'sollabs', '--region', 'sjc', '--no-replicas'];
const whole = [...redis, '--plan', 'pay-as-you-go', '--disable-eviction', '--enable-prodpack=false'];

export const databases: readonly Row[] = [
  {
    section: '3.21',
    argv: ['postgres', 'detach', 'db', ...a],
    start: 'postgres',
    exit: 1,
    stderr: 'Error: no attachments found\n',
  },
  {
    section: '3.21',
    argv: ['postgres', 'detach', 'db', ...a],
    start: 'postgres',
    given: ({ apps }) => void apps.find(({ name }) => name === 'db')?.postgres?.attached.push('sol'),
    exit: 1,
    stderr: 'Error: prompt: non interactive\n',
  },
  {
    section: '3.22',
    argv: ['mpg', 'detach', 'known', ...a],
    start: 'managed',
    given: (state) => {
      const [cluster] = state.clusters ?? [];
      if (cluster) Object.assign(cluster, { id: 'known', attached: ['sol'] });
    },
    exit: 0,
    stdout: /Postgres cluster known has been detached from sol\n.*still set on the app/s,
    after: (state) => [clusterOf(state), state.clusters?.[0]?.attached],
    is: ['known', []],
  },
  {
    section: '3.22',
    argv: ['mpg', 'detach', ...a],
    start: 'managed',
    exit: 1,
    stderr: /prompt: non interactive/,
  },
  {
    section: '3.23',
    argv: ['redis', 'create', '--json'],
    exit: 1,
    stderr: /^Error: unknown flag: --json$/m,
    offline: true,
  },
  ...[redis, [...redis, '--plan', 'starter', '--disable-eviction', '--enable-prodpack=false']].map(
    (argv): Row => ({
      section: '3.23',
      argv,
      exit: 1,
      stderr: 'Error: prompt: non interactive\n',
      after: (state) => state.redis,
      is: undefined,
    }),
  ),
  {
    section: '3.23',
    argv: whole,
    exit: 0,
    stdout: /Apps in the sollabs org can connect to Redis at redis:\/\/default:canary\w+@fly-cache\.upstash\.io:6379\n/,
    after: ({ redis }) => redis?.map(({ name, org, plan }) => [name, org, plan]),
    is: [['cache', 'sollabs', 'pay-as-you-go']],
  },
  {
    section: '5.3',
    argv: whole,
    given: (state) =>
      void (state.redis = [{ id: 'x', name: 'cache', org: 'sollabs', region: 'sjc', plan: 'pay-as-you-go' }]),
    exit: 1,
    stderr: /Name has already been taken/,
    after: ({ redis }) => redis?.length,
    is: 1,
  },
  {
    section: '3.23',
    argv: ['redis', 'list'],
    given: (state) => void (state.redis = [{ id: 'x', name: 'cache', org: 'sollabs', region: 'sjc', plan: 'starter' }]),
    exit: 0,
    stdout: /^ID\s.*NAME.*\nx\s.*│ cache/,
  },
];
