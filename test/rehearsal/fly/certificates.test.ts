// How a certificate comes about as DNS and the virtual clock go on (facts/flyctl.md §3.14, §6.4).
import { afterAll, expect, test } from 'vitest';
import { appOf } from '../../../src/rehearsal/fly/state.ts';
import { errorLine, openRoom, start, type World, webToml } from './stand-in.ts';

const fly = openRoom();
afterAll(() => fly.remove());

const host = 'api.sollabs.com';
const minute = 60_000;

interface Detail {
  configured: boolean;
  status: string;
  certificates: { status: string; expires_at: string; issued: unknown[] }[];
  validation: Record<string, boolean>;
  dns_requirements: {
    a: string[];
    aaaa: string[];
    cname: string;
    acme_challenge: { name: string; target: string };
    ownership: { name: string; app_value: string };
  };
  dns_records?: Record<string, unknown>;
  rate_limited_until?: string;
  validation_errors?: { code: string }[];
}

async function added(
  name = host,
  deployed = true,
): Promise<{ world: World; needs: Detail['dns_requirements']; check(): Promise<Detail> }> {
  const world = fly.world();
  world.write('fly.toml', webToml);
  await world.fly('apps', 'create', 'sol', '--org', 'sollabs');
  if (deployed) await world.fly('deploy', '--ha=false');
  const detail = (await world.json('certs', 'add', name, '-j')) as Detail; // the shape is asserted below
  return {
    world,
    needs: detail.dns_requirements,
    check: async () => (await world.json('certs', 'check', name, '-j')) as Detail,
  };
}

test('added: what is asked for in DNS, nothing configured, no certificate', async () => {
  const { world, needs } = await added();
  expect(needs).toEqual({
    a: [expect.stringMatching(/^66\./)],
    aaaa: [expect.stringMatching(/^2a09:/)],
    cname: expect.stringMatching(/^[0-9a-f]{7}\.sol\.fly\.dev$/),
    acme_challenge: {
      name: `_acme-challenge.${host}`,
      target: expect.stringMatching(/^api\.sollabs\.com\.[0-9a-f]{7}\.flydns\.net$/),
    },
    ownership: {
      name: `_fly-ownership.${host}`,
      app_value: expect.stringMatching(/^app-/),
      org_value: expect.stringMatching(/^org-/),
    },
  });
  expect(await world.json('certs', 'list', '-j')).toEqual([
    {
      hostname: host,
      status: 'pending_validation',
      acme_dns_configured: false,
      acme_alpn_configured: false,
      acme_http_configured: false,
      ownership_txt_configured: false,
      configured: false,
      acme_requested: true,
      has_custom_certificate: false,
      has_fly_certificate: false,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    },
  ]);
  expect(errorLine(await world.fly('certs', 'add', host))).toContain('Hostname already exists on app');
  expect(errorLine(await world.fly('certs', 'check', 'www.sollabs.com', '-j'))).toMatch(
    /failed to check certificate: .*not found/,
  );
});

test('a CNAME to the app: a check validates, and configured is not yet issued', async () => {
  const { world, needs, check } = await added();
  world.dns({ name: host, type: 'CNAME', value: `${needs.cname}.` });
  const seen = await check();
  expect(seen).toMatchObject({
    configured: true,
    certificates: [],
    status: 'pending_validation',
    validation: { alpn_configured: true, http_configured: true },
  });
  expect(seen.dns_records).toEqual({
    a: needs.a,
    aaaa: needs.aaaa,
    cname: [needs.cname],
    resolved_addresses: [...needs.a, ...needs.aaaa],
    soa: null,
    acme_challenge_cname: null,
    ownership_txt: null,
  });
  expect(appOf(world.state(), host)).toEqual({ app: 'sol', started: true, certificate: false, reachable: true });
  world.at(minute);
  const later = await check();
  expect(later).toMatchObject({
    status: 'active',
    certificates: [
      { source: 'fly', status: 'active', issuer: "Let's Encrypt", issued: [{ type: 'rsa' }, { type: 'ecdsa' }] },
    ],
  });
  expect(Date.parse(later.certificates[0]?.expires_at ?? '') - start).toBeGreaterThan(89 * 86_400_000);
  expect(appOf(world.state(), host)?.certificate).toBe(true);
  expect(appOf(world.state(), 'sol.fly.dev')?.certificate).toBe(true);
  expect(appOf(world.state(), 'other.sollabs.com')).toBe(undefined);
});

test('without any check Fly looks by itself after a while', async () => {
  const { world, needs } = await added();
  world.dns({ name: host, type: 'CNAME', value: needs.cname });
  world.at(3 * minute);
  expect(await world.json('certs', 'list', '-j')).toMatchObject([
    { configured: true, has_fly_certificate: true, status: 'active', acme_alpn_configured: true },
  ]);
});

