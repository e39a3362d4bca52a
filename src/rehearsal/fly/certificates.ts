// How a certificate comes about: added, DNS seen right, issued (facts/flyctl.md §3.14, §6.4). Pure: time and DNS are given.
import type { Certificate, FlyApp, FlyState, SeenDns } from './model.ts';
import type { DnsRecord } from './world.ts';

/** Fly looks again by itself about this often. */
const LOOKS_AGAIN_MS = 60_000;
/** From seeing DNS right to having the certificate. */
const ISSUING_MS = 15_000;
const HOUR_MS = 3_600_000;
/** Let's Encrypt: failed validations of a host in an hour. */
const FAILED_CHECKS_AN_HOUR = 5;

/** Brings all certificates to where they are at `now`. */
export function settleCertificates(state: FlyState, now: number, records: readonly DnsRecord[]): void {
  for (const app of state.apps) for (const certificate of app.certificates) settle(app, certificate, now, records);
}

function settle(app: FlyApp, certificate: Certificate, now: number, records: readonly DnsRecord[]): void {
  const held = Math.max(certificate.heldUntil ?? 0, certificate.rateLimitedUntil ?? 0);
  if (certificate.validatedAt === undefined) {
    const published = publishedAt(certificate.hostname, records);
    const at = Math.max(Math.max(certificate.createdAt, published, addressedAt(app)) + LOOKS_AGAIN_MS, held);
    const seen = now >= at ? lookUp(app, certificate.hostname, records) : undefined;
    if (seen && isValid(app, certificate.hostname, seen)) Object.assign(certificate, { validatedAt: at, seen });
  }
  if (certificate.validatedAt !== undefined && certificate.issuedAt === undefined) {
    const at = Math.max(certificate.validatedAt + ISSUING_MS, held);
    if (now >= at) certificate.issuedAt = at;
  }
  certificate.updatedAt = Math.max(certificate.updatedAt, certificate.validatedAt ?? 0, certificate.issuedAt ?? 0);
}

/** `certs check`: looks at DNS at once; a look that finds it wrong counts against the authority's limit. */
export function checkNow(app: FlyApp, certificate: Certificate, now: number, records: readonly DnsRecord[]): void {
  certificate.seen = lookUp(app, certificate.hostname, records);
  certificate.updatedAt = now;
  if (certificate.validatedAt !== undefined) return;
  if (now < Math.max(certificate.heldUntil ?? 0, certificate.rateLimitedUntil ?? 0)) return;
  if (isValid(app, certificate.hostname, certificate.seen)) {
    certificate.validatedAt = now;
    return;
  }
  certificate.failedChecks = [...certificate.failedChecks.filter((at) => now - at < HOUR_MS), now];
  if (certificate.failedChecks.length >= FAILED_CHECKS_AN_HOUR) certificate.rateLimitedUntil = now + HOUR_MS;
}

export interface Requirements {
  readonly a: readonly string[];
  readonly aaaa: readonly string[];
  readonly cname: string;
  readonly challenge: { readonly name: string; readonly target: string };
  readonly ownership: { readonly name: string; readonly app: string; readonly org: string };
}

/** The DNS records that Fly asks for. */
export function requirements(app: FlyApp, hostname: string): Requirements {
  const base = hostname.replace(/^\*\./, '');
  const v4 = app.ips.filter(({ Type }) => Type === 'v4').map(({ Address }) => Address);
  return {
    a: app.sharedV4 === undefined ? v4 : [...v4, app.sharedV4],
    aaaa: app.ips.filter(({ Type }) => Type === 'v6').map(({ Address }) => Address),
    cname: `${app.token}.${app.name}.fly.dev`,
    challenge: { name: `_acme-challenge.${base}`, target: `${base}.${app.token}.flydns.net` },
    ownership: { name: `_fly-ownership.${base}`, app: `app-${app.token}`, org: `org-${app.org}` },
  };
}

/** Which ways of validation DNS makes possible. */
export function ways(app: FlyApp, hostname: string, seen: SeenDns) {
  const needs = requirements(app, hostname);
  const traffic = seen.a.length + seen.aaaa.length > 0;
  const here = seen.aaaa.some((address) => needs.aaaa.includes(address));
  return {
    challenge: seen.challenge === needs.challenge.target,
    alpn: here,
    http: here || seen.a.some((address) => needs.a.includes(address)),
    ownership: seen.ownership === needs.ownership.app || seen.ownership === needs.ownership.org,
    /** It leads somewhere, but not to us: a proxy stands before the app. */
    elsewhere: traffic && !here && !seen.a.some((address) => needs.a.includes(address)),
    traffic,
  };
}

function isValid(app: FlyApp, hostname: string, seen: SeenDns): boolean {
  const way = ways(app, hostname, seen);
  if (seen.refusedByCaa) return false;
  if (hostname.startsWith('*.')) return way.challenge;
  return way.challenge || way.alpn || (way.ownership && way.traffic);
}

/** What a resolver sees now. A name that leads to the app resolves to the app's addresses. */
function lookUp(app: FlyApp, hostname: string, records: readonly DnsRecord[]): SeenDns {
  const needs = requirements(app, hostname);
  const at = (name: string, type: string) =>
    records
      .filter((record) => plain(record.name) === name && record.type.toUpperCase() === type)
      .map(({ value }) => plain(value));
  const cname = at(hostname, 'CNAME');
  let name = hostname;
  for (let hops = 0; hops < 8 && at(name, 'CNAME')[0] !== undefined; hops++) name = at(name, 'CNAME')[0] ?? name;
  const toApp = name === needs.cname || name === `${app.name}.fly.dev`;
  const domain = hostname.replace(/^\*\./, '');
  return {
    a: toApp ? needs.a : at(name, 'A'),
    aaaa: toApp ? needs.aaaa : at(name, 'AAAA'),
    cname,
    challenge: at(needs.challenge.name, 'CNAME')[0],
    ownership: at(needs.ownership.name, 'TXT')[0],
    refusedByCaa: refused(domain, at),
  };
}

/** The nearest name with CAA records decides. */
function refused(domain: string, at: (name: string, type: string) => readonly string[]): boolean {
  const labels = domain.split('.');
  for (let from = 0; from < labels.length - 1; from++) {
    const issuers = at(labels.slice(from).join('.'), 'CAA').filter((value) => /\bissue\b/.test(value));
    if (issuers.length > 0) return !issuers.some((value) => value.includes('letsencrypt.org'));
  }
  return false;
}

function publishedAt(hostname: string, records: readonly DnsRecord[]): number {
  const base = hostname.replace(/^\*\./, '');
  return Math.max(0, ...records.filter(({ name }) => plain(name).endsWith(base)).map(({ at }) => at ?? 0));
}

const addressedAt = (app: FlyApp): number => Math.max(0, ...app.ips.map(({ CreatedAt }) => Date.parse(CreatedAt)));

const plain = (value: string): string =>
  value
    .trim()
    .toLowerCase()
    .replace(/^"(.*)"$/, '$1')
    .replace(/\.$/, '');
