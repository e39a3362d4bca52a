import { expect, test } from 'vitest';
import { certificate } from '../../../steps/fly/certificate.ts';
import { certificateIssued } from '../../../steps/fly/certificate-issued.ts';
import { aCertificate, aListedCertificate, anIp, anIssued } from './answers.ts';
import { act, did, endings, flyWorld, gone, json, look, noisy, saw, says, undo } from './fake-fly.ts';

const want = { app: 'solserver-prod', hostname: 'api.sollabs.com' };
const host = want.hostname;
const list = (...certificates: unknown[]) => saw('certs list -a solserver-prod --json', json(certificates));
const check = (change = {}) => saw(`certs check ${host} -a solserver-prod --json`, json(aCertificate(host, change)));
const add = `certs add ${host} -a solserver-prod --json`;
const fifty = Array.from({ length: 50 }, (_, n) => aListedCertificate(`h${n}.sollabs.com`));
const outputs = {
  target: 'abcd123.solserver-prod.fly.dev',
  a: '203.0.113.10',
  aaaa: '2001:db8::10',
  ownership_name: `_fly-ownership.${host}`,
  ownership_value: 'app-abcd123',
};
const pending = { is: 'not-so', expected: `a valid certificate for ${host}` };
const issuedUntil = (at: string) => ({ configured: true, status: 'active', certificates: anIssued(at) });
const dns = { [`${host} AAAA`]: ['2001:db8::10'] };
const addresses = saw('ips list -a solserver-prod --json', json([anIp('v6', '2001:db8::10')]));

test('a host name that the app has is so, with the DNS records as outputs', async () => {
  expect(await look(certificate, want, flyWorld([list(aListedCertificate(host)), check()]))).toEqual({
    is: 'so',
    seen: `${host} is there, pending_validation`,
    outputs,
  });
});

test('a host name that the app does not have is not so, and no validation is started', async () => {
  expect(await look(certificate, want, flyWorld([list(aListedCertificate('sollabs.com'))]))).toMatchObject({
    is: 'not-so',
    seen: 'solserver-prod has none for api.sollabs.com',
  });
  expect(
    await look(certificate, want, flyWorld([saw('certs list -a solserver-prod --json', { stdout: 'null\n' })])),
  ).toMatchObject({ is: 'not-so' });
});

test('past the fifty that fly lists, a check tells', async () => {
  const long = noisy(json(fifty));
  const listed = saw('certs list -a solserver-prod --json', long);
  expect(await look(certificate, want, flyWorld([listed, check()]))).toMatchObject({ is: 'so' });
  const absent = saw(
    `certs check ${host} -a solserver-prod --json`,
    says('Error: failed to check certificate: hostname not found\n'),
  );
  expect(await look(certificate, want, flyWorld([listed, absent]))).toMatchObject({ is: 'not-so' });
});

test('past the fifty no validation is started while DNS is wrong, and one a look when it is right', async () => {
  const listed = saw('certs list -a solserver-prod --json', json(fifty));
  expect(await look(certificateIssued, want, flyWorld([listed]))).toMatchObject({
    ...pending,
    seen: `DNS has no record for ${host} yet`,
  });
  const issued = check(issuedUntil('2027-02-20T00:00:00Z'));
  expect(await look(certificateIssued, want, flyWorld([listed, addresses, issued], { dns }))).toMatchObject({
    is: 'so',
  });
});

test('records that cannot be read leave it unknown: later steps need them', async () => {
  const world = flyWorld([
    list(aListedCertificate(host)),
    saw(`certs check ${host} -a solserver-prod --json`, endings.serverError),
  ]);
  expect(await look(certificate, want, world)).toMatchObject({
    is: 'unknown',
    why: expect.stringContaining('DNS records'),
  });
});

test('an app without addresses gives the records there are, and warns', async () => {
  const requirements = {
    a: null,
    aaaa: [],
    cname: 'abcd123.solserver-prod.fly.dev',
    acme_challenge: null,
    ownership: null,
  };
  expect(
    await look(
      certificate,
      want,
      flyWorld([list(aListedCertificate(host)), check({ dns_requirements: requirements })]),
    ),
  ).toMatchObject({
    is: 'so',
    outputs: { target: 'abcd123.solserver-prod.fly.dev' },
    warning: expect.stringContaining('no IPv6'),
  });
});

test('the act adds it after a look, and gives the records at once', async () => {
  expect(await act(certificate, want, flyWorld([list(), did(add, json(aCertificate(host)))]))).toEqual({
    ended: 'ok',
    outputs,
  });
  expect(await act(certificate, want, flyWorld([list(aListedCertificate(host))]))).toMatchObject({ ended: 'ok' });
  expect(
    await act(certificate, want, flyWorld([list(), did(add, says('Error: Hostname already exists on app\n'))])),
  ).toMatchObject({ ended: 'ok' });
});

test('host names are compared in lower case', async () => {
  expect(
    await look(
      certificate,
      { ...want, hostname: 'API.SolLabs.com' },
      flyWorld([list(aListedCertificate(host)), check()]),
    ),
  ).toMatchObject({ is: 'so' });
});

