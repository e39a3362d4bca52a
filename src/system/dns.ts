// Asks one DNS server one question: UDP, then TCP where the answer was cut. By dns-packet, since Node hides SOA, TTL and the AA bit.
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { getServers } from 'node:dns';
import { connect, isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import type { Answer, DecodedPacket } from 'dns-packet';
import type { Address, Aim } from './aim.ts';
import { whyFailed } from './failures.ts';
import type { Dns, DnsAnswer, DnsRecord, DnsType, PublicResolver } from './ports.ts';

/** How long each try may take, in milliseconds: a lost packet is asked for again. */
const TRIES = [1000, 2000, 3000];
const OVER_TCP = 5000;

type Codec = typeof import('dns-packet');

/** `dns`: see Aim. `tries`: for tests. Never rejects. */
export function createDns({
  dns,
  tries = TRIES,
  overTcp: longest = OVER_TCP,
}: Pick<Aim, 'dns'> & { readonly tries?: readonly number[]; readonly overTcp?: number }): Dns {
  return {
    async ask({ name, type, server, resolver }) {
      if (!isName(name)) return noAnswer(`"${name}" is not a name`);
      const servers = server === undefined ? resolvers(dns, resolver) : [serverFor(server, dns)];
      let failed = 'no DNS server is known to this machine';
      for (const address of servers) {
        if (address === undefined) return noAnswer(`"${server}" is not an IP address`);
        const answer = await askServer(address, { name: ascii(name), type }, { tries, longest });
        if (answer.failed === undefined) return answer;
        failed = answer.failed;
      }
      return noAnswer(failed);
    },
  };
}

function noAnswer(failed: string): DnsAnswer {
  return { code: '', answers: [], authority: [], authoritative: false, failed };
}

function ascii(name: string): string {
  const bare = name.replace(/\.$/, '');
  return /^[\x21-\x7e]*$/.test(bare) ? bare : domainToASCII(bare);
}

/** Labels of 1 to 63 bytes, 253 together (RFC 1035 §2.3.4); the root is '' or '.'. */
function isName(name: string): boolean {
  const labels = ascii(name).split('.');
  return (
    name === '.' ||
    name === '' ||
    (labels.join('.').length <= 253 && labels.every((label) => label.length > 0 && label.length <= 63))
  );
}

function resolvers(aim: Aim['dns'], known: PublicResolver | undefined): readonly (Address | undefined)[] {
  const aimed = aim.recursive ?? aim['*'];
  return aimed ? [aimed] : (known === undefined ? getServers() : PUBLIC[known]).map(parseServer);
}

/** `facts/dns-and-tls.md` §9.6; the second where there is no IPv4. */
const PUBLIC: Readonly<Record<PublicResolver, readonly string[]>> = {
  Cloudflare: ['1.1.1.1', '2606:4700:4700::1111'],
  Google: ['8.8.8.8', '2001:4860:4860::8888'],
};

function serverFor(server: string, aim: Aim['dns']): Address | undefined {
  const known = Object.hasOwn(aim, server.toLowerCase()) ? aim[server.toLowerCase()] : aim['*'];
  return known ?? parseServer(server);
}

/** `192.0.2.1`, `192.0.2.1:5353`, `2001:db8::1`, `[2001:db8::1]:5353`. */
function parseServer(text: string): Address | undefined {
  if (isIP(text)) return { host: text, port: 53 };
  const [, host, port] = /^\[?([^\]]+?)\]?(?::(\d+))?$/.exec(text) ?? [];
  return host !== undefined && isIP(host) ? { host, port: Number(port ?? 53) } : undefined;
}

async function askServer(
  to: Address,
  question: { name: string; type: DnsType },
  { tries, longest }: { readonly tries: readonly number[]; readonly longest: number },
): Promise<DnsAnswer> {
  // A CommonJS package: bundled, all of it stands under `default`.
  const { default: codec } = await import('dns-packet');
  const id = randomInt(65536);
  try {
    const query = codec.encode({
      type: 'query',
      id,
      flags: codec.RECURSION_DESIRED,
      questions: [{ ...question, class: 'IN' }],
    });
    const isOurs = (packet: DecodedPacket): boolean => answers(packet, { ...question, id });
    let packet = await overUdp(codec, to, { query, isOurs, tries });
    if (packet.flag_tc) packet = await overTcp(codec, to, { query, longest });
    if (!isOurs(packet)) return noAnswer(`${to.host}: the answer is to another question`);
    return answerOf(packet);
  } catch (error) {
    return noAnswer(`${to.host}: ${whyFailed(error)}`);
  }
}

