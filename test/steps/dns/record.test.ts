import { describe, expect, test } from 'vitest';
import type { Dns } from '../../../src/system/ports.ts';
import { record } from '../../../steps/dns/record.ts';
import { ports } from '../http/ports.ts';
import { dns, EXAMPLE, example, RESOLVER } from './servers.ts';

const look = async (want: object, port: Dns) => record.verify?.(record.with.parse(want), ports({ dns: port }), {});
const PUBLIC = 'the public resolver of Cloudflare, the public resolver of Google';
const cname = { name: 'api.example.com', type: 'CNAME', value: 'x1.app.fly.dev' };

describe('a record that is published', () => {
  test('is so when every name server and the resolver have it', async () => {
    expect(await look(cname, example(['api.example.com CNAME x1.app.fly.dev']))).toEqual({
      is: 'so',
      seen: `api.example.com CNAME x1.app.fly.dev, on ns1.host.test, ns2.host.test, ${PUBLIC}`,
    });
  });

  test.each([
    [{ ...cname, name: 'API.Example.com.', value: 'X1.App.Fly.dev.' }, 'api.example.com CNAME x1.app.fly.dev'],
    [{ name: 'example.com', type: 'AAAA', value: '2001:0DB8:0:0::1' }, 'example.com AAAA 2001:db8::1'],
    [{ name: 'example.com', type: 'TXT', value: 'app-1' }, 'example.com TXT org-2; app-1'],
    [{ name: 'example.com', type: 'TXT', value: '"v=spf1 -all"' }, 'example.com TXT v=spf1 -all'],
    [
      { name: 'example.com', type: 'CAA', value: '0 issue LetsEncrypt.org' },
      'example.com CAA 0 issue "letsencrypt.org"',
    ],
    [{ name: 'example.com', type: 'MX', value: '10 MX.example.com.' }, 'example.com MX 10 mx.example.com'],
    [{ name: 'bücher.example.com', type: 'A', value: '192.0.2.9' }, 'xn--bcher-kva.example.com A 192.0.2.9'],
  ])('%j is told in its own spelling', async (want, line) => {
    expect(await look(want, example([line]))).toMatchObject({ is: 'so' });
  });

  test('other texts may stand beside the wanted one, another address may not', async () => {
    const texts = ['example.com TXT one', 'example.com TXT two'];
    expect(await look({ name: 'example.com', type: 'TXT', value: 'two' }, example(texts))).toMatchObject({ is: 'so' });
    const addresses = ['example.com A 192.0.2.7', 'example.com A 192.0.2.8'];
    expect(await look({ name: 'example.com', type: 'A', value: '192.0.2.7' }, example(addresses))).toMatchObject({
      is: 'not-so',
      seen: 'ns1.host.test, ns2.host.test: 192.0.2.7, 192.0.2.8',
      hint: expect.stringContaining('old record'),
    });
    expect(
      await look({ name: 'example.com', type: 'A', value: ['192.0.2.8', '192.0.2.7'] }, example(addresses)),
    ).toMatchObject({ is: 'so' });
  });

  test('an address may be reached by way of a CNAME into another zone', async () => {
    const alias = ['www.example.com CNAME x.fly.dev'];
    const port = example(alias, { resolver: [...alias, 'x.fly.dev A 192.0.2.80'] });
    expect(await look({ name: 'www.example.com', type: 'A', value: '192.0.2.80' }, port)).toMatchObject({ is: 'so' });
  });

  test('a flattened CNAME is accepted by its addresses, and said as seen', async () => {
    const addresses = ['example.com A 192.0.2.80', 'example.com AAAA 2001:db8::80'];
    const target = ['x1.app.fly.dev A 192.0.2.80', 'x1.app.fly.dev AAAA 2001:db8::80'];
    expect(
      await look({ ...cname, name: 'example.com' }, example(addresses, { resolver: [...addresses, ...target] })),
    ).toEqual({
      is: 'so',
      seen: `example.com CNAME 192.0.2.80, 2001:db8::80 (flattened: no CNAME shows, but the addresses of its target), on ns1.host.test, ns2.host.test, ${PUBLIC}`,
    });
  });
});

