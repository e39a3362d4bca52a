// Servers that mean no good, or are badly broken: each ends in bounded time and memory, with words.
import type { Socket } from 'node:net';
import { encode } from 'dns-packet';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listenOnBoth } from '../../src/rehearsal/dns-server.ts';
import { createDns } from '../../src/system/dns.ts';
import { createHttp } from '../../src/system/http.ts';
import type { HttpRequest } from '../../src/system/ports.ts';
import { serveTcp } from './servers.ts';

const never = new AbortController().signal;

/** What the port says of a server that does this with each connection. */
async function ask(connected: (socket: Socket) => void, request: Partial<HttpRequest> = {}) {
  const port = await serveTcp(connected);
  const http = createHttp({ hosts: { '*': { host: '127.0.0.1', port } } });
  return http.exchange({ url: 'http://api.example.com/', timeout: 60_000, ...request }, never);
}

/** Writes as long as the other side reads. */
function flood(socket: Socket, piece: string | Buffer): void {
  const on = (): void => {
    while (!socket.destroyed && socket.write(piece));
    socket.once('drain', on);
  };
  on();
}

describe('an HTTP server', () => {
  test.each<[string, (socket: Socket) => void, string]>([
    [
      'with headers that never end',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        flood(socket, `x-a: ${'b'.repeat(1000)}\r\n`);
      },
      'answer is not HTTP (header overflow)',
    ],
    [
      'with a body of a gigabyte',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        flood(socket, Buffer.alloc(65_536, 97));
      },
      'the answer is longer than 10 MB',
    ],
    [
      'that says a length below nothing',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n'),
      'answer is not HTTP (invalid character in content-length)',
    ],
    [
      'that says two lengths',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n'),
      'answer is not HTTP (duplicate content-length)',
    ],
    [
      'with a broken chunk',
      (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'),
      'answer is not HTTP (invalid character in chunk size)',
    ],
    ['that speaks another protocol', (socket) => socket.end('\0\0\0'), 'answer is not HTTP'],
    [
      'that wants to change the protocol',
      (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
      'the server wants to speak another protocol (101)',
    ],
  ])('%s is told in words', async (_what, connected, failed) => {
    expect(await ask(connected)).toMatchObject({ status: 0, failed });
  });

  test.each([
    ['byte by byte', 'H'],
    ['early hints without an end', 'HTTP/1.1 103 Early Hints\r\nx: y\r\n\r\n'],
  ])('that dribbles %s is left when the time is over', async (_what, piece) => {
    const dribble = (socket: Socket): void => {
      const timer = setInterval(() => socket.write(piece), 5);
      socket.on('close', () => clearInterval(timer));
      if (piece.length === 1) socket.write('HTTP/1.1 200 OK\r\n\r\n');
    };
    expect(await ask(dribble, { timeout: 200 })).toMatchObject({ failed: 'timed out after 0.2 s' });
  });

  test.each(['file:///etc/passwd', 'ftp://example.com/', 'javascript:alert(1)'])(
    'that redirects to %s leads nowhere',
    async (location) => {
      const answer = await ask((socket) => socket.end(`HTTP/1.1 302 Found\r\nlocation: ${location}\r\n\r\n`), {
        redirect: 'follow',
      });
      expect(answer.failed).toBe(`only http and https can be asked, not ${new URL(location).protocol}`);
    },
  );

  test('a mark of the byte order before JSON is no part of it', async () => {
    const answer = await ask((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n\uFEFF{"ok":true}'));
    expect(JSON.parse(answer.body)).toEqual({ ok: true });
  });

  test('a stream of very many small pieces is handed on in order, and left as soon as it has said enough', async () => {
    const chunk = '1\r\na\r\n'.repeat(10_000);
    let heard = '';
    const answer = await ask(
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
        socket.write(chunk);
      },
      { until: (piece) => (heard += piece).length === 10_000 },
    );
    expect(answer).toMatchObject({ status: 200, body: 'a'.repeat(10_000) });
    expect(answer).not.toHaveProperty('cut');
    expect(heard).toBe(answer.body);
  });
});

const question: { readonly name: string; readonly type: 'A' } = { name: 'api.example.com', type: 'A' };
/** An answer to a query with these bytes changed. */
const reply = (id: number, { name = question.name, data = '192.0.2.1' } = {}, flags = 0): Buffer =>
  encode({
    type: 'response',
    id,
    flags,
    questions: [{ name, type: 'A' }],
    answers: [{ name, type: 'A', ttl: 60, data }],
  });
const TRUNCATED = 0x0200;

/** One port for UDP and TCP, as DNS has it. `patience`: short only where it is to be at an end. */
async function nameServer(
  udp: (query: Buffer, send: (packet: Buffer) => void) => void,
  tcp: (socket: Socket) => void,
  patience: { readonly tries?: readonly number[]; readonly overTcp?: number } = {},
) {
  const listening = await listenOnBoth();
  listening.tcp.on('connection', (socket) => {
    socket.on('error', () => {});
    tcp(socket);
  });
  listening.udp.on('message', (query, from) =>
    udp(query, (packet) => listening.udp.send(packet, from.port, from.address)),
  );
  onTestFinished(() => {
    listening.tcp.close();
    listening.udp.close();
  });
  return createDns({ dns: { '*': { host: '127.0.0.1', port: listening.port } }, ...patience });
}
const framed = (packet: Buffer): Buffer => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(packet.length);
  return Buffer.concat([length, packet]);
};
const idOf = (query: Buffer): number => query.readUInt16BE(0);

