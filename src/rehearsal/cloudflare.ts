// The stand-in for Cloudflare's API: tokens, zones and records in its envelope, with its codes (`facts/dns-and-tls.md` §5). What is made here, DNS shows.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { WebAnswer, WebRequest } from './expectations.ts';
import type { StandInFile } from './stand-in-file.ts';
import { canonical, type DnsState, nameServers, type ZoneRecord, zoneOf } from './zones.ts';

export const cloudflareHost = 'api.cloudflare.com';

export interface CloudflareOptions {
  /** Zones are what people type by hand, too: both write into one DNS. */
  readonly dns: StandInFile<DnsState>;
  readonly token: string;
  now(): Date;
  /** Something was made: for the list of calls. */
  changed(what: string): void;
  /** Is this fault due at the step that is at work? */
  due(fault: string): boolean;
}

export function createCloudflare(options: CloudflareOptions): (request: WebRequest) => WebAnswer {
  return (request) => {
    const url = new URL(`https://${cloudflareHost}${request.path}`);
    const path = url.pathname.replace(/^\/client\/v4/, '');
    if (request.headers.authorization !== `Bearer ${options.token}`)
      return problem(401, 10_000, 'Authentication error');
    if (path === '/zones') return zones(url, options);
    const [, zone, id] = /^\/zones\/([^/]+)\/dns_records(?:\/([^/]+))?$/.exec(path) ?? [];
    const name = zone === undefined ? undefined : zoneNamed(zone);
    if (name === undefined)
      return problem(404, 7003, `Could not route to ${path}, perhaps your object identifier is invalid?`);
    if (request.method === 'GET') return list(options.dns.read(), name, url);
    if (options.due('cloudflare-refused')) return problem(403, 10_000, 'Authentication error');
    if (options.due('cloudflare-rate-limit')) return tooMany;
    if (options.due('cloudflare-down')) return down;
    const answer = options.dns.change((state) => write(state, { request, zone: name, id }, options));
    return answer.status === 200 && options.due('cloudflare-reply-lost') ? proxyPage : answer;
  };
}

/** An id that says which zone it is: nothing has to be kept for it. */
const idOf = (name: string): string => Buffer.from(name).toString('hex');
const zoneNamed = (id: string): string | undefined =>
  /^([0-9a-f]{2})+$/.test(id) ? Buffer.from(id, 'hex').toString() : undefined;

function zones({ searchParams }: URL, { due }: CloudflareOptions): WebAnswer {
  const name = canonical(searchParams.get('name') ?? '');
  // Without the right a zone is not refused: it is not there.
  const isSeen = name !== '' && zoneOf(name) === name && !due('cloudflare-no-right');
  const rows = isSeen ? [zoneRow(name)] : [];
  return envelope(rows, { page: 1, per_page: 20, count: rows.length, total_count: rows.length, total_pages: 1 });
}

const zoneRow = (name: string) => ({
  id: idOf(name),
  name,
  status: 'active',
  paused: false,
  type: 'full',
  name_servers: nameServers.map(({ host }) => host),
  permissions: ['#dns_records:edit', '#dns_records:read', '#zone:read'],
  account: { id: 'stand-in', name: 'Stand-in' },
});

function list(state: DnsState, zone: string, { searchParams }: URL): WebAnswer {
  const name = searchParams.get('name.exact');
  const rows = state.records
    .filter((record) => zoneOf(record.name) === zone && (name === null || canonical(record.name) === canonical(name)))
    .map(rowOf);
  const perPage = Number(searchParams.get('per_page') ?? 100);
  const page = Number(searchParams.get('page') ?? 1);
  const pages = Math.max(1, Math.ceil(rows.length / perPage));
  return envelope(rows.slice((page - 1) * perPage, page * perPage), {
    page,
    per_page: perPage,
    count: rows.length,
    total_count: rows.length,
    total_pages: pages,
  });
}

const recordId = ({ id, name, type, value }: ZoneRecord): string =>
  id ??
  createHash('sha256')
    .update(`${canonical(name)} ${type} ${value}`)
    .digest('hex')
    .slice(0, 32);