describe('a record that is not as it should be', () => {
  test('a proxied name is told from its target, with the switch to turn', async () => {
    const proxied = ['api.example.com A 203.0.113.5'];
    const seen = await look(cname, example(proxied, { resolver: [...proxied, 'x1.app.fly.dev A 192.0.2.80'] }));
    expect(seen).toMatchObject({
      is: 'not-so',
      seen: 'ns1.host.test, ns2.host.test: 203.0.113.5 (addresses, no CNAME)',
      hint: expect.stringContaining('DNS only'),
    });
  });

  test('expected and seen stand side by side', async () => {
    expect(await look(cname, example(['api.example.com CNAME typo.fly.dev']))).toEqual({
      is: 'not-so',
      expected: 'api.example.com CNAME x1.app.fly.dev',
      seen: 'ns1.host.test, ns2.host.test: typo.fly.dev',
      hint: expect.stringContaining('a slip of the typing'),
    });
  });

  test('nothing there: the resolver is not asked, so that it learns no "no"; and how long one would last', async () => {
    const port = example([]);
    expect(await look(cname, port)).toEqual({
      is: 'not-so',
      expected: 'api.example.com CNAME x1.app.fly.dev',
      seen: 'ns1.host.test, ns2.host.test: no such name',
      hint: 'Nothing stands there: not saved, saved in another zone, or under another name. Whoever asked before it was made may be told "no" for up to 30m more (SOA minimum).',
    });
    expect(port.asked.filter((one) => /^(resolver|Cloudflare|Google) api\./.test(one))).toEqual([]);
  });

  test('a zone that was typed twice is found', async () => {
    expect(await look(cname, example(['api.example.com.example.com CNAME x1.app.fly.dev']))).toMatchObject({
      is: 'not-so',
      hint: 'There is a record api.example.com.example.com: the zone was typed twice. Write only api as its name.',
    });
  });

  test('name servers that disagree are named', async () => {
    expect(await look(cname, example(['api.example.com CNAME x1.app.fly.dev'], { second: [] }))).toMatchObject({
      is: 'not-so',
      seen: 'ns1.host.test: x1.app.fly.dev; ns2.host.test: no such name',
      hint: 'The name servers disagree: wait until all have the new record.',
    });
  });

  test('a resolver with an old answer or an old "no" says how long that lasts', async () => {
    const now = ['api.example.com CNAME x1.app.fly.dev'];
    expect(await look(cname, example(now, { resolver: ['90 api.example.com CNAME old.fly.dev'] }))).toMatchObject({
      is: 'not-so',
      seen: `ns1.host.test, ns2.host.test: x1.app.fly.dev; ${PUBLIC}: old.fly.dev`,
      hint: `The name servers are right; ${PUBLIC} may keep the old answer for up to 2m more.`,
    });
    expect(await look(cname, example(now, { resolver: [] }))).toMatchObject({
      is: 'not-so',
      hint: `The name servers are right; ${PUBLIC} was asked too early and may keep its "no" for up to 30m (SOA minimum).`,
    });
  });
});

