// A DNS record at Cloudflare: made or changed by its API where a token is there, by a person in the dashboard else; seen in DNS either way.
import { z } from 'zod';
import { type Acted, defineStep, type Guide, type Json, type Look, type Outputs } from '../../src/step.ts';
import type { LookPorts, Use, UseToAct } from '../../src/system/ports.ts';
import { record as dnsRecord } from '../dns/record.ts';
import { normalizeName } from '../dns/value.ts';
import { hasToken, send, TOKEN, type Told } from './client.ts';
import { decide, type Found, recordsAt, Stored, TYPES, tell, zoneOf } from './records.ts';

const With = z
  .strictObject({
    name: z.string().min(1),
    type: z.enum(TYPES),
    value: z.string().min(1),
    zone: z.string().min(1).optional().describe('The zone, for who types the name by hand; the API finds it by itself'),
    proxied: z.boolean().default(false).describe("Through Cloudflare's proxy (orange cloud)"),
    ttl: z.int().min(30).max(86_400).optional().describe('Seconds; left out: what is there, or automatic'),
    replace: z
      .boolean()
      .default(false)
      .describe('A record of the same name and type with another value may be changed'),
  })
  .refine(({ type, proxied }) => !proxied || type !== 'TXT', {
    error: 'a TXT record cannot be proxied',
    path: ['proxied'],
  })
  .refine(({ name, proxied }) => !proxied || !name.startsWith('_'), {
    error: 'a name such as _acme-challenge is for machines: it must be DNS only',
    path: ['proxied'],
  });
type Want = z.output<typeof With>;
type Api = Use<'http' | 'env' | 'urls'>;

export const record = defineStep({
  name: 'cloudflare/record',
  summary: 'Have a DNS record at Cloudflare',
  example: 'with: { name: api.example.com, type: CNAME, value: abc123.example-app.fly.dev }',
  with: With,
  outputs: z.object({ record_id: z.string(), previous: z.string() }),
  describe: (want) => `${want.name} ${want.type} ${want.value} at Cloudflare, ${want.proxied ? 'proxied' : 'DNS only'}`,
  commands: ({ name, type, value, replace }) => [
    ['cloudflare', replace ? 'create-or-change' : 'create', 'dns_record', name, type, value],
  ],
  verify: async (want, ports, { since }) => (hasToken(ports) ? lookByApi(want, ports, since) : lookByDns(want, ports)),
  act: upsert,
  canAct: async (_want, ports) => hasToken(ports),
  guide,
  undo: {
    describe: ({ name, type }) =>
      `the record ${name} ${type} gets its old value back, or is deleted where there was none`,
    act: (want, ports, { outputs }) => takeBack(want, ports, outputs),
    verify: async (want, ports) => isGone(want, ports),
  },
  within: '1h',
  every: '10s',
  checkedAgainst: 'stand-in',
});

async function lookByApi(want: Want, ports: LookPorts, since: Json | undefined): Promise<Look> {
  const found = await records(want, ports);
  if (!found.ok) return unknown(found);
  const decision = decide(want, found.value);
  const expected = expectation(want);
  switch (decision.do) {
    case 'nothing':
      return seenInDns(want, outputsOf(decision.record.id, since), ports);
    case 'create':
      return { is: 'not-so', expected, seen: `no ${want.type} at ${want.name}`, since: found.value.map(plain) };
    case 'change':
      return {
        is: 'not-so',
        expected,
        seen: `${tell([decision.record])}: ${decision.because}`,
        since: found.value.map(plain),
      };
    case 'stop':
      return { is: 'not-so', expected, seen: decision.why, hint: decision.hint };
    default:
      return decision satisfies never;
  }
}

/** What stood there before the act is kept for taking it back, also when its reply was lost. */
function outputsOf(id: string, since: Json | undefined): Outputs {
  const before = z.array(Stored).safeParse(since).data;
  const old = before?.find((one) => one.id === id);
  return { record_id: id, ...(before && { previous: old === undefined ? '' : JSON.stringify(plain(old)) }) };
}

/** It is in the zone; clients have it only when DNS shows it. Of a proxied name DNS shows Cloudflare's addresses. */
async function seenInDns(want: Want, outputs: Outputs, ports: LookPorts): Promise<Look> {
  if (want.proxied) return { is: 'so', seen: `${expectation(want)}, by Cloudflare's API`, outputs, ...warningOf(want) };
  const seen = await lookByDns(want, ports);
  return seen.is === 'so' ? { ...seen, outputs } : seen;
}

async function lookByDns(want: Want, ports: LookPorts): Promise<Look> {
  if (want.proxied)
    return {
      is: 'unknown',
      why: `a proxied name shows Cloudflare's addresses: where ${want.name} leads cannot be seen from outside`,
      hint: `With a token in ${TOKEN} Cloudflare is asked.`,
    };
  const { name, type, value } = want;
  const look = await dnsRecord.verify?.(dnsRecord.with.parse({ name, type, value }), ports, {});
  return look ?? { is: 'unknown', why: 'dns/record cannot look' };
}

const expectation = ({ name, type, value, proxied }: Want): string =>
  `${name} ${type} ${value}, ${proxied ? 'proxied' : 'DNS only'}`;

function warningOf({ value, name }: Want): { readonly warning?: string } {
  if (!/\.(fly\.dev|flydns\.net)\.?$/.test(value)) return {};
  return {
    warning: `Fly behind the proxy: SSL/TLS mode must be Full (strict), and Fly sees its own name only by the TXT record _fly-ownership.${name}`,
  };
}

