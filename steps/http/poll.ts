// Ask a URL again and again until what it works on is ready: 202 or 404 first, then the answer.
import { z } from 'zod';
import { defineStep, type Look } from '../../src/step.ts';
import type { HttpAnswer } from '../../src/system/ports.ts';
import {
  compareContent,
  describeAnswer,
  excerpt,
  expectationKeys,
  hintOf,
  listOf,
  Method,
  requestKeys,
  requestOf,
  Status,
} from './exchange.ts';

const With = z.strictObject({
  url: requestKeys.url,
  headers: requestKeys.headers,
  method: Method.default('GET'),
  pending: z.array(Status).default([202, 404]),
  status: Status.default(200),
  ...expectationKeys,
});

export const poll = defineStep({
  name: 'http/poll',
  summary: 'Ask a URL until its answer is ready',
  example: 'with: { url: "https://api.example.com/jobs/42", pending: [202], json: { state: done } }',
  with: With,
  outputs: z.object({ body: z.string() }),
  describe: ({ method, url, status }) => `${method} ${url} until it answers ${status}`,
  verify: async (want, { http }) => lookAt(want, await http.look(requestOf(want))),
  lasts: false,
  secretFields: ['headers'],
  checkedAgainst: 'stand-in',
});

function lookAt(want: z.output<typeof With>, answer: HttpAnswer): Look {
  if (answer.failed !== undefined)
    return { is: 'unknown', why: `no answer from ${new URL(want.url).host}: ${answer.failed}` };
  if (answer.status !== want.status) {
    const pending = want.pending.includes(answer.status);
    const seen = pending ? `${answer.status}: not ready yet` : `${describeAnswer(answer)}: ${excerpt(answer.body)}`;
    const hint = hintOf(answer.status);
    const final = !pending && isRefusal(answer.status);
    return {
      is: 'not-so',
      expected: String(want.status),
      seen,
      ...(hint !== undefined && { hint }),
      ...(final && { final }),
    };
  }
  const { expected, seen } = compareContent(want, answer);
  if (expected.length > 0)
    return { is: 'not-so', expected: expected.join('; '), seen: `${answer.status}, ${listOf(seen).join('; ')}` };
  return {
    is: 'so',
    seen: `${answer.status}: ${excerpt(answer.body)}`,
    outputs: { body: answer.body.slice(0, LONGEST_BODY) },
  };
}

/** Asking the same again will not help: 4xx but those that speak of time (facts/dns-and-tls.md §14.3). */
const isRefusal = (status: number): boolean => status >= 400 && status < 500 && ![404, 408, 425, 429].includes(status);

/** Characters: an output stands in the journal and may be used by a later step. */
const LONGEST_BODY = 16_384;
