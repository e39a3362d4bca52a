// A Fly app of that name exists, in that organization. The name space is global and `apps create` fails on a name that is ours already.
import { z } from 'zod';
import { defineStep, type Look } from '../../src/step.ts';
import type { Use } from '../../src/system/ports.ts';
import { actFly, flyLogin, flyTool, notTried, readFly } from './client.ts';
import { appName, slug } from './fields.ts';
import { type App, appsShape } from './shapes.ts';

const wanted = z.strictObject({ name: appName, org: slug.optional() });
type Want = z.output<typeof wanted>;

export const app = defineStep({
  name: 'fly/app',
  summary: 'A Fly app of that name exists',
  example: 'with: { name: solserver-prod, org: sollabs }',
  with: wanted,
  outputs: z.object({ app: z.string(), hostname: z.string() }),
  requires: [flyTool],
  login: flyLogin,
  checkedAgainst: 'source',
  takes: '5 s',
  describe: ({ name, org }) => `the Fly app ${name} exists${org ? ` in the organization ${org}` : ''}`,
  commands: (want) => [['fly', ...create(want)]],
  verify: async (want, ports) => {
    const found = await find(want, ports);
    return found.ok ? compare(want, found.value) : { is: 'unknown', why: found.problem.why, hint: found.problem.hint };
  },
  act: async (want, ports) => {
    const found = await find(want, ports);
    if (!found.ok) return notTried(found.problem);
    const before = compare(want, found.value);
    if (before.is === 'so') return { ended: 'ok', seen: before.seen, outputs: before.outputs };
    if (found.value && before.is === 'not-so') return { ended: 'failed', why: before.seen, hint: before.hint };
    const { acted } = await actFly(create(want), ports);
    return acted;
  },
  undo: {
    describe: ({ name }) =>
      `destroys the app ${name} with its machines, volumes and all data on them, addresses, certificates and secrets`,
    loses: ({ name }) => name,
    act: async ({ name }, ports) => {
      const found = await find({ name }, ports);
      if (!found.ok) return notTried(found.problem);
      if (!found.value) return { ended: 'ok', seen: `there is no app ${name}` };
      const { acted } = await actFly(['apps', 'destroy', name, '--yes'], ports);
      return acted;
    },
    verify: async ({ name }, ports) => {
      const found = await find({ name }, ports);
      if (!found.ok) return { is: 'unknown', why: found.problem.why, hint: found.problem.hint };
      if (!found.value) return { is: 'so', seen: `this login sees no app ${name}` };
      return { is: 'not-so', expected: `no app ${name}`, seen: `the app ${name} is there` };
    },
  },
});

const create = ({ name, org }: Want): string[] => ['apps', 'create', name, ...(org ? ['--org', org] : []), '--json'];

/** Over all organizations: an app of that name in another one is found too. A narrow token sees fewer apps than there are. */
async function find({ name }: Pick<Want, 'name'>, ports: Use<'processes'>) {
  const apps = await readFly(['apps', 'list', '--json'], appsShape, ports);
  return apps.ok ? { ok: true as const, value: apps.value.find((one) => one.Name === name) } : apps;
}

function compare({ name, org }: Want, found: App | undefined): Look {
  const expected = `the app ${name} exists${org ? ` in ${org}` : ''}`;
  if (!found) return { is: 'not-so', expected, seen: `this login sees no app ${name}` };
  const home = found.Organization?.Slug ?? '';
  if (org && home !== '' && home !== org) {
    const hint = `choose another name, say \`org: ${home}\`, or move it by hand: \`fly apps move ${name} --org ${org}\``;
    return {
      is: 'not-so',
      expected,
      seen: `the app ${name} exists, but in the organization ${home}`,
      hint,
      final: true,
    };
  }
  const hostname = found.Hostname || `${name}.fly.dev`;
  const warning = found.Status === 'suspended' ? `the app ${name} is suspended` : undefined;
  return {
    is: 'so',
    seen: `the app ${name}${home ? ` in ${home}` : ''}, ${hostname}`,
    outputs: { app: name, hostname },
    warning,
  };
}
