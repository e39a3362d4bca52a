// Upload an archive to App Store Connect: by xcodebuild, altool or the project's fastlane on a Mac, else by hand. Apple's list of builds decides.
import { z } from 'zod';
import { type Acted, defineStep, type Guide, type Look } from '../../src/step.ts';
import type { UseToAct } from '../../src/system/ports.ts';
import { BundleId, theApp } from '../appstore/apps.ts';
import { whyNotProcessed } from '../appstore/build-states.ts';
import { buildFields, findBuild, nameOf } from '../appstore/builds.ts';
import { hasKey, keyOf, notSeen, type Ports } from '../appstore/client.ts';
import { login } from '../appstore/login.ts';
import { lookAtUploads } from '../appstore/uploads.ts';
import { readArchive } from './archive-info.ts';
import { exportOptions } from './export-options.ts';
import { endOfTool, hasXcode, KEY_SHOWN, keyArguments } from './tools.ts';

const With = z
  .strictObject({
    'bundle-id': BundleId,
    version: buildFields.version.unwrap(),
    build: buildFields.build.unwrap(),
    via: z.enum(['xcodebuild', 'altool', 'fastlane']).default('xcodebuild'),
    /** For xcodebuild. */
    archive: z
      .string()
      .regex(/\.xcarchive$/, 'a path that ends with .xcarchive')
      .optional(),
    'export-options': z
      .string()
      .min(1)
      .optional()
      .describe('For xcodebuild: an ExportOptions.plist of the project; left out: one is made beside the archive'),
    'internal-only': z
      .boolean()
      .default(true)
      .describe('For xcodebuild: for internal testers only; such a build can never go to the store'),
    /** For altool. */
    ipa: z
      .string()
      .regex(/\.ipa$/, 'a path that ends with .ipa')
      .optional(),
    /** For fastlane: the lane that uploads. */
    lane: z
      .string()
      .regex(/^[A-Za-z_]\w*( [A-Za-z_]\w*)?$/, 'the name of a lane')
      .optional(),
  })
  .refine((want) => want[NEEDS[want.via]] !== undefined, {
    message: '`archive` for xcodebuild, `ipa` for altool, `lane` for fastlane',
  });
type Want = z.output<typeof With>;
const NEEDS = { xcodebuild: 'archive', altool: 'ipa', fastlane: 'lane' } as const;

export const upload = defineStep({
  name: 'xcode/upload',
  summary: 'Upload a build to App Store Connect',
  example: 'with: { archive: build/Example.xcarchive, bundle-id: com.example.app, version: "1.0.0", build: "42" }',
  with: With,
  outputs: z.object({ build_id: z.string() }),
  describe: (want) => `${nameOf(want)} of ${want['bundle-id']} has arrived at App Store Connect`,
  commands: (want) => [commandOf(want, { key: KEY_SHOWN, id: '$ASC_KEY_ID', issuer: '$ASC_ISSUER_ID' })],
  login,
  verify: look,
  // Without the key nobody would see whether it has arrived.
  canAct: async (_want, ports) => hasKey(ports) && (await hasXcode(ports)),
  act: send,
  guide,
  within: '1h',
  every: '30s',
  takes: '5 to 60 minutes',
  checkedAgainst: 'source',
});

/** Arrived is enough here: whether testers can install it is `appstore/build`'s. */
async function look(want: Want, ports: Ports): Promise<Look> {
  const app = await theApp(want['bundle-id'], ports);
  if ('is' in app) return app;
  const read = await findBuild(want, app.id, ports);
  if (!read.ok) return notSeen(read.problem);
  const found = read.value;
  if (found === undefined) return lookAtUploads(want, app.id, `${nameOf(want)} at App Store Connect`, ports);
  const hindered = whyNotProcessed(found, ports.clock.now());
  if (hindered?.is === 'not-so' && hindered.final) return hindered;
  return { is: 'so', seen: `${found.label} has arrived (${found.processing})`, outputs: { build_id: found.id } };
}