const rowOf = (record: ZoneRecord) => ({
  id: recordId(record),
  type: record.type,
  name: canonical(record.name),
  content: record.type === 'TXT' ? JSON.stringify(record.value) : record.value,
  ttl: record.ttl === 300 ? 1 : record.ttl,
  proxied: record.proxied ?? false,
  proxiable: ['A', 'AAAA', 'CNAME'].includes(record.type),
  comment: null,
});

const Body = z.object({
  type: z.enum(['A', 'AAAA', 'CNAME', 'TXT']),
  name: z.string(),
  content: z.string().min(1),
  ttl: z.number().default(1),
  proxied: z.boolean().default(false),
});

interface Change {
  readonly request: WebRequest;
  readonly zone: string;
  readonly id: string | undefined;
}

function write(state: DnsState, { request, zone, id }: Change, { now, changed }: CloudflareOptions): WebAnswer {
  const at = state.records.findIndex((record) => recordId(record) === id && zoneOf(record.name) === zone);
  const old = state.records[at];
  if (id !== undefined && old === undefined) return problem(404, 81_044, 'Record does not exist.');
  if (request.method === 'DELETE' && old) {
    state.records.splice(at, 1);
    changed(`${old.name} ${old.type} deleted`);
    return envelope({ id });
  }
  const before = old === undefined || request.method === 'PUT' ? {} : rowOf(old);
  const wanted = Body.safeParse({ ...before, ...parsed(request.body) });
  if (!wanted.success) return problem(400, 1004, 'DNS Validation Error');
  const record: ZoneRecord = {
    id: id ?? createHash('sha256').update(`${request.body} ${state.records.length}`).digest('hex').slice(0, 32),
    name: canonical(wanted.data.name),
    type: wanted.data.type,
    value: wanted.data.content,
    ttl: wanted.data.ttl === 1 ? 300 : wanted.data.ttl,
    proxied: wanted.data.proxied,
    at: now().getTime(),
  };
  const refused = conflict(
    state.records.filter((one) => one !== old),
    record,
  );
  if (refused) return refused;
  if (old) state.records.splice(at, 1, record);
  else state.records.push(record);
  changed(`${record.name} ${record.type} ${record.value}${record.proxied ? ', proxied' : ''}`);
  return envelope(rowOf(record));
}

function conflict(others: readonly ZoneRecord[], record: ZoneRecord): WebAnswer | undefined {
  const here = others.filter((one) => canonical(one.name) === record.name);
  if (here.some((one) => one.type === record.type && one.value === record.value))
    return problem(400, 81_058, 'An identical record already exists.');
  if (record.type !== 'CNAME' && here.some(({ type }) => type === 'CNAME'))
    return problem(400, 81_054, 'A CNAME record with that host already exists.');
  if (record.type === 'CNAME' && here.some(({ type }) => ['A', 'AAAA', 'CNAME'].includes(type)))
    return problem(400, 81_053, 'An A, AAAA, or CNAME record with that host already exists.');
  return undefined;
}

function parsed(body: string): object {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // No JSON: refused by the schema that reads it.
    return {};
  }
}

const json = (status: number, body: unknown): WebAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ratelimit: '"default";r=1190;t=300' },
  body: JSON.stringify(body),
});
const envelope = (result: unknown, info?: object): WebAnswer =>
  json(200, { success: true, errors: [], messages: [], result, ...(info && { result_info: info }) });
const problem = (status: number, code: number, message: string): WebAnswer =>
  json(status, { success: false, errors: [{ code, message }], messages: [], result: null });

const limited = problem(429, 10_429, 'Rate limited. Please wait and consider throttling your request speed');
const tooMany: WebAnswer = { ...limited, headers: { ...limited.headers, 'retry-after': '60' } };
const down: WebAnswer = {
  status: 503,
  headers: { 'content-type': 'text/html' },
  body: '<html><h1>503 Service Temporarily Unavailable</h1></html>',
};

/** What is there in front of it loses the answer after the work was done. */
const proxyPage: WebAnswer = {
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<html><h1>502 Bad Gateway</h1></html>',
};
