// The stand-in for Twilio: numbers, WhatsApp senders, services and messages, as its API shows them (`facts/dns-and-tls.md` §16).
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { WebAnswer, WebRequest } from './expectations.ts';
import type { StandInFile } from './stand-in-file.ts';

export const twilioHosts = ['api.twilio.com', 'messaging.twilio.com', 'monitor.twilio.com'];

/** Where a number that nobody asked for before leads: to the laptop it was tried on. */
const laptop = 'https://1a2b3c4d.ngrok-free.app/webhook';
/** Milliseconds until a change of a sender is in force. */
const senderTakes = 8_000;

const Hook = z.object({ url: z.string(), method: z.string() });
const Message = z.object({
  sid: z.string(),
  direction: z.enum(['inbound', 'outbound-api']),
  from: z.string(),
  to: z.string(),
  body: z.string(),
  status: z.string(),
  at: z.number(),
});

/** `W/twilio.json`. */
export const TwilioState = z.object({
  numbers: z.record(z.string(), Hook),
  senders: z.record(z.string(), Hook.extend({ next: Hook.extend({ at: z.number() }).optional() })),
  messages: z.array(Message),
});
export type TwilioState = z.output<typeof TwilioState>;

export const emptyTwilio = (): TwilioState => ({ numbers: {}, senders: {}, messages: [] });

export interface TwilioOptions {
  readonly state: StandInFile<TwilioState>;
  readonly login: { readonly sid: string; readonly token: string };
  now(): Date;
  changed(what: string): void;
  /** Is this fault due at the step that is at work? */
  due(fault: string): boolean;
}

export function createTwilio(options: TwilioOptions): (request: WebRequest) => WebAnswer {
  const { sid, token } = options.login;
  const expected = `Basic ${Buffer.from(`${sid}:${token}`).toString('base64')}`;
  return (request) => {
    if (request.headers.authorization !== expected) return problem(401, 20_003, 'Authenticate');
    if (request.method === 'POST' && options.due('twilio-refused')) return problem(401, 20_003, 'Authenticate');
    if (request.method === 'POST' && options.due('twilio-rate-limit')) return problem(429, 20_429, 'Too many requests');
    if (request.method === 'POST' && options.due('twilio-down')) return problem(503, 20_503, 'Service unavailable');
    const url = new URL(`https://${request.host}${request.path}`);
    const route = routes.find(
      ({ host, method, path }) => host === request.host && method === request.method && path.test(url.pathname),
    );
    if (!route) return problem(404, 20_404, `The requested resource ${url.pathname} was not found`);
    const [, id = ''] = route.path.exec(url.pathname) ?? [];
    return options.state.change((state) => {
      settle(state, options.now().getTime());
      return route.answer(state, { url, id, body: request.body }, options);
    });
  };
}

interface Asked {
  readonly url: URL;
  readonly id: string;
  readonly body: string;
}
interface Route {
  readonly host: string;
  readonly method: string;
  readonly path: RegExp;
  answer(state: TwilioState, asked: Asked, options: TwilioOptions): WebAnswer;
}

