// The twilio kinds: against error documents and settings that overrule each other, and whole steps against the stand-in.
import { afterEach, describe, expect, test } from 'vitest';
import type { World } from '../../../src/system/world.ts';
import { messageAnswered } from '../../../steps/twilio/message-answered.ts';
import { webhook } from '../../../steps/twilio/webhook.ts';
import { closeAll, rehearse } from '../../rehearsal/rehearsing.ts';
import { answer, type Exchange, http, noAnswer, ports } from '../http/ports.ts';
import { seenBy, type Waiting, waitFor, whyOf } from '../waiting.ts';

afterEach(closeAll);

const url = 'https://relay.example.com/webhook';
const urls = { appStoreConnect: '', cloudflare: '', twilio: 'https://api.twilio.com' };
const login: Readonly<Record<string, string>> = { TWILIO_ACCOUNT_SID: 'AC1', TWILIO_AUTH_TOKEN: 'twilio-token-123' };
const env = { get: (name: string) => login[name] };
const go: Waiting['script'] = [['steps.it.act', 'go']];
const alone = ({ pretend: _, ...world }: World): World => world;

const numbers = 'GET https://api.twilio.com/2010-04-01/Accounts/AC1/IncomingPhoneNumbers.json?PhoneNumber=+15550100';
const services = 'GET https://messaging.twilio.com/v1/Services?PageSize=50';
const listed = (more: object = {}) => ({
  asked: numbers,
  answer: answer(200, {
    incoming_phone_numbers: [
      { sid: 'PN9', phone_number: '+155501001', sms_url: url, sms_method: 'POST' },
      { sid: 'PN1', phone_number: '+15550100', sms_url: url, sms_method: 'POST', sms_application_sid: '', ...more },
    ],
  }),
});
const noServices = { asked: services, answer: answer(200, { services: [] }) };

