// JSON:API as App Store Connect speaks it: documents, pages, filters, errors (`facts/app-store-connect.md` §5, §6).
import type { WebAnswer } from './expectations.ts';

export interface Resource {
  readonly type: string;
  readonly id: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly relationships?: Readonly<Record<string, { readonly data: Reference | readonly Reference[] | null }>>;
}

export interface Reference {
  readonly type: string;
  readonly id: string;
}

/** What a list answers with: all rows that fit; paging comes after. */
export interface Rows {
  readonly rows: readonly Resource[];
  readonly included?: readonly Resource[];
}

export interface Query {
  /** Values of `filter[name]`, or undefined where it is not given. Several mean "or". */
  filter(name: string): readonly string[] | undefined;
  readonly include: readonly string[];
  readonly search: URLSearchParams;
}

export function queryOf(search: URLSearchParams): Query {
  const list = (text: string | null): readonly string[] | undefined => text?.split(',').map((one) => one.trim());
  return {
    filter: (name) => list(search.get(`filter[${name}]`)),
    include: list(search.get('include')) ?? [],
    search,
  };
}

/** A page of a list: `limit` (at most 200, 50 by default) rows from `cursor`. `links.next` is absolute, as Apple's is. */
export function pageOf({ rows, included }: Rows, url: URL): WebAnswer {
  const limit = Math.min(200, Number(url.searchParams.get('limit') ?? 50) || 50);
  const from = Number(url.searchParams.get('cursor') ?? 0) || 0;
  const data = rows.slice(from, from + limit);
  const next = new URL(url);
  next.searchParams.set('cursor', String(from + limit));
  const more = from + limit < rows.length;
  return document(200, {
    data,
    ...(included && { included: withoutDoubles(included) }),
    links: { self: url.href, ...(more && { next: next.href }) },
    meta: { paging: { total: rows.length, limit } },
  });
}

function withoutDoubles(resources: readonly Resource[]): readonly Resource[] {
  return [...new Map(resources.map((one) => [`${one.type} ${one.id}`, one])).values()];
}

export const document = (status: number, body: unknown): WebAnswer => ({
  status,
  headers: { 'content-type': 'application/json', 'x-rate-limit': 'user-hour-lim:3500;user-hour-rem:3487;' },
  body: JSON.stringify(body),
});

export const nothing = (status: number): WebAnswer => ({ status, headers: {}, body: '' });

export function problem(status: number, code: string, detail: string, pointer?: string): WebAnswer {
  const error = {
    status: String(status),
    code,
    title: titles[status] ?? 'Error',
    detail,
    ...(pointer && { source: { pointer } }),
  };
  return document(status, { errors: [error] });
}

const titles: Readonly<Record<number, string>> = {
  400: 'A parameter has an invalid value',
  401: 'Authentication credentials are missing or invalid.',
  403: 'The request is forbidden',
  404: 'The specified resource does not exist',
  405: 'Method not allowed',
  409: 'The provided entity includes an attribute with a value that is not allowed',
  422: 'The request entity is not processable',
};