describe('no answer', () => {
  const zone = { zone: 'example.com', records: ['api.example.com CNAME x1.app.fly.dev'] };

  test('from everybody is unknown', async () => {
    const port = dns({ [RESOLVER]: { trouble: 'silent' } });
    expect(await look(cname, port)).toEqual({
      is: 'unknown',
      why: 'the resolver of this machine did not answer: no answer within 2 s',
    });
  });

  test('from one name server is a warning where the others are right', async () => {
    const port = dns({
      [RESOLVER]: { records: [...EXAMPLE, ...zone.records] },
      '192.0.2.1': zone,
      '192.0.2.2': { zone: 'example.com', trouble: 'REFUSED' },
    });
    expect(await look(cname, port)).toEqual({
      is: 'so',
      seen: `api.example.com CNAME x1.app.fly.dev, on ns1.host.test, ${PUBLIC}`,
      warning: 'did not answer: ns2.host.test: no answer (it answered REFUSED)',
    });
  });

  test('from all name servers leaves the word to the resolver', async () => {
    const silent = { zone: 'example.com', trouble: 'silent' } as const;
    const right = dns({
      [RESOLVER]: { records: [...EXAMPLE, ...zone.records] },
      '192.0.2.1': silent,
      '192.0.2.2': silent,
    });
    expect(await look(cname, right)).toMatchObject({ is: 'so', warning: expect.stringContaining('did not answer') });
    const wrong = dns({ [RESOLVER]: { records: EXAMPLE }, '192.0.2.1': silent, '192.0.2.2': silent });
    expect(await look(cname, wrong)).toMatchObject({
      is: 'not-so',
      hint: expect.stringContaining('port 53 may be blocked'),
    });
  });

  test('one server alone may be asked', async () => {
    const port = dns({ '192.0.2.2': { zone: 'example.com', trouble: 'SERVFAIL' }, '192.0.2.1': zone });
    expect(await look({ ...cname, server: '192.0.2.1' }, port)).toEqual({
      is: 'so',
      seen: '192.0.2.1: x1.app.fly.dev',
    });
    expect(await look({ ...cname, server: '192.0.2.2' }, port)).toEqual({
      is: 'unknown',
      why: '192.0.2.2: no answer (it answered SERVFAIL)',
    });
  });
});

test('a zone that was handed to other servers is followed, without asking the resolver for the name', async () => {
  const port = dns({
    [RESOLVER]: { records: [...EXAMPLE, 'ns.other.test A 192.0.2.99'] },
    '192.0.2.1': { zone: 'example.com', refers: ['api.example.com NS ns.other.test'] },
    '192.0.2.2': { zone: 'example.com', refers: ['api.example.com NS ns.other.test'] },
    '192.0.2.99': { zone: 'api.example.com', records: [] },
  });
  expect(await look({ name: 'v1.api.example.com', type: 'A', value: '192.0.2.5' }, port)).toMatchObject({
    is: 'not-so',
    seen: 'ns.other.test: no such name',
  });
  expect(port.asked.filter((one) => /^(resolver|Cloudflare|Google) .*api\./.test(one))).toEqual([]);
});

describe('public resolvers', () => {
  const published = ['api.example.com CNAME x1.app.fly.dev'];
  const servers = {
    '192.0.2.1': { zone: 'example.com', records: published },
    '192.0.2.2': { zone: 'example.com', records: published },
  };
  const known = { records: [...EXAMPLE, ...published] };

  test('one of them that still keeps a "no" is named, and the other too', async () => {
    const port = dns({ ...servers, [RESOLVER]: known, Google: { records: EXAMPLE } });
    expect(await look(cname, port)).toEqual({
      is: 'not-so',
      expected: 'api.example.com CNAME x1.app.fly.dev',
      seen: 'ns1.host.test, ns2.host.test, the public resolver of Cloudflare: x1.app.fly.dev; the public resolver of Google: no such name',
      hint: 'The name servers are right; the public resolver of Google was asked too early and may keep its "no" for up to 30m (SOA minimum).',
    });
  });

  test('one that cannot be reached is a warning; one that fails leaves it open', async () => {
    const silent = dns({ ...servers, [RESOLVER]: known, Google: { trouble: 'silent' } });
    expect(await look(cname, silent)).toMatchObject({
      is: 'so',
      warning: 'did not answer: the public resolver of Google: no answer (no answer within 2 s)',
    });
    const failing = dns({ ...servers, [RESOLVER]: known, Google: { trouble: 'SERVFAIL' } });
    expect(await look(cname, failing)).toEqual({
      is: 'unknown',
      why: 'ns1.host.test, ns2.host.test have it, but the public resolver of Google: no answer (it answered SERVFAIL)',
      hint: 'A public resolver that fails where the name servers are right often means broken DNSSEC.',
    });
  });

  test('none can be reached: the one of this machine has the word', async () => {
    const nobody = { Cloudflare: { trouble: 'silent' }, Google: { trouble: 'silent' } } as const;
    const port = dns({ ...servers, ...nobody, [RESOLVER]: known });
    expect(await look(cname, port)).toMatchObject({
      is: 'so',
      seen: 'api.example.com CNAME x1.app.fly.dev, on ns1.host.test, ns2.host.test, the resolver of this machine',
      warning: expect.stringContaining('the public resolver of Google: no answer'),
    });
    const early = dns({ ...servers, ...nobody, [RESOLVER]: { records: EXAMPLE } });
    expect(await look(cname, early)).toMatchObject({
      is: 'not-so',
      hint: expect.stringContaining('the resolver of this machine was asked too early'),
    });
  });
});

