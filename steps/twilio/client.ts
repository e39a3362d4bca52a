// The one door to Twilio's API: who we are, where its parts live, and its refusals in words (facts/dns-and-tls.md §16).
import { z } from 'zod';
import type { HttpAnswer, HttpRequest, Use, UseToAct } from '../../src/system/ports.ts';

type Api = Use<'http' | 'env' | 'urls'>;

/** `api` has accounts, numbers and messages; `messaging` services and senders; `monitor` alerts. */
type Part = 'api' | 'messaging' | 'monitor';

export type Told =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly sort: 'refused' | 'lost'; readonly why: string; readonly hint?: string };

export const SID = 'TWILIO_ACCOUNT_SID';
const AUTH = 'TWILIO_AUTH_TOKEN';

export const canAsk = ({ env }: Use<'env'>): boolean => filled(env.get(SID)) && filled(env.get(AUTH));
export const NO_LOGIN = {
  why: `there is no login for Twilio in ${SID} and ${AUTH}`,
  hint: 'Both stand on the first page of the Twilio console.',
};

/** `path` below the account for `api`, whole for the others. */
export async function look(part: Part, path: string, ports: Api): Promise<Told> {
  return told(await ports.http.look(requestOf(part, path, ports)));
}

/** Form fields, as most of Twilio wants them; `json` for senders. */
export async function send(
  part: Part,
  path: string,
  body: { readonly form: Readonly<Record<string, string>> } | { readonly json: unknown },
  ports: UseToAct<'http' | 'env' | 'urls'>,
): Promise<Told> {
  const [type, text] =
    'form' in body
      ? ['application/x-www-form-urlencoded', new URLSearchParams(body.form).toString()]
      : ['application/json', JSON.stringify(body.json)];
  const request = requestOf(part, path, ports);
  return told(
    await ports.http.send({
      ...request,
      method: 'POST',
      headers: { ...request.headers, 'content-type': type },
      body: text,
    }),
  );
}

function requestOf(part: Part, path: string, { env, urls }: Use<'env' | 'urls'>): HttpRequest {
  const sid = (env.get(SID) ?? '').trim();
  const login = Buffer.from(`${sid}:${(env.get(AUTH) ?? '').trim()}`).toString('base64');
  const base =
    part === 'api' ? `${urls.twilio}/2010-04-01/Accounts/${sid}` : urls.twilio.replace('//api.', `//${part}.`);
  return { url: `${base}${path}`, headers: { authorization: `Basic ${login}` } };
}

const Problem = z.object({ code: z.number().nullish(), message: z.string().nullish() });

function told(answer: HttpAnswer): Told {
  if (answer.failed !== undefined) return { ok: false, sort: 'lost', why: `Twilio did not answer: ${answer.failed}` };
  const body = parsed(answer.body);
  if (answer.status >= 200 && answer.status < 300)
    return body === undefined
      ? { ok: false, sort: 'lost', why: `Twilio answered ${answer.status} with something that is not JSON` }
      : { ok: true, body };
  const { code, message } = Problem.safeParse(body).data ?? {};
  const hint = HINTS[code ?? answer.status] ?? HINTS[answer.status];
  return {
    ok: false,
    sort: answer.status >= 500 ? 'lost' : 'refused',
    why: `Twilio answered ${answer.status}: ${message ?? 'without a reason'}${code ? ` (${code})` : ''}`,
    ...(hint !== undefined && { hint }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A page of a proxy: the caller says that it is no JSON.
    return undefined;
  }
}

const filled = (text: string | undefined): boolean => (text ?? '').trim() !== '';

const HINTS: Readonly<Record<number, string>> = {
  401: `The login is not right: compare ${SID} and ${AUTH} with the Twilio console.`,
  20003: `The login is not right: compare ${SID} and ${AUTH} with the Twilio console.`,
  20404: 'There is nothing of that name in this account: is it the right account?',
  429: 'Too many requests for now: look again in a minute.',
};
