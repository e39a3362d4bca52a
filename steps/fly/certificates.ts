// What Fly knows about the certificate of a host name. `certs list` only reads; `certs check` starts a validation (facts/flyctl.md §3.14).
import type { z } from 'zod';
import type { Use } from '../../src/system/ports.ts';
import { type Read, readFly } from './client.ts';
import { type Certificate, certificateShape, certificatesShape } from './shapes.ts';

export interface Host {
  readonly app: string;
  readonly hostname: string;
}

/** One line of `certs list`; of a host past its end what a check said, which is never asked twice. */
export type Listed = z.output<typeof certificatesShape>[number] & { readonly checked?: Certificate };
/** `certs list` prints no more than this many. */
const listed = 50;

/** The line of `certs list` for the host; `past`: the list is full, and only a check can tell. Changes and triggers nothing. */
export async function listedCertificate(
  { app, hostname }: Host,
  ports: Use<'processes'>,
): Promise<Read<Listed | 'past' | undefined>> {
  const list = await readFly(['certs', 'list', '-a', app, '--json'], certificatesShape.nullable(), ports);
  if (!list.ok) return list;
  const all = list.value ?? [];
  return {
    ok: true,
    value: all.find((one) => sameHost(one.hostname, hostname)) ?? (all.length < listed ? undefined : 'past'),
  };
}

/** The same, and past the list by a check, which starts a validation. undefined where the app has none. */
export async function findCertificate(host: Host, ports: Use<'processes'>): Promise<Read<Listed | undefined>> {
  const found = await listedCertificate(host, ports);
  if (!found.ok) return found;
  return found.value === 'past' ? pastTheList(host, ports) : { ok: true, value: found.value };
}

export async function pastTheList({ app, hostname }: Host, ports: Use<'processes'>): Promise<Read<Listed | undefined>> {
  const checked = await checkCertificate({ app, hostname }, ports);
  if (!checked.ok) return /not found/i.test(checked.problem.why) ? { ok: true, value: undefined } : checked;
  const value = {
    hostname,
    configured: checked.value.configured,
    has_fly_certificate: checked.value.certificates.length > 0,
    has_custom_certificate: false,
    updated_at: '',
    checked: checked.value,
  };
  return { ok: true, value };
}

/** All that Fly knows. Starts a validation, of which Let's Encrypt allows 5 failed ones a host and hour: not to be asked often. */
export function checkCertificate({ app, hostname }: Host, ports: Use<'processes'>): Promise<Read<Certificate>> {
  return readFly(['certs', 'check', hostname, '-a', app, '--json'], certificateShape, ports);
}

/** The records to make, as outputs; a name whose value Fly did not give is left out. */
export function recordsOf({ dns_requirements }: Certificate): Record<string, string> {
  const { cname, a, aaaa, ownership } = dns_requirements ?? {};
  const all = {
    target: cname,
    a: a?.join(','),
    aaaa: aaaa?.join(','),
    ownership_name: ownership?.name,
    ownership_value: ownership?.app_value,
  };
  return Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

const sameHost = (a: string, b: string): boolean => a.toLowerCase().replace(/\.$/, '') === b;
