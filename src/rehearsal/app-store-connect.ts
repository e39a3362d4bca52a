// The stand-in for App Store Connect: tokens checked, lists read, and the writes that the appstore kinds use, with Apple's traps (`facts/app-store-connect.md` §1, §21).
import { z } from 'zod';
import type { AppStoreFault } from './app-store-faults.ts';
import type { AppStoreKey } from './app-store-key.ts';
import { lists, relatedLists } from './app-store-lists.ts';
import { buildRow, bundleIdRow, groupRow, testerRow } from './app-store-rows.ts';
import {
  type AppStoreState,
  answerCompliance,
  haveGroup,
  haveTester,
  isStranger,
  newId,
  settleBuilds,
} from './app-store-state.ts';
import type { WebAnswer, WebRequest } from './expectations.ts';
import { document, nothing, pageOf, problem, queryOf } from './json-api.ts';
import type { StandInFile } from './stand-in-file.ts';

export const appStoreHost = 'api.appstoreconnect.apple.com';

export interface AppStoreOptions {
  readonly state: StandInFile<AppStoreState>;
  readonly key: AppStoreKey;
  now(): Date;
  /** Something was made: for the list of calls. */
  changed(what: string): void;
  /** This goes wrong now, and is marked as played. */
  due(fault: AppStoreFault): boolean;
}

export function createAppStoreConnect(options: AppStoreOptions): (request: WebRequest) => WebAnswer {
  return (request) => {
    const refused = options.key.refusal(request.headers.authorization, options.now());
    if (refused)
      return problem(401, 'NOT_AUTHORIZED', `Provide a properly configured and signed bearer token: ${refused}`);
    const url = new URL(`https://${appStoreHost}${request.path}`);
    return options.state.change((state) => {
      settleBuilds(state, options.now());
      if (request.method !== 'GET' && options.due('agreement-missing')) state.agreementMissing = true;
      if (state.agreementMissing) return problem(403, ...agreement);
      if (request.method === 'GET') return read(state, url, options);
      if (request.method === 'POST') return write(state, url.pathname, request.body, options);
      if (request.method === 'PATCH') return patchBuild(state, url.pathname, request.body, options);
      if (request.method === 'DELETE') return remove(state, url.pathname, request.body, options);
      return problem(405, 'METHOD_NOT_ALLOWED', `the stand-in for App Store Connect has no ${request.method}`);
    });
  };
}

const agreement = [
  'FORBIDDEN.REQUIRED_AGREEMENTS_MISSING_OR_EXPIRED',
  'A required agreement is missing or has expired.',
] as const;

