// dns/record against real servers on loopback, an authoritative one and a resolver with a cache: at once, after a while, never, stopped.
import { createSocket } from 'node:dgram';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startDnsServer } from '../../../src/rehearsal/dns-server.ts';
import { answerOfOwner, answerOfResolver, type ZoneRecord } from '../../../src/rehearsal/zones.ts';
import { closedPort } from '../../system/servers.ts';
import { seenBy, type Waiting, waitFor, whyOf } from '../waiting.ts';

const want = { name: 'api.example.com', type: 'CNAME', value: 'x1.app.fly.dev' };
const right = { name: 'api.example.com', type: 'CNAME', value: 'x1.app.fly.dev', ttl: 300, at: 0 };
const target = { name: 'x1.app.fly.dev', type: 'A', value: '192.0.2.80', ttl: 300, at: 0 };

interface Served extends Pick<Waiting, 'dns' | 'tries'> {
  /** How often the name itself was asked for. */
  asked(): number;
}

/** `records` by the number of times the authoritative server was asked for the name. */
async function served(records: (times: number) => readonly ZoneRecord[], now = () => 0): Promise<Served> {
  let times = 0;
  const cache = {};
  const answer = (question: { readonly name: string; readonly type: string }) =>
    answerOfOwner([target, ...records(times)], question);
  const owner = await startDnsServer({
    as: 'owner',
    answer: (question) => {
      if (question.name === want.name && question.type === want.type) times += 1;
      return answer(question);
    },
  });
  const resolver = await startDnsServer({
    as: 'resolver',
    answer: (question) => answerOfResolver(cache, answer, question, now()),
  });
  onTestFinished(async () => {
    await owner.close();
    await resolver.close();
  });
  const at = (port: number) => ({ host: '127.0.0.1', port });
  // A question that was asked twice would count twice.
  return { dns: { recursive: at(resolver.port), '*': at(owner.port) }, tries: [60_000], asked: () => times };
}

/** Takes packets and says nothing. */
async function silence(): Promise<{ readonly host: string; readonly port: number }> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  onTestFinished(() => void socket.close());
  return { host: '127.0.0.1', port: socket.address().port };
}

/** Answers each packet with what is made of it. */
async function speaking(packet: (query: Buffer) => Buffer): Promise<{ readonly port: number }> {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => socket.send(packet(query), from.port, from.address));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  onTestFinished(() => void socket.close());
  return { port: socket.address().port };
}

/** The first four bytes of an answer: the id of the question, and flags. */
function head(query: Buffer, flags: number): Buffer {
  const bytes = Buffer.from(query.subarray(0, 4));
  bytes.writeUInt16BE(flags, 2);
  return bytes;
}

