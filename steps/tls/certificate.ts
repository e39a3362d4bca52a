// Make a TLS handshake as a client would, and judge the certificate that is shown.

import { z } from 'zod';
import { defineStep, type Look } from '../../src/step.ts';
import type { Clock, Handshake } from '../../src/system/ports.ts';
import { fewOf } from '../../src/text/few.ts';

const With = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).optional(),
  address: z
    .string()
    .optional()
    .describe('Connect here instead of where DNS points: to test an address before the switch'),
  issuer: z.string().optional().describe("A part of the issuer's name, such as Let's Encrypt"),
  'days-left': z.int().min(0).default(14),
});
type Want = z.output<typeof With>;

export const certificate = defineStep({
  name: 'tls/certificate',
  summary: 'Check the certificate that a host shows',
  example: 'with: { host: api.example.com, days-left: 14 }',
  with: With,
  outputs: z.object({ expires: z.string(), issuer: z.string() }),
  describe: (want) =>
    `TLS of ${endOf(want)}: trusted, ${want['days-left']} days left or more${want.issuer === undefined ? '' : `, issued by ${want.issuer}`}`,
  verify: async (want, { tls, clock }) => {
    const { host, port, address } = want;
    return judge(
      want,
      await tls.handshake({ host, ...(port !== undefined && { port }), ...(address !== undefined && { address }) }),
      clock,
    );
  },
  checkedAgainst: 'stand-in',
});

function judge(want: Want, shake: Handshake, clock: Clock): Look {
  if (shake.failed !== undefined) {
    const hint = /ECONNRESET|reset|closed by the other side/i.test(shake.failed)
      ? 'A server that hangs up during the handshake often has no certificate for this name yet.'
      : undefined;
    return {
      is: 'unknown',
      why: `no TLS handshake with ${endOf(want)}: ${shake.failed}`,
      ...(hint !== undefined && { hint }),
    };
  }
  if (!shake.trusted) {
    const problem = shake.problem ?? 'it is not trusted';
    const hint = HINTS.find(({ match }) => match.test(problem))?.hint;
    const seen = `${problem} (certificate for ${namesOf(shake)}, issued by ${shake.issuer || 'nobody'})`;
    return {
      is: 'not-so',
      expected: `a trusted certificate for ${want.host}`,
      seen,
      ...(hint !== undefined && { hint }),
    };
  }
  if (want.issuer !== undefined && !shake.issuer.toLowerCase().includes(want.issuer.toLowerCase())) {
    return { is: 'not-so', expected: `issued by ${want.issuer}`, seen: `issued by ${shake.issuer || 'nobody'}` };
  }
  return judgeDates(want, shake, clock);
}

function judgeDates(want: Want, shake: Handshake, clock: Clock): Look {
  const expires = new Date(shake.to);
  if (Number.isNaN(expires.getTime()))
    return { is: 'unknown', why: `the certificate's end date cannot be read: ${shake.to}` };
  const days = Math.floor((expires.getTime() - clock.now().getTime()) / 86_400_000);
  const seen = `trusted for ${namesOf(shake)}, issued by ${shake.issuer || 'nobody'}, ${days} days left (to ${expires.toISOString().slice(0, 10)})`;
  if (days < want['days-left']) return { is: 'not-so', expected: `${want['days-left']} days left or more`, seen };
  return { is: 'so', seen, outputs: { expires: expires.toISOString(), issuer: shake.issuer } };
}

function endOf({ host, port, address }: Want): string {
  return `${host}${port === undefined ? '' : `:${port}`}${address === undefined ? '' : ` at ${address}`}`;
}

function namesOf({ names, subject }: Handshake): string {
  return fewOf(names) || subject || 'nobody';
}

/** By the words of the tls port (facts/dns-and-tls.md §13.3). */
const HINTS: readonly { readonly match: RegExp; readonly hint: string }[] = [
  {
    match: /another name/,
    hint: 'DNS points to the wrong place, or the certificate for this name is missing and a default one is shown.',
  },
  { match: /has expired/, hint: 'Renew it; and look whether the clock of this machine is right.' },
  { match: /not valid yet/, hint: 'Look whether the clock of this machine is right.' },
  {
    match: /self-signed|ends in an unknown authority/,
    hint: 'A development certificate, or a company proxy that inspects TLS, is in the way.',
  },
  {
    match: /incomplete|from an unknown authority/,
    hint: 'The server does not send its full chain, or a Cloudflare origin certificate is seen without the proxy.',
  },
];
