// The lists of the stand-in for App Store Connect: Apple's filters, includes and relations, over the state in its file.
import {
  appRow,
  buildRow,
  bundleIdRow,
  certificateRow,
  detailRow,
  groupRow,
  profileRow,
  refusedRow,
  testerRow,
  uploadRow,
  userRow,
  versionRow,
} from './app-store-rows.ts';
import { type AppStoreState, isStranger } from './app-store-state.ts';
import type { Query, Rows } from './json-api.ts';

/** Apple's filters on identifiers are not exact: a longer name with the same beginning comes too. */
const begins = (text: string, wanted: readonly string[] | undefined): boolean =>
  wanted === undefined || wanted.some((one) => text.startsWith(one));
const equals = (text: string, wanted: readonly string[] | undefined): boolean =>
  wanted === undefined || wanted.some((one) => one.toLowerCase() === text.toLowerCase());

export const lists: Readonly<Record<string, (state: AppStoreState, query: Query) => Rows>> = {
  apps: (state, query) => ({
    rows: state.apps
      .filter((app) => begins(app.bundleId, query.filter('bundleId')) && equals(app.id, query.filter('id')))
      .filter((app) => begins(app.name, query.filter('name')) && equals(app.sku, query.filter('sku')))
      .map(appRow),
  }),
  bundleIds: (state, query) => {
    const found = state.bundleIds.filter((one) => begins(one.identifier, query.filter('identifier')));
    const apps = state.apps.filter((app) => found.some(({ identifier }) => identifier === app.bundleId));
    return {
      rows: found.map((one) => bundleIdRow(one, state)),
      ...(query.include.includes('app') && { included: apps.map(appRow) }),
    };
  },
  builds: (state, query) => {
    const found = state.builds
      .filter((build) => equals(build.app, query.filter('app')) && equals(build.number, query.filter('version')))
      .filter(
        (build) =>
          equals(build.version, query.filter('preReleaseVersion.version')) && equals(build.id, query.filter('id')),
      )
      .filter((build) => equals(build.processingState, query.filter('processingState')))
      .filter((build) => inGroups(state, build.id, query.filter('betaGroups')))
      .sort((a, b) => b.uploadedDate.localeCompare(a.uploadedDate) || Number(b.id) - Number(a.id));
    const included = [
      ...(query.include.includes('preReleaseVersion') ? found.map(versionRow) : []),
      ...(query.include.includes('buildBetaDetail') ? found.map(detailRow) : []),
      ...(query.include.includes('betaGroups')
        ? state.groups.filter((group) => found.some(({ id }) => group.builds.includes(id))).map(groupRow)
        : []),
      ...(query.include.includes('app')
        ? state.apps.filter((app) => found.some((build) => build.app === app.id)).map(appRow)
        : []),
    ];
    return { rows: found.map((build) => buildRow(build, state)), included };
  },
  buildBetaDetails: (state, query) => ({
    rows: state.builds.filter(({ id }) => equals(id, query.filter('build'))).map(detailRow),
  }),
  preReleaseVersions: (state, query) => ({
    rows: state.builds
      .filter((build) => equals(build.app, query.filter('app')) && equals(build.version, query.filter('version')))
      .map(versionRow),
  }),
  betaGroups: (state, query) => ({
    rows: state.groups
      .filter((group) => equals(group.app, query.filter('app')) && begins(group.name, query.filter('name')))
      .filter((group) => equals(String(group.isInternalGroup), query.filter('isInternalGroup')))
      .map(groupRow),
  }),
  betaTesters: (state, query) => ({
    rows: state.testers
      .filter((tester) => equals(tester.email, query.filter('email')))
      .filter((tester) => membership(state, tester.id, query))
      .map(testerRow),
  }),
  users: (state, query) => {
    const everybody = query.filter('username') ?? state.testers.map(({ email }) => email);
    return { rows: [...new Set(everybody)].filter((email) => !isStranger(state, email)).map(userRow) };
  },
  certificates: (state) => ({ rows: state.signing.map(certificateRow) }),
  profiles: (state) => ({
    rows: state.signing.map((one) => profileRow(one, state)),
    included: state.bundleIds.map((one) => bundleIdRow(one, state)),
  }),
  userInvitations: () => ({ rows: [] }),
};

export const relatedLists: Readonly<Record<string, (state: AppStoreState, id: string) => Rows | undefined>> = {
  'betaGroups/betaTesters': (state, id) => {
    const group = state.groups.find((one) => one.id === id);
    return group && { rows: state.testers.filter((tester) => group.testers.includes(tester.id)).map(testerRow) };
  },
  'betaGroups/relationships/builds': (state, id) => {
    const group = state.groups.find((one) => one.id === id);
    return group && { rows: group.builds.map((build) => ({ type: 'builds', id: build })) };
  },
  'betaGroups/relationships/betaTesters': (state, id) => {
    const group = state.groups.find((one) => one.id === id);
    return group && { rows: group.testers.map((tester) => ({ type: 'betaTesters', id: tester })) };
  },
  'apps/buildUploads': (state, id) => ({
    rows: [
      ...state.refused.filter(({ app }) => app === id).map(refusedRow),
      ...state.builds.filter(({ app }) => app === id).map(uploadRow),
    ],
  }),
  'apps/betaGroups': (state, id) => ({ rows: state.groups.filter(({ app }) => app === id).map(groupRow) }),
  'apps/builds': (state, id) => ({
    rows: state.builds.filter(({ app }) => app === id).map((build) => buildRow(build, state)),
  }),
  'builds/buildBetaDetail': (state, id) => ({ rows: state.builds.filter((build) => build.id === id).map(detailRow) }),
};

/** A group that gets all builds by itself has no relation to a build: what Apple lists there nobody knows (§8.6). */
const inGroups = (state: AppStoreState, build: string, groups: readonly string[] | undefined): boolean =>
  groups === undefined || state.groups.some((group) => groups.includes(group.id) && group.builds.includes(build));

function membership(state: AppStoreState, tester: string, query: Query): boolean {
  const groups = query.filter('betaGroups');
  const apps = query.filter('apps');
  return state.groups.some(
    (group) =>
      group.testers.includes(tester) && (groups?.includes(group.id) ?? true) && (apps?.includes(group.app) ?? true),
  );
}
