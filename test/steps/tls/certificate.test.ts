import { expect, test } from 'vitest';
import type { Handshake } from '../../../src/system/ports.ts';
import { certificate } from '../../../steps/tls/certificate.ts';
import { ports } from '../http/ports.ts';

const good: Handshake = {
  trusted: true,
  issuer: "Let's Encrypt",
  subject: 'api.example.com',
  names: ['api.example.com'],
  from: 'Nov 01 00:00:00 2026 GMT',
  to: 'Jan 30 00:00:00 2027 GMT',
};
const clock = { now: () => new Date('2026-11-21T00:00:00Z'), sleep: async () => {} };
const look = async (want: object, shake: Partial<Handshake>) => {
  const asked: object[] = [];
  const tls = {
    handshake: async (to: object) => {
      asked.push(to);
      return { ...good, ...shake };
    },
  };
  const seen = await certificate.verify?.(
    certificate.with.parse({ host: 'api.example.com', ...want }),
    ports({ tls, clock }),
    {},
  );
  return { seen, asked };
};

test('a trusted certificate with days left is so, and says how many', async () => {
  const { seen } = await look({}, {});
  expect(seen).toEqual({
    is: 'so',
    seen: "trusted for api.example.com, issued by Let's Encrypt, 70 days left (to 2027-01-30)",
    outputs: { expires: '2027-01-30T00:00:00.000Z', issuer: "Let's Encrypt" },
  });
});

test('an address and a port are connected to, with the name of the host', async () => {
  const { asked } = await look({ port: 8443, address: '192.0.2.1' }, {});
  expect(asked).toEqual([{ host: 'api.example.com', port: 8443, address: '192.0.2.1' }]);
});

test.each([
  [
    {},
    { trusted: false, problem: 'certificate is for another name (it names *.fly.dev)', names: ['*.fly.dev'] },
    'DNS points to the wrong place',
  ],
  [{}, { trusted: false, problem: 'certificate has expired' }, 'Renew it'],
  [{}, { trusted: false, problem: 'certificate is self-signed' }, 'company proxy'],
  [{}, { trusted: false, problem: 'certificate is self-signed', subject: '', names: [], issuer: '' }, 'company proxy'],
])('a certificate that is not trusted is not so, with the usual reason', async (want, shake, hint) => {
  const { seen } = await look(want, shake);
  expect(seen).toMatchObject({
    is: 'not-so',
    seen: expect.stringContaining(shake.problem),
    hint: expect.stringContaining(hint),
  });
});

test('another issuer, and too few days, are not so', async () => {
  expect((await look({ issuer: 'Google Trust' }, {})).seen).toMatchObject({
    is: 'not-so',
    expected: 'issued by Google Trust',
  });
  expect((await look({ 'days-left': 71 }, {})).seen).toMatchObject({ is: 'not-so', expected: '71 days left or more' });
  expect((await look({ issuer: "let's encrypt", 'days-left': 70 }, {})).seen).toMatchObject({ is: 'so' });
});

test('no handshake is unknown; one that breaks off says what that often means', async () => {
  expect((await look({}, { failed: 'timed out after 10 s' })).seen).toEqual({
    is: 'unknown',
    why: 'no TLS handshake with api.example.com: timed out after 10 s',
  });
  expect((await look({}, { failed: 'connection closed by the other side' })).seen).toMatchObject({
    is: 'unknown',
    hint: expect.stringContaining('no certificate for this name yet'),
  });
});
