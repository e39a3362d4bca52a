// A person writes, and the system answers: seen in Twilio's list of messages, since this step began.
import { z } from 'zod';
import { defineStep, type Json, type Look } from '../../src/step.ts';
import type { Use } from '../../src/system/ports.ts';
import { canAsk, look, NO_LOGIN } from './client.ts';

const Address = z.string().regex(/^(whatsapp:)?\+[1-9]\d{6,14}$/, 'such as whatsapp:+15550100 or +15550100');
const With = z.strictObject({
  /** The number that is written to and answers. */
  number: Address,
  /** Who writes; left out: anybody. */
  from: Address.optional(),
  contains: z.string().min(1).optional().describe('A text in the answer'),
  say: z.string().min(1).default('hello').describe('What to write'),
});
type Want = z.output<typeof With>;

export const messageAnswered = defineStep({
  name: 'twilio/message-answered',
  summary: 'Write a message, and see in Twilio that it is answered',
  example: 'with: { number: "whatsapp:+14155238886", say: hello }',
  with: With,
  outputs: z.object({ reply: z.string() }),
  describe: ({ number, contains }) =>
    `a message to ${number} is answered${contains === undefined ? '' : ` with ${JSON.stringify(contains)}`}`,
  verify: async (want, ports, { since }) => {
    if (!canAsk(ports)) return { is: 'unknown', ...NO_LOGIN };
    const listed = await messages(want, ports);
    if ('why' in listed) return { is: 'unknown', ...listed };
    return judge(want, listed.rows, since);
  },
  guide: ({ number, say }) => ({
    text: `From your phone, write to **${number.replace('whatsapp:', '')}**${number.startsWith('whatsapp:') ? ' by WhatsApp' : ''}: \`${say}\`. Success: the answer arrives on the phone; it is also seen in Twilio's list, and this step completes by itself.`,
    copy: { Message: say },
  }),
  lasts: false,
  every: '5s',
  within: '15m',
  checkedAgainst: 'stand-in',
});

const Message = z.object({
  sid: z.string(),
  direction: z.string(),
  from: z.string().nullish(),
  to: z.string().nullish(),
  status: z.string().default(''),
  body: z.string().nullish(),
  date_created: z.string().nullish(),
  error_code: z.number().nullish(),
});
type Message = z.output<typeof Message>;
const Page = z.object({ messages: z.array(Message) });

/** The latest to and from the number, in both directions. */
async function messages(
  { number }: Want,
  ports: Use<'http' | 'env' | 'urls'>,
): Promise<{ readonly rows: readonly Message[] } | { readonly why: string; readonly hint?: string }> {
  const rows: Message[] = [];
  for (const side of ['To', 'From']) {
    const told = await look('api', `/Messages.json?${side}=${encodeURIComponent(number)}&PageSize=50`, ports);
    if (!told.ok) return { why: told.why, ...(told.hint !== undefined && { hint: told.hint }) };
    const page = Page.safeParse(told.body);
    if (!page.success) return { why: 'Twilio sent messages of a shape that is not known' };
    rows.push(...page.data.messages);
  }
  return { rows };
}

/** What was there before is told by its ids, not by a clock: Twilio's and ours may differ. */
function judge(want: Want, rows: readonly Message[], since: Json | undefined): Look {
  const expected = `an answer of ${want.number} to a message of now`;
  const before = z.array(z.string()).safeParse(since).data;
  if (before === undefined)
    return {
      is: 'not-so',
      expected,
      seen: `${count(rows.length)} so far, none of them of now`,
      since: rows.map(({ sid }) => sid),
    };
  const fresh = rows.filter(({ sid }) => !before.includes(sid));
  const asked = fresh.filter(
    (row) =>
      row.direction === 'inbound' && row.to === want.number && (want.from === undefined || row.from === want.from),
  );
  const [question] = asked;
  if (question === undefined)
    return {
      is: 'not-so',
      expected,
      seen: 'no message has come in since',
      hint: 'Written to the right number? In the sandbox a phone must have joined within the last 3 days.',
    };
  const replies = fresh.filter(
    (row) => row.direction.startsWith('outbound') && asked.some(({ from }) => from === row.to),
  );
  const failed = replies.find(({ status }) => status === 'failed' || status === 'undelivered');
  if (failed !== undefined)
    return {
      is: 'not-so',
      expected,
      seen: `an answer was sent and not delivered (${failed.error_code ?? failed.status})`,
      ...hintFor(failed.error_code),
    };
  const reply = replies.find(({ body }) => want.contains === undefined || (body ?? '').includes(want.contains));
  if (reply !== undefined)
    return {
      is: 'so',
      seen: `${masked(question.from)} was answered: ${excerpt(reply.body)}`,
      outputs: { reply: excerpt(reply.body) },
    };
  if (replies.length > 0)
    return {
      is: 'not-so',
      expected: `an answer with ${JSON.stringify(want.contains)}`,
      seen: excerpt(replies[0]?.body),
    };
  return {
    is: 'not-so',
    expected,
    seen: `the message of ${masked(question.from)} came in, no answer yet`,
    hint: 'No answer after a minute: look at the log of the server, and in the Twilio console under Monitor → Errors (11200: the webhook did not answer).',
  };
}

const HINTS: Readonly<Record<number, string>> = {
  63015: 'The phone has not joined the sandbox, or 3 days ago: send `join` and its two words again.',
  63016: 'More than 24 hours since the person wrote: free text is not allowed then.',
};
const hintFor = (code: number | null | undefined): { readonly hint?: string } => {
  const hint = HINTS[code ?? 0];
  return hint === undefined ? {} : { hint };
};

/** Whose number it is, is nobody's business in a record. */
const masked = (address: string | null | undefined): string => (address ?? 'somebody').replace(/\d{4}$/, '····');

function excerpt(body: string | null | undefined): string {
  const line = (body ?? '').replaceAll(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}

const count = (messages: number): string => (messages === 1 ? '1 message' : `${messages} messages`);
