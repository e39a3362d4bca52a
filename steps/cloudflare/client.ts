// The one door to Cloudflare's API: the token, the envelope of its answers, and its error codes in words (facts/dns-and-tls.md §5).
import { z } from 'zod';
import type { HttpAnswer, Use, UseToAct } from '../../src/system/ports.ts';

export const TOKEN = 'CLOUDFLARE_API_TOKEN';

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** After the base: `/zones?name=example.com`. */
  readonly path: string;
  readonly body?: unknown;
}

export type Told =
  | { readonly ok: true; readonly result: unknown; readonly pages: number }
  /** `refused`: it answered no. `lost`: whether it was done cannot be told. */
  | {
      readonly ok: false;
      readonly sort: 'refused' | 'lost';
      readonly why: string;
      readonly hint?: string;
      readonly codes: readonly number[];
    };

export const hasToken = ({ env }: Use<'env'>): boolean => (env.get(TOKEN) ?? '').trim() !== '';

export async function look(path: string, ports: Use<'http' | 'env' | 'urls'>): Promise<Told> {
  return told(await ports.http.look(requestOf({ method: 'GET', path }, ports)));
}

/** A call that changes something. It is never repeated here: a look says whether it was done. */
export async function send(call: Call, ports: UseToAct<'http' | 'env' | 'urls'>): Promise<Told> {
  return told(await ports.http.send(requestOf(call, ports)));
}

/** All rows of a list. */
export async function lookAtAll(path: string, ports: Use<'http' | 'env' | 'urls'>): Promise<Told> {
  const rows: unknown[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const answer = await look(`${path}${path.includes('?') ? '&' : '?'}page=${page}&per_page=100`, ports);
    if (!answer.ok) return answer;
    // What is no list must not pass for an empty one: a record would be made on the strength of it.
    if (!Array.isArray(answer.result)) return strange('a list');
    rows.push(...answer.result);
    if (page >= answer.pages) break;
  }
  return { ok: true, result: rows, pages: 1 };
}

/** JSON of Cloudflare, but not what was asked for. */
export const strange = (what: string): Told & { readonly ok: false } => ({
  ok: false,
  sort: 'lost',
  why: `Cloudflare sent ${what} of a shape that is not known`,
  codes: [],
});

function requestOf({ method, path, body }: Call, { env, urls }: Use<'env' | 'urls'>) {
  return {
    url: `${urls.cloudflare}${path}`,
    method,
    // What was pasted with a line end would be refused for its shape (code 6111).
    headers: { authorization: `Bearer ${(env.get(TOKEN) ?? '').trim()}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
}

const Problem = z.object({
  code: z.number(),
  message: z.string(),
  error_chain: z.array(z.object({ code: z.number(), message: z.string() })).optional(),
});
const Envelope = z.object({
  success: z.boolean(),
  errors: z.array(Problem).default([]),
  result: z.unknown(),
  result_info: z.object({ total_pages: z.number().optional() }).nullish(),
});

function told(answer: HttpAnswer): Told {
  if (answer.failed !== undefined)
    return { ok: false, sort: 'lost', why: `Cloudflare did not answer: ${answer.failed}`, codes: [] };
  const envelope = Envelope.safeParse(parsed(answer.body)).data;
  if (answer.status === 429) {
    const after = answer.headers['retry-after'];
    return {
      ok: false,
      sort: 'refused',
      why: 'Cloudflare refuses for now: too many requests (429)',
      hint: `Wait ${after === undefined ? '5 minutes' : `${after} seconds`}; clicks in the dashboard count too.`,
      codes: [],
    };
  }
  if (envelope === undefined)
    return {
      ok: false,
      sort: 'lost',
      why: `Cloudflare answered ${answer.status} with something that is not JSON`,
      codes: [],
    };
  if (envelope.success && answer.status < 300)
    return { ok: true, result: envelope.result, pages: envelope.result_info?.total_pages ?? 1 };
  const problems = envelope.errors.flatMap((one) => [one, ...(one.error_chain ?? [])]);
  const codes = problems.map(({ code }) => code);
  const hint = codes.flatMap((code) => HINTS[code] ?? [])[0];
  const words = problems.map(({ code, message }) => `${message} (${code})`).join('; ');
  return {
    ok: false,
    sort: answer.status >= 500 ? 'lost' : 'refused',
    why: `Cloudflare answered ${answer.status}: ${words || 'without a reason'}`,
    ...(hint !== undefined && { hint }),
    codes,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // An HTML page of a proxy: the caller says that it is no JSON.
    return undefined;
  }
}

const RIGHTS = 'The token needs Zone → DNS → Edit and Zone → Zone → Read for this zone.';
const HINTS: Readonly<Record<number, string>> = {
  10000: RIGHTS,
  9109: `${RIGHTS} It may also be bound to other IP addresses.`,
  1000: `The token is not valid: was it rolled or deleted? ${RIGHTS}`,
  6003: `${TOKEN} has a blank, a quote or a line end in it, or it is a global API key: make a token.`,
  6111: `${TOKEN} has a blank, a quote or a line end in it.`,
  9039: 'A CNAME cannot lead to itself.',
};
const MOST_PAGES = 50;
