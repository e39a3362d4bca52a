// Servers on loopback for a test: closed when it is over.
import { createServer as createPlain, type RequestListener } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { createServer as createTcp, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Authority, openAuthority } from '../../src/rehearsal/certificates.ts';
import { temporaryFolder } from './folder.ts';

/** A new authority whose leaves are good today. */
export function authority(): Authority {
  return openAuthority(temporaryFolder(), new Date());
}

export async function servePlain(answer: RequestListener): Promise<number> {
  return listening(createPlain(answer));
}

/** Shows a certificate for `shows`, whatever name is asked for. */
export async function serveSecure(
  answer: RequestListener,
  { authority, shows }: { authority: Authority; shows: string },
): Promise<number> {
  return listening(createSecure({ SNICallback: (_name, done) => done(null, authority.contextFor(shows)) }, answer));
}

export async function serveWith(key: string, cert: string): Promise<number> {
  return listening(createSecure({ key, cert }));
}

export async function serveTcp(connected: (socket: Socket) => void): Promise<number> {
  return listening(createTcp(connected));
}

/** A port on which nobody listens. One that was just free may be another test's in the next moment. */
export const closedPort = 1;

/** A port for a server that chooses none itself, below those that the system gives out. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const server = createTcp();
    const free = await new Promise<boolean>((resolve) =>
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)),
    );
    if (!free) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

async function listening(server: Server): Promise<number> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}
