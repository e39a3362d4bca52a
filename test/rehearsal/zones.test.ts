// DNS of the stand-in world: an owner that never caches, a resolver that does, in virtual time.

import { Resolver } from 'node:dns/promises';
import { connect } from 'node:net';
import packet from 'dns-packet';
import { afterEach, describe, expect, it } from 'vitest';
import { startDnsServer } from '../../src/rehearsal/dns-server.ts';
import { answerOfOwner, answerOfResolver, type ResolverState, type ZoneRecord } from '../../src/rehearsal/zones.ts';
import { closeAll, rehearse } from './rehearsing.ts';

const record = (name: string, type: string, value: string, ttl = 300): ZoneRecord => ({
  name,
  type,
  value,
  ttl,
  at: 0,
});
const owned = (records: readonly ZoneRecord[], name: string, type: string) => {
  const { code, answers } = answerOfOwner(records, { name, type });
  return [code, ...answers.map(({ type: kind, value }) => `${kind} ${value}`)];
};

describe('the owner of a zone', () => {
  const records = [
    record('api.example.com', 'CNAME', 'app.fly.dev'),
    record('_fly-ownership.www.example.com', 'TXT', 'app-1'),
    record('*.shop.example.com', 'A', '192.0.2.7'),
  ];

  it.each([
    ['API.example.com.', 'CNAME', ['NOERROR', 'CNAME app.fly.dev']],
    ['api.example.com', 'A', ['NOERROR', 'CNAME app.fly.dev']],
    ['www.example.com', 'A', ['NOERROR']],
    ['nothing.example.com', 'A', ['NXDOMAIN']],
    ['example.com', 'A', ['NOERROR']],
    ['one.shop.example.com', 'A', ['NOERROR', 'A 192.0.2.7']],
    ['example.com', 'NS', ['NOERROR', 'NS ns1.stand-in.invalid', 'NS ns2.stand-in.invalid']],
    ['ns1.stand-in.invalid', 'A', ['NOERROR', 'A 192.0.2.53']],
  ])('answers %s %s', (name, type, expected) => {
    expect(owned(records, name, type)).toEqual(expected);
  });

  it('sends the SOA of the registrable domain with a negative answer', () => {
    expect(answerOfOwner(records, { name: 'a.b.example.co.uk', type: 'A' }).authority).toMatchObject([
      { name: 'example.co.uk', type: 'SOA', ttl: 3600 },
    ]);
  });
});

describe('the resolver', () => {
  const cname = [record('api.example.com', 'CNAME', 'app.fly.dev', 60), record('app.fly.dev', 'A', '192.0.2.1', 300)];

  it('follows a CNAME, and counts the rest of each TTL down', () => {
    const cache: ResolverState = {};
    const ask = (now: number) =>
      answerOfResolver(
        cache,
        (question) => answerOfOwner(cname, question),
        { name: 'api.example.com', type: 'A' },
        now,
      );
    expect(ask(0).answers.map(({ value, ttl }) => [value, ttl])).toEqual([
      ['app.fly.dev', 60],
      ['192.0.2.1', 300],
    ]);
    expect(ask(20_000).answers.map(({ value, ttl }) => [value, ttl])).toEqual([
      ['app.fly.dev', 40],
      ['192.0.2.1', 280],
    ]);
  });

  it('remembers that there was no such name for half an hour, and an old value until its TTL is over', () => {
    let records: ZoneRecord[] = [];
    const cache: ResolverState = {};
    const values = (now: number) =>
      answerOfResolver(
        cache,
        (question) => answerOfOwner(records, question),
        { name: 'new.example.com', type: 'A' },
        now,
      ).answers.map(({ value }) => value);
    expect(values(0)).toEqual([]);
    records = [record('new.example.com', 'A', '192.0.2.1')];
    expect(values(1_799_000)).toEqual([]);
    expect(values(1_800_000)).toEqual(['192.0.2.1']);
    records = [record('new.example.com', 'A', '192.0.2.2')];
    expect(values(2_099_000)).toEqual(['192.0.2.1']);
    expect(values(2_100_000)).toEqual(['192.0.2.2']);
  });
});

describe('the DNS servers', () => {
  afterEach(closeAll);

  it('speak to the resolver of Node, and tell no such name from no such type', async () => {
    const { world, aim } = await rehearse();
    await world.pretend?.makeSo(
      'dns/record',
      { name: 'api.example.com', type: 'A', value: ['192.0.2.1', '192.0.2.2'] },
      'dns',
    );
    await world.pretend?.makeSo(
      'dns/record',
      { name: 'txt.example.com', type: 'TXT', value: `${'x'.repeat(300)};y` },
      'dns',
    );
    const resolver = new Resolver({ timeout: 30_000, tries: 1 });
    resolver.setServers([/recursive=([^,]+)/.exec(aim.LAUNCH_DNS ?? '')?.[1] ?? '']);
    expect(await resolver.resolve4('api.example.com')).toEqual(['192.0.2.1', '192.0.2.2']);
    expect((await resolver.resolveTxt('txt.example.com'))[0]?.join('')).toBe(`${'x'.repeat(300)};y`);
    await expect(resolver.resolve6('api.example.com')).rejects.toThrow(/ENODATA/);
    await expect(resolver.resolve4('none.example.com')).rejects.toThrow(/ENOTFOUND/);
    expect((await resolver.resolveSoa('example.com')).minttl).toBe(1800);
  });

  it('cut what is too long for a packet, and send it whole over TCP', async () => {
    const many = Array.from({ length: 60 }, (_, n) => record('big.example.com', 'A', `192.0.2.${n}`));
    const server = await startDnsServer({ as: 'owner', answer: (question) => answerOfOwner(many, question) });
    const resolver = new Resolver({ timeout: 30_000, tries: 1 });
    resolver.setServers([`127.0.0.1:${server.port}`]);
    expect(await resolver.resolve4('big.example.com')).toHaveLength(60);
    await server.close();
  });

  it('say that the owner is authoritative and the resolver is not, and answer nothing to what is no question', async () => {
    const { world, aim } = await rehearse();
    await world.pretend?.makeSo('dns/record', { name: 'api.example.com', type: 'CNAME', value: 'app.fly.dev' }, 'dns');
    const asked = { name: 'api.example.com', type: 'CNAME' } as const;
    expect(await world.dns.ask({ ...asked, server: '192.0.2.53' })).toMatchObject({
      code: 'NOERROR',
      authoritative: true,
      answers: [{ data: 'app.fly.dev' }],
    });
    expect(await world.dns.ask(asked)).toMatchObject({ authoritative: false });
    const port = Number(/:(\d+)$/.exec(aim.LAUNCH_DNS ?? '')?.[1]);
    const answer = await new Promise<Buffer>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(Buffer.from([0, 2, 1, 2]));
        socket.write(
          packet.streamEncode({ type: 'query', id: 7, questions: [{ name: 'api.example.com', type: 'CNAME' }] }),
        );
      });
      socket.once('data', (bytes) => {
        socket.destroy();
        resolve(bytes);
      });
    });
    expect(packet.streamDecode(answer)).toMatchObject({ id: 7, answers: [{ data: 'app.fly.dev' }] });
  });
});
