// The part of a first runbook that brings an iOS app to its first testers in TestFlight. What could not be read from the project is asked.
import type { Json } from '../text/json.ts';
import type { DraftStep } from './draft.ts';

/** What was found of an iOS app. A fact that is missing could not be read. */
export interface IosApp {
  readonly bundleId?: string;
  readonly version?: string;
  /** Read, and may be made otherwise by code that is not run here: asked, with this as its default. */
  readonly perhaps: { readonly bundleId?: string; readonly name?: string };
  /** What it declares in its Info.plist of its encryption. */
  readonly encryption?: 'exempt' | 'other';
  readonly xcode?: XcodeApp;
  readonly ships: Ships;
}

export interface XcodeApp {
  readonly project: string;
  readonly workspace?: string;
  /** App targets. */
  readonly targets: readonly string[];
  /** Shared ones; the one that is meant comes alone. */
  readonly schemes: readonly string[];
  readonly configurations: readonly string[];
  readonly signing?: 'automatic' | 'manual';
}

/** How a build gets to Apple. */
export type Ships =
  | { readonly by: 'xcode' }
  | { readonly by: 'fastlane'; readonly command: string; readonly lanes: readonly string[]; readonly folder?: string }
  | { readonly by: 'eas'; readonly profiles: readonly string[] }
  | { readonly by: 'hand' };

type Keys = Readonly<Record<string, Json>>;

export interface IosPart {
  readonly store: readonly DraftStep[];
  readonly build: readonly DraftStep[];
  readonly testers: readonly DraftStep[];
  readonly inputs: Keys;
}

export function iosPart(app: IosApp): IosPart {
  const words = wordsOf(app);
  return {
    store: storeSteps(app, words),
    build: buildSteps(app, words),
    testers: testerSteps(app, words),
    inputs: inputsOf(app),
  };
}

/** What stands in the steps for each fact: itself, or the input that asks for it. */
function wordsOf({ bundleId, version, xcode, ships }: IosApp) {
  const [scheme = '', ...more] = xcode?.schemes ?? [];
  const asked = ships.by === 'xcode' ? '${{ inputs.version }}' : undefined;
  return {
    id: bundleId ?? '${{ inputs.bundle_id }}',
    version: version ?? asked,
    scheme: scheme === '' || more.length > 0 ? '${{ inputs.scheme }}' : scheme,
    /** Its number is known from the archive, else once Apple has it. */
    build: `\${{ steps.${ships.by === 'xcode' ? 'archive.outputs.build' : 'processed.outputs.number'} }}`,
  };
}
type Words = ReturnType<typeof wordsOf>;

const step = (id: string, title: string, keys: Keys, prose: string): DraftStep => ({ id, title, keys, prose });

function storeSteps({ xcode, version, ships }: IosApp, { id }: Words): readonly DraftStep[] {
  return [
    step(
      'bundle-id',
      'Register the bundle id',
      { uses: 'appstore/bundle-id', with: { identifier: id } },
      'Once for ever: it cannot be changed after the first upload.',
    ),
    step(
      'store-app',
      'Create the app in App Store Connect',
      { uses: 'appstore/app', with: { 'bundle-id': id, name: '${{ inputs.app_name }}' } },
      'By hand, since Apple gives no other way; it is seen by itself. The name is unique in the whole store.',
    ),
    ...(xcode
      ? [
          step(
            'settings',
            'Check what would be built',
            { uses: 'xcode/settings', with: settingsOf(xcode, id, version) },
            `\`${xcode.project}\` says what this launch relies on.`,
          ),
        ]
      : []),
    ...(ships.by === 'xcode'
      ? [
          step(
            'signing',
            'It can be signed',
            { uses: 'appstore/signing', with: { 'bundle-id': id, ...(xcode?.signing && { style: xcode.signing }) } },
            'For TestFlight, with the team of the app.',
          ),
        ]
      : []),
  ];
}

