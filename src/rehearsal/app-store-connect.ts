// The stand-in for App Store Connect: the lists and writes that the appstore kinds use, with Apple's traps (`facts/app-store-connect.md` §1, §21).
import { z } from 'zod';
import type { AppStoreKey } from './app-store-key.ts';
import { type AppStoreState, haveGroup, haveTester, newId, settleBuilds } from './app-store-state.ts';
import { appRow, buildRow, bundleIdRow, detailRow, groupRow, testerRow, uploadRow, userRow, versionRow } from './app-store-rows.ts';
import type { WebAnswer, WebRequest } from './expectations.ts';
import { document, nothing, pageOf, problem, type Query, queryOf, type Rows } from './json-api.ts';
import type { StandInFile } from './stand-in-file.ts';

export const appStoreHost = 'api.appstoreconnect.apple.com';

export interface AppStoreOptions {
  readonly state: StandInFile<AppStoreState>;
  readonly key: AppStoreKey;
  now(): Date;
  /** Something was made: for the list of calls. */
  changed(what: string): void;
}

export function createAppStoreConnect(options: AppStoreOptions): (request: WebRequest) => WebAnswer {
  return (request) => {
    const refused = options.key.refusal(request.headers.authorization, options.now());
    if (refused) return problem(401, 'NOT_AUTHORIZED', `Provide a properly configured and signed bearer token: ${refused}`);
    const url = new URL(`https://${appStoreHost}${request.path}`);
    return options.state.change((state) => {
      settleBuilds(state, options.now());
      if (request.method === 'GET') return read(state, url);
      if (request.method === 'POST') return write(state, url.pathname, request.body, options);
      return problem(405, 'METHOD_NOT_ALLOWED', `the stand-in for App Store Connect has no ${request.method}`);
    });
  };
}

function read(state: AppStoreState, url: URL): WebAnswer {
  const query = queryOf(url.searchParams);
  const [, resource = '', id, related] = /^\/v1\/([A-Za-z]+)(?:\/([^/]+))?(?:\/([A-Za-z/]+))?$/.exec(url.pathname) ?? [];
  if (id !== undefined && related !== undefined) {
    const rows = relatedLists[`${resource}/${related}`]?.(state, id);
    return rows ? pageOf(rows, url) : notFound(url.pathname);
  }
  const list = lists[resource];
  if (!list) return notFound(url.pathname);
  const found = list(state, query);
  if (id === undefined) return pageOf(found, url);
  const one = list(state, queryOf(new URLSearchParams())).rows.find((row) => row.id === id);
  return one ? document(200, { data: one, links: { self: url.href } }) : notFound(url.pathname);
}

const notFound = (path: string): WebAnswer => problem(404, 'NOT_FOUND', `There is no resource ${path} in the stand-in for App Store Connect`);

/** Apple's filters on identifiers are not exact: a longer name with the same beginning comes too. */
const begins = (text: string, wanted: readonly string[] | undefined): boolean =>
  wanted === undefined || wanted.some((one) => text.startsWith(one));
const equals = (text: string, wanted: readonly string[] | undefined): boolean =>
  wanted === undefined || wanted.some((one) => one.toLowerCase() === text.toLowerCase());

