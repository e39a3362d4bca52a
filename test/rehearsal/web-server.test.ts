// The stand-in web: real TLS on loopback, a leaf for each host, and nobody where nobody stands in.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { openAuthority } from '../../src/rehearsal/certificates.ts';
import { type HostState, startWebServer, type WebServer } from '../../src/rehearsal/web-server.ts';

const hosts: Readonly<Record<string, HostState>> = { 'api.example.com': 'served', 'new.example.com': 'bare' };
const hasOpenssl = spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout?.startsWith('OpenSSL') ?? false;
const open: WebServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function start() {
  const folder = mkdtempSync(join(tmpdir(), 'launchbook-web-'));
  const authority = openAuthority(folder, new Date());
  const server = await startWebServer({
    authority,
    sites: {
      hostState: (host) => hosts[host] ?? 'unknown',
      answer: ({ scheme, host, method, path, body }) => ({
        status: 200,
        headers: { 'x-from': scheme },
        body: `${method} ${host}${path} ${body}`,
      }),
    },
  });
  open.push(server);
  return { folder, authority, port: server.port };
}

function get(host: string, { port, ca }: { port: number; ca: string }): Promise<{ status?: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, servername: host, path: '/health?x=1', headers: { host }, ca, agent: false },
      (answer) => {
        let body = '';
        answer.on('data', (part) => (body += part));
        answer.on('end', () => resolve({ status: answer.statusCode, body }));
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

describe('the stand-in web', () => {
  it('answers a served host over TLS that the rehearsal authority vouches for', async () => {
    const { port, authority } = await start();
    expect(await get('api.example.com', { port, ca: authority.certificate })).toEqual({
      status: 200,
      body: 'GET api.example.com/health?x=1 ',
    });
  });

  it('hangs up in the handshake where there is no certificate yet, and where nobody stands in', async () => {
    const { port, authority } = await start();
    for (const host of ['new.example.com', 'elsewhere.example.com'])
      await expect(get(host, { port, ca: authority.certificate })).rejects.toThrow(/ECONNRESET|disconnected/);
  });

  it('serves plain HTTP on the same port, and refuses a host that nobody stands in for', async () => {
    const { port } = await start();
    const ask = (host: string) =>
      new Promise<string>((resolve, reject) => {
        const sent = plainRequest({ host: '127.0.0.1', port, path: '/', headers: { host }, agent: false }, (answer) => {
          let body = `${answer.statusCode} `;
          answer.on('data', (part) => (body += part));
          answer.on('end', () => resolve(body));
        });
        sent.on('error', reject);
        sent.end();
      });
    expect(await ask('api.example.com')).toBe('200 GET api.example.com/ ');
    expect(await ask('nobody.example.com')).toBe('502 no stand-in for nobody.example.com\n');
  });

  it('is a proxy that tunnels only to hosts that somebody stands in for', async () => {
    const { port, authority } = await start();
    const tunnel = (host: string) =>
      new Promise<string>((resolve, reject) => {
        const sent = plainRequest({ host: '127.0.0.1', port, method: 'CONNECT', path: `${host}:443`, agent: false });
        sent.on('error', reject);
        sent.on('connect', (answer, socket) => {
          if (answer.statusCode !== 200) return resolve(`${answer.statusCode} ${answer.statusMessage}`);
          const secured = connect({ socket, servername: host, ca: authority.certificate }, () => {
            resolve(secured.getPeerCertificate().subjectaltname ?? '');
            secured.destroy();
          });
          secured.on('error', reject);
        });
        sent.end();
      });
    expect(await tunnel('api.example.com')).toBe('DNS:api.example.com');
    expect(await tunnel('www.example.com')).toBe('502 no stand-in for www.example.com');
  });

  it.skipIf(!hasOpenssl)('shows certificates that a strict checker accepts', async () => {
    const { folder, authority } = await start();
    writeFileSync(join(folder, 'leaf.pem'), authority.leaf('api.example.com'));
    const verified = execFileSync(
      'openssl',
      [
        'verify',
        '-x509_strict',
        '-verify_hostname',
        'api.example.com',
        '-CAfile',
        authority.file,
        join(folder, 'leaf.pem'),
      ],
      { encoding: 'utf8' },
    );
    expect(verified).toContain('leaf.pem: OK');
  });

  it('keeps its authority from one sitting to the next', async () => {
    const { folder, authority } = await start();
    expect(openAuthority(folder, new Date()).certificate).toBe(authority.certificate);
  });
});
