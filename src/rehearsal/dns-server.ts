// DNS on loopback, UDP and TCP: turns packets into questions for the zones and their answers into packets.
import { createSocket, type Socket } from 'node:dgram';
import { type Socket as Connection, createServer, type Server } from 'node:net';
import packet from 'dns-packet';
import type { ZoneAnswer, ZoneQuestion, ZoneRecord } from './zones.ts';

export interface DnsServer {
  readonly port: number;
  close(): Promise<void>;
}

export interface DnsServerOptions {
  readonly answer: (question: ZoneQuestion) => ZoneAnswer;
  /** `owner` sets AA; `resolver` sets RA. */
  readonly as: 'owner' | 'resolver';
  /** Taken when it is free, so that a rehearsal keeps its address from one sitting to the next. */
  readonly port?: number;
}

const udpLimit = 512;

/** One port for UDP and TCP on 127.0.0.1. */
export async function startDnsServer(options: DnsServerOptions): Promise<DnsServer> {
  const { udp, tcp, port } = await listenOnBoth(options.port);
  const connections = new Set<Connection>();
  udp.on('message', (message, from) => {
    const answer = respond(message, options, udpLimit);
    if (answer) udp.send(answer, from.port, from.address);
  });
  tcp.on('connection', (connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
    connection.on('error', () => connection.destroy());
    serveStream(connection, options);
  });
  return {
    port,
    close: async () => {
      for (const connection of connections) connection.destroy();
      await Promise.all([new Promise<void>((done) => udp.close(done)), new Promise((done) => tcp.close(done))]);
    },
  };
}

/** The TCP port decides; UDP must be free under the same number. */
export async function listenOnBoth(wanted = 0): Promise<{ udp: Socket; tcp: Server; port: number }> {
  let port = wanted;
  for (let tries = 0; tries < 20; tries += 1, port = 0) {
    const tcp = await listenTcp(port);
    if (!tcp) continue;
    const address = tcp.address();
    const taken = address !== null && typeof address === 'object' ? address.port : 0;
    const udp = await listenUdp(taken);
    if (udp) return { udp, tcp, port: taken };
    await new Promise((done) => tcp.close(done));
  }
  throw new Error('no free port on 127.0.0.1 for the DNS stand-in');
}

function listenTcp(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function listenUdp(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind(port, '127.0.0.1', () => resolve(socket));
  });
}

/** Messages with two bytes of length before each. */
function serveStream(connection: Connection, options: DnsServerOptions): void {
  let waiting: Buffer = Buffer.alloc(0);
  connection.on('data', (bytes) => {
    waiting = Buffer.concat([waiting, bytes]);
    while (waiting.length >= 2 && waiting.length >= 2 + waiting.readUInt16BE(0)) {
      const size = waiting.readUInt16BE(0);
      const answer = respond(waiting.subarray(2, 2 + size), options, 65_535);
      waiting = waiting.subarray(2 + size);
      if (!answer) continue;
      const head = Buffer.alloc(2);
      head.writeUInt16BE(answer.length);
      connection.write(Buffer.concat([head, answer]));
    }
  });
}

/** undefined: what came is no question, and nothing is said to it. */
function respond(message: Buffer, options: DnsServerOptions, limit: number): Buffer | undefined {
  const query = decoded(message);
  const question = query?.questions?.[0];
  if (!query || query.flag_qr || !question) return undefined;
  const { code, answers, authority } = answered(options, question);
  const role = options.as === 'owner' ? packet.AUTHORITATIVE_ANSWER : packet.RECURSION_AVAILABLE;
  const rd = query.flag_rd ? packet.RECURSION_DESIRED : 0;
  const head = { type: 'response' as const, id: query.id ?? 0, questions: [question] };
  const flags = role | rd | codes[code];
  const whole = packet.encode({
    ...head,
    flags,
    answers: answers.map(encodable),
    authorities: authority.map(encodable),
  });
  return whole.length <= limit ? whole : packet.encode({ ...head, flags: flags | packet.TRUNCATED_RESPONSE });
}

function answered(options: DnsServerOptions, question: packet.Question): ZoneAnswer {
  try {
    return options.answer({ name: question.name, type: question.type });
  } catch {
    // The state cannot be read: a name server in trouble says SERVFAIL, which every look takes for "cannot tell".
    return { code: 'SERVFAIL', answers: [], authority: [] };
  }
}

function decoded(message: Buffer): packet.DecodedPacket | undefined {
  try {
    return packet.decode(message);
  } catch {
    // Not DNS: a real server says nothing either.
    return undefined;
  }
}

const codes = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3 } as const;

function encodable({ name, type, ttl, value }: ZoneRecord): packet.Answer {
  const common = { name, ttl, class: 'IN' as const };
  if (type === 'TXT') return { ...common, type, data: value.match(/[\s\S]{1,255}/g) ?? [''] };
  if (type === 'MX') {
    const [preference = '0', exchange = ''] = value.split(/\s+/);
    return { ...common, type, data: { preference: Number(preference), exchange } };
  }
  if (type === 'CAA') {
    const [, flags = '0', tag = 'issue', text = ''] = /^(\d+)\s+(\S+)\s+"?(.*?)"?$/.exec(value) ?? [];
    const known = tag === 'issuewild' || tag === 'iodef' ? tag : 'issue';
    return { ...common, type, data: { flags: Number(flags), tag: known, value: text } };
  }
  if (type === 'SOA') {
    const [mname = '', rname = '', ...numbers] = value.split(/\s+/);
    const [serial = 1, refresh = 0, retry = 0, expire = 0, minimum = 0] = numbers.map(Number);
    return { ...common, type, data: { mname, rname, serial, refresh, retry, expire, minimum } };
  }
  if (type === 'A' || type === 'AAAA' || type === 'CNAME' || type === 'NS') return { ...common, type, data: value };
  throw new Error(`the DNS stand-in has no form for a record of type ${type}`);
}
