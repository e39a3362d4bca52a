// Where Twilio sends the messages that come in: set by the API for numbers and WhatsApp senders, by hand in the sandbox.
import { z } from 'zod';
import { type Acted, defineStep, type Guide, type Json, type Look } from '../../src/step.ts';
import type { Use, UseToAct } from '../../src/system/ports.ts';
import { canAsk, NO_LOGIN, send, type Told } from './client.ts';
import { type Found, ofNumber, ofSender, type Webhook } from './settings.ts';

const E164 = /^\+[1-9]\d{6,14}$/;

const With = z
  .strictObject({
    url: z.url({
      protocol: /^https$/,
      error: 'a whole https address, letter by letter as the server computes signatures for it',
    }),
    method: z.enum(['POST', 'GET']).default('POST'),
    number: z.string().regex(E164, 'a number such as +15550100').optional().describe('A phone number of the account'),
    /** A WhatsApp sender of the account. */
    sender: z
      .string()
      .regex(/^whatsapp:\+[1-9]\d{6,14}$/, 'a sender such as whatsapp:+15550100')
      .optional(),
    sandbox: z.literal(true).optional().describe('The WhatsApp sandbox, which no program can set'),
    'allow-tunnel': z.boolean().default(false).describe("An address of a tunnel to somebody's laptop is meant"),
  })
  .refine(({ number, sender, sandbox }) => [number, sender, sandbox].filter((one) => one !== undefined).length === 1, {
    error: 'give one of `number`, `sender`, `sandbox: true`',
  })
  .refine((want) => want['allow-tunnel'] || !isTunnel(want.url), {
    error:
      "this is a tunnel to somebody's laptop (ngrok and its like), not a server; for a test write `allow-tunnel: true`",
    path: ['url'],
  });
type Want = z.output<typeof With>;
type Api = Use<'http' | 'env' | 'urls'>;

export const webhook = defineStep({
  name: 'twilio/webhook',
  summary: 'Have Twilio send incoming messages to a URL',
  example: 'with: { number: "+15550100", url: "https://relay.example.com/webhook" }',
  with: With,
  outputs: z.object({ previous: z.string() }),
  describe: (want) => `messages to ${placeOf(want)} go to ${want.method} ${want.url}`,
  commands: (want) => [['twilio', 'set-webhook', placeOf(want), want.method, want.url]],
  verify: (want, ports, { since }) => judge(want, ports, since),
  act: set,
  canAct: async (want, ports) => want.sandbox !== true && canAsk(ports),
  guide,
  undo: {
    describe: (want) => `${placeOf(want)} gets back the webhook it had before`,
    act: async (want, ports, { outputs }) => {
      const { url = '', method = 'POST' } = Previous.safeParse(JSON.parse(outputs.previous || '{}')).data ?? {};
      if (url === '')
        return {
          ended: 'failed',
          why: 'it had no webhook before, or it was set by hand',
          hint: 'Set it in the console.',
        };
      const found = await find(want, ports);
      return found.ok && found.webhook ? write(want, { sid: found.webhook.sid, url, method }, ports) : lost(found);
    },
    verify: async (want, ports) => {
      const look = await judge(want, ports);
      if (look.is !== 'so') return look.is === 'unknown' ? look : { is: 'so', seen: look.seen };
      return { is: 'not-so', expected: `another webhook than ${want.url}`, seen: look.seen };
    },
  },
  every: '5s',
  within: '10m',
  checkedAgainst: 'stand-in',
});

const Previous = z.object({ url: z.string(), method: z.string() });

async function judge(want: Want, ports: Api, before?: Json): Promise<Look> {
  if (want.sandbox)
    return {
      is: 'unknown',
      why: 'Twilio shows the settings of the sandbox to no program',
      hint: 'A message that is answered proves it: twilio/message-answered.',
    };
  if (!canAsk(ports)) return { is: 'unknown', ...NO_LOGIN };
  const found = await find(want, ports);
  if (!found.ok) return { is: 'unknown', why: found.why, ...(found.hint !== undefined && { hint: found.hint }) };
  const there = found.webhook;
  const expected = `${want.method} ${want.url}`;
  if (there === undefined)
    return {
      is: 'not-so',
      expected: `${placeOf(want)} in this account`,
      seen: 'there is none',
      hint: 'Is it the right account, and the number with its country code?',
    };
  const since = { url: there.url, method: there.method };
  if (there.overruled)
    return {
      is: 'not-so',
      expected,
      seen: `${there.overruled.by} decides, not the number`,
      hint: there.overruled.hint,
      since,
    };
  if (there.url !== want.url || there.method !== want.method) return notSo(want, there, since);
  return {
    is: 'so',
    seen: `${placeOf(want)} → ${expected}`,
    // What was there before the act, for taking it back.
    ...(before !== undefined && { outputs: { previous: JSON.stringify(before) } }),
    ...(there.offline !== undefined && { warning: `the sender is ${there.offline}` }),
  };
}

