// May pages of this origin call the server? Asked as a browser asks before it sends: the preflight.
import { z } from 'zod';
import { defineStep, type Look } from '../../src/step.ts';
import type { HttpAnswer } from '../../src/system/ports.ts';
import { excerpt, hintOf, Method, Url } from './exchange.ts';
import { askPatiently } from './patience.ts';

const With = z.strictObject({
  url: Url,
  origin: Url.refine(
    (text) => URL.canParse(text) && new URL(text).origin === text,
    'only scheme and host, such as https://www.example.com',
  ),
  method: Method.default('POST'),
  headers: z
    .array(z.string().regex(/^[\w-]+$/, 'the name of a header'))
    .default(['content-type'])
    .describe('Names of headers that the page sends'),
  credentials: z.boolean().default(false).describe('The page sends cookies or a login along: then `*` does not count'),
  allowed: z.boolean().default(true).describe('false: this origin must be refused'),
});
type Want = z.output<typeof With>;

export const cors = defineStep({
  name: 'http/cors',
  summary: 'Check that a browser page of an origin may call a URL',
  example: 'with: { url: "https://api.example.com/v1/events", origin: "https://www.example.com", method: POST }',
  with: With,
  describe: ({ url, origin, method, allowed }) =>
    `pages of ${origin} ${allowed ? 'may' : 'may not'} ${method} ${url} (CORS preflight)`,
  verify: async (want, ports) => {
    const request = {
      url: want.url,
      method: 'OPTIONS',
      headers: {
        origin: want.origin,
        'access-control-request-method': want.method,
        ...(want.headers.length > 0 && { 'access-control-request-headers': want.headers.join(', ').toLowerCase() }),
      },
    };
    return judge(want, await askPatiently(request, ({ status }) => status < 500, ports));
  },
  checkedAgainst: 'stand-in',
});

function judge(want: Want, answer: HttpAnswer): Look {
  if (answer.failed !== undefined)
    return { is: 'unknown', why: `no answer from ${new URL(want.url).host}: ${answer.failed}` };
  // A server in trouble says nothing about whom it would let in.
  if (answer.status >= 500) {
    const hint = hintOf(answer.status);
    return {
      is: 'unknown',
      why: `${new URL(want.url).host} answered the preflight with ${answer.status}: ${excerpt(answer.body)}`,
      ...(hint !== undefined && { hint }),
    };
  }
  const problem = refusal(want, answer);
  const origin = answer.headers['access-control-allow-origin'];
  const seen = `${answer.status}, access-control-allow-origin: ${origin ?? 'not there'}`;
  if (!want.allowed) {
    return problem === undefined
      ? { is: 'not-so', expected: `${want.origin} is refused`, seen, hint: 'The list of allowed origins is too wide.' }
      : { is: 'so', seen: `${seen}: refused` };
  }
  return problem === undefined ? { is: 'so', seen } : { is: 'not-so', ...problem };
}

interface Problem {
  readonly expected: string;
  readonly seen: string;
  readonly hint?: string;
}

/** The rules a browser goes by (Fetch standard, CORS-preflight fetch); undefined: it would send the request. */
function refusal(want: Want, { status, headers }: HttpAnswer): Problem | undefined {
  const origin = headers['access-control-allow-origin'];
  if (status < 200 || status > 299)
    return { expected: 'an answer 2xx to OPTIONS', seen: String(status), hint: hintFor(status) };
  if (origin !== want.origin && (origin !== '*' || want.credentials)) {
    const hint =
      origin === '*'
        ? 'With credentials a browser does not take * for an answer.'
        : 'The origin is not in the list of allowed origins: compare scheme, host and port, letter by letter.';
    return {
      expected: `access-control-allow-origin: ${want.origin}`,
      seen: `access-control-allow-origin: ${origin ?? 'not there'}`,
      hint,
    };
  }
  if (want.credentials && headers['access-control-allow-credentials'] !== 'true')
    return {
      expected: 'access-control-allow-credentials: true',
      seen: headers['access-control-allow-credentials'] ?? 'not there',
    };
  const methods = listed(headers['access-control-allow-methods']);
  if (!SIMPLE.has(want.method) && !has(methods, want.method.toLowerCase(), want))
    return { expected: `access-control-allow-methods with ${want.method}`, seen: methods.join(', ') || 'not there' };
  const names = listed(headers['access-control-allow-headers']);
  // Never covered by `*`, by the standard.
  const missing = want.headers.find((name) =>
    name.toLowerCase() === 'authorization' ? !names.includes('authorization') : !has(names, name.toLowerCase(), want),
  );
  return missing === undefined
    ? undefined
    : { expected: `access-control-allow-headers with ${missing}`, seen: names.join(', ') || 'not there' };
}

const hintFor = (status: number): string =>
  status === 404 || status === 405
    ? 'The server does not answer preflights on this path: its CORS handling is missing, or comes after the routes.'
    : 'The server refuses the preflight, which never carries a login: CORS must come before the check of credentials.';

const listed = (header: string | undefined): readonly string[] =>
  (header ?? '')
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '');

const has = (list: readonly string[], name: string, { credentials }: Want): boolean =>
  list.includes(name) || (list.includes('*') && !credentials);

/** A browser sends these without asking. */
const SIMPLE = new Set(['GET', 'HEAD', 'POST']);
