// Records of a zone as Cloudflare keeps them, and what is to be done about one of them (facts/dns-and-tls.md §6). The decision is pure.
import { z } from 'zod';
import type { Use } from '../../src/system/ports.ts';
import { normalize, normalizeName } from '../dns/value.ts';
import { look, lookAtAll, strange, type Told } from './client.ts';

export const TYPES = ['A', 'AAAA', 'CNAME', 'TXT'] as const;

export interface Wanted {
  readonly name: string;
  readonly type: (typeof TYPES)[number];
  readonly value: string;
  readonly proxied: boolean;
  readonly ttl?: number | undefined;
  readonly replace: boolean;
}

const Zone = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string().default('active'),
  paused: z.boolean().default(false),
  type: z.string().default('full'),
  name_servers: z.array(z.string()).default([]),
  permissions: z.array(z.string()).default([]),
});
type Zone = z.output<typeof Zone>;

export const Stored = z.object({
  id: z.string(),
  type: z.string(),
  name: z.string(),
  content: z.string().default(''),
  ttl: z.number().default(1),
  proxied: z.boolean().default(false),
  comment: z.string().nullish(),
});
export type Stored = z.output<typeof Stored>;

export type Found<T> = { readonly ok: true; readonly value: T } | (Told & { readonly ok: false });

/** The zone that holds a name: asked for from the name upward, so that nobody has to know where it begins. */
export async function zoneOf(name: string, ports: Use<'http' | 'env' | 'urls'>): Promise<Found<Zone>> {
  const labels = normalizeName(name).replace(/^\*\./, '').split('.');
  for (let from = 0; from < labels.length - 1; from += 1) {
    const candidate = labels.slice(from).join('.');
    const answer = await look(`/zones?name=${encodeURIComponent(candidate)}`, ports);
    if (!answer.ok) return answer;
    const zones = z.array(Zone).safeParse(answer.result);
    if (!zones.success) return strange('zones');
    // As everywhere, a filter narrows and does not decide.
    const zone = zones.data.find((one) => normalizeName(one.name) === candidate);
    if (zone !== undefined) return usable(zone);
  }
  return {
    ok: false,
    sort: 'refused',
    why: `this token sees no zone that holds ${name}`,
    hint: 'It is of another account, or lacks Zone → Zone → Read, which the template "Edit zone DNS" does not give.',
    codes: [],
  };
}

function usable(zone: Zone): Found<Zone> {
  const refused = (why: string, hint: string): Found<Zone> => ({ ok: false, sort: 'refused', why, hint, codes: [] });
  if (zone.status !== 'active')
    return refused(
      `the zone ${zone.name} is ${zone.status} at Cloudflare`,
      `At the registrar, set the name servers to ${zone.name_servers.join(', ') || 'those that Cloudflare shows'}.`,
    );
  if (zone.type === 'partial')
    return refused(
      `DNS of ${zone.name} is not at Cloudflare (CNAME set-up)`,
      'Make the record where the zone really is.',
    );
  const rights = zone.permissions.filter((right) => right.startsWith('#dns_records:'));
  if (rights.length > 0 && !rights.includes('#dns_records:edit'))
    return refused(`this token may only read the records of ${zone.name}`, 'Give it Zone → DNS → Edit.');
  return { ok: true, value: zone };
}

/** All records at a name, of every type: what stands in the way is among them. */
export async function recordsAt(
  { zone, name }: { readonly zone: string; readonly name: string },
  ports: Use<'http' | 'env' | 'urls'>,
): Promise<Found<readonly Stored[]>> {
  const answer = await lookAtAll(
    `/zones/${zone}/dns_records?name.exact=${encodeURIComponent(normalizeName(name))}`,
    ports,
  );
  if (!answer.ok) return answer;
  const rows = z.array(Stored).safeParse(answer.result);
  if (!rows.success) return strange('records');
  // An older API would take the filter for a part of the name.
  return { ok: true, value: rows.data.filter((row) => normalizeName(row.name) === normalizeName(name)) };
}

export type Decision =
  | { readonly do: 'nothing'; readonly record: Stored }
  | { readonly do: 'create' }
  | { readonly do: 'change'; readonly record: Stored; readonly because: string }
  | { readonly do: 'stop'; readonly why: string; readonly hint: string };

export function decide(want: Wanted, there: readonly Stored[]): Decision {
  const inTheWay = there.filter(({ type }) => excludes(want.type, type));
  if (inTheWay.length > 0)
    return stop(
      `${tell(inTheWay)} stands in the way of a ${want.type} at ${want.name}`,
      'Delete it in the dashboard first, if that is meant.',
    );
  const same = there.filter(({ type }) => type === want.type);
  const equal = same.find((record) => isContent(want, record));
  if (want.type === 'TXT') return equal === undefined ? { do: 'create' } : settings(want, equal);
  if (same.length === 0) return { do: 'create' };
  if (same.length > 1) {
    const others = same.filter((record) => record !== equal);
    return stop(
      `${want.name} has ${same.length} ${want.type} records: ${tell(others)} ${equal ? 'shares its traffic' : 'and none is the wanted one'}`,
      'Delete the old ones in the dashboard: which of them may go is not for a program to guess.',
    );
  }
  if (equal !== undefined) return settings(want, equal);
  const [old] = same;
  if (old === undefined) return { do: 'create' };
  if (want.replace) return { do: 'change', record: old, because: `it says ${old.content}` };
  return stop(
    `${want.name} ${want.type} says ${old.content} now`,
    'If that may be replaced, write `replace: true` in the step; the old value is kept for taking it back.',
  );
}

const settings = (want: Wanted, record: Stored): Decision => {
  const proxied = want.type !== 'TXT' && record.proxied !== want.proxied;
  const ttl = want.ttl !== undefined && !want.proxied && record.ttl !== want.ttl;
  if (proxied) return { do: 'change', record, because: record.proxied ? 'the proxy is on' : 'the proxy is off' };
  return ttl ? { do: 'change', record, because: `its TTL is ${record.ttl}` } : { do: 'nothing', record };
};

/** A CNAME stands alone, and so nothing stands beside one. */
const excludes = (wanted: string, there: string): boolean =>
  wanted === 'CNAME' ? there !== 'CNAME' && ['A', 'AAAA', 'TXT', 'MX', 'NS', 'CAA'].includes(there) : there === 'CNAME';

/** Long texts come in quoted parts. */
function isContent({ type, value }: Wanted, record: Stored): boolean {
  const plain = type === 'TXT' ? record.content.replaceAll(/^"|"$|"\s+"/g, '') : record.content;
  return normalize(type, plain) === normalize(type, value);
}

export const tell = (records: readonly Stored[]): string =>
  records.map(({ type, content, proxied }) => `${type} ${content}${proxied ? ' (proxied)' : ''}`).join(', ');

const stop = (why: string, hint: string): Decision => ({ do: 'stop', why, hint });
