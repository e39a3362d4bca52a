// A group of testers in TestFlight: made by the API where a key is there, else by hand.
import { z } from 'zod';
import { type Acted, defineStep, type Guide, type Look } from '../../src/step.ts';
import { absent, BundleId, findGroups, theApp } from './apps.ts';
import { create, hasKey, notSeen, type Ports, type PortsToAct } from './client.ts';

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
  takes: 'a minute',
  checkedAgainst: 'stand-in',
});

async function look(want: Want, ports: Ports): Promise<Look> {
  const app = await theApp(want['bundle-id'], ports);
  if ('is' in app) return app;
  const read = await findGroups(app.id, want.name, ports);
  if (!read.ok) return notSeen(read.problem);
  const { exact, near } = read.value;
  const expected = `the ${sortOf(want.internal)} tester group "${want.name}"`;
  const [group, another] = exact;
  if (group === undefined) return { is: 'not-so', expected, seen: absent('there is no such group', near) };
  if (another !== undefined)
    return {
      is: 'unknown',
      why: `there are ${exact.length} groups named "${want.name}"`,
      hint: 'Rename or delete all but one in TestFlight.',
    };
  const { isInternalGroup, hasAccessToAllBuilds } = group.attributes;
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
  const builds = hasAccessToAllBuilds ? ', gets every build by itself' : '';
  return { is: 'so', seen: `${sortOf(want.internal)} group "${want.name}"${builds}`, outputs: { group_id: group.id } };
}

async function make(want: Want, ports: PortsToAct): Promise<Acted> {
  const app = await theApp(want['bundle-id'], ports);
  if ('is' in app)
    return {
      ended: 'failed',
      why: `the group was not made: ${app.is === 'unknown' ? app.why : app.is === 'not-so' ? app.seen : ''}`,
    };
  // Both are for good. With access to all builds a new build reaches internal testers without being attached (§12).
  const attributes = {
    name: want.name,
    isInternalGroup: want.internal,
    ...(want.internal && { hasAccessToAllBuilds: true }),
  };
  const relationships = { app: { data: { type: 'apps', id: app.id } } };
  const written = await create('/v1/betaGroups', { type: 'betaGroups', attributes, relationships }, ports);
  if (written.ended === 'ok')
    return { ended: 'ok', ...(written.id !== undefined && { outputs: { group_id: written.id } }) };
  if (written.ended === 'unclear') return written;
  return { ended: 'failed', why: written.why, ...(written.hint !== undefined && { hint: written.hint }) };
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
