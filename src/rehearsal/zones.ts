// What the DNS of the stand-in world answers. Pure: records in, answer out; an owner who knows every zone, and a resolver with a cache.
import { z } from 'zod';

export const ZoneRecord = z.object({
  name: z.string(),
  type: z.string(),
  /** One record as text: address, host, TXT, `0 issue "letsencrypt.org"`, `10 mx.example.com`, the seven fields of a SOA. */
  value: z.string(),
  /** Seconds. */
  ttl: z.number().default(300),
  /** Milliseconds since the epoch, virtual: when it was written. */
  at: z.number().default(0),
  /** As Cloudflare numbers it. */
  id: z.string().optional(),
  /** Behind Cloudflare's proxy: DNS shows the proxy's addresses in its place. */
  proxied: z.boolean().optional(),
});
export type ZoneRecord = z.output<typeof ZoneRecord>;

/** `W/dns.json`. */
export const DnsState = z.object({ records: z.array(ZoneRecord) });
export type DnsState = z.output<typeof DnsState>;

export interface ZoneQuestion {
  readonly name: string;
  readonly type: string;
}

export interface ZoneAnswer {
  readonly code: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL';
  readonly answers: readonly ZoneRecord[];
  /** The SOA, with a negative answer. */
  readonly authority: readonly ZoneRecord[];
}

export const nameServers = [
  { host: 'ns1.stand-in.invalid', address: '192.0.2.53' },
  { host: 'ns2.stand-in.invalid', address: '198.51.100.53' },
] as const;

/** Seconds that "there is no such name" is remembered (RFC 2308): what Cloudflare's zones often say (`facts/dns-and-tls.md` §10). */
export const negativeTtl = 1800;

export const canonical = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** The registrable domain: two labels, three below the usual second levels of country domains. */
export function zoneOf(name: string): string {
  const labels = canonical(name).split('.');
  const [second = '', top = ''] = labels.slice(-2);
  const takesThree = top.length === 2 && ['co', 'com', 'org', 'net', 'gov', 'ac'].includes(second);
  return labels.slice(takesThree ? -3 : -2).join('.');
}

/** The answer of the zone's own servers: nothing cached, a CNAME not followed into its target. */
export function answerOfOwner(records: readonly ZoneRecord[], question: ZoneQuestion): ZoneAnswer {
  const name = canonical(question.name);
  const zone = zoneOf(name);
  const known = [...records, ...ownRecords(zone, records)].flatMap(shown);
  const here = at(known, name);
  const wanted = here.filter((record) => record.type === question.type);
  if (wanted.length > 0) return { code: 'NOERROR', answers: wanted, authority: [] };
  const alias = here.filter((record) => record.type === 'CNAME');
  if (alias.length > 0) return { code: 'NOERROR', answers: alias, authority: [] };
  const exists = here.length > 0 || known.some((record) => canonical(record.name).endsWith(`.${name}`));
  const soa = known.filter((record) => record.type === 'SOA' && canonical(record.name) === zone);
  return { code: exists ? 'NOERROR' : 'NXDOMAIN', answers: [], authority: soa };
}

/** Cloudflare's anycast addresses, TTL 300, whatever stands behind them. */
function shown(record: ZoneRecord): readonly ZoneRecord[] {
  if (!record.proxied) return [record];
  const common = { name: record.name, ttl: 300, at: record.at };
  return [
    { ...common, type: 'A', value: '203.0.113.104' },
    { ...common, type: 'AAAA', value: '2001:db8:104::1' },
  ];
}

/** Records at a name; where there is none, those of the wildcard one label up, under this name (RFC 4592, its usual case). */
function at(records: readonly ZoneRecord[], name: string): readonly ZoneRecord[] {
  const here = records.filter((record) => canonical(record.name) === name);
  if (here.length > 0) return here;
  const wildcard = `*.${name.split('.').slice(1).join('.')}`;
  return records.filter((record) => canonical(record.name) === wildcard).map((record) => ({ ...record, name }));
}