const routes: readonly Route[] = [
  {
    host: 'api.twilio.com',
    method: 'GET',
    path: /^\/2010-04-01\/Accounts\/[^/]+\/IncomingPhoneNumbers\.json$/,
    answer: (state, { url }) => {
      const number = url.searchParams.get('PhoneNumber') ?? '';
      if (number !== '') state.numbers[number] ??= { url: laptop, method: 'POST' };
      const rows = Object.entries(state.numbers).filter(([one]) => one.includes(number));
      return json(200, { incoming_phone_numbers: rows.map(([one, hook]) => numberRow(one, hook)) });
    },
  },
  {
    host: 'api.twilio.com',
    method: 'POST',
    path: /^\/2010-04-01\/Accounts\/[^/]+\/IncomingPhoneNumbers\/(PN\w+)\.json$/,
    answer: (state, { id, body }, { changed }) => {
      const number = Object.keys(state.numbers).find((one) => sidOf('PN', one) === id);
      if (number === undefined) return problem(404, 20_404, `The requested resource ${id} was not found`);
      const form = new URLSearchParams(body);
      const old = state.numbers[number];
      const hook = {
        url: form.get('SmsUrl') ?? old?.url ?? '',
        method: form.get('SmsMethod') ?? old?.method ?? 'POST',
      };
      state.numbers[number] = hook;
      changed(`${number} → ${hook.method} ${hook.url}`);
      return json(200, numberRow(number, hook));
    },
  },
  {
    host: 'messaging.twilio.com',
    method: 'GET',
    path: /^\/v1\/Services$/,
    answer: () => json(200, { services: [], meta: { next_page_url: null } }),
  },
  {
    host: 'messaging.twilio.com',
    method: 'GET',
    path: /^\/v2\/Channels\/Senders$/,
    answer: (state) => json(200, { senders: Object.entries(state.senders).map(([one, hook]) => senderRow(one, hook)) }),
  },
  {
    host: 'messaging.twilio.com',
    method: 'POST',
    path: /^\/v2\/Channels\/Senders\/(XE\w+)$/,
    answer: (state, { id, body }, { now, changed }) => {
      const sender = Object.keys(state.senders).find((one) => sidOf('XE', one) === id);
      const hook = sender === undefined ? undefined : state.senders[sender];
      if (sender === undefined || hook === undefined) return problem(404, 20_404, `Sender ${id} was not found`);
      const wanted = SenderBody.safeParse(parsed(body));
      if (!wanted.success) return problem(400, 20_001, 'Invalid body');
      const { callback_url: url, callback_method: method } = wanted.data.webhook;
      hook.next = { url, method, at: now().getTime() + senderTakes };
      changed(`${sender} → ${method} ${url}`);
      return json(202, senderRow(sender, hook));
    },
  },
  {
    host: 'api.twilio.com',
    method: 'GET',
    path: /^\/2010-04-01\/Accounts\/[^/]+\/Messages\.json$/,
    answer: (state, { url }) => {
      const [to, from] = [url.searchParams.get('To'), url.searchParams.get('From')];
      const rows = state.messages.filter(
        (one) => (to === null || one.to === to) && (from === null || one.from === from),
      );
      return json(200, { messages: rows.toReversed().map(messageRow) });
    },
  },
];

const SenderBody = z.object({
  webhook: z.object({ callback_url: z.string(), callback_method: z.string().default('POST') }),
});

/** A sender is there because a step asks for it: `pretend` and the routes make it known. */
export function haveSender(state: TwilioState, sender: string): void {
  state.senders[sender] ??= { url: laptop, method: 'POST' };
}

/** A person writes, and the relay answers. */
export function haveAnswered(
  state: TwilioState,
  { number, from, say, reply, at }: { number: string; from: string; say: string; reply: string; at: number },
): void {
  const next = state.messages.length;
  state.messages.push(
    { sid: sidOf('SM', `in ${next}`), direction: 'inbound', from, to: number, body: say, status: 'received', at },
    {
      sid: sidOf('SM', `out ${next}`),
      direction: 'outbound-api',
      from: number,
      to: from,
      body: reply,
      status: 'delivered',
      at: at + 4_000,
    },
  );
}

function settle(state: TwilioState, now: number): void {
  for (const hook of Object.values(state.senders)) {
    if (hook.next === undefined || hook.next.at > now) continue;
    Object.assign(hook, { url: hook.next.url, method: hook.next.method, next: undefined });
  }
}

const sidOf = (prefix: string, name: string): string =>
  `${prefix}${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;

const numberRow = (number: string, { url, method }: z.output<typeof Hook>) => ({
  sid: sidOf('PN', number),
  phone_number: number,
  sms_url: url,
  sms_method: method,
  sms_application_sid: '',
});

const senderRow = (sender: string, { url, method, next }: TwilioState['senders'][string]) => ({
  sid: sidOf('XE', sender),
  sender_id: sender,
  status: next === undefined ? 'ONLINE' : 'ONLINE:UPDATING',
  webhook: { callback_url: url, callback_method: method },
  offline_reasons: [],
});

const messageRow = ({ sid, direction, from, to, body, status, at }: z.output<typeof Message>) => ({
  sid,
  direction,
  from,
  to,
  body,
  status,
  error_code: null,
  date_created: new Date(at).toUTCString(),
});

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // No JSON: refused by the schema that reads it.
    return undefined;
  }
}

const json = (status: number, body: unknown): WebAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
const problem = (status: number, code: number, message: string): WebAnswer =>
  json(status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status });
