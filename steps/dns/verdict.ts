// What the answers of several servers add up to, in words for who has to mend it. Pure.
import type { Look } from '../../src/step.ts';
import type { Reading } from './reading.ts';
import type { RecordType } from './value.ts';
import type { Zone } from './zone.ts';

export type Verdict = 'right' | 'wrong' | 'none' | 'silent';
export interface Judged {
  /** The host of a name server, or which resolver. */
  readonly from: string;
  readonly reading: Reading;
  readonly verdict: Verdict;
}
export interface Answers {
  readonly name: string;
  readonly type: RecordType;
  readonly wanted: readonly string[];
  readonly zone: Zone;
  readonly servers: readonly Judged[];
  /** Asked only where the servers that answered are right, or none did. */
  readonly resolvers?: readonly Judged[];
  /** `api.example.com.example.com`, where that has a record. */
  readonly doubled?: string;
}

/** All answers together (the table of facts/dns-and-tls.md §15). */
export function judge(answers: Answers): Look {
  const { servers, resolvers, zone } = answers;
  const heard = servers.filter(({ verdict }) => verdict !== 'silent');
  const silent = servers.filter(({ verdict }) => verdict === 'silent');
  if (resolvers === undefined) return notPublished(answers, heard);
  const loud = resolvers.filter(({ verdict }) => verdict !== 'silent');
  const failing = resolvers.filter(({ reading }) => reading.is === 'silent' && reading.code !== undefined);
  if (heard.length > 0 && (loud.length === 0 || failing.length > 0)) {
    return {
      is: 'unknown',
      why: `${names(heard)} have it, but ${tell(failing.length > 0 ? failing : resolvers)}`,
      ...(failing.length > 0 && {
        hint: 'A public resolver that fails where the name servers are right often means broken DNSSEC.',
      }),
    };
  }
  if (loud.length === 0) {
    return {
      is: 'unknown',
      why: `neither the name servers of ${zone.zone} nor a resolver tell: ${tell([...servers, ...resolvers])}`,
    };
  }
  const old = loud.filter(({ verdict }) => verdict !== 'right');
  const [first] = old;
  if (first === undefined)
    return published(answers, [...heard, ...loud], [...silent, ...resolvers.filter((one) => !loud.includes(one))]);
  return {
    is: 'not-so',
    expected: expectation(answers),
    seen: tell([...servers, ...loud]),
    hint: stale(answers, { ...first, from: names(old) }, heard.length > 0),
  };
}

/** One server alone was to be asked. */
export function judgeOne(want: Pick<Answers, 'name' | 'type' | 'wanted'>, judged: Judged): Look {
  if (judged.verdict === 'silent') return { is: 'unknown', why: tell([judged]) };
  if (judged.verdict === 'right') return { is: 'so', seen: tell([judged]) };
  return { is: 'not-so', expected: expectation(want), seen: tell([judged]) };
}

function published({ name, type }: Answers, right: readonly Judged[], silent: readonly Judged[]): Look {
  const reading = right[0]?.reading;
  const values = reading?.is === 'values' ? reading.values.join(', ') : '';
  const seen = `${name} ${type} ${values}${wayOf(reading)}, on ${names(right)}`;
  return { is: 'so', seen, ...(silent.length > 0 && { warning: `did not answer: ${tell(silent)}` }) };
}

function wayOf(reading: Reading | undefined): string {
  if (reading?.is !== 'values') return '';
  if (reading.flattened) return ' (flattened: no CNAME shows, but the addresses of its target)';
  return reading.alias === undefined ? '' : ` (by way of ${reading.alias})`;
}

function notPublished(answers: Answers, heard: readonly Judged[]): Look {
  const right = heard.filter(({ verdict }) => verdict === 'right');
  const hint =
    right.length > 0 ? 'The name servers disagree: wait until all have the new record.' : hintFor(answers, heard);
  return {
    is: 'not-so',
    expected: expectation(answers),
    seen: tell(answers.servers),
    ...(hint !== undefined && { hint }),
  };
}