/** What every zone has from its hosting: SOA, NS, and the addresses of the name servers. */
function ownRecords(zone: string, records: readonly ZoneRecord[]): readonly ZoneRecord[] {
  const newest = Math.max(1, ...records.filter((record) => zoneOf(record.name) === zone).map((record) => record.at));
  const serial = Math.floor(newest / 1000) % 2 ** 32;
  const [primary] = nameServers;
  const common = { name: zone, at: 0 };
  const made: ZoneRecord[] = [
    {
      ...common,
      type: 'SOA',
      ttl: 3600,
      value: `${primary.host} dns.stand-in.invalid ${serial} 10000 2400 604800 ${negativeTtl}`,
    },
    ...nameServers.map(({ host }) => ({ ...common, type: 'NS', ttl: 86_400, value: host })),
    ...nameServers.map(({ host, address }) => ({ name: host, at: 0, type: 'A', ttl: 86_400, value: address })),
  ];
  return made.filter(
    (one) => !records.some((record) => record.type === one.type && canonical(record.name) === one.name),
  );
}

const Cached = z.object({
  until: z.number(),
  at: z.number(),
  code: z.enum(['NOERROR', 'NXDOMAIN', 'SERVFAIL']),
  answers: z.array(ZoneRecord),
  authority: z.array(ZoneRecord),
});

/** `W/resolver.json`: what the public resolver remembers, by `name type`, or `name *` of what does not exist. */
export const ResolverState = z.record(z.string(), Cached);
export type ResolverState = z.output<typeof ResolverState>;

/** The answer of a public resolver at `now`: from its cache while that lasts (also "no such name"), following CNAMEs. Changes `cache`. */
export function answerOfResolver(
  cache: ResolverState,
  owner: (question: ZoneQuestion) => ZoneAnswer,
  question: ZoneQuestion,
  now: number,
): ZoneAnswer {
  const answers: ZoneRecord[] = [];
  let name = canonical(question.name);
  for (let hops = 0; hops < 9; hops += 1) {
    const found = remembered(cache, owner, { name, type: question.type }, now);
    answers.push(...found.answers);
    const alias = found.answers.find((record) => record.type === 'CNAME');
    if (alias === undefined || question.type === 'CNAME') return { ...found, answers };
    name = canonical(alias.value);
  }
  return { code: 'SERVFAIL', answers: [], authority: [] };
}

function remembered(
  cache: ResolverState,
  owner: (question: ZoneQuestion) => ZoneAnswer,
  question: ZoneQuestion,
  now: number,
): ZoneAnswer {
  // "There is no such name" is remembered for all types of it (RFC 2308 §5).
  const keys = [`${question.name} *`, `${question.name} ${question.type}`];
  const known = keys.map((key) => cache[key]).find((one) => one !== undefined && one.until > now);
  if (known) return aged(known, Math.floor((now - known.at) / 1000));
  const fresh = owner(question);
  const seconds = fresh.answers.length > 0 ? Math.min(...fresh.answers.map((record) => record.ttl)) : negativeTtl;
  cache[keys[fresh.code === 'NXDOMAIN' ? 0 : 1] ?? ''] = {
    until: now + seconds * 1000,
    at: now,
    code: fresh.code,
    answers: [...fresh.answers],
    // A "no" is kept no longer than the SOA says, and its record shows what is left of that.
    authority: fresh.authority.map((record) => ({ ...record, ttl: Math.min(record.ttl, negativeTtl) })),
  };
  return fresh;
}

/** A resolver shows the rest of the TTL. */
function aged(answer: ZoneAnswer, seconds: number): ZoneAnswer {
  const older = (record: ZoneRecord): ZoneRecord => ({ ...record, ttl: Math.max(0, record.ttl - seconds) });
  return { code: answer.code, answers: answer.answers.map(older), authority: answer.authority.map(older) };
}
