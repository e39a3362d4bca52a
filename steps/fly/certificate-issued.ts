// The certificate for the host name is issued and valid. A check starts a validation: it is asked for rarely, and only once DNS is right.
import { z } from 'zod';
import { defineStep, type Look } from '../../src/step.ts';
import type { Use } from '../../src/system/ports.ts';
import { dnsOf } from './certificate-dns.ts';
import { checkCertificate, type Host, type Listed, listedCertificate, pastTheList } from './certificates.ts';
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
    const listed = await listedCertificate(want, ports);
    if (!listed.ok) return notSeen(listed.problem, { app: want.app, expected });
    const found =
      listed.value === 'past'
        ? await askPastTheList(want, ports, expected)
        : { ok: true as const, value: listed.value };
    if ('is' in found) return found;
    if (!found.ok) return notSeen(found.problem, { app: want.app, expected });
    if (!found.value)
      return {
        is: 'not-so',
        expected,
        seen: `${want.app} has not asked for one`,
        hint: `\`fly certs add ${want.hostname} -a ${want.app}\``,
        final: true,
      };
    const now = ports.clock.now();
    if (!found.value.checked && !isThere(found.value)) {
      const { fits, seen } = await dnsOf(want, ports);
      if (fits === 'no') return { is: 'not-so', expected, seen, hint: records };
      if (now.getTime() - Date.parse(found.value.updated_at) < betweenChecks)
        return { is: 'not-so', expected, seen: `${seen}; Fly has not issued it yet` };
    }
    const known = found.value.checked;
    const checked = known ? { ok: true as const, value: known } : await checkCertificate(want, ports);
    if (!checked.ok) return { is: 'unknown', why: checked.problem.why, hint: checked.problem.hint };
    return compare(checked.value, expected, now);
  },
});

const records = 'the records it needs are outputs of fly/certificate; a CAA record must allow letsencrypt.org';

/** Only a check can tell of it, and a check starts a validation: not before DNS is right. */
async function askPastTheList(want: Host, ports: Use<'processes' | 'dns'>, expected: string) {
  const { fits, seen } = await dnsOf(want, ports);
  return fits === 'no' ? ({ is: 'not-so', expected, seen, hint: records } as const) : pastTheList(want, ports);
}

/** Fly looks at DNS by itself; a check of ours says what is wrong, and stays below the limit of failed ones. */
const betweenChecks = 15 * 60_000;

const isThere = ({ has_fly_certificate, has_custom_certificate }: Listed): boolean =>
  has_fly_certificate || has_custom_certificate;

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
