// An answer of the stand-in web that satisfies an http check: status, headers, and a body with everything it looks for.
import type { z } from 'zod';
import { addExpectation, hashOf } from './expectations.ts';
import type * as want from './pretend-wants.ts';
import type { StandIns } from './stand-ins.ts';

type Wanted = z.output<typeof want.Http> & {
  /** Answered once with this status before the real answer. */
  readonly worksFirst?: number;
};
type Json = z.output<typeof want.JsonValue>;

export function pretendHttp(wanted: Wanted, { http }: Pick<StandIns, 'http'>): string {
  const url = new URL(wanted.url);
  const status = [wanted.status].flat()[0] ?? 200;
  const body = bodyWith(wanted);
  const sent = wanted['json-body'] === undefined ? wanted.body : JSON.stringify(wanted['json-body']);
  http.change((state) =>
    addExpectation(state, {
      scheme: url.protocol === 'http:' ? 'http' : 'https',
      host: url.hostname.toLowerCase(),
      method: wanted.method,
      path: `${url.pathname}${url.search}`,
      carries: Object.fromEntries(
        Object.entries(wanted.headers).map(([name, value]) => [name.toLowerCase(), hashOf(value)]),
      ),
      ...(sent !== undefined && { bodyHash: hashOf(sent) }),
      status,
      headers: {
        'content-type': looksLikeJson(body) ? 'application/json' : 'text/plain; charset=utf-8',
        ...lowerCase(wanted['expect-headers']),
      },
      body,
      ...(wanted.worksFirst !== undefined && { pending: { status: wanted.worksFirst, left: 1 } }),
    }),
  );
  return `${wanted.method} ${wanted.url} answers ${status}`;
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
