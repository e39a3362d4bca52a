// An answer of the stand-in web that satisfies an http check: status, headers, and a body with everything it looks for.
import type { z } from 'zod';
import { addExpectation, type Expectation, hashOf, renewExpectation } from './expectations.ts';
import * as want from './pretend-wants.ts';
import type { StandIns } from './stand-ins.ts';

type Wanted = z.output<typeof want.Http> & {
  /** Answered once with this status before the real answer. */
  readonly worksFirst?: number;
};
type Json = z.output<typeof want.JsonValue>;

export function pretendHttp(wanted: Wanted, { http }: Pick<StandIns, 'http'>): string {
  const expectation = expectationOf(wanted);
  http.change((state) => addExpectation(state, expectation));
  return `${wanted.method} ${wanted.url} answers ${expectation.status}`;
}

/** A stream of one event, ended by the server. */
export function pretendEvents(wanted: z.output<typeof want.Events>, { http }: Pick<StandIns, 'http'>): string {
  const data = bodyWith({ ...wanted, save: {} }).trimEnd();
  const lines = [
    ...(wanted.event === undefined ? [] : [`event: ${wanted.event}`]),
    ...data.split('\n').map((line) => `data: ${line}`),
  ];
  const headers = { 'content-type': 'text/event-stream' };
  http.change((state) => addExpectation(state, { ...expectationOf(wanted), headers, body: `${lines.join('\n')}\n\n` }));
  return `${wanted.url} sends ${wanted.event ?? 'an event'}`;
}

/** The answer to the preflight. */
export function pretendCors(wanted: z.output<typeof want.Cors>, { http }: Pick<StandIns, 'http'>): string {
  const { url, origin, method, headers, credentials, allowed } = wanted;
  const answers = {
    'access-control-allow-origin': allowed ? origin : new URL(url).origin,
    'access-control-allow-methods': method,
    ...(headers.length > 0 && { 'access-control-allow-headers': headers.join(', ') }),
    ...(credentials && { 'access-control-allow-credentials': 'true' }),
  };
  const preflight = want.Http.parse({ url, method: 'OPTIONS', status: 204, headers: { origin } });
  http.change((state) => addExpectation(state, { ...expectationOf(preflight), headers: answers, body: '' }));
  return `${url} ${allowed ? 'lets' : 'does not let'} ${origin} in`;
}

/** So many answers, then refusals; counted anew each time it is looked at, as the window of a real limit passes. */
export function pretendRateLimit(wanted: z.output<typeof want.RateLimit>, { http }: Pick<StandIns, 'http'>): string {
  const expectation = { ...expectationOf(wanted), pending: { status: 202, left: wanted.allowed } };
  http.change((state) => renewExpectation(state, expectation));
  return `${wanted.method} ${wanted.url} passes ${wanted.allowed} times`;
}

function expectationOf(wanted: Wanted): Expectation {
  const url = new URL(wanted.url);
  const to = wanted['redirects-to'];
  const body = bodyWith(wanted);
  const sent = wanted['json-body'] === undefined ? wanted.body : JSON.stringify(wanted['json-body']);
  return {
    scheme: url.protocol === 'http:' ? 'http' : 'https',
    host: url.hostname.toLowerCase(),
    method: wanted.method,
    path: `${url.pathname}${url.search}`,
    carries: Object.fromEntries(
      Object.entries(wanted.headers).map(([name, value]) => [name.toLowerCase(), hashOf(value)]),
    ),
    ...(sent !== undefined && { bodyHash: hashOf(sent) }),
    status: [wanted.status ?? []].flat()[0] ?? (to === undefined ? 200 : 301),
    headers: {
      'content-type': looksLikeJson(body) ? 'application/json' : 'text/plain; charset=utf-8',
      ...lowerCase(wanted['expect-headers']),
      ...(to !== undefined && { location: to }),
    },
    body,
    ...(wanted.worksFirst !== undefined && { pending: { status: wanted.worksFirst, left: 1 } }),
  };
}

const lowerCase = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

function bodyWith({ json, contains, save, url }: Wanted): string {
  const texts = contains === undefined ? [] : [contains].flat();
  const names = Object.entries(save);
  if (json === undefined && names.length === 0)
    return texts.length > 0 ? `${texts.join('\n')}\n` : `stand-in for ${url}\n`;
  const tree = names.reduce<Json>((made, [name, path]) => put(made, path.split('.'), `stand-in-${name}`), json ?? {});
  const plain = JSON.stringify(tree);
  const missing = texts.filter((text) => !plain.includes(text));
  if (missing.length === 0) return plain;
  const spaced = JSON.stringify(tree, undefined, 2).replaceAll('\n', ' ');
  if (missing.every((text) => spaced.includes(text))) return spaced;
  // What is looked for beside the JSON goes into a key of its own, where the answer is an object.
  return isObject(tree) ? JSON.stringify({ ...tree, also: missing.join(' ') }) : plain;
}

/** A value at `a.b.0.c`, with objects and lists made on the way; what is there already stays. */
function put(tree: Json, [key, ...rest]: readonly string[], value: string): Json {
  if (key === undefined) return tree === null || (isObject(tree) && Object.keys(tree).length === 0) ? value : tree;
  if (/^\d+$/.test(key) && (Array.isArray(tree) || (isObject(tree) && Object.keys(tree).length === 0))) {
    const list: Json[] = Array.isArray(tree) ? [...tree] : [];
    while (list.length <= Number(key)) list.push({});
    list[Number(key)] = put(list[Number(key)] ?? {}, rest, value);
    return list;
  }
  return isObject(tree) ? { ...tree, [key]: put(tree[key] ?? {}, rest, value) } : tree;
}

const isObject = (value: Json): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const looksLikeJson = (body: string): boolean => /^[[{]/.test(body);
