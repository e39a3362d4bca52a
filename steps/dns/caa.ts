// May this certificate authority issue for a name? CAA records at the name, else at the next name above that has some (RFC 8659).
import type { Dns } from '../../src/system/ports.ts';
import { interpret } from './reading.ts';

export type Caa =
  | { readonly is: 'open' }
  | { readonly is: 'forbidden'; readonly seen: string; readonly hint: string }
  | { readonly is: 'unknown'; readonly why: string };

/** Asked at public resolvers, and only of names that exist: `zone` is the last that is asked. */
export async function forbids(
  { name, zone, ca }: { readonly name: string; readonly zone: string; readonly ca: string },
  dns: Dns,
): Promise<Caa> {
  const wildcard = name.startsWith('*.');
  for (const owner of upTo(name.replace(/^\*\./, ''), zone)) {
    const asked = { name: owner, type: 'CAA' as const };
    const reading = interpret(asked, await dns.ask({ ...asked, resolver: 'Cloudflare' }));
    if (reading.is === 'silent')
      return { is: 'unknown', why: `the CAA records of ${owner} cannot be seen (${reading.why})` };
    if (reading.is === 'values') return judge({ owner, wildcard, ca }, reading.values);
  }
  return { is: 'open' };
}

function judge(
  { owner, wildcard, ca }: { readonly owner: string; readonly wildcard: boolean; readonly ca: string },
  values: readonly string[],
): Caa {
  const records = values.flatMap(recordOf);
  const seen = `${owner} CAA ${values.join(', ')}`;
  const strange = records.find(({ critical, tag }) => critical && !KNOWN.has(tag));
  if (strange !== undefined)
    return {
      is: 'forbidden',
      seen,
      hint: `The critical CAA record "${strange.tag}" is known to no authority: all refuse.`,
    };
  const wild = records.filter(({ tag }) => tag === 'issuewild');
  const counting = wildcard && wild.length > 0 ? wild : records.filter(({ tag }) => tag === 'issue');
  if (counting.length === 0) return { is: 'open' };
  const ours = counting.find(({ issuer }) => issuer === ca.toLowerCase());
  if (ours === undefined) {
    const hint = `This CAA record forbids ${ca}. Add the record ${owner} CAA 0 ${wildcard && wild.length > 0 ? 'issuewild' : 'issue'} "${ca}", or no certificate is issued.`;
    return { is: 'forbidden', seen, hint };
  }
  return ours.parameters === ''
    ? { is: 'open' }
    : {
        is: 'unknown',
        why: `CAA of ${owner} allows ${ca} only with ${ours.parameters}: for another account or way it forbids`,
      };
}

/** `128 issue letsencrypt.org; accounturi=…`, as `normalize` writes it. */
function recordOf(text: string) {
  const [, flags = '0', tag = '', value = ''] = /^(\d+) (\S+) ?(.*)$/s.exec(text) ?? [];
  const [issuer = '', ...parameters] = value.split(';').map((part) => part.trim());
  return { critical: Number(flags) >= 128, tag, issuer, parameters: parameters.filter((one) => one !== '').join('; ') };
}

/** The name and those above it, down to the zone: api.example.com, example.com. */
function upTo(name: string, zone: string): readonly string[] {
  const labels = name.split('.');
  const names = labels.map((_, index) => labels.slice(index).join('.'));
  const last = names.indexOf(zone);
  return last < 0 ? names.slice(0, 1) : names.slice(0, last + 1);
}

const KNOWN = new Set(['issue', 'issuewild', 'iodef']);