test('taking it back removes it once', async () => {
  expect(
    await undo(
      certificate,
      want,
      flyWorld([list(aListedCertificate(host)), did(`certs remove ${host} -a solserver-prod --yes`, {})]),
    ),
  ).toEqual({ ended: 'ok' });
  expect(await undo(certificate, want, flyWorld([list()]))).toMatchObject({ ended: 'ok' });
  expect(await gone(certificate, want, flyWorld([list()]))).toMatchObject({ is: 'so' });
  expect(await gone(certificate, want, flyWorld([list(aListedCertificate(host))]))).toMatchObject({ is: 'not-so' });
});

test('issued is an active certificate with a date in the future', async () => {
  const world = flyWorld([list(aListedCertificate(host, true)), check(issuedUntil('2027-02-20T00:00:00Z'))]);
  expect(await look(certificateIssued, want, world)).toEqual({
    is: 'so',
    seen: 'issued, valid until 2027-02-20T00:00:00Z',
    outputs: { expires: '2027-02-20T00:00:00Z' },
  });
});

test('configured is not issued', async () => {
  const world = flyWorld([list(aListedCertificate(host)), addresses, check({ configured: true })], { dns });
  expect(await look(certificateIssued, want, world)).toMatchObject({
    ...pending,
    seen: 'pending_validation; DNS is right, the certificate is not issued yet',
  });
});

test('a certificate that has run out is not so', async () => {
  const world = flyWorld([list(aListedCertificate(host, true)), check(issuedUntil('2026-01-01T00:00:00Z'))]);
  expect(await look(certificateIssued, want, world)).toMatchObject(pending);
});

test.each([
  ['no record', {}, `DNS has no record for ${host} yet`],
  ['an A record alone', { [`${host} A`]: ['203.0.113.10'] }, `DNS of ${host} has A 203.0.113.10`],
  [
    'a challenge typed wrong',
    { [`_acme-challenge.${host} CNAME`]: ['flydns.example'] },
    `DNS of ${host} has _acme-challenge flydns.example`,
  ],
])('while DNS has %s no validation is started', async (_, records, seen) => {
  expect(
    await look(certificateIssued, want, flyWorld([list(aListedCertificate(host))], { dns: records })),
  ).toMatchObject({ ...pending, seen });
});

test('while the AAAA record leads elsewhere no validation is started', async () => {
  const elsewhere = { [`${host} AAAA`]: ['2001:db8::99'] };
  expect(
    await look(certificateIssued, want, flyWorld([list(aListedCertificate(host)), addresses], { dns: elsewhere })),
  ).toMatchObject({ ...pending, seen: expect.stringContaining('2001:db8::99') });
});

test('an address is the same in every spelling', async () => {
  const long = { [`${host} AAAA`]: ['2001:0DB8:0:0::10'] };
  expect(
    await look(certificateIssued, want, flyWorld([list(aListedCertificate(host)), addresses, check()], { dns: long })),
  ).toMatchObject(pending);
});

test('Fly is asked to check at most every 15 minutes', async () => {
  const justNow = { ...aListedCertificate(host), updated_at: '2026-11-22T23:00:00Z' };
  expect(await look(certificateIssued, want, flyWorld([list(justNow), addresses], { dns }))).toMatchObject({
    ...pending,
    seen: `DNS of ${host} has AAAA 2001:db8::10; Fly has not issued it yet`,
  });
});

test.each([
  ['an _acme-challenge record alone', { [`_acme-challenge.${host} CNAME`]: [`${host}.abcd123.flydns.net`] }],
  [
    'an _fly-ownership record behind a proxy',
    { [`_fly-ownership.${host} TXT`]: ['app-abcd123'], [`${host} A`]: ['198.51.100.1'] },
  ],
])('%s is enough to ask', async (_, records) => {
  expect(
    await look(certificateIssued, want, flyWorld([list(aListedCertificate(host)), check()], { dns: records })),
  ).toMatchObject({
    ...pending,
    hint: expect.stringContaining(`CNAME _acme-challenge.${host} → ${host}.abcd123.flydns.net`),
  });
});

test("Let's Encrypt's limit and validation errors are shown", async () => {
  const errors = {
    rate_limited_until: '2026-11-23T01:00:00Z',
    validation_errors: [{ code: null, message: 'CAA forbids letsencrypt.org', timestamp: '' }],
  };
  expect(
    await look(certificateIssued, want, flyWorld([list(aListedCertificate(host)), addresses, check(errors)], { dns })),
  ).toMatchObject({
    ...pending,
    seen: 'pending_validation; rate limited until 2026-11-23T01:00:00Z; CAA forbids letsencrypt.org',
    hint: expect.stringContaining('wait'),
  });
});

test('a certificate nobody asked for will not come by waiting', async () => {
  expect(await look(certificateIssued, want, flyWorld([list()]))).toMatchObject({
    ...pending,
    seen: expect.stringMatching(/.{10}/),
    final: true,
  });
});
