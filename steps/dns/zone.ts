// Which servers have the say about a name? Found from above, so that no cache is asked for the name before it exists.
import type { Dns, DnsAnswer, DnsRecord } from '../../src/system/ports.ts';
import { interpret, negativeTtlOf } from './reading.ts';
import { normalizeName, type RecordType } from './value.ts';

interface NameServer {
  readonly host: string;
  readonly address: string;
}
export interface Zone {
  readonly zone: string;
  readonly servers: readonly NameServer[];
  /** Seconds. */
  readonly negativeTtl?: number;
}

/**
 * The zone that holds a name, and its servers. A public resolver keeps a "no" for the whole name, so it is only asked for what lies
 * above (facts/dns-and-tls.md §10); a deeper zone is found by the referral that the servers of the upper one give.
 */
export async function findZone(
  { name, type }: { readonly name: string; readonly type: RecordType },
  dns: Dns,
): Promise<Zone | { readonly unknown: string }> {
  const top = await topZone(name, dns);
  if ('unknown' in top) return top;
  let zone = top;
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    const below = await delegated(zone, { name, type }, dns);
    if (below === undefined) return zone;
    if ('unknown' in below) return below;
    zone = below;
  }
  return { unknown: `the name servers of ${name} refer to each other without an end` };
}

/** The first zone from above that the resolver knows: `sollabs.com`, or `co.uk`. */
async function topZone(name: string, dns: Dns): Promise<Zone | { readonly unknown: string }> {
  let said = 'it knows no SOA for it';
  for (const candidate of namesFromAbove(name)) {
    const answer = await dns.ask({ name: candidate, type: 'SOA' });
    if (answer.failed !== undefined)
      return { unknown: `the resolver of this machine did not answer: ${answer.failed}` };
    const soa = [...answer.answers, ...answer.authority].find(
      (record) => record.type === 'SOA' && lies(name, record.name),
    );
    if (soa !== undefined) return withServers(normalizeName(soa.name), negativeTtlOf([soa]), dns);
    said = `it answered ${answer.code}`;
  }
  return { unknown: `the zone of ${name} cannot be found: the resolver of this machine was asked, and ${said}` };
}

/** The zone below, where the servers that answer say that others are responsible. */
async function delegated(
  { zone, servers }: Zone,
  asked: { readonly name: string; readonly type: RecordType },
  dns: Dns,
): Promise<Zone | { readonly unknown: string } | undefined> {
  const answers = await Promise.all(servers.map(({ address }) => dns.ask({ ...asked, server: address })));
  const told = answers.find((answer) => interpret(asked, answer).is !== 'silent');
  const below = told === undefined ? [] : referralOf(told, zone, asked.name);
  const [first] = below;
  return (
    first &&
    withHosts(
      normalizeName(first.name),
      below.map(({ data }) => data),
      undefined,
      dns,
    )
  );
}

/** Name servers of a zone between this one and the name, in an answer that does not claim to know. */
function referralOf(
  { authoritative, answers, authority }: DnsAnswer,
  zone: string,
  name: string,
): readonly DnsRecord[] {
  if (authoritative || answers.length > 0) return [];
  const servers = authority.filter(
    (record) =>
      record.type === 'NS' && lies(name, record.name) && normalizeName(record.name) !== zone && lies(record.name, zone),
  );
  return servers.filter((record) => normalizeName(record.name) === normalizeName(servers[0]?.name ?? ''));
}

async function withServers(
  zone: string,
  negativeTtl: number | undefined,
  dns: Dns,
): Promise<Zone | { readonly unknown: string }> {
  const answer = await dns.ask({ name: zone, type: 'NS' });
  const hosts = answer.answers.filter(({ type }) => type === 'NS').map(({ data }) => data);
  if (hosts.length === 0)
    return {
      unknown: `the name servers of ${zone} cannot be found: ${answer.failed ?? `the resolver of this machine answered ${answer.code}`}`,
    };
  return withHosts(zone, hosts, negativeTtl, dns);
}

async function withHosts(
  zone: string,
  hosts: readonly string[],
  negativeTtl: number | undefined,
  dns: Dns,
): Promise<Zone | { readonly unknown: string }> {
  const few = hosts.map(normalizeName).sort().slice(0, MOST_SERVERS);
  // Where there is no IPv6 here, asking there only costs time: it is the second choice.
  const byV4 = await addresses(few, 'A', dns);
  const servers = byV4.length > 0 ? byV4 : await addresses(few, 'AAAA', dns);
  if (servers.length === 0)
    return { unknown: `the name servers of ${zone} (${few.join(', ')}) have no address that can be found` };
  return { zone, servers, ...(negativeTtl !== undefined && { negativeTtl }) };
}

async function addresses(hosts: readonly string[], type: 'A' | 'AAAA', dns: Dns): Promise<readonly NameServer[]> {
  const found = await Promise.all(
    hosts.map(async (host) => {
      const reading = interpret({ name: host, type }, await dns.ask({ name: host, type }));
      return reading.is === 'values' ? [{ host, address: reading.values[0] ?? '' }] : [];
    }),
  );
  return found.flat();
}

/** `a.b.example.com`: example.com, b.example.com, a.b.example.com. The last label alone is never one's own zone. */
function namesFromAbove(name: string): readonly string[] {
  const labels = normalizeName(name).split('.');
  const start = Math.max(0, labels.length - 2);
  return labels.slice(0, start + 1).map((_, index) => labels.slice(start - index).join('.'));
}

/** Does a name lie in a zone (or is it its top)? */
function lies(name: string, zone: string): boolean {
  const [inner, outer] = [normalizeName(name), normalizeName(zone)];
  return inner === outer || inner.endsWith(`.${outer}`);
}

const DEEPEST = 6;
const MOST_SERVERS = 8;
