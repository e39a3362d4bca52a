// A build is available to a tester group: attached where the group takes builds by hand, by itself where it gets all of them.
import { z } from 'zod';
import { type Acted, defineStep, type Guide, type Look } from '../../src/step.ts';
import { BundleId, type GroupRow, getsAllBuilds, theApp, theGroup } from './apps.ts';
import { whyNotTestable } from './build-states.ts';
import { buildFields, type FoundBuild, findBuild, nameOf } from './builds.ts';
import { endOf, hasKey, list, notBegun, notSeen, type Ports, type PortsToAct, write } from './client.ts';
import { login } from './login.ts';
import { lookAtUploads } from './uploads.ts';

const With = z.strictObject({ 'bundle-id': BundleId, group: z.string().min(1), ...buildFields });
type Want = z.output<typeof With>;

export const buildInGroup = defineStep({
  name: 'appstore/build-in-group',
  summary: 'Give a build to a tester group in TestFlight',
  example: 'with: { bundle-id: com.example.app, group: Internal Testers, version: "1.0.0", build: "42" }',
  with: With,
  outputs: z.object({ build_id: z.string() }),
  describe: (want) => `the group "${want.group}" can install ${nameOf(want)} of ${want['bundle-id']}`,
  commands: ({ group }) => [['POST', '/v1/betaGroups/{id}/relationships/builds', group]],
  verify: look,
  canAct: async (_want, ports) => hasKey(ports),
  act: attach,
  guide,
  undo: {
    describe: (want) => `Takes ${nameOf(want)} away from the group "${want.group}"; who has installed it keeps it.`,
    act: detach,
    verify: async (want, ports) => {
      const both = await readBoth(want, ports);
      if ('is' in both) return both.is === 'not-so' ? { is: 'so', seen: both.seen } : both;
      const attached = await isAttached(both, ports);
      if (typeof attached !== 'boolean') return attached;
      const { label } = both.build;
      if (!attached) return { is: 'so', seen: `${label} is not attached to "${want.group}"` };
      return { is: 'not-so', expected: `${label} not attached to "${want.group}"`, seen: 'it still is' };
    },
  },
  login,
  within: '30m',
  every: '30s',
  takes: 'a minute',
  checkedAgainst: 'stand-in',
});

interface Both {
  readonly group: GroupRow;
  readonly build: FoundBuild;
}

async function readBoth(want: Want, ports: Ports): Promise<Both | Look> {
  const app = await theApp(want['bundle-id'], ports);
  if ('is' in app) return app;
  const group = await theGroup(app.id, want.group, ports);
  if ('is' in group) return group;
  const read = await findBuild(want, app.id, ports);
  if (!read.ok) return notSeen(read.problem);
  if (read.value === undefined) return lookAtUploads(want, app.id, `${nameOf(want)} can be tested`, ports);
  return { group, build: read.value };
}

async function look(want: Want, ports: Ports): Promise<Look> {
  const both = await readBoth(want, ports);
  if ('is' in both) return both;
  const { group, build } = both;
  const outputs = { build_id: build.id };
  const hindered = whyNotTestable(build, ports.clock.now());
  if (getsAllBuilds(group)) {
    // What Apple lists for such a group nobody knows: that it gets the build is inferred (facts/app-store-connect.md §8.6).
    return (
      hindered ?? {
        is: 'so',
        seen: `"${want.group}" gets every build by itself, and ${build.label} can be tested`,
        outputs,
      }
    );
  }
  const attached = await isAttached(both, ports);
  if (typeof attached !== 'boolean') return attached;
  if (!attached)
    return {
      is: 'not-so',
      expected: `${build.label} in "${want.group}"`,
      seen: `it is not attached to the group`,
      ...hintOf(hindered),
    };
  return hindered ?? { is: 'so', seen: `${build.label} is in "${want.group}" and can be tested`, outputs };
}

const hintOf = (hindered: Look | undefined): { readonly hint?: string } =>
  hindered?.is === 'not-so'
    ? { hint: `Before it can be: ${hindered.seen}.${hindered.hint ? ` ${hindered.hint}` : ''}` }
    : {};

async function isAttached({ group, build }: Both, ports: Ports): Promise<boolean | Look> {
  const query = { 'filter[id]': build.id, 'filter[betaGroups]': group.id };
  const read = await list('/v1/builds', query, z.unknown(), ports);
  return read.ok ? read.value.rows.some(({ id }) => id === build.id) : notSeen(read.problem);
}

async function attach(want: Want, ports: PortsToAct): Promise<Acted> {
  const both = await readBoth(want, ports);
  if ('is' in both) return notBegun(both);
  const hindered = whyNotTestable(both.build, ports.clock.now());
  // Apple answers 422 while a build is processed, expired or lacks compliance; to a group that gets all builds, always (§12).
  if (hindered !== undefined) return notBegun(hindered);
  if (getsAllBuilds(both.group)) return { ended: 'ok', seen: `"${want.group}" gets every build by itself` };
  return endOf(await write('POST', relationOf(both), dataOf(both), ports), `${both.build.label} attached`);
}

async function detach(want: Want, ports: PortsToAct): Promise<Acted> {
  const both = await readBoth(want, ports);
  if ('is' in both) return notBegun(both);
  if (getsAllBuilds(both.group)) {
    const why = `nothing was changed: "${want.group}" gets every build by itself`;
    return {
      ended: 'failed',
      why,
      hint: 'Expire the build in TestFlight (that cannot be undone), or take the testers out of the group.',
    };
  }
  return endOf(await write('DELETE', relationOf(both), dataOf(both), ports), `${both.build.label} taken away`);
}

const relationOf = ({ group }: Both): string => `/v1/betaGroups/${group.id}/relationships/builds`;
const dataOf = ({ build }: Both): readonly { type: string; id: string }[] => [{ type: 'builds', id: build.id }];

function guide(want: Want): Guide {
  return {
    open: 'https://appstoreconnect.apple.com/apps',
    text: `Account Holder, Admin or App Manager.

1. **Apps** → the app with the bundle id \`${want['bundle-id']}\` → **TestFlight** → **${want.group}**.
2. If the group says **Automatic distribution**, nothing is to be done: it gets every build that is ready.
3. Otherwise **Builds** → **+** → tick ${nameOf(want)} → **Next** → **Add**.

It has worked when the build stands in the group with **Testing** beside it; each tester gets a mail. If the build cannot be ticked, it is still processed, or its export compliance question is open.`,
  };
}
