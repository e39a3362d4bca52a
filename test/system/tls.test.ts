// Real handshakes over loopback: good and bad certificates are both described.
import { expect, test } from 'vitest';
import { createTls } from '../../src/system/tls.ts';
import { expired } from './expired.ts';
import { authority, closedPort, serveSecure, serveTcp, serveWith } from './servers.ts';

const nobody = { trusted: false, issuer: '', subject: '', names: [], from: '', to: '' };
const local = (port: number) => ({ '*': { host: '127.0.0.1', port } });

test('a trusted certificate for the name is trusted, with its dates and issuer', async () => {
  const ca = authority();
  const port = await serveSecure(() => {}, { authority: ca, shows: 'api.example.com' });
  const shake = await createTls({ hosts: local(port), ca: ca.certificate }).handshake({ host: 'api.example.com' });
  expect(shake).toMatchObject({
    trusted: true,
    issuer: "Let's Encrypt, Rehearsal stand-in",
    subject: 'api.example.com',
    names: ['api.example.com'],
  });
  expect(shake.problem).toBeUndefined();
  expect(Date.parse(shake.to)).toBeGreaterThan(Date.now() + 80 * 86_400_000);
  expect(Date.parse(shake.from)).toBeLessThan(Date.now());
});

test('one for another name is described and not trusted', async () => {
  const ca = authority();
  const port = await serveSecure(() => {}, { authority: ca, shows: 'other.example.com' });
  const shake = await createTls({ hosts: local(port), ca: ca.certificate }).handshake({
    host: 'api.example.com',
    address: '192.0.2.1',
  });
  expect(shake).toMatchObject({
    trusted: false,
    problem: 'certificate is for another name (it names other.example.com)',
    names: ['other.example.com'],
  });
});

test('one from an unknown authority, an expired and a self-signed one are not trusted, with the reason', async () => {
  const ca = authority();
  const port = await serveSecure(() => {}, { authority: ca, shows: 'api.example.com' });
  expect((await createTls({ hosts: local(port) }).handshake({ host: 'api.example.com' })).problem).toMatch(
    /unknown authority|incomplete/,
  );
  const old = await serveWith(expired.key, expired.cert);
  const known = await createTls({ hosts: local(old), ca: expired.cert }).handshake({ host: 'old.example.com' });
  expect(known).toEqual({
    trusted: false,
    problem: 'certificate has expired',
    issuer: 'Example, old.example.com',
    subject: 'Example, old.example.com',
    names: ['old.example.com'],
    from: '2020-01-01T00:00:00.000Z',
    to: '2021-01-01T00:00:00.000Z',
  });
  expect((await createTls({ hosts: local(old) }).handshake({ host: 'old.example.com' })).problem).toMatch(
    /^certificate (is self-signed|has expired)$/,
  );
});

test('no handshake at all is told in words', async () => {
  const { handshake } = createTls({ hosts: {} });
  expect(await handshake({ host: '127.0.0.1', port: closedPort })).toEqual({
    ...nobody,
    failed: 'connection refused',
  });
  const closing = await serveTcp((socket) => socket.destroy());
  expect(await handshake({ host: '127.0.0.1', port: closing })).toEqual({
    ...nobody,
    failed: 'connection closed during the TLS handshake (no certificate for this name yet?)',
  });
});
