// Where Twilio sends what comes in, and which of its settings decides that: a number's own is not always the one (facts/dns-and-tls.md §16.1).
import { z } from 'zod';
import type { Use } from '../../src/system/ports.ts';
import { look, type Told } from './client.ts';

type Api = Use<'http' | 'env' | 'urls'>;

export interface Webhook {
  /** Of the number (PN…) or sender (XE…). */
  readonly sid: string;
  readonly url: string;
  readonly method: string;
  /** Another setting decides: what it is, and where it is changed. */
  readonly overruled?: { readonly by: string; readonly hint: string };
  /** A sender that is not online, with Twilio's reasons. */
  readonly offline?: string;
}

export type Found = { readonly ok: true; readonly webhook: Webhook | undefined } | (Told & { readonly ok: false });

const Number_ = z.object({
  sid: z.string(),
  phone_number: z.string(),
  sms_url: z.string().nullish(),
  sms_method: z.string().nullish(),
  sms_application_sid: z.string().nullish(),
});
const Numbers = z.object({ incoming_phone_numbers: z.array(Number_) });
const Services = z.object({
  services: z.array(
    z.object({
      sid: z.string(),
      friendly_name: z.string().default(''),
      inbound_request_url: z.string().nullish(),
      use_inbound_webhook_on_number: z.boolean().default(false),
    }),
  ),
});
const Members = z.object({ phone_numbers: z.array(z.object({ sid: z.string() })) });
const Senders = z.object({
  senders: z.array(
    z.object({
      sid: z.string(),
      sender_id: z.string(),
      status: z.string().default('ONLINE'),
      webhook: z.object({ callback_url: z.string().nullish(), callback_method: z.string().nullish() }).nullish(),
      offline_reasons: z.array(z.object({ code: z.union([z.string(), z.number()]), message: z.string() })).nullish(),
    }),
  ),
});

export async function ofNumber(number: string, ports: Api): Promise<Found> {
  const answer = await look('api', `/IncomingPhoneNumbers.json?PhoneNumber=${encodeURIComponent(number)}`, ports);
  if (!answer.ok) return answer;
  const rows = Numbers.safeParse(answer.body);
  if (!rows.success) return strange();
  // The filter also takes parts of a number.
  const row = rows.data.incoming_phone_numbers.find(({ phone_number }) => phone_number === number);
  if (row === undefined) return { ok: true, webhook: undefined };
  const { sid, sms_url: url, sms_method: method, sms_application_sid: application } = row;
  const webhook = { sid, url: url ?? '', method: method ?? 'POST' };
  if (application)
    return { ok: true, webhook: { ...webhook, overruled: { by: `the TwiML app ${application}`, hint: APPLICATION } } };
  const service = await serviceOf(sid, ports);
  return service.ok ? { ok: true, webhook: { ...webhook, ...(service.by && { overruled: service.by }) } } : service;
}

/** The Messaging Service that has the number and answers for it. */
async function serviceOf(
  number: string,
  ports: Api,
): Promise<{ readonly ok: true; readonly by?: Webhook['overruled'] } | (Told & { readonly ok: false })> {
  const answer = await look('messaging', '/v1/Services?PageSize=50', ports);
  if (!answer.ok) return answer;
  const rows = Services.safeParse(answer.body);
  if (!rows.success) return strange();
  for (const service of rows.data.services.filter((one) => !one.use_inbound_webhook_on_number)) {
    const members = await look('messaging', `/v1/Services/${service.sid}/PhoneNumbers?PageSize=1000`, ports);
    if (!members.ok) return members;
    if (!Members.safeParse(members.body).data?.phone_numbers.some(({ sid }) => sid === number)) continue;
    const url = service.inbound_request_url || 'none';
    return {
      ok: true,
      by: {
        by: `the Messaging Service ${service.friendly_name || service.sid} (its webhook: ${url})`,
        hint: `Console → Messaging → Services → ${service.friendly_name || service.sid} → Integration: "Defer to sender's webhook", or set its webhook there.`,
      },
    };
  }
  return { ok: true };
}

/** `whatsapp:+15550100`. */
export async function ofSender(sender: string, ports: Api): Promise<Found> {
  const answer = await look('messaging', '/v2/Channels/Senders?Channel=whatsapp&PageSize=100', ports);
  if (!answer.ok) return answer;
  const rows = Senders.safeParse(answer.body);
  if (!rows.success) return strange();
  const row = rows.data.senders.find(({ sender_id }) => sender_id === sender);
  if (row === undefined) return { ok: true, webhook: undefined };
  const reasons = (row.offline_reasons ?? []).map(({ code, message }) => `${message} (${code})`).join('; ');
  const offline = row.status.startsWith('ONLINE') ? undefined : `${row.status}${reasons ? `: ${reasons}` : ''}`;
  return {
    ok: true,
    webhook: {
      sid: row.sid,
      url: row.webhook?.callback_url ?? '',
      method: row.webhook?.callback_method ?? 'POST',
      ...(offline !== undefined && { offline }),
    },
  };
}

const strange = (): Told & { readonly ok: false } => ({
  ok: false,
  sort: 'lost',
  why: 'Twilio answered in a shape that is not known',
});

const APPLICATION =
  'Console → Phone Numbers → the number → Messaging Configuration: choose "Webhook" in place of the TwiML app.';
