// Ask a URL and compare its answer: status, headers, JSON, text, and where a redirect leads.
import { z } from 'zod';
import { defineStep, type Look } from '../../src/step.ts';
import type { HttpAnswer, Use } from '../../src/system/ports.ts';
import {
  compareContent,
  describeAnswer,
  excerpt,
  expectationKeys,
  hintOf,
  listOf,
  Method,
  ONE_BODY,
  oneBody,
  requestKeys,
  requestOf,
  Statuses,
  Url,
} from './exchange.ts';
import { askPatiently } from './patience.ts';

const With = z
  .strictObject({
    ...requestKeys,
    method: Method.default('GET'),
    status: Statuses.optional().describe('Left out: 200; with `redirects-to`, any redirect'),
    ...expectationKeys,
    'expect-headers': z.record(z.string(), z.string()).optional(),
    'redirects-to': Url.optional().describe('The answer is a redirect to this address'),
    follow: z.boolean().default(false).describe('Up to 5 redirects are taken; no credential goes to another host'),
    address: z
      .union([z.ipv4(), z.ipv6()])
      .optional()
      .describe('Connect here instead of where DNS points: to test an address before the switch'),
    times: z
      .int()
      .min(1)
      .max(20)
      .default(1)
      .describe('So many right answers in a row: one healthy machine of two is not enough'),
  })
  .refine(oneBody, ONE_BODY)
  .refine((want) => !want.follow || want['redirects-to'] === undefined, {
    error: 'give `follow` or `redirects-to`, not both',
  });
type Want = z.output<typeof With>;

export const response = defineStep({
  name: 'http/response',
  summary: 'Ask a URL and compare the answer',
  example: 'with: { url: "https://api.example.com/health", status: 200, json: { status: ok } }',
  with: With,
  outputs: z.object({ status: z.string() }),
  describe: (want) =>
    `${want.method} ${want.url}${want.address === undefined ? '' : ` at ${want.address}`}, expecting ${expectation(want)}${want.times === 1 ? '' : `, ${want.times} times in a row`}`,
  verify: look,
  secretFields: ['headers'],
  checkedAgainst: 'stand-in',
});

async function look(want: Want, ports: Use<'http' | 'clock' | 'signal'>): Promise<Look> {
  const { follow, address } = want;
  const asked = {
    ...requestOf(want),
    ...(follow && { redirect: 'follow' as const }),
    ...(address !== undefined && { address }),
  };
  const good = ({ status }: HttpAnswer): boolean => statusesOf(want).includes(status);
  let judged = judge(want, await askPatiently(asked, good, ports));
  for (let right = 1; judged.is === 'so' && right < want.times; right += 1) {
    await ports.clock.sleep(BETWEEN, ports.signal);
    judged = judge(want, await ports.http.look(asked));
    if (judged.is === 'not-so') return { ...judged, seen: `${judged.seen} (after ${right} right)` };
  }
  return want.times > 1 && judged.is === 'so' ? { ...judged, seen: `${judged.seen}, ${want.times} times` } : judged;
}

function judge(want: Want, answer: HttpAnswer): Look {
  if (answer.failed !== undefined) {
    const why = `no answer from ${new URL(want.url).host}: ${answer.failed}`;
    return /redirects$/.test(answer.failed)
      ? { is: 'not-so', expected: expectation(want), seen: answer.failed, hint: CIRCLE }
      : { is: 'unknown', why };
  }
  if (!statusesOf(want).includes(answer.status)) {
    const hint = hintOf(answer.status);
    const seen = `${describeAnswer(answer)}: ${excerpt(answer.body)}`;
    return { is: 'not-so', expected: expectation(want), seen, ...(hint !== undefined && { hint }) };
  }
  const wrongWay = redirectProblem(want, answer);
  if (wrongWay !== undefined) return wrongWay;
  const { expected, seen } = compareContent(want, answer);
  if (expected.length > 0) {
    return { is: 'not-so', expected: expected.join('; '), seen: `${describeAnswer(answer)}, ${seen.join('; ')}` };
  }
  const from = answer.url !== '' && want.follow && answer.url !== want.url ? ` from ${answer.url}` : '';
  return { is: 'so', seen: `${describeAnswer(answer)}${from}`, outputs: { status: String(answer.status) } };
}

function redirectProblem(want: Want, answer: HttpAnswer): Look | undefined {
  const wanted = want['redirects-to'];
  if (wanted === undefined) return undefined;
  const location = answer.headers.location ?? '';
  const target = URL.canParse(location, want.url) ? new URL(location, want.url).href : undefined;
  if (target === new URL(wanted).href) return undefined;
  return { is: 'not-so', expected: expectation(want), seen: describeAnswer(answer) };
}

function statusesOf({ status, 'redirects-to': to }: Want): readonly number[] {
  return status === undefined ? (to === undefined ? [200] : REDIRECTS) : listOf(status);
}

function expectation(want: Want): string {
  const to = want['redirects-to'];
  if (to !== undefined && want.status === undefined) return `a redirect to ${to}`;
  return `${statusesOf(want).join(' or ')}${to === undefined ? '' : `, to ${to}`}`;
}

const REDIRECTS = [301, 302, 303, 307, 308];
const CIRCLE =
  'The redirects lead in a circle. In Cloudflare: SSL/TLS mode Flexible does that to a server that insists on https; set it to Full (strict).';
/** Milliseconds between two of several right answers. */
const BETWEEN = 1_000;
