// tls/certificate against real TLS servers: good, for another name, expired, signed by itself, cut off, silent, and no TLS at all.
import { createServer as createSecure } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { chain, sixNames } from '../../system/chain.ts';
import { expired, selfSigned } from '../../system/expired.ts';
import { authority, closedPort, servePlain, serveSecure, serveTcp, serveWith } from '../../system/servers.ts';
import { seenBy, type Waiting, waitFor, whyOf } from '../waiting.ts';

const local = (port: number) => ({ '*': { host: '127.0.0.1', port } });
const wait = (options: Waiting, given: object = {}) =>
  waitFor('tls/certificate', { host: 'api.example.com', ...given }, { within: '10s', ...options });

describe('tls/certificate', () => {
  test('is done at once where the certificate is good', async () => {
    const ca = authority();
    const port = await serveSecure(() => {}, { authority: ca, shows: 'api.example.com' });
    const waited = await wait({ hosts: local(port), ca: ca.certificate }, { issuer: "Let's Encrypt", 'days-left': 1 });
    expect(waited).toMatchObject({ end: { finished: 'done' }, took: 0 });
    expect(seenBy(waited)[0]).toMatch(
      /^trusted for api\.example\.com, issued by Let's Encrypt.*, \d+ days left \(to 20/,
    );
  });

  test('a new address is tried before DNS points there', async () => {
    const ca = authority();
    const port = await serveSecure(() => {}, { authority: ca, shows: 'api.example.com' });
    const hosts = { '192.0.2.44': { host: '127.0.0.1', port } };
    const waited = await wait({ hosts, ca: ca.certificate }, { address: '192.0.2.44', 'days-left': 1 });
    expect(waited.end).toEqual({ finished: 'done' });
  });

  test('waits while the edge hangs up, as it does before the certificate is there', async () => {
    const ca = authority();
    let shakes = 0;
    const port = await serveTcp((socket) => {
      shakes += 1;
      if (shakes < 4) socket.destroy();
      else secure.emit('connection', socket);
    });
    const secure = createSecure({ SNICallback: (_name, done) => done(null, ca.contextFor('api.example.com')) });
    onTestFinished(() => void secure.close());
    const waited = await wait({ hosts: local(port), ca: ca.certificate, within: '1m' }, { 'days-left': 1 });
    expect(waited).toMatchObject({ end: { finished: 'done' }, took: 15_000 });
    expect(waited.screen.find((line) => line.includes('not yet'))).toMatch(
      /no TLS handshake with api\.example\.com: connection closed during the TLS handshake \(no certificate for this name yet\?\)/,
    );
  });

  test.each<[string, () => Promise<Waiting>, string, string]>([
    [
      'for another name',
      async () => {
        const ca = authority();
        return {
          hosts: local(await serveSecure(() => {}, { authority: ca, shows: 'www.example.com' })),
          ca: ca.certificate,
        };
      },
      'seen certificate is for another name (it names www.example.com)',
      'DNS points to the wrong place',
    ],
    [
      'that ended',
      async () => ({ hosts: local(await serveWith(expired.key, expired.cert)), ca: expired.cert }),
      'seen certificate has expired',
      'the clock of this machine',
    ],
    [
      'signed by itself',
      async () => ({ hosts: local(await serveWith(selfSigned.key, selfSigned.cert)) }),
      'seen certificate is self-signed',
      'company proxy that inspects TLS',
    ],
    [
      'for many other names',
      async () => ({ hosts: local(await serveWith(sixNames.key, sixNames.cert)), ca: sixNames.cert }),
      'seen certificate is for another name (it names n1.example.com, n2.example.com, n3.example.com and 3 more) (certificate for n1.example.com, n2.example.com, n3.example.com and 3 more, issued by x)',
      'DNS points to the wrong place',
    ],
    [
      'without the intermediate that leads to its root',
      async () => ({ hosts: local(await serveWith(chain.key, chain.leaf)), ca: chain.root }),
      'seen certificate chain is incomplete (certificate for api.example.com, issued by Example, Example Intermediate)',
      'The server does not send its full chain',
    ],
    [
      'of an authority that nobody knows',
      async () => ({ hosts: local(await serveSecure(() => {}, { authority: authority(), shows: 'api.example.com' })) }),
      'seen certificate chain ends in an unknown authority',
      'company proxy that inspects TLS',
    ],
  ])('one %s is not so, never trusted, with the usual reason', async (_what, serve, words, hint) => {
    const waited = await wait({ ...(await serve()), within: '10s' }, { host: 'api.example.com' });
    expect(waited).toMatchObject({ end: { exit: 1 }, step: { status: 'failed' }, took: 10_000 });
    expect(whyOf(waited)).toContain(words);
    expect(waited.step.hint ?? '').toContain(hint);
  });

  test('the same certificate is good once its intermediate is sent along', async () => {
    const hosts = local(await serveWith(chain.key, `${chain.leaf}${chain.intermediate}`));
    expect((await wait({ hosts, ca: chain.root })).end).toEqual({ finished: 'done' });
  });

  test('too few days left fail it', async () => {
    const ca = authority();
    const port = await serveSecure(() => {}, { authority: ca, shows: 'api.example.com' });
    const waited = await wait({ hosts: local(port), ca: ca.certificate }, { 'days-left': 4_000 });
    expect(whyOf(waited)).toContain('expected 4000 days left or more');
  });

  test('down, silent, or without TLS stays unknown, in words', async () => {
    expect(whyOf(await wait({ hosts: local(closedPort) }))).toContain('connection refused');
    const silent = await serveTcp(() => {});
    expect(whyOf(await wait({ hosts: local(silent), limit: 60 }))).toContain('timed out after 0.06 s');
    const plain = await servePlain((_request, response) => void response.end());
    const waited = await wait({ hosts: local(plain) });
    expect(waited).toMatchObject({ end: { exit: 4 }, step: { status: 'waiting' } });
    expect(whyOf(waited)).toContain('no TLS on that port');
  });

  test('half a handshake is none', async () => {
    const port = await serveTcp((socket) => socket.once('data', () => socket.end(Buffer.from([0x16, 3, 3, 0, 80, 2]))));
    const waited = await wait({ hosts: local(port) });
    expect(waited.end).toMatchObject({ exit: 4 });
    expect(whyOf(waited)).toContain(
      'no TLS handshake with api.example.com: connection closed during the TLS handshake',
    );
  });

  test('is left at once when it is stopped in the middle of a handshake', async () => {
    const stop = new AbortController();
    const port = await serveTcp((socket) => socket.once('data', () => stop.abort()));
    expect(await wait({ hosts: local(port), stop: stop.signal })).toMatchObject({ end: { stopped: 'interrupted' } });
  });
});
