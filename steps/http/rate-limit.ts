// Does the server hold its limit? So many calls pass, and the next is refused. The calls are real: they count, and they leave what they leave.
import { z } from 'zod';
import { defineStep, type Look } from '../../src/step.ts';
import type { HttpAnswer, HttpRequest, Use } from '../../src/system/ports.ts';
import { describeAnswer, excerpt, Method, ONE_BODY, oneBody, requestKeys, requestOf, Status } from './exchange.ts';

const With = z
  .strictObject({
    ...requestKeys,
    method: Method.default('GET'),
    allowed: z.int().min(0).max(1_000).describe('So many calls pass; one of the next few is refused'),
    status: Status.default(429),
    spare: z
      .int()
      .min(1)
      .max(1_000)
      .default(5)
      .describe('Calls beyond the limit before it is taken for missing: several machines may count each for itself'),
  })
  .refine(oneBody, ONE_BODY);
type Want = z.output<typeof With>;

export const rateLimit = defineStep({
  name: 'http/rate-limit',
  summary: 'Call a URL until it refuses, and compare with the limit',
  example: 'with: { url: "https://api.example.com/v1/events", method: POST, json-body: { type: ping }, allowed: 120 }',
  with: With,
  outputs: z.object({ passed: z.string() }),
  describe: ({ method, url, allowed, status }) => `${method} ${url}: ${allowed} calls pass, then ${status}`,
  verify: async (want, ports) => judge(want, await callUntilRefused(want, ports)),
  lasts: false,
  disturbs: { why: 'it makes as many real calls as the limit allows', every: '2m' },
  within: '6m',
  every: '2m',
  secretFields: ['headers'],
  checkedAgainst: 'stand-in',
});

interface Called {
  /** Answers before the first refusal. */
  readonly passed: readonly HttpAnswer[];
  readonly refused?: HttpAnswer;
  readonly failed?: string;
}

/** A few at a time: one after the other, a limit per minute would have begun to forget the first before the last. */
async function callUntilRefused(want: Want, { http, signal }: Use<'http' | 'signal'>): Promise<Called> {
  const request: HttpRequest = requestOf(want);
  const most = want.allowed + want.spare;
  const passed: HttpAnswer[] = [];
  let refused: HttpAnswer | undefined;
  while (refused === undefined && passed.length < most && !signal.aborted) {
    const batch = Math.min(AT_ONCE, most - passed.length);
    const answers = await Promise.all(Array.from({ length: batch }, () => http.look(request)));
    const failed = answers.find((answer) => answer.failed !== undefined)?.failed;
    if (failed !== undefined) return { passed, failed };
    refused = answers.find(({ status }) => status === want.status);
    passed.push(...answers.filter(({ status }) => status !== want.status));
  }
  return { passed, ...(refused !== undefined && { refused }) };
}

function judge(want: Want, { passed, refused, failed }: Called): Look {
  if (failed !== undefined) {
    const { host } = new URL(want.url);
    return {
      is: 'unknown',
      why: `${host} did not answer each of the calls (${passed.length} were answered): ${failed}`,
    };
  }
  const expected = `${want.status} after ${want.allowed} calls`;
  const wrong = passed.find(({ status }) => status >= 400);
  if (wrong !== undefined)
    return { is: 'not-so', expected, seen: `${describeAnswer(wrong)}: ${excerpt(wrong.body)}`, final: true };
  if (refused === undefined) {
    const hint = 'There is no limit on this path, it is higher, or each machine counts for itself.';
    return { is: 'not-so', expected, seen: `${passed.length} calls, all answered`, hint, final: true };
  }
  const seen = `${passed.length} calls answered, then ${want.status}`;
  if (passed.length < want.allowed) {
    const hint =
      'Calls of the last minutes may still count, from here or from others at this address: it is tried again.';
    return { is: 'not-so', expected, seen, hint };
  }
  return { is: 'so', seen, outputs: { passed: String(passed.length) } };
}

const AT_ONCE = 8;
