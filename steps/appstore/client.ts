// App Store Connect's API by plain HTTP: lists with all their pages, and writes whose end is known or said to be unknown.
import { z } from 'zod';
import type { Acted, Look } from '../../src/step.ts';
import type { HttpAnswer, HttpRequest, Use, UseToAct } from '../../src/system/ports.ts';
import { type Problem, signToken } from './key.ts';
import { explain, type Refusal } from './trouble.ts';

export { hasKey, keyOf, type Problem } from './key.ts';
export { isBelow } from './trouble.ts';

export type Ports = Use<'env' | 'files' | 'http' | 'clock' | 'urls' | 'signal'>;
export type PortsToAct = UseToAct<'env' | 'files' | 'http' | 'clock' | 'urls' | 'signal'>;

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem & { readonly status?: number } };

export interface Row<A> {
  readonly type: string;
  readonly id: string;
  readonly attributes: A;
  /** Ids by the name of the relation, as far as the answer holds them. */
  readonly related: Readonly<Record<string, readonly string[]>>;
}
export interface Listing<A> {
  readonly rows: readonly Row<A>[];
  readonly included: readonly Row<unknown>[];
}

/** Everything of a list, page by page. Filters of Apple narrow, they do not decide: compare what comes (facts/app-store-connect.md §6). */
export async function list<A>(
  path: string,
  query: Readonly<Record<string, string>>,
  attributes: z.ZodType<A>,
  ports: Ports,
): Promise<Read<Listing<A>>> {
  const base = new URL(ports.urls.appStoreConnect);
  const first = new URL(path, base);
  for (const [name, value] of Object.entries({ limit: '200', ...query })) first.searchParams.set(name, value);
  const rows: Row<A>[] = [];
  const included: Row<unknown>[] = [];
  let next: URL | undefined = first;
  for (let page = 0; next !== undefined && page < MOST_PAGES; page += 1) {
    // A page elsewhere would be handed the token.
    if (next.origin !== base.origin)
      return {
        ok: false,
        problem: { why: `App Store Connect points to a next page on ${next.host}: it is not followed` },
      };
    const read = await get(next.href, ports);
    if (!read.ok) return read;
    const parsed = Page.extend({ data: z.array(rowOf(attributes)) }).safeParse(read.value);
    if (!parsed.success)
      return {
        ok: false,
        problem: {
          why: `App Store Connect answered ${path} in a shape we do not know: ${parsed.error.issues[0]?.path.join('.')}`,
        },
      };
    rows.push(...parsed.data.data);
    included.push(...parsed.data.included);
    const { links } = parsed.data;
    next = links.next === undefined ? undefined : new URL(links.next, base);
  }
  return { ok: true, value: { rows, included } };
}

export type Written =
  | { readonly ended: 'ok'; readonly id: string | undefined }
  | ({ readonly ended: 'failed' } & Refusal)
  | { readonly ended: 'unclear'; readonly why: string };

/** One change. After a lost answer or an error of Apple's nobody knows whether it was done: `unclear`, and a look decides. */
export async function write(
  method: 'POST' | 'PATCH' | 'DELETE',
  path: string,
  data: unknown,
  ports: PortsToAct,
): Promise<Written> {
  const signed = await signToken(ports);
  if ('why' in signed) return { ended: 'failed', status: 0, code: '', ...signed };
  const url = new URL(path, ports.urls.appStoreConnect).href;
  const headers = { authorization: `Bearer ${signed.token}`, 'content-type': 'application/json' };
  const body = data === undefined ? {} : { body: JSON.stringify({ data }) };
  const answer = await ports.http.send({ url, method, headers, ...body, timeout: PATIENCE });
  if (answer.status >= 200 && answer.status < 300) {
    const said = jsonOf(answer.body);
    if (answer.body.trim() !== '' && said === undefined) return { ended: 'unclear', why: NOT_APPLE };
    return { ended: 'ok', id: Created.safeParse(said).data?.data.id };
  }
  const refusal = explain(answer, ports.clock.now());
  if (answer.failed !== undefined || answer.status >= 500) return { ended: 'unclear', why: refusal.why };
  return { ended: 'failed', ...refusal };
}