async function send(want: Want, ports: UseToAct<'processes' | 'files' | 'env'>): Promise<Acted> {
  const wrong = want.via === 'xcodebuild' ? await prepareExport(want, ports) : undefined;
  if (wrong !== undefined) return { ended: 'failed', why: `nothing was uploaded: ${wrong}` };
  const { id, issuer } = keyOf(ports);
  const argv = commandOf(want, { key: keyArguments(ports), id, issuer });
  const ended = await ports.processes.act(argv, { env: environmentOf(want, ports) });
  return endOfTool(ended, { did: argv.slice(0, 2).join(' '), seen: `${nameOf(want)} was sent` });
}

/** The archive is the one that was asked for, and the options that upload it are written. A sentence where that is not so. */
async function prepareExport(want: Want, { files }: UseToAct<'files'>): Promise<string | undefined> {
  const found = await readArchive(want.archive ?? '', { files });
  if (found === undefined) return `there is no archive at ${want.archive}`;
  if (typeof found === 'string') return found;
  if (found.bundleId !== want['bundle-id']) return `the archive is of ${found.bundleId}, not of ${want['bundle-id']}`;
  if (found.build !== want.build || found.version !== want.version)
    return `the archive is version ${found.version} (${found.build}), not ${want.version} (${want.build})`;
  if (want['export-options'] === undefined)
    await files.write(optionsOf(want), exportOptions({ internalOnly: want['internal-only'] }));
  return undefined;
}

const optionsOf = (want: Want): string =>
  want['export-options'] ?? `${want.archive?.replace(/\.xcarchive$/, '')}.ExportOptions.plist`;

interface Key {
  readonly key: readonly string[];
  readonly id: string;
  readonly issuer: string;
}

function commandOf(want: Want, { key, id, issuer }: Key): readonly string[] {
  if (want.via === 'fastlane') return ['fastlane', ...(want.lane ?? '').split(' ')];
  if (want.via === 'altool') {
    const owner = issuer === '' ? ['--api-key-subject', 'user'] : ['--api-issuer', issuer];
    return ['xcrun', 'altool', '--upload-package', want.ipa ?? '', '--platform', 'ios', '--api-key', id, ...owner];
  }
  const path = want.archive ?? '';
  return [
    ...['xcodebuild', '-exportArchive', '-archivePath', path, '-exportPath', path.replace(/\.xcarchive$/, '.export')],
    ...['-exportOptionsPlist', optionsOf(want), '-allowProvisioningUpdates', ...key],
  ];
}

/** altool finds the key by the folder, fastlane by its own names; neither is told the key itself. */
function environmentOf({ via }: Want, { env }: UseToAct<'env'>): Readonly<Record<string, string>> {
  const file = env.get('ASC_KEY_FILE') ?? '';
  const { id, issuer } = keyOf({ env });
  if (via === 'altool') return { API_PRIVATE_KEYS_DIR: file.replace(/\/[^/]*$/, '') || '/' };
  if (via !== 'fastlane') return {};
  return {
    APP_STORE_CONNECT_API_KEY_KEY_ID: id,
    ...(issuer !== '' && { APP_STORE_CONNECT_API_KEY_ISSUER_ID: issuer }),
    APP_STORE_CONNECT_API_KEY_KEY_FILEPATH: file,
    FASTLANE_SKIP_UPDATE_CHECK: '1',
    CI: '1',
    LC_ALL: 'en_US.UTF-8',
  };
}

function guide(want: Want): Guide {
  const choice = want['internal-only']
    ? '**TestFlight Internal Only** (such a build can never go to the store)'
    : '**App Store Connect**';
  return {
    open: 'https://appstoreconnect.apple.com/apps',
    text: `On the Mac that has the archive:

1. Xcode → **Window** → **Organizer** → the archive of version \`${want.version}\`, build \`${want.build}\`.
2. **Distribute App** → ${choice} → **Distribute**.
3. Leave **Manage version and build number** off where Xcode asks: else it may raise the number, and build \`${want.build}\` is never found.

It has worked when Xcode says **Uploaded**. Within some minutes the build stands under **TestFlight** as **Processing**. If it never does, Apple has refused it: the mail to the uploader has the reason, and it is shown here.`,
  };
}