describe('twilio/webhook', () => {
  const look = async (exchanges: readonly Exchange[], given: object = { number: '+15550100' }) => {
    const port = http(exchanges);
    const seen = await webhook.verify?.(webhook.with.parse({ url, ...given }), ports({ http: port, urls, env }), {});
    port.done();
    return seen;
  };

  test('a number whose webhook is the address is so; the login goes along and is nowhere told', async () => {
    const seen = await look([listed(), noServices]);
    expect(seen).toEqual({ is: 'so', seen: `+15550100 → POST ${url}` });
  });

  test.each([
    [{ sms_url: 'https://1a2b.ngrok-free.app/webhook' }, 'POST https://1a2b.ngrok-free.app/webhook', 'a tunnel'],
    [{ sms_url: `${url}/` }, `POST ${url}/`, 'letter by letter'],
    [{ sms_method: 'GET' }, `GET ${url}`, 'the method differs'],
    [{ sms_url: '' }, 'no webhook', undefined],
  ])('another webhook (%j) is not so, with the usual reason', async (more, seen, hint) => {
    expect(await look([listed(more), noServices])).toEqual({
      is: 'not-so',
      expected: `POST ${url}`,
      seen,
      since: expect.anything(),
      ...(hint !== undefined && { hint: expect.stringContaining(hint) }),
    });
  });

  test('a TwiML app or a Messaging Service that overrules the number is named, with where to change it', async () => {
    expect(await look([listed({ sms_application_sid: 'AP7' })])).toMatchObject({
      is: 'not-so',
      seen: 'the TwiML app AP7 decides, not the number',
      hint: expect.stringContaining('choose "Webhook"'),
    });
    const service = {
      sid: 'MG2',
      friendly_name: 'Relay',
      inbound_request_url: 'https://old.example.com',
      use_inbound_webhook_on_number: false,
    };
    const off = { sid: 'MG1', friendly_name: 'Other', use_inbound_webhook_on_number: true };
    const inService = await look([
      listed(),
      { asked: services, answer: answer(200, { services: [off, service] }) },
      {
        asked: 'GET https://messaging.twilio.com/v1/Services/MG2/PhoneNumbers?PageSize=1000',
        answer: answer(200, { phone_numbers: [{ sid: 'PN1' }] }),
      },
    ]);
    expect(inService).toMatchObject({
      is: 'not-so',
      seen: 'the Messaging Service Relay (its webhook: https://old.example.com) decides, not the number',
    });
  });

  test('a sender that is not online is so with a warning', async () => {
    const sender = {
      sid: 'XE1',
      sender_id: 'whatsapp:+15550100',
      status: 'OFFLINE',
      webhook: { callback_url: url, callback_method: 'POST' },
      offline_reasons: [{ code: 63020, message: 'business not verified' }],
    };
    const asked = 'GET https://messaging.twilio.com/v2/Channels/Senders?Channel=whatsapp&PageSize=100';
    expect(
      await look([{ asked, answer: answer(200, { senders: [sender] }) }], { sender: 'whatsapp:+15550100' }),
    ).toMatchObject({
      is: 'so',
      warning: 'the sender is OFFLINE: business not verified (63020)',
    });
  });

  test.each([
    [
      answer(401, { code: 20003, message: 'Authenticate', status: 401 }),
      'Twilio answered 401: Authenticate (20003)',
      'compare TWILIO_ACCOUNT_SID',
    ],
    [answer(404, { code: 20404, message: 'The requested resource was not found' }), '(20404)', 'the right account'],
    [answer(429, { code: 20429, message: 'Too Many Requests' }), '(20429)', 'Too many requests'],
    [answer(503, '<html>'), 'Twilio answered 503: without a reason', undefined],
    [answer(200, '{"incoming'), 'something that is not JSON', undefined],
    [answer(200, { rows: [] }), 'a shape that is not known', undefined],
    [noAnswer('connection refused'), 'Twilio did not answer: connection refused', undefined],
  ])('what Twilio refuses is unknown, in words: %j', async (given, why, hint) => {
    expect(await look([{ asked: numbers, answer: given }])).toEqual({
      is: 'unknown',
      why: expect.stringContaining(why),
      ...(hint !== undefined && { hint: expect.stringContaining(hint) }),
    });
  });

  test('without a login, and in the sandbox, it cannot be seen; a person is shown where to click', async () => {
    const nobody = ports({ env: { get: () => undefined } });
    expect(await webhook.verify?.(webhook.with.parse({ url, number: '+15550100' }), nobody, {})).toMatchObject({
      is: 'unknown',
      why: expect.stringContaining('no login for Twilio'),
    });
    const sandbox = webhook.with.parse({ url, sandbox: true });
    expect(await webhook.verify?.(sandbox, nobody, {})).toMatchObject({
      is: 'unknown',
      why: expect.stringContaining('to no program'),
    });
    expect(await webhook.canAct?.(sandbox, ports({ env }))).toBe(false);
    expect(webhook.guide?.(sandbox)).toMatchObject({
      text: expect.stringContaining('Sandbox settings'),
      copy: { URL: url },
    });
  });

  test.each([
    [{ url: 'https://1a2b.ngrok-free.app/webhook', number: '+15550100' }, 'tunnel'],
    [{ url: 'http://relay.example.com', number: '+15550100' }, 'https'],
    [{ url }, 'one of'],
    [{ url, number: '+15550100', sandbox: true }, 'one of'],
    [{ url, number: '555' }, '+15550100'],
  ])('%j is a finding', (written, words) => {
    expect(webhook.with.safeParse(written).error?.message).toContain(words);
    expect(webhook.with.safeParse({ url: 'https://x.ngrok.io', sandbox: true, 'allow-tunnel': true }).success).toBe(
      true,
    );
  });

  test('a step sets a number at once, and a sender some seconds later, which it waits for; the old address is kept', async () => {
    const { world } = await rehearse({ senders: ['whatsapp:+15550100'] });
    const places: readonly Readonly<Record<string, string>>[] = [
      { number: '+15550100' },
      { sender: 'whatsapp:+15550100' },
    ];
    for (const given of places) {
      const waited = await waitFor('twilio/webhook', { url, ...given }, { world: alone(world), script: go });
      expect(waited).toMatchObject({
        end: { finished: 'done' },
        step: { outputs: { previous: expect.stringContaining('ngrok') } },
      });
      const again = await waitFor('twilio/webhook', { url, ...given }, { world: alone(world), script: [] });
      expect(again.step).toMatchObject({ status: 'done', attempts: [] });
    }
  });

  test('a number that the account does not have is not so, and nothing is set', async () => {
    const { world } = await rehearse();
    const waited = await waitFor(
      'twilio/webhook',
      { url, sender: 'whatsapp:+15550177' },
      { world: alone(world), script: [...go, ['steps.it.way', { stop: true }]] },
    );
    expect(whyOf(waited)).toContain('there is no such number or sender in this account');
  });
});