function notSo(want: Want, there: Webhook, since: { readonly url: string; readonly method: string }): Look {
  const seen = there.url === '' ? 'no webhook' : `${there.method} ${there.url}`;
  const hint = isTunnel(there.url)
    ? 'It still leads to a tunnel: when that laptop is closed, messages are lost.'
    : there.url.replace(/\/$/, '') === want.url.replace(/\/$/, '')
      ? 'Only a slash or the method differs: signatures are computed over the address letter by letter.'
      : undefined;
  return { is: 'not-so', expected: `${want.method} ${want.url}`, seen, since, ...(hint !== undefined && { hint }) };
}

async function set(want: Want, ports: UseToAct<'http' | 'env' | 'urls'>): Promise<Acted> {
  if (!canAsk(ports)) return { ended: 'failed', ...NO_LOGIN };
  const found = await find(want, ports);
  if (!found.ok || found.webhook === undefined) return lost(found);
  const { sid, overruled } = found.webhook;
  if (overruled !== undefined)
    return {
      ended: 'failed',
      why: `${overruled.by} decides where messages to ${placeOf(want)} go`,
      hint: overruled.hint,
    };
  return write(want, { sid, url: want.url, method: want.method }, ports);
}

async function write(
  want: Want,
  { sid, url, method }: { readonly sid: string; readonly url: string; readonly method: string },
  ports: UseToAct<'http' | 'env' | 'urls'>,
): Promise<Acted> {
  const told = want.sender
    ? // Answered with 202: it is so some seconds later, which the look waits for.
      await send(
        'messaging',
        `/v2/Channels/Senders/${sid}`,
        { json: { webhook: { callback_url: url, callback_method: method } } },
        ports,
      )
    : await send('api', `/IncomingPhoneNumbers/${sid}.json`, { form: { SmsUrl: url, SmsMethod: method } }, ports);
  if (told.ok) return { ended: 'ok' };
  if (told.sort === 'lost') return { ended: 'unclear', why: `${told.why}; it may have been set` };
  return { ended: 'failed', why: told.why, ...(told.hint !== undefined && { hint: told.hint }) };
}

const find = (want: Want, ports: Api): Promise<Found> =>
  want.sender === undefined ? ofNumber(want.number ?? '', ports) : ofSender(want.sender, ports);

const lost = (found: Found | (Told & { readonly ok: false })): Acted =>
  found.ok
    ? { ended: 'failed', why: 'there is no such number or sender in this account' }
    : { ended: 'failed', why: found.why, ...(found.hint !== undefined && { hint: found.hint }) };

const placeOf = ({ number, sender }: Want): string => number ?? sender ?? 'the WhatsApp sandbox';

/** Hosts of tunnels to a laptop. */
function isTunnel(url: string): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  return /(^|\.)(ngrok\.(io|app|dev)|ngrok-free\.(app|dev)|trycloudflare\.com|loca\.lt|localhost\.run|serveo\.net)$/.test(
    host,
  );
}

function guide(want: Want): Guide {
  const way = want.sandbox
    ? 'Console → Messaging → Try it out → Send a WhatsApp message → **Sandbox settings** → "When a message comes in"'
    : want.sender !== undefined
      ? `Console → Messaging → Senders → WhatsApp senders → \`${want.sender}\` → Webhook URL for incoming messages`
      : `Console → Phone Numbers → Manage → Active numbers → \`${want.number}\` → Messaging Configuration → "A message comes in": Webhook`;
  return {
    text: `${way}: paste the address, method HTTP ${want.method}, **Save**. Success: the page shows the new address after a reload. Usual slips: a slash at the end that the server does not have, the fallback field in place of the first, an old address of ngrok left in "Status callback".`,
    open: want.sandbox
      ? 'https://console.twilio.com/us1/develop/sms/try-it-out/whatsapp-learn'
      : 'https://console.twilio.com',
    copy: { URL: want.url },
  };
}