describe('a CNAME', () => {
  test('that leads to the target by way of another is so', async () => {
    const first = ['api.example.com CNAME lb.example.net'];
    const chain = [...first, 'lb.example.net CNAME x1.app.fly.dev'];
    expect(await look(cname, example(first, { resolver: chain }))).toMatchObject({
      is: 'so',
      seen: expect.stringContaining('api.example.com CNAME x1.app.fly.dev (by way of lb.example.net), on ns1'),
    });
    const circle = [...first, 'lb.example.net CNAME api.example.com'];
    expect(await look(cname, example(first, { resolver: circle }))).toMatchObject({ is: 'not-so' });
  });

  test('whose target has no address is so, with a warning', async () => {
    const lines = ['api.example.com CNAME gone.fly.dev'];
    expect(await look({ ...cname, value: 'gone.fly.dev' }, example(lines))).toMatchObject({
      is: 'so',
      warning: 'gone.fly.dev has no address: api.example.com leads nowhere until it has one',
    });
  });
});

describe('the certificate authority', () => {
  const here = 'api.example.com CNAME x1.app.fly.dev';
  const want = { ...cname, ca: 'letsencrypt.org' };
  const caa = (...records: readonly string[]) => example([here, ...records]);

  test.each([
    [[]],
    [['example.com CAA 0 issue "LetsEncrypt.org"', 'example.com CAA 0 issue "pki.goog"']],
    [['example.com CAA 0 iodef "mailto:a@example.com"']],
    [['x1.app.fly.dev CAA 0 issue "letsencrypt.org"', 'example.com CAA 0 issue "digicert.com"']],
  ])('may issue with %j', async (records) => {
    expect(await look(want, caa(...records))).toMatchObject({ is: 'so' });
  });

  test.each([
    [
      ['example.com CAA 0 issue "digicert.com"'],
      'example.com CAA 0 issue digicert.com',
      'This CAA record forbids letsencrypt.org. Add the record example.com CAA 0 issue "letsencrypt.org", or no certificate is issued.',
    ],
    [['example.com CAA 0 issue ";"'], 'example.com CAA 0 issue ;', 'forbids letsencrypt.org'],
    [['example.com CAA 128 tbs "x"'], 'example.com CAA 128 tbs x', 'all refuse'],
  ])('is forbidden by %j, and the record is named', async (records, seen, hint) => {
    expect(await look(want, caa(...records))).toEqual({
      is: 'not-so',
      expected: 'letsencrypt.org may issue for api.example.com',
      seen,
      hint: expect.stringContaining(hint),
    });
  });

  test('allowed under a condition, or not to be seen, is a warning', async () => {
    const bound = caa('example.com CAA 0 issue "letsencrypt.org; accounturi=https://acme.example/1"');
    expect(await look(want, bound)).toMatchObject({
      is: 'so',
      warning: expect.stringContaining('only with accounturi='),
    });
  });
});
