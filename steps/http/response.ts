// Ask a URL and compare its answer: status, headers, JSON, text.
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
  ONE_BODY,
  oneBody,
  requestKeys,
  requestOf,
  Statuses,
} from './exchange.ts';

const With = z
  .strictObject({
    ...requestKeys,
    method: Method.default('GET'),
    status: Statuses.default(200),
    ...expectationKeys,
    'expect-headers': z.record(z.string(), z.string()).optional(),
  })
  .refine(oneBody, ONE_BODY);

export const response = defineStep({
  name: 'http/response',
  summary: 'Ask a URL and compare the answer',
  example: 'with: { url: "https://api.example.com/health", status: 200, json: { status: ok } }',
  with: With,
  outputs: z.object({ status: z.string() }),
  describe: ({ method, url, status }) => `${method} ${url}, expecting ${listOf(status).join(' or ')}`,
  verify: async (want, { http }) => lookAt(want, await http.look(requestOf(want))),
  secretFields: ['headers'],
  checkedAgainst: 'stand-in',
});

function lookAt(want: z.output<typeof With>, answer: HttpAnswer): Look {
  if (answer.failed !== undefined)
    return { is: 'unknown', why: `no answer from ${new URL(want.url).host}: ${answer.failed}` };
  if (!listOf(want.status).includes(answer.status)) {
    const hint = hintOf(answer.status);
    const seen = `${describeAnswer(answer)}: ${excerpt(answer.body)}`;
    return { is: 'not-so', expected: listOf(want.status).join(' or '), seen, ...(hint !== undefined && { hint }) };
  }
  const { expected, seen } = compareContent(want, answer);
  if (expected.length > 0) {
    return { is: 'not-so', expected: expected.join('; '), seen: `${describeAnswer(answer)}, ${seen.join('; ')}` };
  }
  return { is: 'so', seen: describeAnswer(answer), outputs: { status: String(answer.status) } };
}
