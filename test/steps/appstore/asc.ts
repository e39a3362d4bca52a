// A small App Store Connect for tests: answers by path, in order (the last one stays), and refuses tokens that Apple would refuse.
import { generateKeyPairSync, verify } from 'node:crypto';
import type { ActPorts, HttpAnswer, HttpRequest } from '../../../src/system/ports.ts';
import { answer, ports } from '../http/ports.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const PEM = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
const BASE = 'https://asc.test';

export interface Row {
  readonly type: string;
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly relationships?: Readonly<Record<string, unknown>>;
}
export const row = (
  type: string,
  id: string,
  attributes: Row['attributes'],
  relationships?: Row['relationships'],
): Row => ({ type, id, attributes, ...(relationships && { relationships }) });
export const page = (data: readonly Row[], more: object = {}): HttpAnswer =>
  answer(200, { data, links: { self: BASE }, ...more });
export const refusal = (status: number, code: string, detail = 'made-up detail', pointer?: string): HttpAnswer =>
  answer(status, {
    errors: [{ status: String(status), code, title: 'made-up title', detail, ...(pointer && { source: { pointer } }) }],
  });

export interface World {
  readonly ports: ActPorts;
  /** `GET /v1/apps?filter[bundleId]=x`, `POST /v1/bundleIds {…}` */
  readonly requests: string[];
  readonly slept: number[];
}

/** Keys are `GET /v1/apps` or `POST /v1/betaGroups`; what is not there fails the test. */
export function asc(
  answers: Readonly<Record<string, readonly HttpAnswer[]>>,
  env: Readonly<Record<string, string>> = {},
): World {
  const requests: string[] = [];
  const slept: number[] = [];
  const counts = new Map<string, number>();
  const exchange = async (request: HttpRequest): Promise<HttpAnswer> => {
    const url = new URL(request.url);
    if (url.origin !== BASE) throw new Error(`the token was sent to ${url.origin}`);
    const key = `${request.method ?? 'GET'} ${url.pathname}`;
    requests.push(
      `${key}${decodeURIComponent(url.search).replaceAll('+', ' ')}${request.body === undefined ? '' : ` ${request.body}`}`,
    );
    checkToken(request.headers?.authorization ?? '', variables.ASC_ISSUER_ID ?? '');
    const given = answers[key];
    if (given === undefined) throw new Error(`nobody expected ${key}`);
    const n = counts.get(key) ?? 0;
    counts.set(key, n + 1);
    return given[Math.min(n, given.length - 1)] ?? answer(500);
  };
  const variables: Readonly<Record<string, string>> = {
    ASC_KEY_ID: 'ABC1234567',
    ASC_ISSUER_ID: '00000000-0000-0000-0000-000000000000',
    ASC_KEY_FILE: '/keys/AuthKey.p8',
    ...env,
  };
  const given = ports({
    http: { look: exchange, send: exchange },
    env: {
      get: (name) => variables[name],
      file: async (name) => (name === 'ASC_KEY_FILE' && variables[name] === '/keys/AuthKey.p8' ? PEM : undefined),
    },
    files: {
      read: async (path) => (path === 'keys/in-project.p8' ? PEM : undefined),
      list: async () => [],
      resolve: async (path) => path,
      write: async () => {},
    },
    clock: { now: () => NOW, sleep: async (ms) => void slept.push(ms) },
    urls: { appStoreConnect: BASE, cloudflare: '', twilio: '' },
    signal: new AbortController().signal,
  });
  return { ports: given, requests, slept };
}

const NOW = new Date('2026-11-21T12:00:00Z');

function checkToken(authorization: string, issuer: string): void {
  const [header = '', payload = '', signature = ''] = authorization.replace('Bearer ', '').split('.');
  const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
  const key = { key: publicKey, dsaEncoding: 'ieee-p1363' as const };
  if (signature.length !== 86) throw new Error('the signature is not the 64 bytes of ES256');
  if (!verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url')))
    throw new Error('the signature is wrong');
  const now = NOW.getTime() / 1000;
  const expected = {
    ...(issuer === '' ? { sub: 'user' } : { iss: issuer }),
    iat: now - 60,
    exp: now + 600,
    aud: 'appstoreconnect-v1',
  };
  if (JSON.stringify(sorted(read(payload))) !== JSON.stringify(sorted(expected)))
    throw new Error(`the claims are ${JSON.stringify(read(payload))}`);
  if (JSON.stringify(read(header)) !== '{"alg":"ES256","kid":"ABC1234567","typ":"JWT"}')
    throw new Error('the header is wrong');
}

const sorted = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? Object.entries(value).sort() : value;
