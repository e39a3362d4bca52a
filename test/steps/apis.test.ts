// The kinds that ask Cloudflare and Twilio, over a real connection: so at once, after a while, never; down, wrong, half, silent, cancelled.
import { afterEach, describe, expect, test } from 'vitest';
import { loadKind } from '../../steps/index.ts';
import { answer, ports } from './http/ports.ts';
import { type Answers, type MoodyServer, moodyServer } from './moody-server.ts';

interface Case {
  readonly want: object;
  readonly since?: readonly string[];
  readonly so: Answers;
  readonly seen: string;
  readonly before: Answers;
  /** What stands there before it is so, in words. */
  readonly instead: string;
  readonly who: 'Cloudflare' | 'Twilio';
}

const zone = { id: 'z1', name: 'example.com' };
const rows = (...result: readonly object[]) => answer(200, { success: true, errors: [], result });
const zones = { '/zones': rows(zone) };
const records = (...found: readonly object[]): Answers => ({ ...zones, '/zones/z1/dns_records': rows(...found) });
const account = '/2010-04-01/Accounts/AC1';
const url = 'https://relay.example.com/webhook';
const number = (sms_url: string): Answers => ({
  [`${account}/IncomingPhoneNumbers.json`]: answer(200, {
    incoming_phone_numbers: [{ sid: 'PN1', phone_number: '+15550100', sms_url, sms_method: 'POST' }],
  }),
  '/v1/Services': answer(200, { services: [] }),
});
const message = (sid: string, direction: string, from: string, to: string) => ({
  sid,
  direction,
  from,
  to,
  status: 'delivered',
  body: 'hello',
});
const messages = (...found: readonly object[]): Answers => ({
  [`${account}/Messages.json`]: answer(200, { messages: found }),
});
const [person, relay] = ['+15550123', '+15550100'];

/** One line a kind. */
const CASES: Readonly<Record<string, Case>> = {
  'cloudflare/record': {
    // Proxied, so that the zone alone has the word: what DNS shows is told by dns/record and its tests.
    want: { name: 'api.example.com', type: 'A', value: '192.0.2.1', proxied: true },
    so: records({ id: 'r1', name: 'api.example.com', type: 'A', content: '192.0.2.1', proxied: true }),
    seen: "api.example.com A 192.0.2.1, proxied, by Cloudflare's API",
    before: records({ id: 'r1', name: 'api.example.com', type: 'A', content: '192.0.2.9', proxied: true }),
    instead: 'api.example.com A says 192.0.2.9 now',
    who: 'Cloudflare',
  },
  'twilio/webhook': {
    want: { url, number: '+15550100' },
    so: number(url),
    seen: `+15550100 → POST ${url}`,
    before: number('https://1a2b.ngrok-free.app/webhook'),
    instead: 'POST https://1a2b.ngrok-free.app/webhook',
    who: 'Twilio',
  },
  'twilio/message-answered': {
    want: { number: relay },
    since: ['SM1'],
    so: messages(
      message('SM1', 'inbound', person, relay),
      message('SM2', 'inbound', person, relay),
      message('SM3', 'outbound-api', relay, person),
    ),
    seen: '+1555···· was answered: hello',
    before: messages(message('SM1', 'inbound', person, relay)),
    instead: 'no message has come in since',
    who: 'Twilio',
  },
};

const LOGINS: Readonly<Record<string, string>> = {
  CLOUDFLARE_API_TOKEN: 'cf-token-1234567890',
  TWILIO_ACCOUNT_SID: 'AC1',
  TWILIO_AUTH_TOKEN: 'twilio-token-123',
};

let api: MoodyServer | undefined;
afterEach(() => api?.close());

async function looking(name: string, given: Case, signal = new AbortController().signal) {
  const kind = await loadKind(name);
  if (!kind?.verify) throw new Error(`${name} has no look`);
  const server = await moodyServer({ otherwise: answer(404, { success: false, errors: [] }), signal });
  api = server;
  const { verify } = kind;
  const want = kind.with.parse(given.want);
  const world = ports({
    http: server.http,
    env: { get: (variable) => LOGINS[variable] },
    urls: { appStoreConnect: '', cloudflare: 'http://api.cloudflare.test', twilio: 'http://api.twilio.test' },
    signal,
  });
  return { server, look: () => verify(want, world, { ...(given.since && { since: given.since }) }) };
}

describe.each(Object.entries(CASES))('%s', (name, given) => {
  test('is so at once, in words', async () => {
    const { server, look } = await looking(name, given);
    server.answers = given.so;
    expect(await look()).toMatchObject({ is: 'so', seen: given.seen });
  });

  test('is so after a while', async () => {
    const { server, look } = await looking(name, given);
    server.answers = given.before;
    expect(await look()).toMatchObject({ is: 'not-so' });
    server.answers = given.so;
    expect(await look()).toMatchObject({ is: 'so' });
  });

  test('is never so, and says what is there instead and what was expected', async () => {
    const { server, look } = await looking(name, given);
    server.answers = given.before;
    const seen = await look();
    expect(seen).toMatchObject({ is: 'not-so', seen: given.instead, expected: expect.stringMatching(/.{10}/) });
    expect(await look()).toEqual(seen);
  });

  test('cannot be told while the server is down', async () => {
    const { server, look } = await looking(name, given);
    await server.close();
    expect(await look()).toMatchObject({ is: 'unknown', why: `${given.who} did not answer: connection refused` });
  });

  test('cannot be told from an answer of something else', async () => {
    const { server, look } = await looking(name, given);
    server.mood = 'hello';
    expect(await look()).toMatchObject({
      is: 'unknown',
      why: `${given.who} answered 200 with something that is not JSON`,
    });
    server.mood = 'well';
    const strange = answer(200, { success: true, errors: [], result: { hello: 'you' } });
    server.answers = Object.fromEntries(Object.keys(given.so).map((path) => [path, strange]));
    expect(await look()).toMatchObject({ is: 'unknown', why: expect.stringMatching(/ a shape that is not known$/) });
  });

  test('cannot be told from half an answer', async () => {
    const { server, look } = await looking(name, given);
    server.answers = given.so;
    server.mood = 'half';
    expect(await look()).toMatchObject({
      is: 'unknown',
      why: `${given.who} did not answer: connection closed by the other side`,
    });
    server.mood = 'well';
    expect(await look()).toMatchObject({ is: 'so', seen: given.seen });
  });

  test('cannot be told in time from a server that says nothing', async () => {
    const { server, look } = await looking(name, given);
    server.mood = 'silent';
    expect(await look()).toMatchObject({ is: 'unknown', why: `${given.who} did not answer: timed out after 0.15 s` });
  });

  test('is left at once when the run is stopped while it waits', async () => {
    const stopping = new AbortController();
    const { server, look } = await looking(name, given, stopping.signal);
    server.mood = 'silent';
    const looked = look();
    await server.waiting();
    stopping.abort();
    expect(await looked).toMatchObject({ is: 'unknown', why: `${given.who} did not answer: stopped` });
    expect(server.requests).toHaveLength(1);
  });
});