describe('dns/record', () => {
  test('is done at once where the record stands', async () => {
    const waited = await waitFor('dns/record', want, await served(() => [right]));
    expect(waited).toMatchObject({ end: { finished: 'done' }, took: 0 });
    expect(seenBy(waited)).toEqual([
      'api.example.com CNAME x1.app.fly.dev, on ns1.stand-in.invalid, ns2.stand-in.invalid, the public resolver of Cloudflare, the public resolver of Google',
    ]);
  });

  test('completes a while after somebody saved the record, and says how long a "no" may last meanwhile', async () => {
    const waited = await waitFor('dns/record', want, await served((times) => (times > 12 ? [right] : [])));
    expect(waited).toMatchObject({ end: { finished: 'done' }, took: 30_000 });
    expect(waited.screen.find((line) => line.includes('not yet'))).toContain(
      'Waiting until: api.example.com CNAME x1.app.fly.dev: not yet (59m 50s left): seen ns1.stand-in.invalid, ns2.stand-in.invalid: no such name',
    );
  });

  test('a resolver that was asked too early is waited out, as long as its "no" lasts', async () => {
    let seconds = 0;
    const server = await served(
      () => (seconds > 0 ? [right] : []),
      () => seconds * 1000,
    );
    const { createDns } = await import('../../../src/system/dns.ts');
    // Somebody looked before the record was made.
    await createDns({ dns: server.dns ?? {} }).ask({ name: want.name, type: 'CNAME' });
    seconds = 60;
    const early = await waitFor('dns/record', want, { ...server, within: '20s' });
    expect(whyOf(early)).toContain('the public resolver of Cloudflare, the public resolver of Google: no such name');
    expect(early.step.hint).toContain('may keep its "no" for up to 29m (SOA minimum)');
    seconds = 1801;
    expect((await waitFor('dns/record', want, server)).end).toEqual({ finished: 'done' });
  });

  test.each([
    [
      'an address that a CNAME has replaced',
      'api.example.com',
      '192.0.2.66 (addresses, no CNAME)',
      'keep the old answer for up to 5m more',
    ],
    [
      '"no such record"',
      '_fly-ownership.api.example.com',
      'no such record',
      'keep its "no" for up to 30m (SOA minimum)',
    ],
  ])(
    'a resolver that has the CNAME may still keep %s, for who asks for addresses',
    async (_what, owner, seen, kept) => {
      const before = { name: owner, type: 'A', value: '192.0.2.66', ttl: 300, at: 0 };
      let saved = false;
      const server = await served(() => [saved ? right : before]);
      const { createDns } = await import('../../../src/system/dns.ts');
      await createDns({ dns: server.dns ?? {} }).ask({ name: want.name, type: 'A' });
      saved = true;
      const waited = await waitFor('dns/record', want, { ...server, within: '20s' });
      expect(whyOf(waited)).toContain(`the public resolver of Cloudflare, the public resolver of Google: ${seen}`);
      expect(waited.step.hint).toContain(kept);
    },
  );

  test('never: fails at its deadline with expected, seen, and the usual reason', async () => {
    const typo = { ...right, value: 'x1.ap.fly.dev' };
    const waited = await waitFor('dns/record', want, { ...(await served(() => [typo])), within: '10m' });
    expect(waited).toMatchObject({ end: { exit: 1 }, step: { status: 'failed' }, took: 600_000 });
    expect(whyOf(waited)).toBe(
      'api.example.com CNAME x1.app.fly.dev: expected api.example.com CNAME x1.app.fly.dev, seen ns1.stand-in.invalid, ns2.stand-in.invalid: x1.ap.fly.dev',
    );
    const doubled = { ...right, name: 'api.example.com.example.com' };
    const twice = await waitFor('dns/record', want, { ...(await served(() => [doubled])), within: '10s' });
    expect(twice.step.hint).toContain('the zone was typed twice. Write only api as its name.');
  });

  test('a "no" for the name is never put into a resolver by us', async () => {
    const { dns } = await served(() => []);
    await waitFor('dns/record', want, { dns, within: '1m' });
    const { createDns } = await import('../../../src/system/dns.ts');
    const answer = await createDns({ dns: dns ?? {} }).ask({ name: want.name, type: 'CNAME' });
    expect(answer).toMatchObject({ code: 'NXDOMAIN', authority: [{ type: 'SOA', ttl: 3600 }] });
  });

  test('no DNS at all, silent or refusing, stays unknown and the run is kept', async () => {
    const silent = await silence();
    const waited = await waitFor('dns/record', want, { dns: { '*': silent }, limit: 40, within: '20s' });
    expect(waited).toMatchObject({ end: { exit: 4 }, step: { status: 'waiting' } });
    expect(whyOf(waited)).toContain('the resolver of this machine did not answer: 127.0.0.1: timed out');
    const { dns } = await served(() => [right]);
    const half = await waitFor('dns/record', want, { dns: { ...dns, '*': silent }, tries: [100, 1000], within: '1s' });
    expect(half).toMatchObject({
      end: { finished: 'done' },
      step: { evidence: { seen: [{ warning: expect.stringContaining('did not answer: ns1.stand-in.invalid') }] } },
    });
  });

  test('down, refused, cut off and what is no DNS are unknown, in words', async () => {
    const at = (port: number) => ({ dns: { '*': { host: '127.0.0.1', port } }, within: '1s' });
    expect(whyOf(await waitFor('dns/record', want, at(closedPort)))).toContain(
      'the resolver of this machine did not answer: 127.0.0.1: connection refused',
    );
    const answering = async (packet: (query: Buffer) => Buffer, more: Pick<Waiting, 'limit'> = {}) => {
      const { port } = await speaking(packet);
      return waitFor('dns/record', want, { ...at(port), ...more });
    };
    const refused = await answering((query) => Buffer.concat([head(query, 0x8185), query.subarray(4)]));
    expect(refused).toMatchObject({ end: { exit: 4 }, step: { status: 'waiting' } });
    expect(whyOf(refused)).toContain('the resolver of this machine was asked, and it answered REFUSED');
    // Cut, and nobody listens on TCP for the rest.
    const cut = await answering((query) => Buffer.concat([head(query, 0x8380), query.subarray(4)]));
    expect(whyOf(cut)).toContain('the resolver of this machine did not answer: 127.0.0.1: connection refused');
    const noise = await answering(() => Buffer.from('HTTP/1.1 400 Bad Request'), { limit: 60 });
    expect(whyOf(noise)).toContain('the resolver of this machine did not answer: 127.0.0.1: timed out');
  });

  test('is left at once when it is stopped, also while a server is silent', async () => {
    const server = await served(() => []);
    expect(await waitFor('dns/record', want, { ...server, stopAfter: 30_000 })).toMatchObject({
      end: { stopped: 'interrupted' },
      took: 30_000,
    });
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    // Longer than any test: that it ends is the proof.
    const waited = await waitFor('dns/record', want, {
      dns: { '*': await silence() },
      limit: 3_600_000,
      stop: stop.signal,
    });
    expect(waited.end).toMatchObject({ stopped: 'interrupted' });
  });
});
