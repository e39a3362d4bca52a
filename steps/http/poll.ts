// Ask a URL again and again until what it works on is ready: 202 or 404 first, then the answer.
import { z } from 'zod';
import { defineStep, type Look } from '../../src/step.ts';
import type { Clock, HttpAnswer } from '../../src/system/ports.ts';
import { formatDuration } from '../../src/text/duration.ts';
import {
  compareContent,
  describeAnswer,
  excerpt,
  expectationKeys,
  hintOf,
  listOf,
  Method,
  parseJson,
  requestKeys,
  requestOf,
  Status,
} from './exchange.ts';
import { askPatiently, retryAfter } from './patience.ts';
import { JsonPattern, mismatches } from './pattern.ts';

const With = z.strictObject({
  url: requestKeys.url,
  headers: requestKeys.headers,
  method: Method.default('GET'),
  pending: z.array(Status).default([202, 404]),
  status: Status.default(200),
  ...expectationKeys,
  'fails-when': JsonPattern.optional().describe(
    'A JSON pattern that says it has failed for good: no longer waited for',
  ),
});
type Want = z.output<typeof With>;

export const poll = defineStep({
  name: 'http/poll',
  summary: 'Ask a URL until its answer is ready',
  example: 'with: { url: "https://api.example.com/jobs/42", pending: [202], json: { state: done } }',
  with: With,
  outputs: z.object({ body: z.string() }),
  describe: ({ method, url, status }) => `${method} ${url} answers ${status}`,
  verify: async (want, ports) => {
    const known = ({ status }: HttpAnswer): boolean => status === want.status || want.pending.includes(status);
    return lookAt(want, await askPatiently(requestOf(want), known, ports), ports.clock);
  },
  lasts: false,
  secretFields: ['headers'],
  checkedAgainst: 'stand-in',
});

function lookAt(want: Want, answer: HttpAnswer, clock: Clock): Look {
  if (answer.failed !== undefined)
    return { is: 'unknown', why: `no answer from ${new URL(want.url).host}: ${answer.failed}` };
  if (hasFailed(want, answer))
    return { is: 'not-so', expected: expectation(want), seen: `it failed: ${excerpt(answer.body)}`, final: true };
  if (answer.status !== want.status) return notYet(want, answer, clock);
  const { expected, seen } = compareContent(want, answer);
  if (expected.length > 0)
    return { is: 'not-so', expected: expected.join('; '), seen: `${answer.status}, ${listOf(seen).join('; ')}` };
  return {
    is: 'so',
    seen: `${answer.status}: ${excerpt(answer.body)}`,
    outputs: { body: answer.body.slice(0, LONGEST_BODY) },
  };
}

function notYet(want: Want, answer: HttpAnswer, clock: Clock): Look {
  const pending = want.pending.includes(answer.status);
  const hint = hintOf(answer.status);
  return {
    is: 'not-so',
    expected: String(want.status),
    seen: pending ? pendingWords(answer, clock) : `${describeAnswer(answer)}: ${excerpt(answer.body)}`,
    ...(hint !== undefined && { hint }),
    ...(!pending && isRefusal(answer.status) && { final: true }),
  };
}

/** What is known of the work while it goes on: its own words, and when it wants to be asked again. */
function pendingWords(answer: HttpAnswer, clock: Clock): string {
  const pause = answer.headers['retry-after'] === undefined ? undefined : retryAfter(answer, clock.now());
  const later = pause === undefined ? '' : `, asks for ${formatDuration(pause)}`;
  const said = answer.body.trim() === '' || answer.status === 404 ? '' : `: ${excerpt(answer.body)}`;
  return `${answer.status}: not ready yet${later}${said}`;
}

function hasFailed({ 'fails-when': pattern }: Want, answer: HttpAnswer): boolean {
  const json = pattern === undefined ? undefined : parseJson(answer.body);
  return pattern !== undefined && json !== undefined && mismatches(pattern, json.value).length === 0;
}

const expectation = ({ status, json }: Want): string =>
  json === undefined ? String(status) : `${status} with ${JSON.stringify(json)}`;

/** Asking the same again will not help: 4xx but those that speak of time (facts/dns-and-tls.md §14.3). */
const isRefusal = (status: number): boolean => status >= 400 && status < 500 && ![404, 408, 425, 429].includes(status);

/** Characters: an output stands in the journal and may be used by a later step. */
const LONGEST_BODY = 16_384;
