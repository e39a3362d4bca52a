// A Postgres cluster on Fly, and the app attached to it: unmanaged (an app of its own) or managed. What they print is caught before any sink.
import { z } from 'zod';
import { type Acted, defineStep, type Look } from '../../src/step.ts';
import type { ActPorts, Use } from '../../src/system/ports.ts';
import { actFly, flyLogin, flyTool, listSecrets, notSeen, notTried } from './client.ts';
import { connectionsIn, credentialsIn } from './credentials.ts';
import { appName, regionCode, secretName, slug, vmSize } from './fields.ts';
import { type Found, managedPostgres } from './postgres-managed.ts';
import { unmanagedPostgres } from './postgres-unmanaged.ts';

const gigabytes = z.int().min(1).max(500).describe('GB');
const attachment = z.strictObject({
  app: appName,
  variable: secretName
    .default('DATABASE_URL')
    .describe('The secret that gets the connection string; staged, so that the next deploy carries it'),
  database: z
    .string()
    .regex(/^[a-z_][a-z0-9_]*$/, 'lower-case letters, digits and underscores')
    .optional(),
  user: z
    .string()
    .regex(/^[a-z_][a-z0-9_]*$/, 'lower-case letters, digits and underscores')
    .optional()
    .describe('Another one, where an attach that broke off has left the usual one'),
});
const wanted = z
  .strictObject({
    name: appName.describe('Of the cluster'),
    org: slug.optional().describe('Where it is; needed to make one, and for a managed one'),
    managed: z.boolean().default(false).describe('Managed Postgres (`fly mpg`), billed by plan'),
    create: z
      .strictObject({
        region: regionCode,
        'volume-size': gigabytes.default(1),
        'vm-size': vmSize.default('shared-cpu-1x').describe('Unmanaged: of each machine'),
        nodes: z.int().min(1).max(3).default(1).describe('Unmanaged: machines, each with a volume'),
        plan: z
          .enum(['basic', 'starter', 'launch', 'scale'])
          .default('basic')
          .describe('Managed: US$38, 72, 282 or 962 a month'),
      })
      .optional()
      .describe('Make it where it is not there; without this it must be there'),
    attach: attachment.optional(),
  })
  .refine(({ create, attach }) => create !== undefined || attach !== undefined, 'say `create`, `attach` or both')
  .refine(({ create, managed, org }) => org !== undefined || (create === undefined && !managed), 'say `org:`');
export type Want = z.output<typeof wanted>;

export const postgres = defineStep({
  name: 'fly/postgres',
  summary: 'A Postgres cluster runs, and an app is attached to it',
  example:
    'with: { name: altcontext-db, org: personal, create: { region: yyz, volume-size: 1 }, attach: { app: altcontext, variable: DATABASE_URL } }',
  with: wanted,
  outputs: z.object({
    cluster: z.string().describe('Name of the app, or id of a managed one'),
    host: z.string().optional(),
  }),
  requires: [flyTool],
  login: flyLogin,
  checkedAgainst: 'source',
  takes: '3–10 min',
  within: '15m',
  every: '15s',
  costs: ({ managed, create }) => (create ? costsOf(managed, create) : undefined),
  describe: (want) => phrase(want),
  commands: (want) => commandsOf(want).map((args) => ['fly', ...args]),
  verify: async (want, ports): Promise<Look> => {
    const sort = sortOf(want);
    const found = await sort.find(want, ports);
    if (!found.ok) return { is: 'unknown', why: found.problem.why, hint: found.problem.hint };
    const { cluster } = found;
    if (cluster.is !== 'running') return notRunning(want, cluster);
    const outputs = { cluster: cluster.id, ...(cluster.host && { host: cluster.host }) };
    if (!want.attach) return { is: 'so', seen: cluster.seen, outputs };
    const attached = await variableOf(want.attach, ports);
    if ('is' in attached) return attached;
    if (!attached.set)
      return {
        is: 'not-so',
        expected: phrase(want),
        seen: `${cluster.seen}; ${want.attach.app} has no ${want.attach.variable}`,
      };
    const doubt = sort.doubt(want.attach, cluster);
    return {
      is: 'so',
      seen: `${cluster.seen}; ${want.attach.variable} of ${want.attach.app} is set`,
      outputs,
      ...(doubt && { warning: doubt }),
    };
  },
  act: async (want, ports): Promise<Acted> => {
    const found = await sortOf(want).find(want, ports);
    if (!found.ok) return notTried(found.problem);
    const made =
      found.cluster.is === 'absent' ? await create(want, ports) : { ended: 'ok' as const, cluster: found.cluster };
    if (made.ended !== 'ok' || !want.attach) return made;
    return attach(want, want.attach, made.cluster, ports);
  },
  undo: {
    describe: ({ name, create }) =>
      create
        ? `destroys the cluster ${name} with all data in it`
        : `cannot take an attachment back by itself: \`fly postgres detach\` asks what it needs to know`,
    loses: ({ name, create }) => (create ? name : undefined),
    act: async (want, ports): Promise<Acted> => {
      if (!want.create)
        return {
          ended: 'failed',
          why: 'an attachment is taken back by hand',
          hint: `\`fly postgres detach ${want.name} -a ${want.attach?.app}\` asks which, and removes user and secret`,
        };
      const found = await sortOf(want).find(want, ports);
      if (!found.ok) return notTried(found.problem);
      if (found.cluster.is === 'absent') return { ended: 'ok', seen: 'it is not there' };
      const { acted } = await actFly(sortOf(want).destroy(found.cluster.id), ports);
      return acted;
    },
    verify: async (want, ports): Promise<Look> => {
      const found = await sortOf(want).find(want, ports);
      if (!found.ok) return { is: 'unknown', why: found.problem.why, hint: found.problem.hint };
      if (found.cluster.is === 'absent') return { is: 'so', seen: `there is no cluster ${want.name}` };
      return { is: 'not-so', expected: `no cluster ${want.name}`, seen: found.cluster.seen };
    },
  },
});

