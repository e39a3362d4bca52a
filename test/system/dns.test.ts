// Real questions over loopback: what a server says, what it hides in a cut answer, and what it does not say at all.
import packet, { type Answer, type DecodedPacket, type Packet } from 'dns-packet';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listenOnBoth } from '../../src/rehearsal/dns-server.ts';
import { createDns } from '../../src/system/dns.ts';
import { closedPort } from './servers.ts';

type Reply = Packet & { readonly rcode?: number };

/** Over UDP and TCP on one port; `undefined`: no answer to that packet. */
async function serve(answer: (question: DecodedPacket, over: 'udp' | 'tcp') => Reply | undefined): Promise<number> {
  const { udp, tcp, port } = await listenOnBoth();
  tcp.on('connection', (socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      const reply = encoded(packet.decode(data.subarray(2)), 'tcp');
      if (!reply) return;
      socket.write(Buffer.from([reply.length >> 8, reply.length & 255]));
      socket.write(reply.subarray(0, 5)); // in pieces, as a network does
      socket.write(reply.subarray(5));
    });
  });
  udp.on('message', (message, from) => {
    const reply = encoded(packet.decode(message), 'udp');
    if (reply) udp.send(reply, from.port, from.address);
  });
  onTestFinished(() => {
    udp.close();
    tcp.close();
  });
  return port;

  function encoded(question: DecodedPacket, over: 'udp' | 'tcp'): Buffer | undefined {
    const reply = answer(question, over);
    if (!reply) return undefined;
    return packet.encode({
      id: question.id,
      type: 'response',
      questions: question.questions,
      ...reply,
      flags: (reply.flags ?? 0) | (reply.rcode ?? 0),
    });
  }
}

const local = (port: number) => ({ host: '127.0.0.1', port });
const NAME = 'api.example.com';