describe('a DNS server', () => {
  test('answers to another question, or with another id, are passed over for the right one', async () => {
    const dns = await nameServer(
      (query, send) => {
        send(reply(idOf(query) ^ 1, { data: '203.0.113.1' }));
        send(reply(idOf(query), { name: 'evil.example.com', data: '203.0.113.2' }));
        send(reply(idOf(query)));
      },
      () => {},
    );
    expect((await dns.ask(question)).answers).toMatchObject([{ data: '192.0.2.1' }]);
  });

  test('over TCP too, an answer with another id is none', async () => {
    const dns = await nameServer(
      (query, send) => send(reply(idOf(query), {}, TRUNCATED)),
      (socket) => socket.on('data', (query) => socket.end(framed(reply(idOf(query.subarray(2)) ^ 1)))),
    );
    expect(await dns.ask(question)).toMatchObject({
      failed: '127.0.0.1: the answer is to another question',
      answers: [],
    });
  });

  test('that dribbles its answer over TCP is left when the time is over', async () => {
    const dns = await nameServer(
      (query, send) => send(reply(idOf(query), {}, TRUNCATED)),
      (socket) => {
        socket.write(Buffer.from([0xff, 0xff]));
        const timer = setInterval(() => socket.write(Buffer.alloc(1)), 20);
        socket.on('close', () => clearInterval(timer));
      },
      { overTcp: 300 },
    );
    // It never stops: that this ends is the proof.
    expect(await dns.ask(question)).toMatchObject({ failed: '127.0.0.1: timed out' });
  });

  test.each<[string, (query: Buffer) => Buffer]>([
    // A name that points to itself, and two that point to each other (RFC 1035 §4.1.4).
    ['a name that points to itself', (query) => withName(query, [0xc0, 12])],
    ['names that point to each other', (query) => withName(query, [0xc0, 14, 0xc0, 12])],
    ['a packet that ends in the middle', (query) => reply(idOf(query)).subarray(0, 20)],
    ['more answers than it holds', (query) => counting(reply(idOf(query)), 65_535)],
    ['nothing', () => Buffer.alloc(0)],
    ['noise', () => Buffer.alloc(512, 0xff)],
  ])('that sends %s is as silent', async (_what, packet) => {
    const dns = await nameServer(
      (query, send) => send(packet(query)),
      () => {},
      { tries: [150] },
    );
    expect(await dns.ask(question)).toMatchObject({ failed: '127.0.0.1: timed out', answers: [] });
  });
});

/** A header that says one question and one answer, then these bytes. */
function withName(query: Buffer, name: readonly number[]): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(idOf(query), 0);
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(1, 6);
  return Buffer.concat([head, Buffer.from(name), Buffer.alloc(20)]);
}

function counting(packet: Buffer, answers: number): Buffer {
  packet.writeUInt16BE(answers, 6);
  return packet;
}
