// App Store Connect on loopback, with a key that signs and a clock that does not wait.
import { generateKeyPairSync } from 'node:crypto';
import type { LookPorts } from '../../../src/system/ports.ts';
import { answer, ports } from '../http/ports.ts';
import { type MoodyServer, moodyServer } from '../moody-server.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const PEM = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));

export interface AppleServer extends MoodyServer {
  readonly ports: LookPorts;
  /** Milliseconds a kind wanted to wait between two tries. */
  readonly slept: number[];
}

export const NOW = new Date('2026-11-21T12:00:00Z');

export async function appleServer(signal: AbortSignal = new AbortController().signal): Promise<AppleServer> {
  const slept: number[] = [];
  const server = await moodyServer({ otherwise: NOT_FOUND, signal });
  return Object.assign(server, {
    slept,
    ports: ports({
      http: server.http,
      env: {
        get: (name: string) => ({ ASC_KEY_ID: 'ABC1234567', ASC_ISSUER_ID: 'issuer', ASC_KEY_FILE: '/key.p8' })[name],
        file: async () => PEM,
      },
      files: { read: async () => undefined, list: async () => [], resolve: async (at) => at, write: async () => {} },
      clock: { now: () => NOW, sleep: async (ms) => void slept.push(ms) },
      urls: { appStoreConnect: `http://127.0.0.1:${server.port}`, cloudflare: '', twilio: '' },
      signal,
    }),
  });
}

/** Apple's document for a path that is not there. */
const NOT_FOUND = answer(404, { errors: [{ status: '404', code: 'NOT_FOUND', title: 'no such resource' }] });