const lists: Readonly<Record<string, (state: AppStoreState, query: Query) => Rows>> = {
  apps: (state, query) => ({
    rows: state.apps
      .filter((app) => begins(app.bundleId, query.filter('bundleId')) && equals(app.id, query.filter('id')))
      .filter((app) => begins(app.name, query.filter('name')) && equals(app.sku, query.filter('sku')))
      .map(appRow),
  }),
  bundleIds: (state, query) => {
    const found = state.bundleIds.filter((one) => begins(one.identifier, query.filter('identifier')));
    const apps = state.apps.filter((app) => found.some(({ identifier }) => identifier === app.bundleId));
    return { rows: found.map((one) => bundleIdRow(one, state)), ...(query.include.includes('app') && { included: apps.map(appRow) }) };
  },
  builds: (state, query) => {
    const found = state.builds
      .filter((build) => equals(build.app, query.filter('app')) && equals(build.number, query.filter('version')))
      .filter((build) => equals(build.version, query.filter('preReleaseVersion.version')) && equals(build.id, query.filter('id')))
      .filter((build) => equals(build.processingState, query.filter('processingState')))
      .filter((build) => inGroups(state, build.id, query.filter('betaGroups')))
      .sort((a, b) => b.uploadedDate.localeCompare(a.uploadedDate) || Number(b.id) - Number(a.id));
    const included = [
      ...(query.include.includes('preReleaseVersion') ? found.map(versionRow) : []),
      ...(query.include.includes('buildBetaDetail') ? found.map(detailRow) : []),
      ...(query.include.includes('betaGroups') ? state.groups.filter((group) => found.some(({ id }) => group.builds.includes(id))).map(groupRow) : []),
      ...(query.include.includes('app') ? state.apps.filter((app) => found.some((build) => build.app === app.id)).map(appRow) : []),
    ];
    return { rows: found.map((build) => buildRow(build, state)), included };
  },
  buildBetaDetails: (state, query) => ({ rows: state.builds.filter(({ id }) => equals(id, query.filter('build'))).map(detailRow) }),
  preReleaseVersions: (state, query) => ({
    rows: state.builds.filter((build) => equals(build.app, query.filter('app')) && equals(build.version, query.filter('version'))).map(versionRow),
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
  users: (state, query) => ({
    rows: teamOf(state, query.filter('username') ?? []).map(userRow),
  }),
  userInvitations: () => ({ rows: [] }),
};

const relatedLists: Readonly<Record<string, (state: AppStoreState, id: string) => Rows | undefined>> = {
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
  'apps/buildUploads': (state, id) => ({ rows: state.builds.filter(({ app }) => app === id).map(uploadRow) }),
  'apps/betaGroups': (state, id) => ({ rows: state.groups.filter(({ app }) => app === id).map(groupRow) }),
  'apps/builds': (state, id) => ({ rows: state.builds.filter(({ app }) => app === id).map((build) => buildRow(build, state)) }),
  'builds/buildBetaDetail': (state, id) => ({ rows: state.builds.filter((build) => build.id === id).map(detailRow) }),
};

/** A group that gets all builds by itself has no relation to a build: what Apple lists there nobody knows (§8.6). */
const inGroups = (state: AppStoreState, build: string, groups: readonly string[] | undefined): boolean =>
  groups === undefined || state.groups.some((group) => groups.includes(group.id) && group.builds.includes(build));

function membership(state: AppStoreState, tester: string, query: Query): boolean {
  const groups = query.filter('betaGroups');
  const apps = query.filter('apps');
  return state.groups.some(
    (group) => group.testers.includes(tester) && (groups?.includes(group.id) ?? true) && (apps?.includes(group.app) ?? true),
  );
}

/** Everybody whom somebody asks for is a user of the team, but for the strangers. */
const teamOf = (state: AppStoreState, asked: readonly string[]): readonly string[] =>
  asked.filter((email) => !state.strangers.some((stranger) => stranger.toLowerCase() === email.toLowerCase()));

const Reference = z.object({ id: z.string() });
const Many = z.object({ data: z.array(Reference) });
const One = z.object({ data: Reference });
const bodies = {
  bundleIds: z.object({ identifier: z.string(), name: z.string(), platform: z.string() }),
  betaGroups: z.object({ name: z.string(), isInternalGroup: z.boolean().default(false), hasAccessToAllBuilds: z.boolean().default(false) }),
  betaTesters: z.object({ email: z.string(), firstName: z.string().optional(), lastName: z.string().optional() }),
};
const Body = <A extends z.ZodType>(attributes: A) =>
  z.object({ data: z.object({ attributes, relationships: z.record(z.string(), z.unknown()).default({}) }) });

type Writer = (state: AppStoreState, body: unknown, options: AppStoreOptions) => WebAnswer;

function write(state: AppStoreState, path: string, body: string, options: AppStoreOptions): WebAnswer {
  const [, group, relation] = /^\/v1\/betaGroups\/([^/]+)\/relationships\/(betaTesters|builds)$/.exec(path) ?? [];
  if (group !== undefined && relation !== undefined) return relate(state, group, relation, parsed(body), options);
  const writer = writers[path.replace('/v1/', '')];
  if (path === '/v1/apps') return problem(405, 'METHOD_NOT_ALLOWED', "The resource 'apps' does not allow 'CREATE'. Allowed operations are: GET_COLLECTION, GET_INSTANCE, UPDATE");
  return writer ? writer(state, parsed(body), options) : notFound(path);
}

const writers: Readonly<Record<string, Writer>> = {
  bundleIds: (state, body, { changed }) => {
    const wanted = Body(bodies.bundleIds).safeParse(body);
    if (!wanted.success) return unfit(wanted.error);
    const { identifier } = wanted.data.data.attributes;
    if (state.bundleIds.some((one) => one.identifier === identifier))
      return problem(409, 'ENTITY_ERROR.ATTRIBUTE.INVALID.DUPLICATE', `An App ID with Identifier '${identifier}' is not available.`, '/data/attributes/identifier');
    const made = { id: newId(state), ...wanted.data.data.attributes, seedId: 'STANDIN000' };
    state.bundleIds.push(made);
    changed(`bundle id ${identifier} created`);
    return document(201, { data: bundleIdRow(made, state) });
  },
  betaGroups: (state, body, { changed, now }) => {
    const wanted = Body(bodies.betaGroups).safeParse(body);
    if (!wanted.success) return unfit(wanted.error);
    const { attributes, relationships } = wanted.data.data;
    const app = One.safeParse(relationships.app).data?.data.id;
    if (!state.apps.some(({ id }) => id === app)) return problem(409, 'ENTITY_ERROR.RELATIONSHIP.INVALID', 'There is no app with this id', '/data/relationships/app');
    const group = haveGroup(state, { app: app ?? '', name: attributes.name, internal: attributes.isInternalGroup, allBuilds: attributes.hasAccessToAllBuilds }, now());
    changed(`tester group ${attributes.name} created`);
    return document(201, { data: groupRow(group) });
  },
  betaTesters: (state, body, { changed }) => {
    const wanted = Body(bodies.betaTesters).safeParse(body);
    if (!wanted.success) return unfit(wanted.error);
    const { attributes, relationships } = wanted.data.data;
    const ids = Many.safeParse(relationships.betaGroups).data?.data.map(({ id }) => id) ?? [];
    const groups = state.groups.filter(({ id }) => ids.includes(id));
    const internal = groups.some(({ isInternalGroup }) => isInternalGroup);
    if (internal && teamOf(state, [attributes.email]).length === 0)
      return problem(409, 'STATE_ERROR.TESTER_INVITE.NOT_TEAM_USER', `Tester(s) cannot be assigned: ${attributes.email} is not a user of this team`);
    const [made] = groups.map((group) => haveTester(state, group, attributes));
    if (!made) return problem(409, 'ENTITY_ERROR.RELATIONSHIP.REQUIRED', 'A tester needs a group or a build', '/data/relationships/betaGroups');
    changed(`tester ${attributes.email} added`);
    return document(201, { data: testerRow(made) });
  },
};

function relate(state: AppStoreState, id: string, relation: string, body: unknown, { changed }: AppStoreOptions): WebAnswer {
  const group = state.groups.find((one) => one.id === id);
  const wanted = Many.safeParse(body);
  if (!group) return notFound(`/v1/betaGroups/${id}`);
  if (!wanted.success) return unfit(wanted.error);
  if (relation === 'builds' && group.isInternalGroup && group.hasAccessToAllBuilds)
    return problem(422, 'ENTITY_UNPROCESSABLE', 'Builds cannot be assigned to this internal group: it has access to all builds');
  const members = relation === 'builds' ? group.builds : group.testers;
  for (const one of wanted.data.data) if (!members.includes(one.id)) members.push(one.id);
  changed(`${wanted.data.data.length} ${relation} put into tester group ${group.name}`);
  return nothing(204);
}

const unfit = (error: z.ZodError): WebAnswer =>
  problem(409, 'ENTITY_ERROR.ATTRIBUTE.REQUIRED', error.issues[0]?.message ?? 'The body is not right', `/${error.issues[0]?.path.join('/') ?? ''}`);

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // No JSON: refused by the schema that reads it.
    return undefined;
  }
}
