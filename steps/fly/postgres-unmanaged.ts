// Unmanaged Postgres: an ordinary app with a Postgres image, made and attached by `fly postgres` (facts/flyctl.md §3.21).
import type { Use } from '../../src/system/ports.ts';
import { findJson, lookFly, readFly } from './client.ts';
import type { Want } from './postgres.ts';
import type { Found, Search } from './postgres-managed.ts';
import { appsShape, statusShape } from './shapes.ts';
import { explain, type Known } from './trouble.ts';

export const unmanagedPostgres = {
  find,
  /** Every flag that would be asked for (§3.21): one that is missing is `prompt: non interactive`. */
  create: ({ name, org }: Want, made: NonNullable<Want['create']>): string[] => [
    ...['postgres', 'create', '--name', name, '--org', org ?? '', '--region', made.region],
    ...[
      '--vm-size',
      made['vm-size'],
      '--volume-size',
      String(made['volume-size']),
      '--initial-cluster-size',
      String(made.nodes),
    ],
  ],
  /** `--yes`: a database that is there is taken; a user that is there is an error either way. */
  attach: (cluster: string, { app, variable, database, user }: NonNullable<Want['attach']>): string[] => [
    ...['postgres', 'attach', cluster, '-a', app, '--variable-name', variable, '--yes'],
    ...(database ? ['--database-name', database] : []),
    ...(user ? ['--database-user', user] : []),
  ],
  destroy: (cluster: string): string[] => ['apps', 'destroy', cluster, '--yes'],
  doubt: ({ variable }: NonNullable<Want['attach']>): string | undefined =>
    `fly does not say what ${variable} holds: that it leads to this cluster is seen only by using it`,
  refusals: [
    {
      says: /already contains a secret named/,
      sort: 'refused',
      why: 'the app has that secret already: nothing was attached',
      hint: 'another `variable:`, or `fly secrets unset` first',
    },
    {
      says: /database user .* already exists/,
      sort: 'refused',
      why: 'the database user is there already, left by an attach that broke off: nobody has its password',
      hint: 'say another `user:` in the step, or take the old one away with `fly postgres detach`',
    },
    {
      says: 'is not a postgres app',
      sort: 'refused',
      why: 'that app is no Postgres cluster',
      hint: '`fly postgres list` shows those there are',
    },
    {
      says: 'no active machines found',
      sort: 'refused',
      why: 'no machine of the cluster runs',
      hint: '`fly machine list` and `fly machine start`',
    },
    {
      says: 'prompt: non interactive',
      sort: 'refused',
      why: 'fly wanted to ask something about the cluster',
      hint: 'name, org, region and sizes must all be said',
    },
  ] satisfies readonly Known[] as readonly Known[],
};

/** The list is a sentence, not `[]`, when there is none, also with `--json`; a cluster is only made when its machines run. */
async function find({ name, create }: Want, ports: Use<'processes'>): Promise<Search> {
  const ended = await lookFly(['postgres', 'list', '--json'], ports);
  if (ended.exit !== 0) return { ok: false, problem: explain(ended) };
  const clusters = findJson(ended.stdout, appsShape);
  if (!clusters && !/No postgres clusters found/.test(ended.stdout))
    return {
      ok: false,
      problem: { sort: 'unreadable', why: '`fly postgres list --json` printed nothing that we know' },
    };
  if (!clusters?.some(({ Name }) => Name === name))
    return { ok: true, cluster: { is: 'absent', id: name, seen: `there is no Postgres app ${name}` } };
  const status = await readFly(['status', '-a', name, '--json'], statusShape, ports);
  if (!status.ok) return { ok: false, problem: status.problem };
  return { ok: true, cluster: standing(name, create?.nodes ?? 1, status.value.Machines) };
}

function standing(
  name: string,
  nodes: number,
  machines: readonly { readonly state: string; readonly checks: readonly { readonly status: string }[] }[],
): Found {
  const started = machines.filter(({ state }) => state === 'started');
  const sick = started.flatMap(({ checks }) => checks).filter(({ status }) => status !== 'passing');
  const seen = `the Postgres app ${name} has ${started.length} of ${Math.max(nodes, machines.length)} machines started`;
  if (machines.length < nodes)
    return {
      is: 'broken',
      id: name,
      seen: `${seen}: it was not made to its end`,
      hint: `its password may never have been shown: \`fly apps destroy ${name} --yes\` and make it again, or \`fly machine clone\` by hand`,
    };
  if (started.length < nodes || sick.length > 0)
    return {
      is: 'starting',
      id: name,
      seen: sick.length > 0 ? `${seen}, ${sick.length} checks not passing` : seen,
      hint: `\`fly status -a ${name}\` says more`,
    };
  return { is: 'running', id: name, seen, host: `${name}.flycast` };
}
