// Send one request that changes something. It cannot be looked at afterwards, so a lost answer stays a doubt.
import { z } from 'zod';
import { type Acted, defineStep } from '../../src/step.ts';
import type { HttpAnswer } from '../../src/system/ports.ts';
import { jsonText } from '../../src/text/json-text.ts';
import {
  describeAnswer,
  excerpt,
  hintOf,
  listOf,
  Method,
  ONE_BODY,
  oneBody,
  parseJson,
  requestKeys,
  requestOf,
  Statuses,
} from './exchange.ts';
import { valueAt } from './pattern.ts';

const With = z
  .strictObject({
    ...requestKeys,
    method: Method.default('POST'),
    status: Statuses.default([200, 201, 202]),
    save: z
      .record(z.string().regex(/^[a-z][a-z0-9_]*$/, 'the name of an output, such as message_id'), z.string())
      .default({}),
  })
  .refine(oneBody, ONE_BODY);
type Want = z.output<typeof With>;

export const request = defineStep({
  name: 'http/request',
  summary: 'Send one request that changes something, and keep parts of the answer',
  example:
    'with: { url: "https://api.example.com/v1/chat", json-body: { message: hello }, status: 202, save: { id: data.id } }',
  with: With,
  outputs: z.looseObject({ status: z.string() }),
  describe: ({ method, url, status }) => `${method} ${url}, expecting ${listOf(status).join(' or ')}`,
  commands: ({ method, url }) => [[method, url]],
  act: async (want, { http }) => judge(want, await http.send(requestOf(want))),
  secretFields: ['headers'],
  checkedAgainst: 'stand-in',
});

function judge(want: Want, answer: HttpAnswer): Acted {
  const safe = want.method === 'GET' || want.method === 'HEAD';
  const { status } = answer;
  if (answer.failed !== undefined) {
    if (safe || wasNeverSent(answer.failed))
      return { ended: 'failed', why: `${want.method} ${want.url} did not get there: ${answer.failed}` };
    return {
      ended: 'unclear',
      why: `no answer to ${want.method} ${want.url}: ${answer.failed}; it may have been carried out`,
    };
  }
  if (listOf(want.status).includes(status)) return save(want, answer);
  const seen = `${want.method} ${want.url} was answered with ${describeAnswer(answer)}: ${excerpt(answer.body)}`;
  if (status >= 500 && !safe) return { ended: 'unclear', why: `${seen}; it may have been carried out` };
  const hint = hintOf(status);
  return { ended: 'failed', why: seen, ...(hint !== undefined && { hint }) };
}

function save({ save: paths, method, url }: Want, answer: HttpAnswer): Acted {
  const names = Object.entries(paths);
  const json = names.length === 0 ? undefined : parseJson(answer.body);
  const found = names.map(([name, path]) => ({ name, path, value: textOf(valueAt(json?.value, path)) }));
  const missing = found.filter(({ value }) => value === undefined).map(({ path }) => path);
  const seen = `${answer.status}: ${excerpt(answer.body)}`;
  if (missing.length > 0) {
    const why = `${method} ${url} was carried out (${answer.status}), but its answer has no ${missing.join(', ')}: ${excerpt(answer.body)}`;
    return { ended: 'failed', why, hint: 'Sending it again would do it twice. Look at what it did first.' };
  }
  const outputs = Object.fromEntries(found.map(({ name, value }) => [name, value ?? '']));
  return { ended: 'ok', seen, outputs: { status: String(answer.status), ...outputs } };
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : jsonText(value);
}

/** The connection was never made: name, port, route or certificate was in the way. By code, and in the words of the http port. */
const wasNeverSent = (failed: string): boolean =>
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|no stand-in for/.test(failed) ||
  /^(name (not found|has no address)|connection refused|(host|network|address) cannot be reached|certificate |no TLS |TLS handshake refused|connection closed during the TLS handshake|not an address)/.test(
    failed,
  );
