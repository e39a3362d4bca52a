// A real HTTP server that plays App Store Connect on loopback, also badly: slow, silent, broken off in the middle, or something else altogether.
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttp } from '../../../src/system/http.ts';
import type { HttpAnswer, LookPorts } from '../../../src/system/ports.ts';
import { ports } from '../http/ports.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const PEM = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));

/** What it answers to a path; a path that is not there answers 404 with Apple's document. */
export type Answers = Readonly<Record<string, HttpAnswer>>;
export type Mood = 'well' | 'silent' | 'half' | 'hello';

export interface AppleServer {
  answers: Answers;
  mood: Mood;
  /** As `GET /v1/apps`. */
  readonly requests: string[];
  readonly ports: LookPorts;
  /** Milliseconds a kind wanted to wait between two tries. */
  readonly slept: number[];
  /** Resolves when a request has come in and is not answered. */
  waiting(): Promise<void>;
  close(): Promise<void>;
}

export const NOW = new Date('2026-11-21T12:00:00Z');

export async function appleServer(signal: AbortSignal = new AbortController().signal): Promise<AppleServer> {
  const requests: string[] = [];
  const slept: number[] = [];
  let heard: () => void = () => undefined;
  const waiting = new Promise<void>((resolve) => {
    heard = resolve;
  });
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    requests.push(`${request.method} ${path}`);
    if (self.mood === 'silent') return heard();
    reply(response, self.mood, self.answers[path] ?? NOT_FOUND);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A parse boundary of Node's types: a server that listens on a port has an address with a port.
  const { port } = server.address() as AddressInfo;
  const http = createHttp({ hosts: {} });
  const self: AppleServer = {
    answers: {},
    mood: 'well',
    requests,
    slept,
    waiting: () => waiting,
    ports: ports({
      // As a person would wait 20 s for it, in short.
      http: {
        look: (asked) => http.exchange({ ...asked, timeout: self.mood === 'silent' ? 150 : 5_000 }, signal),
        send: () => Promise.reject(new Error('a look sends nothing')),
      },
      env: {
        get: (name) => ({ ASC_KEY_ID: 'ABC1234567', ASC_ISSUER_ID: 'issuer', ASC_KEY_FILE: '/key.p8' })[name],
        file: async () => PEM,
      },
      files: { read: async () => undefined, list: async () => [], resolve: async (at) => at, write: async () => {} },
      clock: { now: () => NOW, sleep: async (ms) => void slept.push(ms) },
      urls: { appStoreConnect: `http://127.0.0.1:${port}`, cloudflare: '', twilio: '' },
      signal,
    }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return self;
}

function reply(response: ServerResponse, mood: Mood, { status, body }: HttpAnswer): void {
  if (mood === 'hello') {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<html>Sign in to the hotel network</html>');
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) });
  if (mood === 'well') response.end(body);
  else response.write(body.slice(0, body.length / 2), () => response.destroy());
}

const NOT_FOUND: HttpAnswer = {
  status: 404,
  headers: {},
  url: '',
  body: JSON.stringify({ errors: [{ status: '404', code: 'NOT_FOUND', title: 'no such resource' }] }),
};
