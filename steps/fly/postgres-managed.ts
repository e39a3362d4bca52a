// Managed Postgres: `fly mpg` (facts/flyctl.md §3.22). A cluster goes on being made, and billed, when its maker is cut off.
import type { Use } from '../../src/system/ports.ts';
import { findJson, lookFly } from './client.ts';
import type { Want } from './postgres.ts';
import { type Cluster, clustersShape } from './shapes.ts';
import { explain, type Known, type Problem } from './trouble.ts';

/** How a cluster stands, managed or not. */
export interface Found {
  readonly is: 'absent' | 'starting' | 'broken' | 'running';
  readonly id: string;
  readonly seen: string;
  readonly hint?: string;
  readonly host?: string;
  readonly attached?: readonly string[];
}

export type Search = { readonly ok: true; readonly cluster: Found } | { readonly ok: false; readonly problem: Problem };

export const managedPostgres = {
  find,
  create: ({ name, org }: Want, made: NonNullable<Want['create']>): string[] => [
    ...['mpg', 'create', '--name', name, '--org', org ?? '', '--region', made.region],
    ...['--plan', made.plan, '--volume-size', String(made['volume-size'])],
  ],
  attach: (cluster: string, { app, variable, database, user }: NonNullable<Want['attach']>): string[] => [
    ...['mpg', 'attach', cluster, '-a', app, '--variable-name', variable],
    ...(database ? ['--database', database] : []),
    ...(user ? ['--username', user] : []),
  ],
  destroy: (cluster: string): string[] => ['mpg', 'destroy', cluster, '--yes'],
  doubt: ({ app, variable }: NonNullable<Want['attach']>, { attached }: Found): string | undefined =>
    attached?.includes(app)
      ? undefined
      : `${app} is not in the cluster's list of attached apps: ${variable} may lead elsewhere`,
  refusals: [
    {
      says: /already has \S+ set/,
      sort: 'refused',
      why: 'the app has that secret already: nothing was attached',
      hint: 'another `variable:`, or `fly secrets unset` first',
    },
    {
      says: 'must be in the same organization',
      sort: 'refused',
      why: 'app and cluster are in different organizations',
      hint: 'make the cluster in the organization of the app',
    },
    {
      says: 'MPG commands require updated tokens',
      sort: 'login',
      why: 'Managed Postgres does not accept this token',
      hint: 'log in with `fly auth login`, or make a token with `fly tokens create org`',
    },
    {
      says: /not available for Managed Postgres|is not available/,
      sort: 'refused',
      why: 'Managed Postgres is not offered in that region',
      hint: '`fly platform regions --json` says where (`mpg_available`)',
    },
    {
      says: 'prompt: non interactive',
      sort: 'refused',
      why: 'fly wanted to ask something about the cluster',
      hint: 'name, org and region must all be said',
    },
  ] satisfies readonly Known[] as readonly Known[],
};

async function find({ name, org }: Want, ports: Use<'processes'>): Promise<Search> {
  const ended = await lookFly(['mpg', 'list', '--org', org ?? '', '--json'], ports);
  if (ended.exit !== 0) return { ok: false, problem: explain(ended, managedPostgres.refusals) };
  const clusters = findJson(ended.stdout, clustersShape);
  if (!clusters && !/No managed postgres clusters found/.test(ended.stdout))
    return { ok: false, problem: { sort: 'unreadable', why: '`fly mpg list --json` printed nothing that we know' } };
  const same = clusters?.filter((one) => one.name === name) ?? [];
  const [cluster, second] = same;
  if (!cluster)
    return { ok: true, cluster: { is: 'absent', id: '', seen: `there is no managed cluster ${name} in ${org}` } };
  if (second)
    return {
      ok: true,
      cluster: {
        is: 'broken',
        id: cluster.id,
        seen: `${same.length} managed clusters are called ${name}: ${same.map(({ id }) => id).join(', ')}`,
        hint: 'each is billed: keep one, `fly mpg destroy ID` takes another away',
      },
    };
  return { ok: true, cluster: standing(cluster) };
}

function standing({ id, name, status, region, plan, attached_apps }: Cluster): Found {
  const seen = `the managed cluster ${name} (${id}, ${region}, ${plan}) is ${status}`;
  const attached = attached_apps.map((app) => app.name);
  if (status === 'ready') return { is: 'running', id, seen, attached };
  return status === 'error' || status === 'failed'
    ? { is: 'broken', id, seen, hint: 'Fly could not make it: https://fly.io/dashboard has its page' }
    : { is: 'starting', id, seen, hint: 'a new one takes some minutes, also when `fly mpg create` was cut off' };
}
