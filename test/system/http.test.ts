// Real exchanges over loopback: addresses pinned, certificates checked, failures in words.
import { describe, expect, test } from 'vitest';
import { createHttp } from '../../src/system/http.ts';
import type { HttpRequest } from '../../src/system/ports.ts';
import { expired } from './expired.ts';
import { authority, closedPort, servePlain, serveSecure, serveTcp, serveWith } from './servers.ts';

const never = new AbortController().signal;
const local = (port: number) => ({ host: '127.0.0.1', port });

function ask(request: HttpRequest, aim: Partial<Parameters<typeof createHttp>[0]> = {}, signal = never) {
  return createHttp({ hosts: {}, ...aim }).exchange(request, signal);
}

describe('an exchange', () => {
  test('sends method, headers and body, and gives status, headers and body', async () => {
    const port = await servePlain(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      response.writeHead(201, { 'X-One': 'a', 'Set-Cookie': ['b=1', 'c=2'] });
      response.end(`${request.method} ${request.url} ${request.headers['x-key']} ${request.headers.host} ${body}`);
    });
    const answer = await ask({
      url: `http://127.0.0.1:${port}/a/b?c=%20d`,
      method: 'POST',
      headers: { 'X-Key': 'k' },
      body: 'grüße',
    });
    expect(answer).toMatchObject({ status: 201, body: `POST /a/b?c=%20d k 127.0.0.1:${port} grüße` });
    expect(answer.headers).toMatchObject({ 'x-one': 'a', 'set-cookie': 'b=1, c=2' });
    expect(answer.failed).toBeUndefined();
  });

  test('by the aim goes to another address and port, with the name it was asked for', async () => {
    const ca = authority();
    const port = await serveSecure((request, response) => response.end(request.headers.host), {
      authority: ca,
      shows: 'api.example.com',
    });
    const trust = { ca: ca.certificate };
    expect(
      await ask({ url: 'https://api.example.com/x' }, { hosts: { 'api.example.com': local(port) }, ...trust }),
    ).toMatchObject({ status: 200, body: 'api.example.com' });
    expect(
      await ask({ url: 'https://api.example.com/x' }, { hosts: { '*.example.com': local(port) }, ...trust }),
    ).toMatchObject({ status: 200 });
    expect(
      await ask({ url: 'https://api.example.com/x', address: '192.0.2.7' }, { hosts: { '*': local(port) }, ...trust }),
    ).toMatchObject({ status: 200 });
  });

  test('can be pinned to an address', async () => {
    const port = await servePlain((request, response) => response.end(request.headers.host));
    expect(await ask({ url: `http://new.example.com:${port}/`, address: '127.0.0.1' })).toMatchObject({
      status: 200,
      body: `new.example.com:${port}`,
    });
  });

  test('does not follow a redirect unless asked to', async () => {
    const port = await servePlain((_request, response) => response.writeHead(301, { location: '/other' }).end());
    expect(await ask({ url: `http://127.0.0.1:${port}/` })).toMatchObject({
      status: 301,
      headers: { location: '/other' },
    });
    expect(await ask({ url: `http://127.0.0.1:${port}/`, redirect: 'follow' })).toMatchObject({
      status: 0,
      failed: 'more than 5 redirects',
    });
  });

  test('follows a redirect on the same host with all its headers, to another host without credentials', async () => {
    const second = await servePlain((request, response) => response.end(JSON.stringify(request.headers)));
    const first = await servePlain((request, response) => {
      const location = request.url === '/a' ? '/b' : `http://other.example.com:${second}/c`;
      response.writeHead(302, { location }).end(`${request.headers.authorization}`);
    });
    const hosts = { 'one.example.com': local(first), 'other.example.com': local(second) };
    const headers = { authorization: 'Bearer x', cookie: 'c', 'x-api-key': 'k', accept: 'application/json' };
    const answer = await ask({ url: 'http://one.example.com/a', headers, redirect: 'follow' }, { hosts });
    expect(answer.url).toBe(`http://other.example.com:${second}/c`);
    const seen: unknown = JSON.parse(answer.body);
    expect(seen).toMatchObject({ accept: 'application/json' });
    expect(Object.keys(seen as object)).not.toEqual(expect.arrayContaining(['authorization'])); // parsed by us: an object of headers
    expect(answer.body).not.toMatch(/Bearer|cookie|x-api-key/);
  });

  test('does not send a body on to another host', async () => {
    const port = await servePlain((_request, response) =>
      response.writeHead(307, { location: 'http://other.example.com/' }).end(),
    );
    expect(
      await ask({ url: `http://127.0.0.1:${port}/`, method: 'POST', body: 'secret', redirect: 'follow' }),
    ).toMatchObject({ status: 307 });
  });

  test('after a POST, 303 is followed by a GET without the body', async () => {
    const port = await servePlain((request, response) => {
      if (request.url === '/') response.writeHead(303, { location: '/done' }).end();
      else response.end(`${request.method} ${request.headers['content-length'] ?? 'none'}`);
    });
    expect(
      await ask({ url: `http://127.0.0.1:${port}/`, method: 'POST', body: 'x', redirect: 'follow' }),
    ).toMatchObject({ body: 'GET none' });
  });
});

