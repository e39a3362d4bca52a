// A group of testers in TestFlight: made by the API where a key is there, else by hand.
import { z } from 'zod';
import { type Acted, defineStep, type Guide, type Look } from '../../src/step.ts';
import { BundleId, getsAllBuilds, theApp, theGroup } from './apps.ts';
import { endOf, hasKey, notBegun, type Ports, type PortsToAct, write } from './client.ts';
import { login } from './login.ts';

const With = z.strictObject({
  'bundle-id': BundleId,
  name: z.string().min(1),
  internal: z.boolean().default(true),
});
type Want = z.output<typeof With>;

export const testerGroup = defineStep({
  name: 'appstore/tester-group',
  summary: 'Create a group of testers in TestFlight',
  example: 'with: { bundle-id: com.example.app, name: Internal Testers }',
  with: With,
  outputs: z.object({ group_id: z.string() }),
  describe: ({ name, internal, ...want }) =>
    `the ${sortOf(internal)} tester group "${name}" of ${want['bundle-id']} is there`,
  commands: ({ name }) => [['POST', '/v1/betaGroups', name]],
  verify: look,
  canAct: async (_want, ports) => hasKey(ports),
  act: make,
  guide,
  undo: {
    describe: ({ name }) => `Deletes the tester group "${name}"; its testers lose access to the builds.`,
    loses: ({ name }) => name,
    act: remove,
    verify: (want, ports) => isGone(want, ports),
  },
  login,
  takes: 'a minute',
  checkedAgainst: 'stand-in',
});

async function look(want: Want, ports: Ports): Promise<Look> {
  const app = await theApp(want['bundle-id'], ports);
  if ('is' in app) return app;
  const group = await theGroup(app.id, want.name, ports);
  const expected = `the ${sortOf(want.internal)} tester group "${want.name}"`;
  if ('is' in group) return group.is === 'not-so' ? { ...group, expected } : group;
  const { isInternalGroup } = group.attributes;
  if ((isInternalGroup ?? false) !== want.internal) {
    const hint = 'Apple cannot change that afterwards: delete the group and make it again, or use another name.';
    return {
      is: 'not-so',
      expected,
      seen: `"${want.name}" is an ${sortOf(isInternalGroup ?? false)} group`,
      hint,
      final: true,
    };
  }
  const builds = getsAllBuilds(group) ? ', gets every build by itself' : '';
  return { is: 'so', seen: `${sortOf(want.internal)} group "${want.name}"${builds}`, outputs: { group_id: group.id } };
}

async function make(want: Want, ports: PortsToAct): Promise<Acted> {
  const app = await theApp(want['bundle-id'], ports);
  if ('is' in app) return notBegun(app);
  // Both are for good. With access to all builds a new build reaches internal testers without being attached (§12).
  const attributes = {
    name: want.name,
    isInternalGroup: want.internal,
    ...(want.internal && { hasAccessToAllBuilds: true }),
  };
  const relationships = { app: { data: { type: 'apps', id: app.id } } };
  const written = await write('POST', '/v1/betaGroups', { type: 'betaGroups', attributes, relationships }, ports);
  if (written.ended !== 'ok' || written.id === undefined) return endOf(written, `group "${want.name}" made`);
  return { ended: 'ok', outputs: { group_id: written.id } };
}

/** Apple deletes a group with all that hangs on it; its testers lose their access with it. */
async function remove(want: Want, ports: PortsToAct): Promise<Acted> {
  const app = await theApp(want['bundle-id'], ports);
  if ('is' in app) return notBegun(app);
  const group = await theGroup(app.id, want.name, ports);
  if ('is' in group) return notBegun(group);
  return endOf(await write('DELETE', `/v1/betaGroups/${group.id}`, undefined, ports), `"${want.name}" deleted`);
}

async function isGone(want: Want, ports: Ports): Promise<Look> {
  const still = await look(want, ports);
  if (still.is === 'unknown') return still;
  if (still.is === 'not-so') return { is: 'so', seen: still.seen };
  return { is: 'not-so', expected: `no tester group "${want.name}"`, seen: still.seen };
}

function guide({ name, internal, ...want }: Want): Guide {
  const section = internal ? 'Internal Testing' : 'External Testing';
  const builds = internal
    ? '3. Leave **Enable automatic distribution** ticked: every new build reaches the group by itself. This cannot be changed later.\n4. **Create**.'
    : '3. **Create**. An internal group must exist before. A build is added to the group by hand, and Apple reviews the first one.';
  return {
    open: 'https://appstoreconnect.apple.com/apps',
    copy: { 'Group name': name },
    text: `Account Holder, Admin or App Manager.

1. **Apps** → the app with the bundle id \`${want['bundle-id']}\` → **TestFlight**.
2. In the left column beside **${section}** press **+** and type the name \`${name}\`.
${builds}

It has worked when "${name}" stands in the left column under ${section}.`,
  };
}

const sortOf = (internal: boolean): string => (internal ? 'internal' : 'external');
