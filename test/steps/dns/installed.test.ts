// dns/record against BIND or Knot, and unbound in front of them: a second run of its key scenarios where these are installed.
import { describe, expect, test } from 'vitest';
import { createDns } from '../../../src/system/dns.ts';
import { record } from '../../../steps/dns/record.ts';
import { ports } from '../http/ports.ts';
import { waitFor } from '../waiting.ts';
import { type Brand, programAt, startNameServer, startResolver, type Zones } from './installed.ts';

const SERVERS = ['@ NS ns1.example.net.', '@ NS ns2.example.net.'];
const KEY = [`v=DKIM1; k=rsa; p=${'A'.repeat(230)}`, 'B'.repeat(160)] as const;
const OURS = [
  ...SERVERS,
  '@ A 192.0.2.80',
  '@ AAAA 2001:db8::80',
  '@ MX 10 mx1',
  '@ MX 20 mx2',
  '@ CAA 0 issue "digicert.com"',
  '@ TXT "v=spf1 -all"',
  'api CNAME x1.app.fly.dev.',
  'www CNAME lb.example.net.',
  'typo CNAME x1.ap.fly.dev.',
  'loop CNAME loop2',
  'loop2 CNAME loop',
  'nowhere CNAME gone.fly.dev.',
  '*.preview CNAME x1.app.fly.dev.',
  `key._domainkey TXT "${KEY[0]}" "${KEY[1]}"`,
  '_fly-ownership.api TXT "org-2; app-1"',
  ...Array.from({ length: 40 }, (_, i) => `many TXT "one of many texts, number ${i}"`),
  'free A 192.0.2.7',
  'free CAA 0 issue "letsencrypt.org"',
  'free CAA 0 issuewild ";"',
  'bound A 192.0.2.7',
  'bound CAA 0 issue "letsencrypt.org; accounturi=https://acme.example/1"',
  'doubled.example.com CNAME x1.app.fly.dev.',
  'team NS ns.team.example.net.',
];
const ELSEWHERE: Zones = {
  'example.net': [...SERVERS, 'ns1 A 192.0.2.1', 'ns2 A 192.0.2.2', 'ns.team A 192.0.2.99', 'lb CNAME x1.app.fly.dev.'],
  'fly.dev': [...SERVERS, 'x1.app A 192.0.2.80', 'x1.app AAAA 2001:db8::80', 'old.app A 192.0.2.66'],
  'team.example.com': ['@ NS ns.team.example.net.', 'v1 A 192.0.2.5'],
};

/** ns1 and ns2 of example.com, another server for the rest of the world, and the resolver of this machine and the public. */
async function served(brand: Brand, ours: readonly string[] = OURS) {
  const owner = await startNameServer(brand, { 'example.com': ours });
  const others = await startNameServer(brand, ELSEWHERE);
  const resolver = await startResolver({
    'example.com': owner.at,
    'team.example.com': others.at,
    '.': others.at,
  });
  const aim = { recursive: resolver.at, '192.0.2.99': others.at, '*': owner.at };
  const dns = createDns({ dns: aim });
  return {
    aim,
    dns,
    forget: resolver.forget,
    publish: (records: readonly string[]) => owner.publish({ 'example.com': records }),
    look: async (want: object) => record.verify?.(record.with.parse(want), ports({ dns }), {}),
  };
}

const PUBLIC = 'the public resolver of Cloudflare, the public resolver of Google';
const BOTH = 'ns1.example.net, ns2.example.net';
const EVERYWHERE = `${BOTH}, ${PUBLIC}`;
const cname = (name: string, value = 'x1.app.fly.dev') => ({ name: `${name}.example.com`, type: 'CNAME', value });

const owners = (['named', 'knotd'] as const).filter((brand) => programAt(brand) !== undefined);
const missing = [
  ...(owners.length === 0 ? ['named or knotd'] : []),
  ...(programAt('unbound') === undefined ? ['unbound'] : []),
];
const why =
  missing.length === 0 ? '' : `: skipped, ${missing.join(' and ')} not installed (apt-get install bind9 unbound)`;

