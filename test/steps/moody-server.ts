// A real HTTP server that plays a provider's API on loopback, also badly: silent, broken off in the middle, or something else altogether.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttp } from '../../src/system/http.ts';
import type { HttpAnswer, LookingHttp } from '../../src/system/ports.ts';

/** What it answers to a path; a path that is not there answers as `otherwise`. */
export type Answers = Readonly<Record<string, HttpAnswer>>;
export type Mood = 'well' | 'silent' | 'half' | 'hello';

export interface MoodyServer {
  answers: Answers;
  mood: Mood;
  /** As `GET /v1/apps`. */
  readonly requests: string[];
  readonly port: number;
  /** The real port, that waits 20 s for a silent one in short. */
  readonly http: LookingHttp & { send(): Promise<never> };
  /** Resolves when a request has come in and is not answered. */
  waiting(): Promise<void>;
  close(): Promise<void>;
}

export async function moodyServer({
  otherwise,
  signal,
}: {
  readonly otherwise: HttpAnswer;
  readonly signal: AbortSignal;
}): Promise<MoodyServer> {
  const requests: string[] = [];
  let heard: () => void = () => undefined;
  const waiting = new Promise<void>((resolve) => {
    heard = resolve;
  });
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    requests.push(`${request.method} ${path}`);
    if (self.mood === 'silent') return heard();
    reply(response, self.mood, self.answers[path] ?? otherwise);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A parse boundary of Node's types: a server that listens on a port has an address with a port.
  const { port } = server.address() as AddressInfo;
  const http = createHttp({ hosts: { '*': { host: '127.0.0.1', port } } });
  const self: MoodyServer = {
    answers: {},
    mood: 'well',
    requests,
    port,
    http: {
      look: (asked) => http.exchange({ ...asked, timeout: self.mood === 'silent' ? 150 : 5_000 }, signal),
      send: () => Promise.reject(new Error('a look sends nothing')),
    },
    waiting: () => waiting,
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
