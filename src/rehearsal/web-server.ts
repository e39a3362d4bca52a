// HTTPS and HTTP on loopback for every host that somebody stands in for: a leaf by SNI, the answer by the host.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import type { Authority } from './certificates.ts';
import type { WebAnswer, WebRequest } from './expectations.ts';

/** What a host is to the stand-in world. `bare`: somebody is there, but has no certificate for the name yet. */
export type HostState = 'served' | 'bare' | 'unknown';

export interface Sites {
  hostState(host: string): HostState;
  answer(request: WebRequest): WebAnswer;
}

export interface WebServer {
  /** HTTPS. */
  readonly port: number;
  /** Plain HTTP. */
  readonly plainPort: number;
  close(): Promise<void>;
}

export interface WebServerOptions {
  readonly authority: Authority;
  readonly sites: Sites;
  /** Taken when they are free. */
  readonly port?: number;
  readonly plainPort?: number;
}

const largestBody = 10 * 1024 * 1024;

/** A host without a certificate is reset in the handshake, as Fly's edge does (`facts/dns-and-tls.md` §13.3). */
export async function startWebServer({ authority, sites, port, plainPort }: WebServerOptions): Promise<WebServer> {
  const secure = createSecureServer({
    SNICallback: (host, settle) =>
      sites.hostState(host) === 'served'
        ? settle(null, authority.contextFor(host))
        : settle(new Error(`no certificate for ${host}`)),
  });
  const plain = createServer();
  secure.on('request', (request, response) => void serve(request, response, 'https', sites));
  plain.on('request', (request, response) => void serve(request, response, 'http', sites));
  const ports = await Promise.all([listen(secure, port), listen(plain, plainPort)]);
  const close = (server: typeof secure | typeof plain): Promise<void> =>
    new Promise((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return { port: ports[0], plainPort: ports[1], close: async () => void (await Promise.all([close(secure), close(plain)])) };
}

/** Binds `wanted` on 127.0.0.1, or any free port where that is taken. */
async function listen(server: Server, wanted = 0): Promise<number> {
  const once = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  await once(wanted).catch(() => once(0));
  // A server that listens on TCP has an address with a port.
  return (server.address() as AddressInfo).port;
}

async function serve(message: IncomingMessage, response: ServerResponse, scheme: 'http' | 'https', sites: Sites): Promise<void> {
  try {
    const answer = sites.answer(await requestOf(message, scheme));
    response.writeHead(answer.status, { ...answer.headers });
    response.end(message.method === 'HEAD' ? '' : answer.body);
  } catch (error) {
    response.writeHead(500, { 'content-type': 'text/plain' });
    response.end(`the stand-in failed: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

async function requestOf(message: IncomingMessage, scheme: 'http' | 'https'): Promise<WebRequest> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of message) {
    const bytes = Buffer.from(part);
    size += bytes.length;
    if (size > largestBody) throw new Error('the request is larger than 10 MB');
    parts.push(bytes);
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    scheme,
    host: (message.headers.host ?? '').replace(/:\d+$/, '').toLowerCase(),
    method: message.method ?? 'GET',
    path: message.url ?? '/',
    headers,
    body: Buffer.concat(parts).toString('utf8'),
  };
}
