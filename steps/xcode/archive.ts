// Archive the app: by xcodebuild where Xcode is, else by hand on a Mac. The archive itself says what is in it.
import { z } from 'zod';
import { type Acted, defineStep, type Guide, type Json, type Look } from '../../src/step.ts';
import type { Use, UseToAct } from '../../src/system/ports.ts';
import { type Archive, readArchive } from './archive-info.ts';
import { endOfTool, hasXcode, KEY_SHOWN, keyArguments } from './tools.ts';
import { compareVersions } from './version-order.ts';

const With = z
  .strictObject({
    project: z.string().min(1).optional(),
    workspace: z.string().min(1).optional().describe('In place of a project, with CocoaPods for instance'),
    scheme: z.string().min(1),
    configuration: z.string().min(1).default('Release'),
    archive: z
      .string()
      .regex(/\.xcarchive$/, 'a path that ends with .xcarchive')
      .describe('Where the archive is put'),
    'bundle-id': z.string().optional(),
    version: z.string().optional(),
    build: z.string().optional(),
    'with-api-key': z
      .boolean()
      .default(false)
      .describe('Sign with the API key (role Admin) instead of the account that is signed in to Xcode'),
  })
  .refine(({ project, workspace }) => (project === undefined) !== (workspace === undefined), {
    message: 'either `project` or `workspace`',
  });
type Want = z.output<typeof With>;

export const archive = defineStep({
  name: 'xcode/archive',
  summary: 'Archive an iOS app for the App Store',
  example: 'with: { project: ios/Example.xcodeproj, scheme: Example, archive: build/Example.xcarchive }',
  with: With,
  outputs: z.object({ bundle_id: z.string(), version: z.string(), build: z.string() }),
  describe: (want) => `${want.scheme} (${want.configuration}) is archived at ${want.archive}`,
  commands: (want) => [[...commandOf(want), ...(want['with-api-key'] ? KEY_SHOWN : [])]],
  reads: ({ project }) => (project === undefined ? [] : [`${project}/project.pbxproj`]),
  verify: look,
  canAct: async (_want, ports) => hasXcode(ports),
  act: make,
  guide,
  // Who tidies up their archives afterwards has not undone the launch.
  lasts: false,
  within: '1m',
  takes: '5 to 20 minutes',
  checkedAgainst: 'source',
});

/**
 * An archive that was there before the act is not the one asked for. Made by hand there is no look before: then it must be named by
 * version and build number, which Apple takes only once.
 */
async function look(want: Want, ports: Use<'files'>, { since }: { readonly since?: Json }): Promise<Look> {
  const found = await readArchive(want.archive, ports);
  if (typeof found === 'string') return { is: 'unknown', why: found };
  const expected = `a new archive of ${want.scheme} at ${want.archive}`;
  if (found === undefined)
    return { is: 'not-so', expected, seen: 'there is none', hint: ELSEWHERE, since: { created: null } };
  const seen = `${found.bundleId}, version ${found.version} (${found.build}), archived ${found.created}`;
  const wrong = differences(want, found);
  if (wrong.length > 0) return { is: 'not-so', expected: wrong.join(', '), seen, since: { created: found.created } };
  const isNew = since === undefined ? isNamed(want) : createdOf(since) !== found.created;
  if (!isNew) return { is: 'not-so', expected, seen: `an older one: ${seen}`, since: { created: found.created } };
  const { bundleId, version, build } = found;
  return { is: 'so', seen, outputs: { bundle_id: bundleId, version, build } };
}

const isNamed = ({ version, build }: Want): boolean => version !== undefined && build !== undefined;
const Since = z.object({ created: z.string().nullable() });
const createdOf = (since: Json): string | null | undefined => Since.safeParse(since).data?.created;

function differences(want: Want, found: Archive): readonly string[] {
  const differs = (wanted: string | undefined, seen: string) =>
    wanted !== undefined && compareVersions(wanted, seen) !== 0;
  return [
    ...(want['bundle-id'] !== undefined && want['bundle-id'] !== found.bundleId
      ? [`bundle id ${want['bundle-id']}`]
      : []),
    ...(differs(want.version, found.version) ? [`version ${want.version}`] : []),
    ...(differs(want.build, found.build) ? [`build number ${want.build}`] : []),
  ];
}

async function make(want: Want, ports: UseToAct<'processes' | 'env'>): Promise<Acted> {
  const key = want['with-api-key'] ? keyArguments(ports) : [];
  const ended = await ports.processes.act([...commandOf(want), ...key]);
  return endOfTool(ended, { did: 'xcodebuild archive', seen: `archived at ${want.archive}` });
}

function commandOf({ project, workspace, scheme, configuration, archive: path }: Want): readonly string[] {
  const from = workspace === undefined ? ['-project', project ?? ''] : ['-workspace', workspace];
  return [
    ...['xcodebuild', 'archive', ...from, '-scheme', scheme, '-configuration', configuration],
    ...['-destination', 'generic/platform=iOS', '-archivePath', path, '-allowProvisioningUpdates'],
  ];
}

const ELSEWHERE =
  'An archive that Xcode made by hand, or on another Mac, lies elsewhere and cannot be seen here: the upload will show it.';

function guide(want: Want): Guide {
  return {
    text: `On a Mac with Xcode 26 or newer, the checkout at the commit of this run:

1. Open \`${want.workspace ?? want.project ?? ''}\`. Target → **General**: version${want.version === undefined ? '' : ` \`${want.version}\``} and build${want.build === undefined ? '' : ` \`${want.build}\``}. **Signing & Capabilities**: the team.
2. Scheme **${want.scheme}**, whose archive uses the configuration **${want.configuration}**; destination **Any iOS Device (arm64)**.
3. **Product** → **Archive**.

It has worked when the Organizer opens with the new archive at the top. **Archive** is grey while a simulator is chosen as destination.`,
  };
}