/** A change that has nothing to give back, as the end of an act. */
export function endOf(written: Written, seen: string): Acted {
  if (written.ended === 'ok') return { ended: 'ok', seen };
  if (written.ended === 'unclear') return written;
  return { ended: 'failed', why: written.why, ...(written.hint !== undefined && { hint: written.hint }) };
}

/** Why an act did not even begin: what it needs could not be seen, or is not there. */
export function notBegun(look: Look): Acted {
  const why = look.is === 'unknown' ? look.why : look.is === 'not-so' ? look.seen : 'it is so already';
  const hint = look.is === 'so' ? undefined : look.hint;
  return { ended: 'failed', why: `nothing was changed: ${why}`, ...(hint !== undefined && { hint }) };
}

/** What could not be read is unknown, never missing. */
export const notSeen = ({ why, hint }: Problem): Look => ({ is: 'unknown', why, ...(hint !== undefined && { hint }) });

/** The cheapest request that a good key may make (§2.7): also an empty list is a yes. */
export const tryKey = (ports: Ports): Promise<Read<unknown>> =>
  get(new URL('/v1/apps?limit=1&fields[apps]=bundleId', ports.urls.appStoreConnect).href, ports);

/** A GET that is repeated where repeating helps (facts/app-store-connect.md §4.2). */
async function get(url: string, ports: Ports): Promise<Read<unknown>> {
  let answer: HttpAnswer | undefined;
  let renewed = false;
  for (const pause of PAUSES) {
    const signed = await signToken(ports);
    if ('why' in signed) return { ok: false, problem: signed };
    const request: HttpRequest = { url, headers: { authorization: `Bearer ${signed.token}` }, timeout: PATIENCE };
    answer = await ports.http.look(request);
    if (answer.status === 200) return { ok: true, value: jsonOf(answer.body) };
    const refused = answer.status === 401 && !renewed;
    if (refused) renewed = true;
    else if (!isPassing(answer) || pause === 0) break;
    else await ports.clock.sleep(pause, ports.signal);
    if (ports.signal.aborted) break;
  }
  return {
    ok: false,
    problem: answer === undefined ? { why: 'App Store Connect was not asked' } : explain(answer, ports.clock.now()),
  };
}

const isPassing = ({ status, failed }: HttpAnswer): boolean =>
  failed !== undefined || [429, 500, 502, 503, 504].includes(status);

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Not JSON: the schema that reads it next says so.
    return undefined;
  }
}

const Reference = z.object({ id: z.string() });
const Relation = z.object({
  data: z.union([z.array(Reference), Reference.transform((one) => [one]), z.null().transform(() => [])]).optional(),
});
const rowOf = <A>(attributes: z.ZodType<A>) =>
  z
    .object({ type: z.string(), id: z.string(), attributes, relationships: z.record(z.string(), Relation).default({}) })
    .transform(({ relationships, ...row }) => ({
      ...row,
      related: Object.fromEntries(
        Object.entries(relationships).map(([name, { data }]) => [name, (data ?? []).map(({ id }) => id)]),
      ),
    }));
const Page = z.object({
  included: z.array(rowOf(z.unknown())).default([]),
  links: z.object({ next: z.string().optional() }).default({}),
});
const Created = z.object({ data: Reference });

/** Milliseconds before the next try; the last one gives up. */
const PAUSES = [1_000, 2_000, 4_000, 0];
const PATIENCE = 20_000;
/** The page of a hotel's network says 200 to everything. */
const NOT_APPLE = 'the answer to the change is not JSON: perhaps it never reached Apple';
const MOST_PAGES = 50;