function hintFor({ doubled, type, name, zone }: Answers, heard: readonly Judged[]): string | undefined {
  if (doubled !== undefined)
    return `There is a record ${doubled}: the zone was typed twice. Write only ${name.slice(0, -zone.zone.length - 1) || '@'} as its name.`;
  if (heard.every(({ verdict }) => verdict === 'none')) {
    const kept = negativeTtl(zone, heard);
    const wait =
      kept === undefined
        ? ''
        : ` Whoever asked before it was made may be told "no" for up to ${duration(kept)} more (SOA minimum).`;
    return `Nothing stands there: not saved, saved in another zone, or under another name.${wait}`;
  }
  const flat = heard.some(({ reading }) => reading.is === 'values' && reading.flattened);
  if (type === 'CNAME' && flat) {
    return 'The name answers with addresses that are not those of the target. In Cloudflare: the proxy (orange cloud) is on, or an A record stands there; set it to "DNS only".';
  }
  const wrong = heard.find(({ verdict }) => verdict === 'wrong');
  const more = heard.some(({ reading }) => reading.is === 'values' && reading.values.length > 1);
  if (more && (type === 'A' || type === 'AAAA'))
    return 'Several addresses are answered: an old record may still stand beside the new one.';
  return wrong === undefined
    ? undefined
    : 'Another value stands there: an old one, or a slip of the typing. Compare it letter by letter, and change the record.';
}

/** A resolver still has what it was told before. */
function stale({ zone, servers }: Answers, { from, reading }: Judged, publishedHere: boolean): string {
  if (!publishedHere)
    return `The name servers of ${zone.zone} did not answer us (port 53 may be blocked here): only resolvers were heard, and their answer may be old.`;
  if (reading.is === 'values')
    return `The name servers are right; ${from} may keep the old answer for up to ${duration(reading.ttl)} more.`;
  const kept = (reading.is === 'none' ? reading.negativeTtl : undefined) ?? negativeTtl(zone, servers);
  const wait = kept === undefined ? 'a while' : `up to ${duration(kept)}`;
  return `The name servers are right; ${from} was asked too early and may keep its "no" for ${wait} (SOA minimum).`;
}

function negativeTtl(zone: Zone, servers: readonly Judged[]): number | undefined {
  const told = servers.flatMap(({ reading }) =>
    reading.is === 'none' && reading.negativeTtl !== undefined ? [reading.negativeTtl] : [],
  );
  return told[0] ?? zone.negativeTtl;
}

const expectation = ({ name, type, wanted }: Pick<Answers, 'name' | 'type' | 'wanted'>): string =>
  `${name} ${type} ${wanted.join(', ')}`;

/** `ns1.example.com: 192.0.2.1; the public resolver: nothing`; servers that say the same stand together. */
function tell(judged: readonly Judged[]): string {
  const groups = new Map<string, string[]>();
  for (const one of judged) {
    const said = describe(one.reading);
    groups.set(said, [...(groups.get(said) ?? []), one.from]);
  }
  return [...groups].map(([said, from]) => `${from.join(', ')}: ${said}`).join('; ');
}

function describe(reading: Reading): string {
  switch (reading.is) {
    case 'values': {
      const how = reading.flattened
        ? ' (addresses, no CNAME)'
        : reading.alias === undefined
          ? ''
          : ` (by way of ${reading.alias})`;
      return `${reading.values.join(', ')}${how}`;
    }
    case 'none':
      return reading.code === 'NXDOMAIN' ? 'no such name' : 'no such record';
    case 'silent':
      return `no answer (${reading.why})`;
    default:
      return reading satisfies never;
  }
}

const names = (judged: readonly Judged[]): string => judged.map(({ from }) => from).join(', ');

/** Seconds, in words: `5m`, `1h 30m`. */
function duration(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  if (seconds < 60) return `${seconds}s`;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [...(hours > 0 ? [`${hours}h`] : []), ...(rest > 0 ? [`${rest}m`] : [])].join(' ');
}
