// Is a DNS record published, by the servers that have the say and by a public resolver? Says which disagree, and how long a cache may.
import { domainToASCII } from 'node:url';
import { z } from 'zod';
import { defineStep, type Look } from '../../src/step.ts';
import type { Use } from '../../src/system/ports.ts';
import { addressesOf, type Reading, readRecord } from './reading.ts';
import { normalize, normalizeName, type RecordType, satisfies } from './value.ts';
import { type Judged, judge, judgeOne, type Verdict } from './verdict.ts';
import { findZone, type Zone } from './zone.ts';

const With = z.strictObject({
  name: z.string().min(1).overwrite(asciiName),
  type: z.enum(['A', 'AAAA', 'CNAME', 'TXT', 'CAA', 'NS', 'MX']),
  value: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  /** An address: only this server is asked. */
  server: z.union([z.ipv4(), z.ipv6()]).optional(),
});
type Ports = Use<'dns'>;

export const record = defineStep({
  name: 'dns/record',
  summary: 'Check that a DNS record is published',
  example: 'with: { name: api.example.com, type: CNAME, value: abc123.example-app.fly.dev }',
  with: With,
  describe: ({ name, type, value }) => `${name} ${type} ${[value].flat().join(', ')}`,
  verify: async ({ name, type, value, server }, ports) => {
    const wanted = [value]
      .flat()
      .map((one) => normalize(type, type === 'CNAME' || type === 'NS' ? asciiName(one) : one));
    const want = { name, type, wanted };
    if (server !== undefined) return judgeOne(want, await readAt(want, server, server, ports));
    const zone = await findZone({ name, type }, ports.dns);
    if ('unknown' in zone) return { is: 'unknown', why: zone.unknown };
    return lookEverywhere(want, zone, ports);
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

/** The zone's own servers first: they keep no old answers, and a public resolver must not learn a "no" from us. */
async function lookEverywhere(want: Want, zone: Zone, ports: Ports): Promise<Look> {
  const servers = await Promise.all(zone.servers.map(({ host, address }) => readAt(want, host, address, ports)));
  const answered = servers.filter(({ verdict }) => verdict !== 'silent');
  const published = answered.every(({ verdict }) => verdict === 'right');
  const resolver = published ? await readAt(want, 'the public resolver', undefined, ports) : undefined;
  const doubled =
    answered.length > 0 && answered.every(({ verdict }) => verdict === 'none')
      ? await doubledName(want, zone, ports)
      : undefined;
  return judge({
    ...want,
    zone,
    servers,
    ...(resolver !== undefined && { resolver }),
    ...(doubled !== undefined && { doubled }),
  });
}

async function readAt(
  { name, type, wanted }: Want,
  from: string,
  server: string | undefined,
  { dns }: Ports,
): Promise<Judged> {
  const reading = await readRecord({ name, type, ...(server !== undefined && { server }) }, dns);
  return { from, reading, verdict: await verdictOn(reading, { name, type, wanted }, { dns }) };
}

async function verdictOn(reading: Reading, { type, wanted }: Want, { dns }: Ports): Promise<Verdict> {
  if (reading.is !== 'values') return reading.is;
  if (!reading.flattened) return satisfies(type, wanted, reading.values) ? 'right' : 'wrong';
  // Flattened: the addresses of the target stand where the CNAME would.
  const targets = await Promise.all(wanted.map((target) => addressesOf(target, dns)));
  const addresses = targets.flatMap(({ values }) => values);
  return reading.values.every((value) => addresses.includes(value)) ? 'right' : 'wrong';
}

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