function settingsOf(xcode: XcodeApp, id: string, version: string | undefined): Keys {
  const { project, targets, configurations, signing } = xcode;
  return {
    project,
    configuration: configurations.includes(RELEASE) ? RELEASE : '${{ inputs.configuration }}',
    ...(targets.length > 1 && { target: '${{ inputs.target }}' }),
    'bundle-id': id,
    ...(version !== undefined && { version }),
    ...(signing && { signing }),
  };
}

const RELEASE = 'Release';
const ARCHIVE = 'build/app.xcarchive';

function buildSteps(app: IosApp, words: Words): readonly DraftStep[] {
  const { ships, xcode } = app;
  if (ships.by === 'xcode' && xcode) return archived(xcode, words);
  return [
    ships.by === 'fastlane' ? byLane(ships, words) : byHand(ships, words),
    step(
      'processed',
      'Apple has processed the build',
      { uses: 'appstore/build', with: { ...buildOf(words), until: 'processed' }, within: '2h' },
      'Its number is what the next steps go by.',
    ),
  ];
}

/** As far as it is known before it is there. */
const buildOf = ({ id, version }: Words): Keys => ({ 'bundle-id': id, ...(version !== undefined && { version }) });

const arrives = (words: Words): Json => [
  { uses: 'appstore/build', with: { ...buildOf(words), until: 'processed' }, every: '30s', within: '2h' },
];

function archived(xcode: XcodeApp, words: Words): readonly DraftStep[] {
  const { project, workspace, configurations } = xcode;
  const from: Keys = workspace === undefined ? { project } : { workspace };
  const release: Keys = configurations.includes(RELEASE) ? {} : { configuration: '${{ inputs.configuration }}' };
  const named: Keys = { 'bundle-id': words.id, version: words.version ?? '' };
  return [
    step(
      'archive',
      'Archive the app',
      { uses: 'xcode/archive', with: { ...from, scheme: words.scheme, ...release, archive: ARCHIVE, ...named } },
      'By xcodebuild on a Mac, else by hand in Xcode. Raise the build number first where one was uploaded before.',
    ),
    step(
      'upload',
      'Upload it',
      {
        uses: 'xcode/upload',
        with: { archive: ARCHIVE, ...named, build: words.build },
        verify: [
          {
            uses: 'appstore/build',
            with: { ...named, build: words.build, until: 'processed' },
            every: '30s',
            within: '2h',
          },
        ],
      },
      'For internal testers only; for more of them say `internal-only: false`. Apple takes minutes to process it, sometimes an hour.',
    ),
  ];
}

function byLane({ command, lanes, folder }: Extract<Ships, { by: 'fastlane' }>, words: Words): DraftStep {
  const [lane = '', ...more] = lanes;
  return step(
    'upload',
    'Build and upload it',
    {
      run: `${command} ${more.length > 0 ? '"${{ inputs.lane }}"' : lane}`,
      ...(folder !== undefined && { 'working-directory': folder }),
      timeout: '2h',
      verify: arrives(words),
    },
    'By the lane of the project; that it has arrived is seen at Apple.',
  );
}

function byHand(ships: Ships, words: Words): DraftStep {
  const profiles = ships.by === 'eas' ? ships.profiles : [];
  const [profile = ''] = profiles;
  const named = profiles.length > 1 ? '${{ inputs.profile }}' : profile;
  const command = `eas build --platform ios${named === '' ? '' : ` --profile ${named}`} --auto-submit`;
  return step(
    'upload',
    'Build and upload it',
    { manual: true, ...(ships.by === 'eas' && { copy: { Command: command } }), verify: arrives(words) },
    ships.by === 'eas'
      ? 'On your machine, in the project: the first time it asks for the Apple account and makes what signs the app. That the build has arrived is seen at Apple.'
      : 'How it is built belongs here: nothing in the project says it. That the build has arrived is seen at Apple.',
  );
}