describe('twilio/message-answered', () => {
  const number = 'whatsapp:+14155238886';
  const base = 'GET https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json';
  const message = (sid: string, direction: string, more: object = {}) => ({
    sid,
    direction,
    from: direction === 'inbound' ? 'whatsapp:+15550123' : number,
    to: direction === 'inbound' ? number : 'whatsapp:+15550123',
    status: 'delivered',
    body: 'hello',
    ...more,
  });
  const look = async (rows: readonly object[], since?: readonly string[], given: object = {}) => {
    const page = answer(200, { messages: rows });
    const port = http([
      { asked: `${base}?To=${number}&PageSize=50`, answer: page },
      { asked: `${base}?From=${number}&PageSize=50`, answer: answer(200, { messages: [] }) },
    ]);
    return messageAnswered.verify?.(
      messageAnswered.with.parse({ number, ...given }),
      ports({ http: port, urls, env }),
      {
        ...(since && { since }),
      },
    );
  };
  const old = [message('SM1', 'inbound'), message('SM2', 'outbound-api')];

  test('an answer of before this step counts for nothing', async () => {
    expect(await look(old)).toEqual({
      is: 'not-so',
      expected: `an answer of ${number} to a message of now`,
      seen: '2 messages so far, none of them of now',
      since: ['SM1', 'SM2'],
    });
    expect(await look(old, ['SM1', 'SM2'])).toMatchObject({ is: 'not-so', seen: 'no message has come in since' });
  });

  test('a message without an answer, one that was not delivered, and the wrong words are told apart', async () => {
    const asked = message('SM3', 'inbound');
    expect(await look([...old, asked], ['SM1', 'SM2'])).toMatchObject({
      seen: 'the message of whatsapp:+1555···· came in, no answer yet',
      hint: expect.stringContaining('11200'),
    });
    const failed = message('SM4', 'outbound-api', { status: 'undelivered', error_code: 63016 });
    expect(await look([...old, asked, failed], ['SM1', 'SM2'])).toMatchObject({
      seen: 'an answer was sent and not delivered (63016)',
      hint: expect.stringContaining('24 hours'),
    });
    const wrong = message('SM4', 'outbound-api', { body: 'Waking up...' });
    expect(await look([...old, asked, wrong], ['SM1', 'SM2'], { contains: 'Paris' })).toMatchObject({
      is: 'not-so',
      expected: 'an answer with "Paris"',
      seen: 'Waking up...',
    });
    expect(await look([...old, asked, wrong], ['SM1', 'SM2'])).toEqual({
      is: 'so',
      seen: 'whatsapp:+1555···· was answered: Waking up...',
      outputs: { reply: 'Waking up...' },
    });
  });

  test('an answer to somebody else is none', async () => {
    const asked = message('SM3', 'inbound');
    const other = message('SM4', 'outbound-api', { to: 'whatsapp:+15559999' });
    expect(await look([asked, other], [])).toMatchObject({ is: 'not-so' });
    expect(await look([asked, message('SM5', 'outbound-api')], [], { from: 'whatsapp:+15559999' })).toMatchObject({
      seen: 'no message has come in since',
    });
  });

  test('a step waits for the person and the relay, in a rehearsal and with somebody who writes a while later', async () => {
    const { world } = await rehearse();
    const waited = await waitFor('twilio/message-answered', { number }, { world, script: [['steps.it.work', 'done']] });
    expect(waited).toMatchObject({ end: { finished: 'done' }, step: { how: 'verified' } });
    expect(seenBy(waited)[0]).toContain('was answered: You said: hello');
    const later = await waitFor(
      'twilio/message-answered',
      { number },
      {
        world: alone(world),
        script: [
          ['steps.it.work', 'done'],
          ['steps.it.no', { stop: true }],
        ],
      },
    );
    expect(later).toMatchObject({ end: { exit: 4 }, step: { status: 'pending' } });
    expect(later.screen.join('\n')).toContain('no message has come in since');
  });
});
