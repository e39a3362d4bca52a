// fly certs add, list, check, remove (facts/flyctl.md §3.14). How a certificate comes about is in certificates.ts.
import { type Call, stamp } from './call.ts';
import { checkNow, requirements, ways } from './certificates.ts';
import { FlyError } from './errors.ts';
import type { Certificate, FlyApp, FlyState } from './model.ts';
import { goCertificate, goTime, isOlder, table } from './output.ts';
import { dnsRecords } from './world.ts';

const QUARTER_MS = 90 * 86_400_000;
/** How long the fault keeps a certificate pending. */
const HELD_MS = 90 * 60_000;
const HOUR_MS = 60 * 60_000;
const BRIEFLY_MS = 20 * 60_000;

export async function addCertificate(call: Call): Promise<void> {
  const hostname = (call.args[0] ?? '').toLowerCase();
  const fault = held(call);
  await call.act(
    (state) => {
      const app = call.app(state);
      if (app.certificates.some((one) => one.hostname === hostname))
        throw new FlyError('failed to create ACME certificate: Hostname already exists on app');
      if (state.apps.some(({ certificates }) => certificates.some((one) => one.hostname === hostname)))
        throw new FlyError('failed to create ACME certificate: Hostname is already in use by another app');
      const at = stamp(state, call.now());
      app.certificates.push({
        hostname,
        createdAt: at,
        updatedAt: at,
        failedChecks: [],
        ...fault,
      });
    },
    () => `certificate added ${hostname}`,
  );
  const { app, certificate } = found(call, call.read(), 'failed to create ACME certificate');
  if (call.wantsJson) return call.json(isOld(call) ? goShape(app, certificate) : detail(app, certificate));
  call.out(
    `You are creating a certificate for ${hostname}\nWe are using Let's Encrypt for this certificate.\n\n${instructions(app, certificate)}`,
  );
}

/** Also `show`. Each call makes Fly look at DNS, which counts when it finds it wrong. */
export async function checkCertificate(call: Call): Promise<void> {
  const fault = held(call);
  const records = dnsRecords(call.world);
  call.change((state) => {
    const { app, certificate } = found(call, state, 'failed to check certificate');
    if (fault) hold(certificate, fault);
    checkNow(app, certificate, call.now(), records);
  });
  const { app, certificate } = found(call, call.read(), 'failed to check certificate');
  if (call.wantsJson) return call.json(isOld(call) ? goShape(app, certificate) : detail(app, certificate));
  call.out(
    `Status = ${statusOf(app, certificate)}\nHostname = ${certificate.hostname}\n\n${isIssued(certificate, call.now()) ? '' : instructions(app, certificate)}`,
  );
}

export async function listCertificates(call: Call): Promise<void> {
  const fault = held(call);
  if (fault)
    call.change((state) => {
      for (const one of call.app(state).certificates) hold(one, fault);
    });
  const app = call.app(call.read());
  const shown = app.certificates.slice(0, 50);
  if (call.wantsJson) call.json(shown.map((one) => (isOld(call) ? goShape(app, one) : summary(app, one))));
  else
    call.out(
      table(
        ['Host Name', 'Added', 'Status'],
        shown.map((one) => [
          one.hostname,
          goTime(one.createdAt),
          one.validatedAt === undefined ? 'Not verified' : 'Issued',
        ]),
      ),
    );
  if (app.certificates.length > 50) call.out(`Showing 50 of ${app.certificates.length} certificates\n`);
}

/** Text also with `--json`, which it accepts and ignores. It makes Fly look at DNS too. */
export async function setUpCertificate(call: Call): Promise<void> {
  const records = dnsRecords(call.world);
  call.change((state) => {
    const { app, certificate } = found(call, state, 'failed to check certificate');
    checkNow(app, certificate, call.now(), records);
  });
  const { app, certificate } = found(call, call.read(), 'failed to check certificate');
  call.out(`Certificate setup for ${certificate.hostname}\n\n${instructions(app, certificate)}`);
}

/** What `certs import` prints when it is done. */
export function tellCertificate(call: Call): void {
  const { app, certificate } = found(call, call.read(), 'failed to import certificate');
  if (call.wantsJson) call.json(detail(app, certificate));
  else call.out(`Certificate imported for ${certificate.hostname}\n`);
}

export async function removeCertificate(call: Call): Promise<void> {
  if (!call.flags.is('yes')) throw new FlyError('prompt: non interactive');
  const hostname = (call.args[0] ?? '').toLowerCase();
  await call.act(
    (state) => {
      const { app } = found(call, state, 'failed to delete certificate');
      app.certificates = app.certificates.filter((one) => one.hostname !== hostname);
    },
    () => `certificate removed ${hostname}`,
  );
  call.out(`Certificate ${hostname} deleted from app ${call.appName}\n`);
}

function found(call: Call, state: FlyState, prefix: string): { app: FlyApp; certificate: Certificate } {
  const hostname = (call.args[0] ?? '').toLowerCase();
  const app = call.app(state);
  const certificate = app.certificates.find((one) => one.hostname === hostname);
  if (!certificate) throw new FlyError(`${prefix}: hostname ${hostname} not found on app ${app.name}`);
  return { app, certificate };
}

type Held = Partial<Pick<Certificate, 'heldUntil' | 'heldBy' | 'rateLimitedUntil'>>;

/** What a fault does to a certificate. */
function held(call: Call): Held | undefined {
  const now = call.now();
  if (call.strike('certificate-pending')) return { heldUntil: now + HELD_MS };
  if (call.strike('certificate-rate-limited')) return { rateLimitedUntil: now + HOUR_MS };
  if (call.strike('certificate-caa')) return { heldUntil: now + BRIEFLY_MS, heldBy: 'caa' };
  if (call.strike('certificate-proxied')) return { heldUntil: now + BRIEFLY_MS, heldBy: 'proxy' };
  return undefined;
}

