// A small DNS for tests: servers with records, refusals and silence. Counts what each was asked.
import type { Dns, DnsAnswer, DnsRecord } from '../../../src/system/ports.ts';

/** `api.example.com CNAME x.fly.dev`, with seconds in front where they matter: `60 api.example.com A 192.0.2.1`. */
export type Line = string;

export interface Server {
  /** Its zone; the resolver has none. */
  readonly zone?: string;
  readonly records?: readonly Line[];
  /** NS lines of a zone below, given as a referral. */
  readonly refers?: readonly Line[];
  /** No answer at all, or an error code for everything. */
  readonly trouble?: 'silent' | 'SERVFAIL' | 'REFUSED';
}

export const RESOLVER = 'resolver';
const SOA = 'ns1.host.test dns.host.test 1 10000 2400 604800 1800';

export function dns(servers: Readonly<Record<string, Server>>): Dns & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    ask: async ({ name, type, server, resolver }) => {
      const at = server ?? resolver ?? RESOLVER;
      asked.push(`${at} ${name} ${type}`);
      // What this machine's resolver knows, the public ones know too, unless a test says otherwise.
      const one = servers[at] ?? (resolver === undefined ? undefined : servers[RESOLVER]);
      if (one === undefined) throw new Error(`nobody stands at ${at}`);
      return answerOf(one, name.toLowerCase(), type);
    },
  };
}

function answerOf({ zone, records = [], refers = [], trouble }: Server, name: string, type: string): DnsAnswer {
  const empty: DnsAnswer = { code: 'NOERROR', answers: [], authority: [], authoritative: zone !== undefined };
  if (trouble === 'silent') return { ...empty, code: '', failed: 'no answer within 2 s' };
  if (trouble !== undefined) return { ...empty, code: trouble };
  const known = records.map(recordOf);
  const below = refers.map(recordOf).filter((record) => name === record.name || name.endsWith(`.${record.name}`));
  if (below.length > 0) return { ...empty, authority: below, authoritative: false };
  const here = known.filter((record) => record.name.toLowerCase() === name);
  const alias = here.find((record) => record.type === 'CNAME');
  const answers = here.filter((record) => record.type === type || (record === alias && type !== 'CNAME'));
  // A resolver follows; a zone's own server leaves what lies elsewhere.
  const beyond =
    zone === undefined && alias !== undefined && type !== 'CNAME'
      ? answerOf({ records }, alias.data.toLowerCase(), type).answers
      : [];
  if (answers.length > 0) return { ...empty, answers: [...answers, ...beyond] };
  const exists = here.length > 0 || known.some((record) => record.name.endsWith(`.${name}`));
  const top = zone ?? known.filter(({ type }) => type === 'SOA').find((record) => name.endsWith(record.name))?.name;
  return {
    ...empty,
    code: exists ? 'NOERROR' : 'NXDOMAIN',
    authority: top === undefined ? [] : [{ name: top, type: 'SOA', ttl: 3600, data: SOA }],
  };
}

function recordOf(line: Line): DnsRecord {
  const [, ttl = '300', name = '', type = '', data = ''] = /^(?:(\d+) )?(\S+) ([A-Z]+) (.*)$/s.exec(line) ?? [];
  return { name, type, ttl: Number(ttl), data };
}

/** What a resolver knows of example.com and its two servers, 192.0.2.1 and 192.0.2.2; and where x1.app.fly.dev is. */
export const EXAMPLE: readonly Line[] = [
  `3600 example.com SOA ${SOA}`,
  'example.com NS ns1.host.test',
  'example.com NS ns2.host.test',
  'ns1.host.test A 192.0.2.1',
  'ns2.host.test A 192.0.2.2',
  'x1.app.fly.dev A 192.0.2.80',
];

/** example.com on both servers with these records; the resolver knows them too, or what `resolver` says instead. */
export function example(
  records: readonly Line[],
  {
    second = records,
    resolver = records,
  }: { readonly second?: readonly Line[]; readonly resolver?: readonly Line[] } = {},
) {
  return dns({
    [RESOLVER]: { records: [...EXAMPLE, ...resolver] },
    '192.0.2.1': { zone: 'example.com', records },
    '192.0.2.2': { zone: 'example.com', records: second },
  });
}
