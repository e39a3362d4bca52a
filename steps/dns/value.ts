// Are two DNS values the same? Case, trailing dots, quotes and the spelling of addresses do not matter. Pure.
import type { DnsType } from '../../src/system/ports.ts';

export type RecordType = Exclude<DnsType, 'SOA'>;

/** One spelling for each value, so that texts can be compared. */
export function normalize(type: RecordType, value: string): string {
  return NORMALIZERS[type](value.trim());
}

export const normalizeName = (name: string): string => name.trim().replace(/\.$/, '').toLowerCase();

/** Do the records seen satisfy those wanted? Both normalized. Where a name may hold others too (TXT, CAA, MX), the wanted ones must be among them. */
export function satisfies(type: RecordType, wanted: readonly string[], seen: readonly string[]): boolean {
  const all = wanted.every((value) => seen.some((one) => one === value || (type === 'TXT' && listed(one, value))));
  return all && (OTHERS_MAY_STAND_BESIDE.has(type) || seen.every((one) => wanted.includes(one)));
}

/** `_fly-ownership` may list several proofs in one text, divided by `;` (facts/dns-and-tls.md §2.3). */
const listed = (text: string, value: string): boolean => text.split(';').some((part) => part.trim() === value);

const OTHERS_MAY_STAND_BESIDE: ReadonlySet<RecordType> = new Set<RecordType>(['TXT', 'CAA', 'MX']);

/** The shortest spelling of an IPv6 address, as the URL standard writes it; other texts stay as they are. */
function normalizeV6(address: string): string {
  const url = `http://[${address}]`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : address.toLowerCase();
}

/** `0 issue "letsencrypt.org"`: the quotes are left out, tag and value in lower case. */
function normalizeCaa(text: string): string {
  const [, flags = '', tag = '', value = ''] = /^(\d+)\s+(\S+)\s+"?(.*?)"?$/.exec(text) ?? [];
  return tag === '' ? text.toLowerCase() : `${Number(flags)} ${tag.toLowerCase()} ${value.trim().toLowerCase()}`;
}

function normalizeMx(text: string): string {
  const [, preference = '', host = ''] = /^(\d+)\s+(\S+)$/.exec(text) ?? [];
  return host === '' ? normalizeName(text) : `${Number(preference)} ${normalizeName(host)}`;
}

const NORMALIZERS: Readonly<Record<RecordType, (value: string) => string>> = {
  A: (value) => value,
  AAAA: normalizeV6,
  CNAME: normalizeName,
  NS: normalizeName,
  MX: normalizeMx,
  CAA: normalizeCaa,
  // People paste the quotes of a zone file along; a text is what stands between them.
  TXT: (value) => (/^".*"$/s.test(value) ? value.slice(1, -1) : value),
};
