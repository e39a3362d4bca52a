// Is a DNS record published, by the servers that have the say and by public resolvers? Says which disagree, and how long a cache may.
import { domainToASCII } from 'node:url';
import { z } from 'zod';
import { defineStep, type Look } from '../../src/step.ts';
import type { Dns, PublicResolver, Use } from '../../src/system/ports.ts';
import { forbids } from './caa.ts';
import { type AskedRecord, addressesOf, chainFrom, type Reading, readBeside, readRecord } from './reading.ts';
import { normalize, normalizeName, type RecordType, satisfies } from './value.ts';
import { type Judged, judge, judgeOne } from './verdict.ts';
import { findZone, type Zone } from './zone.ts';

const With = z.strictObject({
  name: z.string().min(1).overwrite(asciiName),
  type: z.enum(['A', 'AAAA', 'CNAME', 'TXT', 'CAA', 'NS', 'MX']),
  value: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  server: z.union([z.ipv4(), z.ipv6()]).optional().describe('An address: only this server is asked'),
  ca: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A certificate authority, as CAA records name it: letsencrypt.org for Fly. It must be allowed for the name',
    ),
});
type Ports = Use<'dns'>;

export const record = defineStep({
  name: 'dns/record',
  summary: 'Check that a DNS record is published',
  example: 'with: { name: api.example.com, type: CNAME, value: abc123.example-app.fly.dev }',
  with: With,
  describe: ({ name, type, value, ca }) =>
    `${name} ${type} ${[value].flat().join(', ')}${ca === undefined ? '' : `, open to ${ca}`}`,
  verify: async ({ name, type, value, server, ca }, ports) => {
    const wanted = [value]
      .flat()
      .map((one) => normalize(type, type === 'CNAME' || type === 'NS' ? asciiName(one) : one));
    const want = { name, type, wanted };
    if (server !== undefined) return judgeOne(want, await readAt(want, { from: server, server }, ports));
    const zone = await findZone({ name, type }, ports.dns);
    if ('unknown' in zone) return { is: 'unknown', why: zone.unknown };
    const look = await lookEverywhere(want, zone, ports);
    return look.is === 'so' ? withRemarks(look, { ...want, zone: zone.zone, ca }, ports) : look;
  },
  within: '1h',
  every: '10s',
  checkedAgainst: 'stand-in',
});

interface Want {
  readonly name: string;
  readonly type: RecordType;
  readonly wanted: readonly string[];
}
/** Who is asked, and under which name the answer stands. */
type Place = { readonly from: string } & Pick<AskedRecord, 'server' | 'resolver'>;

/** The zone's own servers first: they keep no old answers, and a public resolver must not learn a "no" from us. */
async function lookEverywhere(want: Want, zone: Zone, ports: Ports): Promise<Look> {
  const servers = await Promise.all(
    zone.servers.map(({ host, address }) => readAt(want, { from: host, server: address }, ports)),
  );
  const answered = servers.filter(({ verdict }) => verdict !== 'silent');
  const published = answered.every(({ verdict }) => verdict === 'right');
  const resolvers = published ? await askResolvers(want, ports) : undefined;
  const doubled =
    answered.length > 0 && answered.every(({ verdict }) => verdict === 'none')
      ? await doubledName(want, zone, ports)
      : undefined;
  return judge({
    ...want,
    zone,
    servers,
    ...(resolvers !== undefined && { resolvers }),
    ...(doubled !== undefined && { doubled }),
  });
}

/** The public ones; where none can be reached from here, the one of this machine. */
async function askResolvers(want: Want, ports: Ports): Promise<readonly Judged[]> {
  const known = await Promise.all(
    PUBLIC.map((resolver) => readKept(want, { from: `the public resolver of ${resolver}`, resolver }, ports)),
  );
  if (known.some(({ reading }) => reading.is !== 'silent' || reading.code !== undefined)) return known;
  return [...known, await readKept(want, { from: 'the resolver of this machine' }, ports)];
}

