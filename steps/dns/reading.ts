// One server asked for one record: what it answers, told in a form that can be compared.
import type { Dns, DnsAnswer, DnsRecord, PublicResolver } from '../../src/system/ports.ts';
import { normalize, normalizeName, type RecordType } from './value.ts';

export type Reading =
  /** `flattened`: a CNAME was asked for, and its addresses stand in its place. `alias`: addresses found by way of a CNAME. */
  | {
      readonly is: 'values';
      readonly values: readonly string[];
      readonly ttl: number;
      readonly flattened?: true;
      readonly alias?: string;
    }
  /** `negativeTtl`: seconds for which a cache may keep this "no" (RFC 2308). */
  | { readonly is: 'none'; readonly code: string; readonly negativeTtl?: number }
  /** Cannot tell. `code`: it answered, with an error. */
  | { readonly is: 'silent'; readonly why: string; readonly code?: string };

export interface AskedRecord {
  readonly name: string;
  readonly type: RecordType;
  /** An address; with neither: the resolver of this machine. */
  readonly server?: string;
  readonly resolver?: PublicResolver;
}

/** The record as that server has it. */
export async function readRecord(asked: AskedRecord, dns: Dns): Promise<Reading> {
  const answer = await dns.ask(asked);
  const reading = interpret(asked, answer);
  if (reading.is !== 'none') return reading;
  if (asked.type === 'A' || asked.type === 'AAAA') return addressesByAlias(asked, answer, reading, dns);
  return asked.type === 'CNAME' ? flattened(asked, reading, dns) : reading;
}

/** The answer alone, without asking further. */
export function interpret({ name, type }: AskedRecord, answer: DnsAnswer): Reading {
  if (answer.failed !== undefined) return { is: 'silent', why: answer.failed };
  if (answer.code !== 'NOERROR' && answer.code !== 'NXDOMAIN')
    return { is: 'silent', why: `it answered ${answer.code}`, code: answer.code };
  const owners = aliasesOf(name, answer.answers);
  const records = answer.answers.filter(
    (record) => record.type === type && owners.includes(normalizeName(record.name)),
  );
  if (records.length > 0) {
    const ttl = Math.min(...records.map((record) => record.ttl));
    const alias = type === 'CNAME' ? undefined : owners[1];
    return {
      is: 'values',
      values: records.map(({ data }) => normalize(type, data)).sort(),
      ttl,
      ...(alias !== undefined && { alias }),
    };
  }
  const negativeTtl = negativeTtlOf(answer.authority);
  return { is: 'none', code: answer.code, ...(negativeTtl !== undefined && { negativeTtl }) };
}

/** Seconds a "no" may be kept: the smaller of the SOA's own TTL and its last field (facts/dns-and-tls.md §10). */
export function negativeTtlOf(authority: readonly DnsRecord[]): number | undefined {
  const soa = authority.find(({ type }) => type === 'SOA');
  const minimum = Number(soa?.data.split(/\s+/)[6]);
  return soa === undefined || Number.isNaN(minimum) ? undefined : Math.min(soa.ttl, minimum);
}

/** The name, and each name that a CNAME of this answer leads to. */
function aliasesOf(name: string, answers: readonly DnsRecord[]): readonly string[] {
  const owners = [normalizeName(name)];
  for (let owner = owners[0]; owner !== undefined && owners.length < 10; ) {
    const current = owner;
    const next = answers.find((record) => record.type === 'CNAME' && normalizeName(record.name) === current);
    owner = next === undefined ? undefined : normalizeName(next.data);
    if (owner !== undefined) owners.push(owner);
  }
  return owners;
}

/** An authoritative server's answer may stop at a CNAME whose target lies in another zone: the rest is asked for separately. */
async function addressesByAlias(
  { name, type }: AskedRecord,
  answer: DnsAnswer,
  none: Reading,
  dns: Dns,
): Promise<Reading> {
  const alias = aliasesOf(name, answer.answers).at(-1);
  if (alias === undefined || alias === normalizeName(name)) return none;
  const target = interpret({ name: alias, type }, await dns.ask({ name: alias, type }));
  return target.is === 'values' ? { ...target, alias } : target;
}

/** A CNAME at the top of a zone, or behind a proxy, shows as addresses (facts/dns-and-tls.md §4, §10). */
async function flattened({ type: _type, ...asked }: AskedRecord, none: Reading, dns: Dns): Promise<Reading> {
  const found = await addressesOf(asked, dns);
  return found.values.length === 0 ? none : { is: 'values', values: found.values, ttl: found.ttl, flattened: true };
}

/**
 * What a name that is a CNAME answers to the questions of programs, where the CNAME is not in that answer: it is older. A cache keeps
 * each question by itself (RFC 2308 §5; unbound also "no such name").
 */
export async function readBeside(asked: Omit<AskedRecord, 'type'>, dns: Dns): Promise<readonly Reading[]> {
  // Behind an underscore stand texts, such as those that an authority of certificates reads.
  const types = asked.name.startsWith('_') ? (['TXT'] as const) : (['A', 'AAAA'] as const);
  const answers = await Promise.all(types.map(async (type) => ({ type, answer: await dns.ask({ ...asked, type }) })));
  return answers
    .filter(({ answer }) => aliasesOf(asked.name, answer.answers).length === 1)
    .map(({ type, answer }): Reading => {
      const reading = interpret({ ...asked, type }, answer);
      return reading.is === 'values' ? { ...reading, flattened: true } : reading;
    });
}

/** A and AAAA of a name together, normalized. */
export async function addressesOf(
  asked: Omit<AskedRecord, 'type'>,
  dns: Dns,
): Promise<{ readonly values: readonly string[]; readonly ttl: number; readonly heard: boolean }> {
  const types = ['A', 'AAAA'] as const;
  const readings = await Promise.all(
    types.map(async (type) => interpret({ name: asked.name, type }, await dns.ask({ ...asked, type }))),
  );
  const found = readings.filter((reading) => reading.is === 'values');
  return {
    values: found.flatMap(({ values }) => values),
    ttl: Math.min(...found.map(({ ttl }) => ttl)),
    heard: readings.every(({ is }) => is !== 'silent'),
  };
}

/** The names that CNAMEs lead to from this one, as the resolver of this machine follows them. */
export async function chainFrom(name: string, dns: Dns): Promise<readonly string[]> {
  const chain = [normalizeName(name)];
  while (chain.length < LONGEST_CHAIN) {
    const last = chain.at(-1) ?? '';
    const reading = interpret({ name: last, type: 'CNAME' }, await dns.ask({ name: last, type: 'CNAME' }));
    const next = reading.is === 'values' ? reading.values[0] : undefined;
    if (next === undefined || chain.includes(next)) return chain;
    chain.push(next);
  }
  return chain;
}

const LONGEST_CHAIN = 10;
