// A TLS handshake that looks at the certificate, good or bad. Nothing is ever sent over it.
import { isIP } from 'node:net';
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { fewOf } from '../text/few.ts';
import { type Aim, addressFor } from './aim.ts';
import { whyFailed, whyUntrusted } from './failures.ts';
import type { Handshake, Tls } from './ports.ts';
import { secureContextFor } from './trust.ts';

const TIMEOUT = 10_000;

/** `timeout`: for tests. Never rejects. */
export function createTls({
  hosts,
  ca,
  timeout = TIMEOUT,
}: Pick<Aim, 'hosts' | 'ca'> & { readonly timeout?: number }): Tls {
  return {
    async handshake({ host, port = 443, address }) {
      const aim = addressFor(address ?? host, hosts) ?? addressFor(host, hosts);
      const target = { host: aim?.host ?? address ?? host, port: aim?.port ?? port };
      return new Promise((resolve) => {
        const socket = connect({
          ...target,
          ...(!isIP(host) && { servername: host }),
          rejectUnauthorized: false, // Details of a bad certificate are wanted too; `authorized` decides.
          ALPNProtocols: ['h2', 'http/1.1'],
          secureContext: secureContextFor(ca),
        });
        const end = (shake: Handshake) => {
          clearTimeout(limit);
          socket.destroy();
          resolve(shake);
        };
        const limit = setTimeout(() => end(noHandshake(`timed out after ${timeout / 1000} s`)), timeout);
        socket.on('error', (error) => end(noHandshake(whyFailed(error))));
        socket.on('secureConnect', () => end(seenOn(socket)));
      });
    },
  };
}

function noHandshake(failed: string): Handshake {
  return { trusted: false, issuer: '', subject: '', names: [], from: '', to: '', failed };
}

function seenOn(socket: TLSSocket): Handshake {
  const certificate = socket.getPeerCertificate(true);
  const names = namesOf(certificate);
  return {
    trusted: socket.authorized,
    ...(!socket.authorized && { problem: problemOf(String(socket.authorizationError), names) }),
    issuer: named(certificate.issuer),
    subject: named(certificate.subject),
    names,
    from: moment(certificate.valid_from),
    to: moment(certificate.valid_to),
  };
}

function problemOf(code: string, names: readonly string[]): string {
  return code === 'ERR_TLS_CERT_ALTNAME_INVALID'
    ? `${whyUntrusted(code)} (it names ${fewOf(names) || 'none'})`
    : whyUntrusted(code);
}

/** `DNS:api.example.com, DNS:*.example.com, IP Address:192.0.2.1`, `facts/dns-and-tls.md` §13.2. */
function namesOf({ subjectaltname }: DetailedPeerCertificate): readonly string[] {
  return (subjectaltname ?? '').split(', ').flatMap((name) => /^(?:DNS|IP Address):(.+)$/.exec(name)?.[1] ?? []);
}

/** Organisation and common name, where they are there. A repeated field is an array. */
function named(who: Partial<Record<'O' | 'CN', string | string[]>> | undefined): string {
  return [who?.O, who?.CN].flat().filter(Boolean).join(', ');
}

function moment(text: string | undefined): string {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? '' : new Date(at).toISOString();
}
