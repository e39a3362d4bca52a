// HTTPS and HTTP on one loopback port for every host that somebody stands in for: a leaf by SNI, the answer by the host.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import type { Authority } from './certificates.ts';
import type { WebAnswer, WebRequest } from './expectations.ts';

/** What a host is to the stand-in world. `bare`: no certificate for the name yet. `nameless`: it has no address. `unknown`: nobody stands in. */
export type HostState = 'served' | 'bare' | 'nameless' | 'unknown';

export interface Sites {
  hostState(host: string): HostState;
  answer(request: WebRequest): WebAnswer;
}

export interface WebServer {
  /** On 127.0.0.1: TLS or plain, by the first byte; also a proxy for `CONNECT` and for whole addresses. */
  readonly port: number;
  close(): Promise<void>;
}

export interface WebServerOptions {
  readonly authority: Authority;
  readonly sites: Sites;
  /** Taken when it is free, so that a rehearsal keeps its address from one sitting to the next. */
  readonly port?: number;
}

const largestBody = 10 * 1024 * 1024;
/** The first byte of a TLS handshake. */
const handshake = 0x16;

/** A host without a certificate is reset in the handshake, as Fly's edge does (`facts/dns-and-tls.md` §13.3). */
export async function startWebServer({ authority, sites, port }: WebServerOptions): Promise<WebServer> {
  const secure = createSecureServer({
    SNICallback: (host, settle) =>
      sites.hostState(host) === 'served'
        ? settle(null, authority.contextFor(host))
        : settle(new Error(`no certificate for ${host}`)),
  });
  const plain = createServer();
  secure.on('request', (request, response) => void serve(request, response, 'https', sites));
  plain.on('request', (request, response) => void serve(request, response, 'http', sites));

  const sockets = new Set<Socket>();
  const door = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.once('data', (bytes) => {
      socket.pause();
      socket.unshift(bytes);
      (bytes[0] === handshake ? secure : plain).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  });
  const listening = await listen(door, port);
  plain.on('connect', (request: IncomingMessage, socket: Socket) => tunnel(request, socket, sites, listening));
  return {
    port: listening,
    close: () =>
      new Promise((done) => {
        door.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
  };
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

/** `CONNECT host:443` of a child that was given us as its proxy: to ourselves, whatever the host. */
function tunnel(request: IncomingMessage, client: Socket, sites: Sites, port: number): void {
  const host = withoutPort(request.url ?? '');
  client.on('error', () => client.destroy());
  if (sites.hostState(host) === 'unknown') {
    client.end(`HTTP/1.1 502 no stand-in for ${host}\r\nconnection: close\r\n\r\n`);
    return;
  }
  const inner = connect(port, '127.0.0.1', () => {
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    client.pipe(inner).pipe(client);
  });
  inner.on('error', () => client.destroy());
  client.on('close', () => inner.destroy());
}

async function serve(
  message: IncomingMessage,
  response: ServerResponse,
  scheme: 'http' | 'https',
  sites: Sites,
): Promise<void> {
  try {
    const request = await requestOf(message, scheme);
    const known = sites.hostState(request.host) !== 'unknown';
    const answer = known
      ? sites.answer(request)
      : { status: 502, headers: {}, body: `no stand-in for ${request.host}\n` };
    response.writeHead(answer.status, { ...answer.headers });
    response.end(message.method === 'HEAD' ? '' : answer.body);
  } catch (error) {
    response.writeHead(500, { 'content-type': 'text/plain' });
    response.end(`the stand-in failed: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

async function requestOf(message: IncomingMessage, scheme: 'http' | 'https'): Promise<WebRequest> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const target = message.url ?? '/';
  // Through a proxy a plain request names the whole address.
  const whole = /^http:\/\//i.test(target) ? new URL(target) : undefined;
  return {
    scheme,
    host: (whole?.hostname ?? withoutPort(headers.host ?? '')).toLowerCase(),
    method: message.method ?? 'GET',
    path: whole ? `${whole.pathname}${whole.search}` : target,
    headers,
    body: await bodyOf(message),
  };
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of message) {
    const bytes = Buffer.from(part);
    size += bytes.length;
    if (size > largestBody) throw new Error('the request is larger than 10 MB');
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}

const withoutPort = (authority: string): string => authority.replace(/:\d+$/, '');