describe('no answer', () => {
  test('is told in words', async () => {
    const port = closedPort;
    expect(await ask({ url: `http://127.0.0.1:${port}/` })).toEqual({
      status: 0,
      headers: {},
      body: '',
      url: `http://127.0.0.1:${port}/`,
      failed: 'connection refused',
    });
    expect((await ask({ url: 'not an address' })).failed).toBe('not an address');
    expect((await ask({ url: 'ftp://example.com/' })).failed).toBe('only http and https can be asked, not ftp:');
    expect((await ask({ url: 'http://no-such-name.invalid/' })).failed).toMatch(/^name not found/);
  });

  test('of a certificate says what is wrong with it', async () => {
    const ca = authority();
    const port = await serveSecure((_request, response) => response.end(), {
      authority: ca,
      shows: 'other.example.com',
    });
    const hosts = { '*': local(port) };
    expect((await ask({ url: 'https://api.example.com/' }, { hosts, ca: ca.certificate })).failed).toBe(
      'certificate is for another name (it names other.example.com)',
    );
    expect((await ask({ url: 'https://other.example.com/' }, { hosts })).failed).toMatch(
      /^certificate chain ends in an unknown authority|unknown authority|incomplete/,
    );
    const old = await serveWith(expired.key, expired.cert);
    const oldHosts = { '*': local(old) };
    expect((await ask({ url: 'https://old.example.com/' }, { hosts: oldHosts, ca: expired.cert })).failed).toBe(
      'certificate has expired',
    );
    expect((await ask({ url: 'https://old.example.com/' }, { hosts: oldHosts })).failed).toMatch(
      /^certificate (is self-signed|has expired)$/,
    );
  });

  test('where there is no TLS, or no handshake, or no HTTP says so', async () => {
    const plain = await servePlain((_request, response) => response.end());
    expect((await ask({ url: `https://127.0.0.1:${plain}/` })).failed).toBe('no TLS on that port');
    const closing = await serveTcp((socket) => socket.destroy());
    expect((await ask({ url: `https://127.0.0.1:${closing}/` })).failed).toBe(
      'connection closed during the TLS handshake (no certificate for this name yet?)',
    );
    const other = await serveTcp((socket) => socket.end('220 smtp ready\r\n'));
    expect((await ask({ url: `http://127.0.0.1:${other}/` })).failed).toBe('answer is not HTTP');
  });

  test('within its time is a time-out, in the headers and in the body', async () => {
    const silent = await servePlain(() => {});
    expect((await ask({ url: `http://127.0.0.1:${silent}/`, timeout: 100 })).failed).toBe('timed out after 0.1 s');
    const slow = await servePlain((_request, response) => {
      response.write('start');
    });
    expect((await ask({ url: `http://127.0.0.1:${slow}/`, timeout: 100 })).failed).toBe('timed out after 0.1 s');
  });

  test('of a body cut short or without end is no answer', async () => {
    const cut = await serveTcp((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort'));
    expect((await ask({ url: `http://127.0.0.1:${cut}/` })).failed).toBe('connection closed by the other side');
    const long = await servePlain((_request, response) => response.end(Buffer.alloc(11 * 2 ** 20, 'x')));
    expect((await ask({ url: `http://127.0.0.1:${long}/` })).failed).toBe('the answer is longer than 10 MB');
  });

  test('after the run was stopped is "stopped"', async () => {
    const silent = await servePlain(() => {});
    const stop = new AbortController();
    const answer = ask({ url: `http://127.0.0.1:${silent}/` }, {}, stop.signal);
    stop.abort();
    expect((await answer).failed).toBe('stopped');
  });
});