function testerSteps({ encryption }: IosApp, words: Words): readonly DraftStep[] {
  const { id, version, build } = words;
  const which = { ...(version !== undefined && { version }), build };
  const group = '${{ inputs.group }}';
  const emails = '${{ inputs.testers }}';
  return [
    encryption === 'other' ? documents : compliance(encryption, { 'bundle-id': id, ...which }),
    step(
      'tester-group',
      'Make the group of testers',
      { uses: 'appstore/tester-group', with: { 'bundle-id': id, name: group } },
      'Internal testers are users of App Store Connect: no review by Apple stands before their first build.',
    ),
    step(
      'testers',
      'Add the testers',
      { uses: 'appstore/testers', with: { 'bundle-id': id, group, emails } },
      'Apple invites them by e-mail.',
    ),
    step(
      'distribute',
      'Give them the build',
      { uses: 'appstore/build-in-group', with: { 'bundle-id': id, group, ...which } },
      'Their TestFlight shows it within minutes.',
    ),
    step(
      'installed',
      'The testers have installed it',
      { uses: 'appstore/installed', with: { 'bundle-id': id, group, emails, build } },
      'Apple shows it with a delay.',
    ),
  ];
}

const documents = step(
  'export-documents',
  'Attach the export documents',
  { manual: true, open: 'https://appstoreconnect.apple.com/apps', evidence: 'required' },
  'The app declares encryption that is not exempt: TestFlight → the build → **Manage**, and attach what Apple has approved.',
);

function compliance(encryption: IosApp['encryption'], which: Keys): DraftStep {
  const declared = encryption === 'exempt' ? false : "${{ inputs.encryption == 'other' }}";
  return step(
    'compliance',
    'Answer the export compliance question',
    {
      uses: 'appstore/compliance',
      with: { ...which, 'uses-non-exempt-encryption': declared },
      confirm: 'Declare to Apple which encryption this build uses? It is a legal statement of its owner.',
    },
    'With `ITSAppUsesNonExemptEncryption` in the Info.plist it is not asked again.',
  );
}

function inputsOf({ bundleId, version, perhaps, encryption, xcode, ships }: IosApp): Keys {
  const schemes = xcode?.schemes ?? [];
  const targets = xcode?.targets ?? [];
  const configurations = xcode?.configurations ?? [];
  const byXcode = ships.by === 'xcode';
  return {
    ...(bundleId === undefined && {
      bundle_id: {
        description: 'Bundle id of the iOS app',
        ...standing(perhaps.bundleId, 'com.example.app'),
        pattern: '[A-Za-z0-9.-]+',
      },
    }),
    app_name: {
      description: 'Name of the app in App Store Connect, unique in the whole store',
      ...standing(perhaps.name, 'Example'),
      pattern: '.{2,30}',
    },
    ...(byXcode &&
      version === undefined && {
        version: {
          description: 'Version of the app, as the archive will have it',
          example: '1.0',
          pattern: '[0-9]+([.][0-9]+){0,2}',
        },
      }),
    ...(targets.length > 1 && { target: { description: 'Target of the app', options: targets } }),
    ...(xcode &&
      !configurations.includes(RELEASE) && {
        configuration: { description: 'Configuration that is archived', options: configurations },
      }),
    ...(byXcode && schemes.length !== 1 && { scheme: schemeInput(schemes) }),
    ...(ships.by === 'fastlane' &&
      ships.lanes.length > 1 && { lane: { description: 'Lane of fastlane that uploads', options: ships.lanes } }),
    ...(ships.by === 'eas' &&
      ships.profiles.length > 1 && { profile: { description: 'Profile of eas.json', options: ships.profiles } }),
    ...(encryption === undefined && {
      encryption: {
        description: 'Encryption of the iOS app: what is exempt only (HTTPS alone is), or other',
        options: ['exempt', 'other'],
      },
    }),
    group: { description: 'Name of the group of internal testers', default: 'Internal Testers' },
    testers: {
      description: 'E-mail addresses of the testers (users of App Store Connect), separated by commas',
      type: 'list',
      example: 'ann@example.com',
    },
  };
}

const schemeInput = (schemes: readonly string[]): Json =>
  schemes.length > 1
    ? { description: 'Scheme that is archived', options: schemes }
    : { description: 'Scheme that is archived (Product → Scheme → Manage Schemes)', example: 'App' };

const standing = (value: string | undefined, example: string): Keys =>
  value === undefined ? { example } : { default: value };