function read(state: AppStoreState, url: URL, { due }: AppStoreOptions): WebAnswer {
  const query = queryOf(url.searchParams);
  const [asked] = url.pathname === '/v1/users' ? (query.filter('username') ?? []) : [];
  if (asked !== undefined && due('tester-missing')) state.strangers.push(asked);
  const [, resource = '', id, related] =
    /^\/v1\/([A-Za-z]+)(?:\/([^/]+))?(?:\/([A-Za-z/]+))?$/.exec(url.pathname) ?? [];
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

const notFound = (path: string): WebAnswer =>
  problem(404, 'NOT_FOUND', `There is no resource ${path} in the stand-in for App Store Connect`);

const Reference = z.object({ id: z.string() });
const Many = z.object({ data: z.array(Reference) });
const One = z.object({ data: Reference });
const bodies = {
  bundleIds: z.object({ identifier: z.string(), name: z.string(), platform: z.string() }),
  betaGroups: z.object({
    name: z.string(),
    isInternalGroup: z.boolean().default(false),
    hasAccessToAllBuilds: z.boolean().default(false),
  }),
  betaTesters: z.object({ email: z.string(), firstName: z.string().optional(), lastName: z.string().optional() }),
};
const Body = <A extends z.ZodType>(attributes: A) =>
  z.object({ data: z.object({ attributes, relationships: z.record(z.string(), z.unknown()).default({}) }) });

type Writer = (state: AppStoreState, body: unknown, options: AppStoreOptions) => WebAnswer;

function write(state: AppStoreState, path: string, body: string, options: AppStoreOptions): WebAnswer {
  const [, group, relation] = /^\/v1\/betaGroups\/([^/]+)\/relationships\/(betaTesters|builds)$/.exec(path) ?? [];
  if (group !== undefined && relation !== undefined) return relate(state, group, relation, parsed(body), options);
  const writer = writers[path.replace('/v1/', '')];
  if (path === '/v1/apps')
    return problem(
      405,
      'METHOD_NOT_ALLOWED',
      "The resource 'apps' does not allow 'CREATE'. Allowed operations are: GET_COLLECTION, GET_INSTANCE, UPDATE",
    );
  return writer ? writer(state, parsed(body), options) : notFound(path);
}

const writers: Readonly<Record<string, Writer>> = {
  bundleIds: (state, body, { changed }) => {
    const wanted = Body(bodies.bundleIds).safeParse(body);
    if (!wanted.success) return unfit(wanted.error);
    const { identifier } = wanted.data.data.attributes;
    if (state.bundleIds.some((one) => one.identifier === identifier))
      return problem(
        409,
        'ENTITY_ERROR.ATTRIBUTE.INVALID.DUPLICATE',
        `An App ID with Identifier '${identifier}' is not available.`,
        '/data/attributes/identifier',
      );
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
    if (!state.apps.some(({ id }) => id === app))
      return problem(
        409,
        'ENTITY_ERROR.RELATIONSHIP.INVALID',
        'There is no app with this id',
        '/data/relationships/app',
      );
    const group = haveGroup(
      state,
      {
        app: app ?? '',
        name: attributes.name,
        internal: attributes.isInternalGroup,
        allBuilds: attributes.hasAccessToAllBuilds,
      },
      now(),
    );
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
    if (internal && isStranger(state, attributes.email))
      return problem(
        409,
        'STATE_ERROR.TESTER_INVITE.NOT_TEAM_USER',
        `Tester(s) cannot be assigned: ${attributes.email} is not a user of this team`,
      );
    const [made] = groups.map((group) => haveTester(state, group, attributes));
    if (!made)
      return problem(
        409,
        'ENTITY_ERROR.RELATIONSHIP.REQUIRED',
        'A tester needs a group or a build',
        '/data/relationships/betaGroups',
      );
    changed(`tester ${attributes.email} added`);
    return document(201, { data: testerRow(made) });
  },
};

function relate(
  state: AppStoreState,
  id: string,
  relation: string,
  body: unknown,
  { changed }: AppStoreOptions,
): WebAnswer {
  const group = state.groups.find((one) => one.id === id);
  const wanted = Many.safeParse(body);
  if (!group) return notFound(`/v1/betaGroups/${id}`);
  if (!wanted.success) return unfit(wanted.error);
  if (relation === 'builds' && group.isInternalGroup && group.hasAccessToAllBuilds)
    return problem(
      422,
      'ENTITY_UNPROCESSABLE',
      'Builds cannot be assigned to this internal group: it has access to all builds',
    );
  const members = relation === 'builds' ? group.builds : group.testers;
  for (const one of wanted.data.data) if (!members.includes(one.id)) members.push(one.id);
  changed(`${wanted.data.data.length} ${relation} put into tester group ${group.name}`);
  return nothing(204);
}

const Answered = z.object({ data: z.object({ attributes: z.object({ usesNonExemptEncryption: z.boolean() }) }) });

/** Only the export question of a build can be changed here, and only once it is processed. */
function patchBuild(state: AppStoreState, path: string, body: string, { changed }: AppStoreOptions): WebAnswer {
  const build = state.builds.find(({ id }) => path === `/v1/builds/${id}`);
  if (!build) return notFound(path);
  const wanted = Answered.safeParse(parsed(body));
  if (!wanted.success) return unfit(wanted.error);
  if (build.processingState !== 'VALID') return problem(409, 'STATE_ERROR', 'The build is not processed yet');
  answerCompliance(build, wanted.data.data.attributes.usesNonExemptEncryption);
  changed(`export compliance of build ${build.number} answered`);
  return document(200, { data: buildRow(build, state) });
}

function remove(state: AppStoreState, path: string, body: string, { changed }: AppStoreOptions): WebAnswer {
  const [, resource = '', id = '', relation] =
    /^\/v1\/(bundleIds|betaGroups)\/([^/]+)(?:\/relationships\/(betaTesters|builds))?$/.exec(path) ?? [];
  const kept = resource === 'bundleIds' ? state.bundleIds : state.groups;
  const found = kept.findIndex((one) => one.id === id);
  if (found === -1) return notFound(path);
  changed(`DELETE ${path}`);
  if (relation === undefined) kept.splice(found, 1);
  const group = state.groups.find((one) => one.id === id);
  const gone = Many.safeParse(parsed(body)).data?.data.map((one) => one.id) ?? [];
  if (group && relation === 'builds') group.builds = group.builds.filter((one) => !gone.includes(one));
  if (group && relation === 'betaTesters') group.testers = group.testers.filter((one) => !gone.includes(one));
  return nothing(204);
}

const unfit = (error: z.ZodError): WebAnswer =>
  problem(
    409,
    'ENTITY_ERROR.ATTRIBUTE.REQUIRED',
    error.issues[0]?.message ?? 'The body is not right',
    `/${error.issues[0]?.path.join('/') ?? ''}`,
  );

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // No JSON: refused by the schema that reads it.
    return undefined;
  }
}