const sortOf = ({ managed }: Want) => (managed ? managedPostgres : unmanagedPostgres);

const commandsOf = (want: Want): string[][] => [
  ...(want.create ? [sortOf(want).create(want, want.create)] : []),
  ...(want.attach ? [sortOf(want).attach(want.managed ? 'CLUSTER_ID' : want.name, want.attach)] : []),
];

/** Its password is printed once, so somebody must be there to keep it. A managed one shows it again on its page. */
async function create(want: Want, ports: ActPorts): Promise<Acted & { readonly cluster?: Found }> {
  if (!want.create)
    return {
      ended: 'failed',
      why: `there is no cluster ${want.name}`,
      hint: 'say `create:` in the step, or correct its name',
    };
  const sort = sortOf(want);
  const args = sort.create(want, want.create);
  const outcome: { acted: Acted } = {
    acted: { ended: 'failed', why: 'nothing was made: nobody was there to keep the password' },
  };
  const make = async (): Promise<string | undefined> => {
    const made = await actFly(args, ports, { credentials: credentialsIn, known: sort.refusals, timeout: 20 * 60_000 });
    outcome.acted = made.acted;
    return made.ended && connectionsIn(made.ended.stdout)[0];
  };
  if (want.managed) await make();
  else await ports.secrets.receive({ app: want.name, name: 'OPERATOR_PASSWORD' }, async () => passwordOf(await make()));
  if (outcome.acted.ended !== 'ok') return outcome.acted;
  const found = await sort.find(want, ports);
  return found.ok ? { ended: 'ok', cluster: found.cluster } : { ended: 'unclear', why: found.problem.why };
}

async function attach(
  want: Want,
  to: NonNullable<Want['attach']>,
  cluster: Found | undefined,
  ports: ActPorts,
): Promise<Acted> {
  if (cluster?.is !== 'running')
    return { ended: 'unclear', why: `${want.name} does not run yet: ${cluster?.seen ?? 'it cannot be seen'}` };
  const before = await variableOf(to, ports);
  if ('is' in before)
    return {
      ended: 'failed',
      why: `nothing was attached: ${before.is === 'unknown' ? before.why : 'the app is not there'}`,
    };
  if (before.set) return { ended: 'ok', seen: `${to.variable} of ${to.app} is set already` };
  const { acted, ended } = await actFly(sortOf(want).attach(cluster.id, to), ports, {
    credentials: credentialsIn,
    known: sortOf(want).refusals,
    timeout: 5 * 60_000,
  });
  const url = ended && connectionsIn(ended.stdout)[0];
  if (acted.ended === 'ok' && url !== undefined) ports.secrets.remember({ app: to.app, name: to.variable }, url);
  return acted;
}

/** A second attach fails once the variable is there (facts/flyctl.md §5.3): it is looked at, never tried. */
async function variableOf(
  { app, variable }: NonNullable<Want['attach']>,
  ports: Use<'processes'>,
): Promise<{ readonly set: boolean } | Look> {
  const list = await listSecrets(app, ports);
  return list.ok
    ? { set: list.value.some(({ name }) => name === variable) }
    : notSeen(list.problem, { app, expected: `${variable} of ${app} is set` });
}

function notRunning(want: Want, cluster: Found): Look {
  const expected = phrase(want);
  if (cluster.is === 'absent')
    return {
      is: 'not-so',
      expected,
      seen: cluster.seen,
      ...(want.create ? {} : { hint: 'say `create:` in the step, or correct its name', final: true }),
    };
  return {
    is: 'not-so',
    expected,
    seen: cluster.seen,
    ...(cluster.hint && { hint: cluster.hint }),
    ...(cluster.is === 'broken' && { final: true }),
  };
}

const passwordOf = (url: string | undefined): string | undefined =>
  url === undefined ? undefined : decodeURIComponent(new URL(url).password);

function costsOf(managed: boolean, { plan, nodes, 'volume-size': size }: NonNullable<Want['create']>): string {
  if (managed)
    return `US$${{ basic: 38, starter: 72, launch: 282, scale: 962 }[plan]} a month (plan ${plan}), and ${size} GB`;
  return `${nodes === 1 ? 'a machine' : `${nodes} machines`}, each with a volume of ${size} GB`;
}

function phrase({ name, managed, attach }: Want): string {
  const cluster = `the ${managed ? 'managed ' : ''}Postgres cluster ${name} runs`;
  return attach ? `${cluster} and ${attach.app} has its address in ${attach.variable}` : cluster;
}