async function records(want: Want, ports: Api): Promise<Found<readonly Stored[]>> {
  const zone = await zoneOf(want.zone ?? want.name, ports);
  return zone.ok ? recordsAt({ zone: zone.value.id, name: want.name }, ports) : zone;
}

async function upsert(want: Want, ports: UseToAct<'http' | 'env' | 'urls'>): Promise<Acted> {
  if (!hasToken(ports)) return { ended: 'failed', why: `there is no token in ${TOKEN}` };
  const zone = await zoneOf(want.zone ?? want.name, ports);
  if (!zone.ok) return failed(zone);
  const there = await recordsAt({ zone: zone.value.id, name: want.name }, ports);
  if (!there.ok) return failed(there);
  const decision = decide(want, there.value);
  if (decision.do === 'stop') return { ended: 'failed', why: decision.why, hint: decision.hint };
  if (decision.do === 'nothing') return { ended: 'ok', seen: tell([decision.record]) };
  const base = `/zones/${zone.value.id}/dns_records`;
  const old = decision.do === 'change' ? decision.record : undefined;
  const told = await send(
    old === undefined
      ? { method: 'POST', path: base, body: { ...fieldsOf(want), comment: 'made by launchbook' } }
      : { method: 'PATCH', path: `${base}/${old.id}`, body: fieldsOf(want) },
    ports,
  );
  // An identical record: a try before this one was carried out after all.
  if (!told.ok && !told.codes.some((code) => code === 81_058 || code === 81_057)) return failed(told, want);
  return readBack(want, zone.value.id, ports);
}

/** What was sent is not what counts: it is read again, from the zone. */
async function readBack(want: Want, zone: string, ports: Api): Promise<Acted> {
  const there = await recordsAt({ zone, name: want.name }, ports);
  if (!there.ok) return { ended: 'unclear', why: `the record was sent; reading it back: ${there.why}` };
  const decision = decide(want, there.value);
  if (decision.do !== 'nothing')
    return { ended: 'unclear', why: `the record was sent, but the zone has ${tell(there.value) || 'nothing'}` };
  return { ended: 'ok', seen: tell([decision.record]) };
}

const fieldsOf = ({ name, type, value, proxied, ttl }: Want) => ({
  type,
  name: normalizeName(name),
  content: value,
  ttl: ttl ?? 1,
  ...(type !== 'TXT' && { proxied }),
});

const plain = ({ id, type, name, content, ttl, proxied }: Stored) => ({ id, type, name, content, ttl, proxied });

async function takeBack(want: Want, ports: UseToAct<'http' | 'env' | 'urls'>, outputs: Outputs): Promise<Acted> {
  const id = outputs.record_id ?? '';
  if (id === '')
    return {
      ended: 'failed',
      why: 'which record was made is not known: it was done by hand',
      hint: 'Take it back in the dashboard.',
    };
  const zone = await zoneOf(want.zone ?? want.name, ports);
  if (!zone.ok) return failed(zone);
  const path = `/zones/${zone.value.id}/dns_records/${id}`;
  const old = outputs.previous ? Stored.parse(JSON.parse(outputs.previous)) : undefined;
  const told = await send(
    old === undefined ? { method: 'DELETE', path } : { method: 'PUT', path, body: plain(old) },
    ports,
  );
  // It does not exist: somebody was faster.
  return told.ok || (old === undefined && told.codes.includes(81_044)) ? { ended: 'ok' } : failed(told);
}

async function isGone(want: Want, ports: Api): Promise<Look> {
  const found = await records(want, ports);
  if (!found.ok) return unknown(found);
  return decide(want, found.value).do === 'nothing'
    ? { is: 'not-so', expected: `no ${expectation(want)}`, seen: tell(found.value) }
    : { is: 'so', seen: tell(found.value) || `no ${want.type} at ${want.name}` };
}

const unknown = (told: Told & { readonly ok: false }): Look => ({
  is: 'unknown',
  why: told.why,
  ...(told.hint !== undefined && { hint: told.hint }),
});

function failed(told: Told & { readonly ok: false }, sent?: Want): Acted {
  if (told.sort === 'lost' && sent !== undefined)
    return { ended: 'unclear', why: `${told.why}; the record may have been made` };
  const conflict = told.codes.some((code) => [81_053, 81_054, 81_056].includes(code));
  const hint = conflict
    ? 'Another record of that name stands in the way: look at the zone in the dashboard.'
    : told.hint;
  return { ended: 'failed', why: told.why, ...(hint !== undefined && { hint }) };
}

function guide({ name, type, value, proxied, zone }: Want): Guide {
  const top = zone === undefined ? undefined : normalizeName(zone);
  const short = top === undefined ? name : normalizeName(name).slice(0, -top.length - 1) || '@';
  const field = { A: 'IPv4 address', AAAA: 'IPv6 address', CNAME: 'Target', TXT: 'Content' }[type];
  return {
    text: [
      `In Cloudflare: the zone${top === undefined ? '' : ` \`${top}\``} → DNS → Records → **Add record** (change the one that is there, if there is one of this name and type). Type ${type}; name \`${short}\`${top === undefined ? ', without the zone, which Cloudflare adds by itself' : ''}; ${field} \`${value}\`; proxy status **${proxied ? 'Proxied (orange cloud)' : 'DNS only (grey cloud)'}**; TTL Auto; **Save**.`,
      `Success: the name servers answer with it within seconds, and this step completes by itself. With a token in \`${TOKEN}\` (Zone → DNS → Edit, Zone → Zone → Read) it is done for you.`,
    ].join('\n\n'),
    open: 'https://dash.cloudflare.com/?to=/:account/:zone/dns/records',
    copy: { Type: type, Name: short, [field]: value },
  };
}
