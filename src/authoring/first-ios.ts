// The part of a first runbook that brings an iOS app to its first testers in TestFlight. What could not be read from the project is asked.
import type { Json } from '../text/json.ts';
import { type DraftStep, type Keys, step } from './draft.ts';
import { type IosApp, RELEASE, type Ships, type XcodeApp } from './ios-app.ts';
import { inputsOf } from './ios-inputs.ts';

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

const arrives = (build: Keys): Json => [
  { uses: 'appstore/build', with: { ...build, until: 'processed' }, every: '30s', within: '2h' },
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
        verify: arrives({ ...named, build: words.build }),
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
      verify: arrives(buildOf(words)),
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
    { manual: true, ...(ships.by === 'eas' && { copy: { Command: command } }), verify: arrives(buildOf(words)) },
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
