// Would a validation of the host name succeed, as DNS is now? Asked before Fly is: a failed validation counts against a limit.
import type { DnsType, Use } from '../../src/system/ports.ts';
import type { Host } from './certificates.ts';
import { readFly } from './client.ts';
import { ipsShape } from './shapes.ts';

export interface DnsState {
  /** `unknown`: DNS or Fly did not answer. */
  readonly fits: 'yes' | 'no' | 'unknown';
  /** What is there, for the person. */
  readonly seen: string;
}

/**
 * One of three proves the name: AAAA at the app's address, the `_acme-challenge` CNAME, the `_fly-ownership` TXT of a name that leads
 * somewhere; a wildcard needs the CNAME. An A record alone never does (facts/flyctl.md §3.14).
 */
export async function dnsOf({ app, hostname }: Host, { dns, processes }: Use<'dns' | 'processes'>): Promise<DnsState> {
  const wildcard = hostname.startsWith('*.');
  const base = hostname.replace(/^\*\./, '');
  const ask = async (name: string, type: DnsType): Promise<readonly string[] | undefined> => {
    const { code, answers } = await dns.ask({ name, type });
    return ['NOERROR', 'NXDOMAIN'].includes(code)
      ? answers.filter((record) => record.type === type).map(({ data }) => data)
      : undefined;
  };
  const [aaaa, a, challenge, ownership] = await Promise.all([
    ask(hostname, 'AAAA'),
    ask(hostname, 'A'),
    ask(`_acme-challenge.${base}`, 'CNAME'),
    ask(`_fly-ownership.${base}`, 'TXT'),
  ]);
  if (!aaaa || !a || !challenge || !ownership) return { fits: 'unknown', seen: 'DNS does not answer' };
  const records = [
    ...aaaa.map((address) => `AAAA ${address}`),
    ...a.map((address) => `A ${address}`),
    ...challenge.map((target) => `_acme-challenge ${target}`),
    ...ownership.map((text) => `_fly-ownership ${text}`),
  ];
  const seen =
    records.length > 0 ? `DNS of ${base} has ${records.join(', ')}` : `DNS has no record for ${hostname} yet`;
  if (challenge.some((target) => target.endsWith('.flydns.net'))) return { fits: 'yes', seen };
  if (wildcard || records.length === 0) return { fits: 'no', seen };
  if (ownership.some((text) => /^(app|org)-/.test(text)) && a.length + aaaa.length > 0) return { fits: 'yes', seen };
  if (aaaa.length === 0) return { fits: 'no', seen };
  const ips = await readFly(['ips', 'list', '-a', app, '--json'], ipsShape, { processes });
  if (!ips.ok) return { fits: 'unknown', seen };
  const ours = ips.value.filter(({ Type }) => Type === 'v6').map(({ Address }) => sameForm(Address));
  return { fits: aaaa.some((address) => ours.includes(sameForm(address))) ? 'yes' : 'no', seen };
}

/** One spelling for an IPv6 address, which may be written in several. */
function sameForm(address: string): string {
  return URL.canParse(`http://[${address}]/`) ? new URL(`http://[${address}]/`).hostname : address;
}