test('an A record alone never validates, with the AAAA it does', async () => {
  const { world, needs, check } = await added();
  const a = { name: host, type: 'A', value: needs.a[0] ?? '' };
  world.dns(a);
  world.at(600 * minute);
  expect(await check()).toMatchObject({
    configured: false,
    validation: { http_configured: true, alpn_configured: false },
  });
  world.dns(a, { name: host, type: 'AAAA', value: needs.aaaa[0] ?? '' });
  expect(await check()).toMatchObject({ configured: true });
});

test('the challenge CNAME alone is enough, also for an app without addresses; a wildcard needs it', async () => {
  const bare = await added(host, false);
  expect([bare.needs.a, bare.needs.aaaa]).toEqual([[], []]);
  bare.world.dns({ name: host, type: 'CNAME', value: bare.needs.cname });
  expect(await bare.check()).toMatchObject({ configured: false });
  bare.world.dns({ name: bare.needs.acme_challenge.name, type: 'CNAME', value: bare.needs.acme_challenge.target });
  expect(await bare.check()).toMatchObject({ configured: true, validation: { dns_configured: true } });

  const wild = await added('*.sollabs.com');
  expect(wild.needs.acme_challenge.name).toBe('_acme-challenge.sollabs.com');
  wild.world.dns({ name: '*.sollabs.com', type: 'CNAME', value: wild.needs.cname });
  expect(await wild.check()).toMatchObject({ configured: false });
  wild.world.dns({ name: '_acme-challenge.sollabs.com', type: 'CNAME', value: wild.needs.acme_challenge.target });
  expect(await wild.check()).toMatchObject({ configured: true });
});

test('behind a proxy the ownership is missing until its TXT is there', async () => {
  const { world, needs, check } = await added();
  const proxy = { name: host, type: 'A', value: '104.16.1.1' };
  world.dns(proxy);
  expect(await check()).toMatchObject({ configured: false, status: 'pending_ownership' });
  world.dns(proxy, { name: needs.ownership.name, type: 'TXT', value: `"${needs.ownership.app_value}"` });
  expect(await check()).toMatchObject({ configured: true, validation: { ownership_txt_configured: true } });
});

test('CAA records of the domain that name another authority forbid it', async () => {
  const { world, needs, check } = await added();
  world.dns(
    { name: host, type: 'CNAME', value: needs.cname },
    { name: 'sollabs.com', type: 'CAA', value: '0 issue "digicert.com"' },
  );
  const seen = await check();
  expect({ configured: seen.configured, code: seen.validation_errors?.[0]?.code }).toEqual({
    configured: false,
    code: 'caa_forbidden',
  });
});

test('the fifth failed check in an hour stops validation for an hour', async () => {
  const { world, needs, check } = await added();
  for (let n = 0; n < 4; n++) expect((await check()).rate_limited_until).toBe(undefined);
  expect((await check()).rate_limited_until).toBe('2026-11-21T11:00:00Z');
  world.dns({ name: host, type: 'CNAME', value: needs.cname });
  world.at(59 * minute);
  expect(await check()).toMatchObject({ configured: false });
  world.at(61 * minute);
  expect(await check()).toMatchObject({ configured: true });
});

test('certificate-pending: it stays pending for 90 minutes', async () => {
  const { world, needs, check } = await added();
  world.dns({ name: host, type: 'CNAME', value: needs.cname });
  world.fault('certificate-pending', 'fly certs check');
  expect(await check()).toMatchObject({ configured: false });
  world.at(89 * minute);
  expect(await check()).toMatchObject({ configured: false, certificates: [] });
  world.at(92 * minute);
  expect(await check()).toMatchObject({ configured: true, certificates: [{ status: 'active' }] });
});

test('removing needs --yes; more than 50 hosts end in a sentence after the JSON', async () => {
  const { world } = await added();
  expect(errorLine(await world.fly('certs', 'remove', host))).toBe('Error: prompt: non interactive');
  expect((await world.fly('certs', 'remove', host, '-y')).exit).toBe(0);
  expect(errorLine(await world.fly('certs', 'remove', host, '-y'))).toContain('not found');
  world.change((state) => {
    for (let n = 0; n < 51; n++)
      state.apps[0]?.certificates.push({
        hostname: `h${n}.example.test`,
        createdAt: start,
        updatedAt: start,
        failedChecks: [],
      });
  });
  expect((await world.fly('certs', 'list', '-j')).stdout).toMatch(/\n\]\nShowing 50 of 51 certificates\n$/);
});