/** A reply to this very question. Some servers that refuse leave the question out. */
function answers(packet: DecodedPacket, { id, name, type }: { id: number; name: string; type: DnsType }): boolean {
  const [asked] = packet.questions ?? [];
  const same =
    asked === undefined || (bare(asked.name).toLowerCase() === bare(name).toLowerCase() && asked.type === type);
  return packet.id === id && packet.type === 'response' && same;
}

interface Asking {
  readonly query: Buffer;
  isOurs(packet: DecodedPacket): boolean;
}

async function overUdp(
  codec: Codec,
  to: Address,
  { tries, ...asking }: Asking & { readonly tries: readonly number[] },
): Promise<DecodedPacket> {
  let last: unknown = new Error('timed out');
  for (const wait of tries) {
    try {
      return await sendOnce(codec, to, { ...asking, wait });
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

/** The socket is connected, so only that server can answer, and a closed port is known at once. */
function sendOnce(
  codec: Codec,
  to: Address,
  { query, isOurs, wait }: Asking & { readonly wait: number },
): Promise<DecodedPacket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIP(to.host) === 6 ? 'udp6' : 'udp4');
    const end = (settle: () => void) => {
      clearTimeout(limit);
      socket.close();
      settle();
    };
    const limit = setTimeout(() => end(() => reject(new Error('timed out'))), wait);
    socket.once('error', (error) => end(() => reject(error)));
    socket.on('message', (message) => {
      const packet = decoded(codec, message);
      if (packet && isOurs(packet)) end(() => resolve(packet));
    });
    socket.connect(to.port, to.host, () => socket.send(query));
  });
}

function decoded(codec: Codec, message: Buffer): DecodedPacket | undefined {
  try {
    return codec.decode(message);
  } catch {
    return undefined; // Not an answer to us: the real one may still come.
  }
}

function overTcp(
  codec: Codec,
  to: Address,
  { query, longest }: { readonly query: Buffer; readonly longest: number },
): Promise<DecodedPacket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...to });
    let got = Buffer.alloc(0);
    // For all of it: who sends a byte now and then would hold us for days.
    const limit = setTimeout(() => socket.destroy(new Error('timed out')), longest);
    socket.once('close', () => clearTimeout(limit));
    socket.once('error', reject);
    socket.once('end', () => reject(new Error('connection closed by the other side')));
    socket.on('data', (chunk: Buffer) => {
      got = Buffer.concat([got, chunk]);
      if (got.length < 2 || got.length < 2 + got.readUInt16BE(0)) return;
      socket.destroy();
      try {
        resolve(codec.decode(got.subarray(2, 2 + got.readUInt16BE(0))));
      } catch (error) {
        reject(error);
      }
    });
    socket.write(Buffer.concat([Buffer.from([query.length >> 8, query.length & 255]), query]));
  });
}

function answerOf(packet: DecodedPacket): DnsAnswer {
  return {
    code: 'rcode' in packet ? String(packet.rcode) : 'NOERROR',
    answers: (packet.answers ?? []).flatMap(recordOf),
    authority: (packet.authorities ?? []).flatMap(recordOf),
    authoritative: packet.flag_aa,
  };
}

function recordOf(answer: Answer): DnsRecord[] {
  if (answer.type === 'OPT') return [];
  const ttl = 'ttl' in answer ? (answer.ttl ?? 0) : 0;
  return [{ name: bare(answer.name), type: answer.type, ttl, data: dataOf(answer) }];
}

function dataOf(answer: Exclude<Answer, { type: 'OPT' }>): string {
  switch (answer.type) {
    case 'A':
    case 'AAAA':
      return answer.data;
    case 'CNAME':
    case 'NS':
      return bare(answer.data);
    case 'TXT':
      return [answer.data].flat().map(String).join('');
    case 'MX':
      return `${answer.data.preference ?? 0} ${bare(answer.data.exchange)}`;
    case 'CAA':
      return `${answer.data.flags ?? 0} ${answer.data.tag} "${answer.data.value}"`;
    case 'SOA': {
      const { mname, rname, serial, refresh, retry, expire, minimum } = answer.data;
      return [bare(mname), bare(rname), serial, refresh, retry, expire, minimum].join(' ');
    }
    default:
      return JSON.stringify(answer.data); // No kind asks for the rest; a server may add them.
  }
}

const bare = (name: string) => name.replace(/\.$/, '');