/** Who has the CNAME may still keep an older answer to what programs ask of the name: its addresses. */
async function readKept(want: Want, { from, ...at }: Place, ports: Ports): Promise<Judged> {
  const judged = await readAt(want, { from, ...at }, ports);
  if (want.type !== 'CNAME' || judged.verdict !== 'right' || judged.reading.is !== 'values' || judged.reading.flattened)
    return judged;
  const besides = await readBeside({ name: want.name, ...at }, ports.dns);
  const verdicts = await Promise.all(besides.map((reading) => verdictOn(reading, want, ports)));
  const old = verdicts.find(({ verdict }) => verdict === 'wrong' || verdict === 'none');
  return old === undefined ? judged : { from, ...old };
}

async function readAt({ name, type, wanted }: Want, { from, ...at }: Place, { dns }: Ports): Promise<Judged> {
  const reading = await readRecord({ name, type, ...at }, dns);
  return { from, ...(await verdictOn(reading, { name, type, wanted }, { dns })) };
}

async function verdictOn(reading: Reading, { type, wanted }: Want, { dns }: Ports): Promise<Omit<Judged, 'from'>> {
  if (reading.is !== 'values') return { reading, verdict: reading.is };
  if (!reading.flattened) {
    if (satisfies(type, wanted, reading.values)) return { reading, verdict: 'right' };
    return type === 'CNAME' ? alongChain(reading, wanted, dns) : { reading, verdict: 'wrong' };
  }
  // Flattened: the addresses of the target stand where the CNAME would.
  const targets = await Promise.all(wanted.map((target) => addressesOf({ name: target }, dns)));
  const addresses = targets.flatMap(({ values }) => values);
  return { reading, verdict: reading.values.every((value) => addresses.includes(value)) ? 'right' : 'wrong' };
}

/** A CNAME to a CNAME to the target leads there too. */
async function alongChain(
  reading: Reading & { readonly is: 'values' },
  wanted: readonly string[],
  dns: Dns,
): Promise<Omit<Judged, 'from'>> {
  const [first = ''] = reading.values;
  const chain = await chainFrom(first, dns);
  const reached = wanted.find((target) => chain.includes(target));
  if (reached === undefined) return { reading, verdict: 'wrong' };
  return { reading: { ...reading, values: [reached], alias: first }, verdict: 'right' };
}

/** It stands there; does it lead anywhere, and may the certificate be issued? */
async function withRemarks(
  look: Look & { readonly is: 'so' },
  { name, type, wanted, zone, ca }: Want & { readonly zone: string; readonly ca: string | undefined },
  { dns }: Ports,
): Promise<Look> {
  const [target = ''] = wanted;
  const reached = type === 'CNAME' ? await addressesOf({ name: target, resolver: 'Cloudflare' }, dns) : undefined;
  const caa = ca === undefined ? undefined : await forbids({ name, zone, ca }, dns);
  if (caa?.is === 'forbidden')
    return { is: 'not-so', expected: `${ca} may issue for ${name}`, seen: caa.seen, hint: caa.hint };
  const warnings = [
    ...(look.warning === undefined ? [] : [look.warning]),
    ...(reached?.heard && reached.values.length === 0
      ? [`${target} has no address: ${name} leads nowhere until it has one`]
      : []),
    ...(caa?.is === 'unknown' ? [caa.why] : []),
  ];
  return warnings.length === 0 ? look : { ...look, warning: warnings.join('; ') };
}

const PUBLIC: readonly PublicResolver[] = ['Cloudflare', 'Google'];

/** The usual slip: the full name typed where the zone is added by itself (facts/dns-and-tls.md §8). */
async function doubledName({ name, type }: Want, { zone, servers }: Zone, { dns }: Ports): Promise<string | undefined> {
  const twice = `${name}.${zone}`;
  const address = servers[0]?.address;
  if (!zone.includes('.') || address === undefined) return undefined;
  const reading = await readRecord({ name: twice, type, server: address }, dns);
  return reading.is === 'values' ? twice : undefined;
}

/** Names with letters beyond ASCII are asked for in their DNS spelling. */
function asciiName(name: string): string {
  const plain = normalizeName(name);
  return /^[\x00-\x7f]*$/.test(plain) ? plain : domainToASCII(plain) || plain;
}
