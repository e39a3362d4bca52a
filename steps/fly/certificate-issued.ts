// The certificate for the host name is issued and valid. Asking Fly to check starts a validation, so it is asked only once DNS has something.
import { z } from 'zod';
import { defineStep, type Look } from '../../src/step.ts';
import type { DnsType, Use } from '../../src/system/ports.ts';
import { checkCertificate, findCertificate } from './certificates.ts';
import { flyLogin, flyTool, notSeen } from './client.ts';
import { appName, hostName } from './fields.ts';
import type { Certificate } from './shapes.ts';

export const certificateIssued = defineStep({
  name: 'fly/certificate-issued',
  summary: 'The certificate for the host name is issued',
  example: 'with: { app: solserver-prod, hostname: api.sollabs.com }',
  with: z.strictObject({ app: appName, hostname: hostName }),
  outputs: z.object({ expires: z.string() }),
  requires: [flyTool],
  login: flyLogin,
  checkedAgainst: 'source',
  disturbs: { why: "it starts a validation; Let's Encrypt allows 5 failed ones a host and hour", every: '60s' },
  every: '60s',
  within: '1h',
  takes: '1–30 min after DNS is right',
  describe: ({ hostname }) => `the certificate for ${hostname} is issued and valid`,
  verify: async (want, ports) => {
    const expected = `a valid certificate for ${want.hostname}`;
    const found = await findCertificate(want, ports);
    if (!found.ok) return notSeen(found.problem, { app: want.app, expected });
    if (!found.value)
      return {
        is: 'not-so',
        expected,
        seen: `${want.app} has not asked for one`,
        hint: `\`fly certs add ${want.hostname} -a ${want.app}\``,
        final: true,
      };
    const there = found.value.has_fly_certificate || found.value.has_custom_certificate;
    if (!there && (await dnsIsEmpty(want.hostname, ports))) {
      return {
        is: 'not-so',
        expected,
        seen: `DNS has no record for ${want.hostname} yet`,
        hint: 'without one every validation fails; the records are outputs of fly/certificate',
      };
    }
    const checked = await checkCertificate(want, ports);
    if (!checked.ok) return { is: 'unknown', why: checked.problem.why, hint: checked.problem.hint };
    return compare(checked.value, expected, ports.clock.now());
  },
});

/** Nothing that could prove the name: no address, no CNAME, neither of the records that prove it without traffic. Unsure counts as no. */
async function dnsIsEmpty(hostname: string, { dns }: Use<'dns'>): Promise<boolean> {
  const host = hostname.replace(/^\*\./, '');
  const places: [string, DnsType][] = [
    [hostname, 'AAAA'],
    [hostname, 'A'],
    [`_acme-challenge.${host}`, 'CNAME'],
    [`_fly-ownership.${host}`, 'TXT'],
  ];
  const answers = await Promise.all(places.map(([name, type]) => dns.ask({ name, type })));
  return answers.every(({ code, answers: records }) => ['NOERROR', 'NXDOMAIN'].includes(code) && records.length === 0);
}

function compare(found: Certificate, expected: string, now: Date): Look {
  const expiries = found.certificates
    .filter(({ status, issued }) => status === 'active' && issued.length > 0)
    .map(({ expires_at, issued }) => expires_at ?? issued[0]?.expires_at ?? '')
    .filter((at) => Date.parse(at) > now.getTime());
  const [expires] = expiries.toSorted();
  // `configured` alone is not issued: a validated host may still wait for its certificate (facts §3.14).
  if (expires) return { is: 'so', seen: `issued, valid until ${expires}`, outputs: { expires } };
  const seen = [
    found.status || 'no status',
    ...(found.configured ? ['DNS is right, the certificate is not issued yet'] : []),
    ...(found.rate_limited_until ? [`rate limited until ${found.rate_limited_until}`] : []),
    ...found.validation_errors.map(({ message }) => message),
  ].join('; ');
  const remedies = found.validation_errors.flatMap(({ remediation }) => remediation ?? []);
  const hint = found.rate_limited_until
    ? 'wait; removing and adding it again makes it worse'
    : remedies.join('; ') || recordsNeeded(found);
  return { is: 'not-so', expected, seen, hint };
}

function recordsNeeded({ dns_requirements, configured }: Certificate): string | undefined {
  if (configured || !dns_requirements) return undefined;
  const { aaaa, acme_challenge, ownership } = dns_requirements;
  const ways = [
    ...(aaaa.length > 0 ? [`AAAA ${aaaa.join(', ')} (or the CNAME)`] : []),
    ...(acme_challenge?.name ? [`CNAME ${acme_challenge.name} → ${acme_challenge.target}`] : []),
    ...(ownership?.name ? [`TXT ${ownership.name} = ${ownership.app_value} (behind a proxy)`] : []),
  ];
  return ways.length > 0 ? `one of: ${ways.join(' · ')}; a CAA record must allow letsencrypt.org` : undefined;
}
