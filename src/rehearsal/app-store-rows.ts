// The stand-in's App Store state as JSON:API resources, with the attribute names of Apple's specification 4.4.1.
import type { AppStoreState } from './app-store-state.ts';
import type { Resource } from './json-api.ts';

type App = AppStoreState['apps'][number];
type BundleId = AppStoreState['bundleIds'][number];
type Build = AppStoreState['builds'][number];
type Group = AppStoreState['groups'][number];
type Tester = AppStoreState['testers'][number];

export const appRow = ({ id, ...attributes }: App): Resource => ({ type: 'apps', id, attributes });

export function bundleIdRow({ id, ...attributes }: BundleId, state: AppStoreState): Resource {
  const app = state.apps.find(({ bundleId }) => bundleId === attributes.identifier);
  return {
    type: 'bundleIds',
    id,
    attributes,
    relationships: { app: { data: app ? { type: 'apps', id: app.id } : null } },
  };
}

/** `version` is the build number; the marketing version hangs on `preReleaseVersion`. */
export function buildRow(build: Build, state: AppStoreState): Resource {
  const groups = state.groups.filter((group) => group.builds.includes(build.id));
  const uploaded = Date.parse(build.uploadedDate);
  return {
    type: 'builds',
    id: build.id,
    attributes: {
      version: build.number,
      uploadedDate: build.uploadedDate,
      expirationDate: new Date(uploaded + 90 * 86_400_000).toISOString(),
      expired: false,
      minOsVersion: '17.0',
      processingState: build.processingState,
      buildAudienceType: 'APP_STORE_ELIGIBLE',
      usesNonExemptEncryption: build.usesNonExemptEncryption,
    },
    relationships: {
      app: { data: { type: 'apps', id: build.app } },
      preReleaseVersion: { data: { type: 'preReleaseVersions', id: versionId(build) } },
      buildBetaDetail: { data: { type: 'buildBetaDetails', id: build.id } },
      betaGroups: { data: groups.map(({ id }) => ({ type: 'betaGroups', id })) },
    },
  };
}

const versionId = (build: Build): string => `${build.app}-${build.version}`;

export const versionRow = (build: Build): Resource => ({
  type: 'preReleaseVersions',
  id: versionId(build),
  attributes: { version: build.version, platform: 'IOS' },
});

export const detailRow = (build: Build): Resource => ({
  type: 'buildBetaDetails',
  id: build.id,
  attributes: {
    autoNotifyEnabled: true,
    internalBuildState: build.internalState,
    externalBuildState: 'READY_FOR_BETA_SUBMISSION',
  },
});

export const uploadRow = (build: Build): Resource => ({
  type: 'buildUploads',
  id: `upload-${build.id}`,
  attributes: {
    cfBundleShortVersionString: build.version,
    cfBundleVersion: build.number,
    platform: 'IOS',
    createdDate: build.uploadedDate,
    uploadedDate: build.uploadedDate,
    state: {
      state: build.processingState === 'PROCESSING' ? 'PROCESSING' : 'COMPLETE',
      errors: [],
      warnings: [],
      infos: [],
    },
  },
  relationships: { build: { data: { type: 'builds', id: build.id } } },
});

export const refusedRow = ({ version, number, uploadedDate }: AppStoreState['refused'][number]): Resource => ({
  type: 'buildUploads',
  id: `refused-${version}-${number}`,
  attributes: {
    cfBundleShortVersionString: version,
    cfBundleVersion: number,
    platform: 'IOS',
    createdDate: uploadedDate,
    uploadedDate,
    state: {
      state: 'FAILED',
      errors: [{ code: '90683', description: 'Missing purpose string in Info.plist: NSMicrophoneUsageDescription' }],
      warnings: [],
      infos: [],
    },
  },
});

export const certificateRow = ({ id, expirationDate }: AppStoreState['signing'][number]): Resource => ({
  type: 'certificates',
  id: `certificate-${id}`,
  attributes: { name: 'Apple Distribution: Stand-in', certificateType: 'DISTRIBUTION', expirationDate },
});

export const profileRow = (
  { id, bundleId, expirationDate }: AppStoreState['signing'][number],
  state: AppStoreState,
): Resource => ({
  type: 'profiles',
  id: `profile-${id}`,
  attributes: { name: `${bundleId} App Store`, profileType: 'IOS_APP_STORE', profileState: 'ACTIVE', expirationDate },
  relationships: {
    bundleId: {
      data: { type: 'bundleIds', id: state.bundleIds.find(({ identifier }) => identifier === bundleId)?.id ?? '' },
    },
  },
});

export const groupRow = ({ id, app, testers: _testers, builds: _builds, ...attributes }: Group): Resource => ({
  type: 'betaGroups',
  id,
  attributes: { ...attributes, publicLinkEnabled: false, feedbackEnabled: true },
  relationships: { app: { data: { type: 'apps', id: app } } },
});

export const testerRow = ({ id, ...attributes }: Tester): Resource => ({
  type: 'betaTesters',
  id,
  attributes: { ...attributes, inviteType: 'EMAIL' },
});

export const userRow = (email: string): Resource => ({
  type: 'users',
  id: `user-${email.toLowerCase()}`,
  attributes: {
    username: email,
    firstName: email.split('@')[0] ?? '',
    lastName: '',
    roles: ['DEVELOPER'],
    allAppsVisible: true,
    provisioningAllowed: false,
  },
});