function hold(certificate: Certificate, fault: Held): void {
  if (certificate.issuedAt !== undefined) return;
  certificate.validatedAt = undefined;
  Object.assign(certificate, fault);
}

const unseen = { a: [], aaaa: [], cname: [], refusedByCaa: false };
const isIssued = ({ issuedAt }: Certificate, now: number): boolean =>
  issuedAt !== undefined && now < issuedAt + QUARTER_MS;

function statusOf(app: FlyApp, certificate: Certificate): string {
  if (certificate.issuedAt !== undefined) return 'active';
  if (certificate.validatedAt === undefined && certificate.heldBy === 'proxy') return 'pending_ownership';
  const way = ways(app, certificate.hostname, certificate.seen ?? unseen);
  return certificate.validatedAt === undefined && way.elsewhere && !way.ownership
    ? 'pending_ownership'
    : 'pending_validation';
}

/** What Fly's last look at DNS has found. */
function validation(app: FlyApp, certificate: Certificate) {
  const way = ways(app, certificate.hostname, certificate.seen ?? unseen);
  return {
    dns_configured: way.challenge,
    alpn_configured: way.alpn,
    http_configured: way.http,
    ownership_txt_configured: way.ownership,
  };
}

function detail(app: FlyApp, certificate: Certificate): Record<string, unknown> {
  const { hostname, seen, issuedAt, rateLimitedUntil } = certificate;
  const needs = requirements(app, hostname);
  return {
    hostname,
    configured: certificate.validatedAt !== undefined,
    acme_requested: true,
    status: statusOf(app, certificate),
    ...(rateLimitedUntil === undefined ? {} : { rate_limited_until: goTime(rateLimitedUntil) }),
    certificates:
      issuedAt === undefined ? [] : [{ ...issued(issuedAt), ...(certificate.custom ? { source: 'custom' } : {}) }],
    validation: validation(app, certificate),
    dns_requirements: {
      a: needs.a,
      aaaa: needs.aaaa,
      cname: needs.cname,
      acme_challenge: needs.challenge,
      ownership: { name: needs.ownership.name, app_value: needs.ownership.app, org_value: needs.ownership.org },
    },
    ...(seen === undefined ? {} : { dns_records: records(seen) }),
    ...(seen?.refusedByCaa || (certificate.heldBy === 'caa' && certificate.validatedAt === undefined)
      ? { validation_errors: [caaError(certificate)] }
      : {}),
  };
}

const issued = (at: number) => {
  const expires_at = goTime(at + QUARTER_MS);
  const one = (type: string) => ({ type, expires_at, certificate_authority: 'lets_encrypt' });
  return {
    source: 'fly',
    status: 'active',
    created_at: goTime(at),
    expires_at,
    issuer: "Let's Encrypt",
    issued: [one('rsa'), one('ecdsa')],
  };
};

const records = (seen: NonNullable<Certificate['seen']>) => ({
  a: seen.a,
  aaaa: seen.aaaa,
  cname: seen.cname,
  resolved_addresses: [...seen.a, ...seen.aaaa],
  soa: null,
  acme_challenge_cname: seen.challenge ?? null,
  ownership_txt: seen.ownership ?? null,
});

const caaError = (certificate: Certificate) => ({
  code: 'caa_forbidden',
  message: `CAA records of ${certificate.hostname} do not allow letsencrypt.org`,
  remediation: 'Add a CAA record: 0 issue "letsencrypt.org"',
  timestamp: goTime(certificate.updatedAt),
});

const summary = (app: FlyApp, certificate: Certificate) => {
  const flags = validation(app, certificate);
  return {
    hostname: certificate.hostname,
    status: statusOf(app, certificate),
    acme_dns_configured: flags.dns_configured,
    acme_alpn_configured: flags.alpn_configured,
    acme_http_configured: flags.http_configured,
    ownership_txt_configured: flags.ownership_txt_configured,
    configured: certificate.validatedAt !== undefined,
    acme_requested: true,
    has_custom_certificate: certificate.custom === true,
    has_fly_certificate: certificate.issuedAt !== undefined && !certificate.custom,
    created_at: goTime(certificate.createdAt),
    updated_at: goTime(certificate.updatedAt),
  };
};

/** The JSON of before v0.4.11 (§8). */
const isOld = (call: Call): boolean => isOlder(call.read().version, '0.4.11');

const goShape = (app: FlyApp, { hostname, validatedAt, issuedAt, createdAt }: Certificate) => ({
  ...goCertificate,
  Hostname: hostname,
  Configured: validatedAt !== undefined,
  ClientStatus: issuedAt === undefined ? 'Awaiting certificates' : 'Ready',
  CreatedAt: goTime(createdAt),
  DNSValidationTarget: requirements(app, hostname).challenge.target,
  Issued: { Nodes: issuedAt === undefined ? [] : [{ Type: 'rsa', ExpiresAt: goTime(issuedAt + QUARTER_MS) }] },
});

function instructions(app: FlyApp, { hostname }: Certificate): string {
  const needs = requirements(app, hostname);
  const lines = [
    ...needs.a.map((address) => `  A     ${hostname} → ${address}`),
    ...needs.aaaa.map((address) => `  AAAA  ${hostname} → ${address}`),
  ];
  return `Set up DNS with one of:\n${[...lines, `  CNAME ${hostname} → ${needs.cname}`, `  CNAME ${needs.challenge.name} → ${needs.challenge.target}`].join('\n')}\n`;
}