describe('an answer', () => {
  test.each<[string, Answer, string]>([
    ['A', { type: 'A', name: NAME, ttl: 60, data: '192.0.2.1' }, '192.0.2.1'],
    ['AAAA', { type: 'AAAA', name: NAME, ttl: 60, data: '2001:db8::1' }, '2001:db8::1'],
    ['CNAME', { type: 'CNAME', name: NAME, ttl: 60, data: 'x.fly.dev' }, 'x.fly.dev'],
    ['NS', { type: 'NS', name: NAME, ttl: 60, data: 'ns1.example.net' }, 'ns1.example.net'],
    ['TXT in pieces', { type: 'TXT', name: NAME, ttl: 60, data: ['app-aa;', 'org-', 'bb'] }, 'app-aa;org-bb'],
    [
      'MX',
      { type: 'MX', name: NAME, ttl: 60, data: { preference: 10, exchange: 'mx.example.com' } },
      '10 mx.example.com',
    ],
    [
      'CAA',
      { type: 'CAA', name: NAME, ttl: 60, data: { flags: 0, tag: 'issue', value: 'letsencrypt.org' } },
      '0 issue "letsencrypt.org"',
    ],
    [
      'SOA',
      {
        type: 'SOA',
        name: NAME,
        ttl: 60,
        data: { mname: 'ns.x', rname: 'host.x', serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5 },
      },
      'ns.x host.x 1 2 3 4 5',
    ],
  ])('%s is one text a record', async (_type, record, data) => {
    const port = await serve(() => ({ answers: [record], flags: packet.AUTHORITATIVE_ANSWER }));
    const { type } = record;
    const answer = await createDns({ dns: { '*': local(port) } }).ask({
      name: NAME,
      type: type as 'A',
      server: '192.0.2.53',
    }); // the table holds asked types only
    expect(answer).toEqual({
      code: 'NOERROR',
      answers: [{ name: NAME, type, ttl: 60, data }],
      authority: [],
      authoritative: true,
    });
  });

  test('with NXDOMAIN has the zone and its negative time in the authority', async () => {
    const soa: Answer = {
      type: 'SOA',
      name: 'example.com',
      ttl: 900,
      data: { mname: 'ns.x', rname: 'h.x', serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 300 },
    };
    const port = await serve(() => ({ rcode: 3, authorities: [soa] }));
    const answer = await createDns({ dns: { recursive: local(port) } }).ask({ name: `${NAME}.`, type: 'A' });
    expect(answer).toMatchObject({
      code: 'NXDOMAIN',
      answers: [],
      authority: [{ name: 'example.com', ttl: 900 }],
      authoritative: false,
    });
  });

  test.each([
    [2, 'SERVFAIL'],
    [5, 'REFUSED'],
  ])('with code %i is %s', async (rcode, code) => {
    const port = await serve(() => ({ rcode }));
    expect(await createDns({ dns: { recursive: local(port) } }).ask({ name: NAME, type: 'A' })).toMatchObject({
      code,
      answers: [],
    });
  });

  test('that was cut is asked for again over TCP', async () => {
    const long: Answer[] = Array.from({ length: 60 }, (_, i) => ({
      type: 'TXT',
      name: NAME,
      ttl: 1,
      data: `value number ${i}`,
    }));
    const port = await serve((_question, over) =>
      over === 'udp' ? { flags: packet.TRUNCATED_RESPONSE } : { answers: long },
    );
    const answer = await createDns({ dns: { recursive: local(port) } }).ask({ name: NAME, type: 'TXT' });
    expect(answer.answers).toHaveLength(60);
    expect(answer.answers[59]?.data).toBe('value number 59');
  });

  test('that was lost is asked for again', async () => {
    let asked = 0;
    const port = await serve(() =>
      ++asked === 1 ? undefined : { answers: [{ type: 'A', name: NAME, ttl: 1, data: '192.0.2.9' }] },
    );
    expect(await createDns({ dns: { recursive: local(port) } }).ask({ name: NAME, type: 'A' })).toMatchObject({
      answers: [{ data: '192.0.2.9' }],
    });
  });

  test('to another question is not taken', async () => {
    const port = await serve((question) => ({
      id: (question.id ?? 0) ^ 1,
      answers: [{ type: 'A', name: NAME, ttl: 1, data: '203.0.113.66' }],
    }));
    const { failed } = await createDns({ dns: { recursive: local(port) }, tries: [30, 30] }).ask({
      name: NAME,
      type: 'A',
    });
    expect(failed).toBe('127.0.0.1: timed out');
  });

  test('for a name in letters of the world is asked in its ASCII form', async () => {
    let asked = '';
    const port = await serve((question) => {
      asked = question.questions?.[0]?.name ?? '';
      return {};
    });
    await createDns({ dns: { recursive: local(port) } }).ask({ name: 'müller.example', type: 'A' });
    expect(asked).toBe('xn--mller-kva.example');
  });
});

describe('no answer', () => {
  test('of a closed port, a silent server, a name that is none', async () => {
    const silent = await serve(() => undefined);
    const hosts = { '192.0.2.1': local(closedPort), '192.0.2.2': local(silent) };
    const dns = createDns({ dns: hosts, tries: [20, 20] });
    expect(await createDns({ dns: hosts }).ask({ name: NAME, type: 'A', server: '192.0.2.1' })).toEqual({
      code: '',
      answers: [],
      authority: [],
      authoritative: false,
      failed: '127.0.0.1: connection refused',
    });
    expect((await dns.ask({ name: NAME, type: 'A', server: '192.0.2.2' })).failed).toBe('127.0.0.1: timed out');
    expect((await dns.ask({ name: `${'x'.repeat(70)}.example.com`, type: 'A', server: '192.0.2.2' })).failed).toMatch(
      /^"x{70}\.example\.com" is not a name/,
    );
    expect((await dns.ask({ name: NAME, type: 'A', server: 'ns1.example.com' })).failed).toBe(
      '"ns1.example.com" is not an IP address',
    );
  });
});
