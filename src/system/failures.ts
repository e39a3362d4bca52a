// Why no answer came, in words for someone who must now do something about it.
import { fewOf } from '../text/few.ts';

/** `facts/dns-and-tls.md` §13.3. Codes of node:net, node:dns and OpenSSL. */
const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'name not found',
  EAI_AGAIN: 'name not found: the resolver does not answer',
  ENODATA: 'name has no address',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection closed by the other side',
  EPIPE: 'connection closed by the other side',
  EHOSTUNREACH: 'host cannot be reached',
  ENETUNREACH: 'network cannot be reached',
  ETIMEDOUT: 'timed out',
  EADDRNOTAVAIL: 'address cannot be reached',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate is for another name',
  CERT_HAS_EXPIRED: 'certificate has expired',
  CERT_NOT_YET_VALID: 'certificate is not valid yet (is the clock right?)',
  CERT_REVOKED: 'certificate was revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate chain ends in an unknown authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate chain is incomplete',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate chain is incomplete',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate is from an unknown authority',
  HPE_INVALID_CONSTANT: 'answer is not HTTP',
  ERR_INVALID_URL: 'not an address',
};

/** OpenSSL's own texts: their codes differ between its versions, and some come as plain EPROTO. */
const TLS_WORDS: readonly (readonly [RegExp, string])[] = [
  [/before secure TLS/i, 'connection closed during the TLS handshake (no certificate for this name yet?)'],
  [/wrong version number|packet length too long|http request/i, 'no TLS on that port'],
  [/protocol version|unsupported protocol/i, 'no TLS version in common'],
  [/handshake failure|unrecognized name|internal error/i, 'TLS handshake refused (no certificate for this name yet?)'],
];

/** In words, without a full stop, whatever was thrown. */
export function whyFailed(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return whyFailed(error.errors[0]); // one per address tried
  if (!(error instanceof Error)) return String(error);
  const code = codeOf(error);
  const tls = /SSL|EPROTO|ECONNRESET/.test(code) ? TLS_WORDS.find(([text]) => text.test(error.message)) : undefined;
  if (tls) return tls[1];
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `${WORDS[code]}${namesIn(error)}`;
  if (Object.hasOwn(WORDS, code)) return WORDS[code]!;
  if (code.startsWith('HPE_'))
    return `answer is not HTTP (${error.message.replace(/^Parse Error: /, '').toLowerCase()})`;
  return error.message || code || 'failed';
}

/** As `whyFailed`, for a bare code as `authorizationError` is one. */
export function whyUntrusted(code: string): string {
  return Object.hasOwn(WORDS, code) ? WORDS[code]! : `certificate is not trusted (${code})`;
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function namesIn(error: Error): string {
  const names = /altnames: (?:.*altnames: )?(.+)$/.exec(error.message)?.[1];
  return names ? ` (it names ${fewOf(names.replaceAll('DNS:', '').split(', '))})` : '';
}