describe.skipIf(missing.length > 0).each(owners.length === 0 ? (['named'] as const) : owners)(
  `%s and unbound${why}`,
  (brand) => {
    test('a published record of each type is seen on all of them', async () => {
      const { look } = await served(brand);
      const at = (name: string, type: string, value: string | readonly string[]) => look({ name, type, value });
      const seen = await Promise.all([
        at('example.com', 'A', '192.0.2.80'),
        at('example.com', 'AAAA', '2001:DB8:0::80'),
        at('API.example.com.', 'CNAME', 'x1.App.fly.dev.'),
        at('example.com', 'TXT', '"v=spf1 -all"'),
        at('example.com', 'CAA', '0 issue "DigiCert.com"'),
        at('example.com', 'NS', ['ns2.example.net', 'ns1.example.net.']),
        at('example.com', 'MX', '20 mx2.example.com'),
        at('_fly-ownership.api.example.com', 'TXT', 'app-1'),
      ]);
      expect(seen).toEqual(
        [
          'example.com A 192.0.2.80',
          'example.com AAAA 2001:db8::80',
          'api.example.com CNAME x1.app.fly.dev',
          'example.com TXT v=spf1 -all',
          'example.com CAA 0 issue digicert.com',
          'example.com NS ns1.example.net, ns2.example.net',
          'example.com MX 10 mx1.example.com, 20 mx2.example.com',
          '_fly-ownership.api.example.com TXT org-2; app-1',
        ].map((line) => ({ is: 'so', seen: `${line}, on ${EVERYWHERE}` })),
      );
    });

    test('a text in several strings is one text; an answer too long for a packet is fetched whole', async () => {
      const { look } = await served(brand);
      const key = { name: 'key._domainkey.example.com', type: 'TXT', value: KEY.join('') };
      expect(await look(key)).toMatchObject({ is: 'so' });
      expect(await look({ ...key, value: KEY[0] })).toMatchObject({ is: 'not-so' });
      const many = { name: 'many.example.com', type: 'TXT', value: 'one of many texts, number 39' };
      expect(await look(many)).toMatchObject({ is: 'so' });
    });

    test('a CNAME is followed into other zones, by a wildcard, and where it was flattened', async () => {
      const { look } = await served(brand);
      expect(await look(cname('www'))).toEqual({
        is: 'so',
        seen: `www.example.com CNAME x1.app.fly.dev (by way of lb.example.net), on ${EVERYWHERE}`,
      });
      expect(await look({ name: 'www.example.com', type: 'A', value: '192.0.2.80' })).toMatchObject({ is: 'so' });
      expect(await look(cname('pr-7.preview'))).toMatchObject({ is: 'so' });
      expect(await look({ ...cname('x'), name: 'example.com' })).toEqual({
        is: 'so',
        seen: `example.com CNAME 192.0.2.80, 2001:db8::80 (flattened: no CNAME shows, but the addresses of its target), on ${EVERYWHERE}`,
      });
      expect(await look({ ...cname('x', 'old.app.fly.dev'), name: 'example.com' })).toMatchObject({
        is: 'not-so',
        hint: expect.stringContaining('DNS only'),
      });
      expect(await look(cname('loop'))).toMatchObject({ is: 'not-so' });
      expect(await look(cname('nowhere', 'gone.fly.dev'))).toMatchObject({
        is: 'so',
        warning: 'gone.fly.dev has no address: nowhere.example.com leads nowhere until it has one',
      });
    });

    test('a CAA record that forbids the authority is named, the nearest above the name counts', async () => {
      const { look } = await served(brand);
      const ca = 'letsencrypt.org';
      expect(await look({ ...cname('api'), ca })).toEqual({
        is: 'not-so',
        expected: 'letsencrypt.org may issue for api.example.com',
        seen: 'example.com CAA 0 issue digicert.com',
        hint: 'This CAA record forbids letsencrypt.org. Add the record example.com CAA 0 issue "letsencrypt.org", or no certificate is issued.',
      });
      const free = { name: 'free.example.com', type: 'A', value: '192.0.2.7', ca };
      expect(await look(free)).toEqual({ is: 'so', seen: `free.example.com A 192.0.2.7, on ${EVERYWHERE}` });
      expect(await look({ ...free, name: 'bound.example.com' })).toMatchObject({
        is: 'so',
        warning: expect.stringContaining('only with accounturi=https://acme.example/1'),
      });
    });

    test('a name that is not there, a wrong value and a zone typed twice, with what they mean', async () => {
      const { look, dns } = await served(brand);
      expect(await look(cname('new'))).toEqual({
        is: 'not-so',
        expected: 'new.example.com CNAME x1.app.fly.dev',
        seen: `${BOTH}: no such name`,
        hint: 'Nothing stands there: not saved, saved in another zone, or under another name. Whoever asked before it was made may be told "no" for up to 30m more (SOA minimum).',
      });
      // The "no" comes fresh from the owner: our look has not left one in the resolver.
      expect(await dns.ask({ name: 'new.example.com', type: 'CNAME' })).toMatchObject({
        code: 'NXDOMAIN',
        authority: [{ type: 'SOA', name: 'example.com' }],
      });
      expect(await look({ name: 'api.example.com', type: 'TXT', value: 'x' })).toMatchObject({ is: 'not-so' });
      expect(await look(cname('typo'))).toMatchObject({
        is: 'not-so',
        seen: `${BOTH}: x1.ap.fly.dev`,
        hint: expect.stringContaining('a slip of the typing'),
      });
      expect(await look(cname('doubled'))).toMatchObject({
        is: 'not-so',
        hint: 'There is a record doubled.example.com.example.com: the zone was typed twice. Write only doubled as its name.',
      });
    });

    test('a zone handed to another server is asked there', async () => {
      const { look } = await served(brand);
      const v1 = { name: 'v1.team.example.com', type: 'A', value: '192.0.2.5' };
      expect(await look(v1)).toEqual({
        is: 'so',
        seen: `v1.team.example.com A 192.0.2.5, on ns.team.example.net, ${PUBLIC}`,
      });
      expect(await look({ ...v1, name: 'v2.team.example.com' })).toMatchObject({
        is: 'not-so',
        seen: 'ns.team.example.net: no such name',
      });
    });

    test('a resolver that keeps the old answer is told from the owner, until it has forgotten it', async () => {
      const { look, dns, publish, forget } = await served(brand, [...SERVERS, 'api CNAME old.app.fly.dev.']);
      await dns.ask({ name: 'api.example.com', type: 'CNAME' });
      await publish(OURS);
      expect(await look(cname('api'))).toEqual({
        is: 'not-so',
        expected: 'api.example.com CNAME x1.app.fly.dev',
        seen: `${BOTH}: x1.app.fly.dev; ${PUBLIC}: old.app.fly.dev`,
        hint: `The name servers are right; ${PUBLIC} may keep the old answer for up to 5m more.`,
      });
      await forget();
      expect(await look(cname('api'))).toMatchObject({ is: 'so' });
    });

    test('a resolver asked too early says how long its "no" lasts, also where only addresses were asked for', async () => {
      const { look, dns, publish, forget } = await served(brand, SERVERS);
      const early = ['free', 'api', 'www'].map((name) => ({ name: `${name}.example.com`, type: 'A' as const }));
      for (const asked of early) expect(await dns.ask(asked)).toMatchObject({ code: 'NXDOMAIN' });
      await publish(OURS);
      const no = {
        is: 'not-so',
        seen: expect.stringContaining(`${PUBLIC}: no such name`),
        hint: `The name servers are right; ${PUBLIC} was asked too early and may keep its "no" for up to 30m (SOA minimum).`,
      };
      expect(await look({ name: 'free.example.com', type: 'A', value: '192.0.2.7' })).toMatchObject(no);
      expect(await look(cname('api'))).toMatchObject(no);
      expect(await look(cname('www'))).toMatchObject(no);
      await forget();
      expect(await look(cname('api'))).toMatchObject({ is: 'so' });
    });

    test('an address that was replaced by a CNAME is kept by a resolver that has the CNAME too', async () => {
      const { look, dns, publish, forget } = await served(brand, [...SERVERS, 'api A 192.0.2.66']);
      expect(await dns.ask({ name: 'api.example.com', type: 'A' })).toMatchObject({
        answers: [{ data: '192.0.2.66' }],
      });
      await publish(OURS);
      expect(await look(cname('api'))).toEqual({
        is: 'not-so',
        expected: 'api.example.com CNAME x1.app.fly.dev',
        seen: `${BOTH}: x1.app.fly.dev; ${PUBLIC}: 192.0.2.66 (addresses, no CNAME)`,
        hint: `The name servers are right; ${PUBLIC} may keep the old answer for up to 5m more.`,
      });
      await forget();
      expect(await look(cname('api'))).toMatchObject({ is: 'so' });
    });

    test('a name that had only records below it: the empty answer that is kept counts as a "no"', async () => {
      const { look, dns, publish } = await served(brand, [...SERVERS, '_fly-ownership.api TXT "app-1"']);
      expect(await dns.ask({ name: 'api.example.com', type: 'AAAA' })).toMatchObject({ code: 'NOERROR', answers: [] });
      await publish(OURS);
      expect(await look(cname('api'))).toMatchObject({
        is: 'not-so',
        seen: `${BOTH}: x1.app.fly.dev; ${PUBLIC}: no such record`,
        hint: expect.stringContaining('asked too early'),
      });
    });

    test('behind an underscore the text counts that an authority reads, not addresses', async () => {
      const { look, dns, publish } = await served(brand, SERVERS);
      for (const type of ['A', 'AAAA'] as const) await dns.ask({ name: '_one.example.com', type });
      await dns.ask({ name: '_two.example.com', type: 'TXT' });
      await publish([...OURS, '_one CNAME proof.fly.dev.', '_two CNAME proof.fly.dev.']);
      expect(await look(cname('_one', 'proof.fly.dev'))).toMatchObject({ is: 'so' });
      expect(await look(cname('_two', 'proof.fly.dev'))).toMatchObject({
        is: 'not-so',
        hint: expect.stringContaining('asked too early'),
      });
    });

    test('the step waits while nothing stands there, and completes when the record is saved', async () => {
      const { aim, publish } = await served(brand, SERVERS);
      const began = await waitFor('dns/record', cname('api'), { dns: aim, within: '30s' });
      expect(began).toMatchObject({ end: { exit: 1 }, step: { status: 'failed' }, took: 30_000 });
      await publish(OURS);
      expect(await waitFor('dns/record', cname('api'), { dns: aim })).toMatchObject({
        end: { finished: 'done' },
        took: 0,
      });
    });
  },
);
