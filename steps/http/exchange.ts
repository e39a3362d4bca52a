// What the http kinds share: the shape of a request in YAML, and the comparison of an answer with what was expected.
import { z } from 'zod';
import type { Json } from '../../src/step.ts';
import type { HttpAnswer, HttpRequest } from '../../src/system/ports.ts';
import { JsonPattern, mismatches } from './pattern.ts';

export const Url = z.url({
  protocol: /^https?$/,
  error: 'a whole address is needed, such as https://api.example.com/health',
});
export const Method = z.string().regex(/^[A-Z]+$/, 'a method in capitals, such as GET');
export const Status = z.int().min(100).max(599);
export const Statuses = z.union([Status, z.array(Status).min(1)]);

/** The keys of a request. `headers` may hold secrets: they stand in no text that these kinds make. */
export const requestKeys = {
  url: Url,
  headers: z.record(z.string(), z.string()).default({}).describe('May hold secrets'),
  body: z.string().optional(),
  'json-body': JsonPattern.optional(),
};
/** The keys that say what an answer must hold. */
export const expectationKeys = {
  json: JsonPattern.optional().describe('What the JSON of the answer must hold: a pattern of it'),
  contains: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('A text in the answer; of a list each'),
};

export const oneBody = (want: { readonly body?: string; readonly 'json-body'?: Json }): boolean =>
  want.body === undefined || want['json-body'] === undefined;
export const ONE_BODY = { error: 'give `body` or `json-body`, not both' };

interface Asked {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly 'json-body'?: Json;
}

/** The request as the port takes it; a JSON body brings its content type unless the author gave one. */
export function requestOf(asked: Asked): HttpRequest {
  const json = asked['json-body'];
  const body = json === undefined ? asked.body : JSON.stringify(json);
  const named = Object.keys(asked.headers).some((name) => name.toLowerCase() === 'content-type');
  const headers =
    json === undefined || named ? asked.headers : { ...asked.headers, 'content-type': 'application/json' };
  return { url: asked.url, method: asked.method, headers, ...(body !== undefined && { body }) };
}

export const listOf = <T>(one: T | readonly T[] | undefined): readonly T[] =>
  one === undefined ? [] : ([one].flat() as readonly T[]);

export interface Comparison {
  readonly expected: readonly string[];
  readonly seen: readonly string[];
}

/** What of the answer's body and headers is not as expected, side by side; empty where all is. */
export function compareContent(
  want: {
    readonly json?: Json;
    readonly contains?: string | readonly string[];
    readonly 'expect-headers'?: Readonly<Record<string, string>>;
  },
  answer: HttpAnswer,
): Comparison {
  const wrong: { expected: string; seen: string }[] = [];
  for (const [name, value] of Object.entries(want['expect-headers'] ?? {})) {
    const seen = answer.headers[name.toLowerCase()];
    if (!fitsHeader(value, seen))
      wrong.push({ expected: `${name}: ${value}`, seen: `${name}: ${seen ?? 'not there'}` });
  }
  for (const text of listOf(want.contains)) {
    if (!answer.body.includes(text))
      wrong.push({ expected: `a body with ${JSON.stringify(text)}`, seen: excerpt(answer.body) });
  }
  if (want.json !== undefined) {
    const json = parseJson(answer.body);
    if (json === undefined) wrong.push({ expected: 'a JSON body', seen: excerpt(answer.body) });
    else
      wrong.push(
        ...mismatches(want.json, json.value).map(({ path, expected, seen }) => ({
          expected: at(path, expected),
          seen: at(path, seen),
        })),
      );
  }
  return { expected: wrong.map(({ expected }) => expected), seen: wrong.map(({ seen }) => seen) };
}

/** `200`, `200 with ok`: what an answer looked like, in few words. */
export function describeAnswer(answer: HttpAnswer): string {
  const location = answer.headers.location;
  const to = location !== undefined && answer.status >= 300 && answer.status < 400 ? `, to ${location}` : '';
  return `${answer.status}${to}`;
}

/** What a status usually means here (facts/dns-and-tls.md §4, §14.2). */
export const hintOf = (status: number): string | undefined => HINTS[status];

/** The body on one line, cut short. */
export function excerpt(body: string): string {
  const line = body.replaceAll(/\s+/g, ' ').trim();
  if (line === '') return 'an empty body';
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // Not JSON is an answer like any other: the caller says what it is instead.
    return undefined;
  }
}

/** `content-type: application/json` also fits an answer that adds `; charset=utf-8`. */
const fitsHeader = (want: string, seen: string | undefined): boolean =>
  seen !== undefined && (seen === want || seen.split(';')[0]?.trim().toLowerCase() === want.toLowerCase());

const at = (path: string, text: string): string => (path === '' ? text : `${path}: ${text}`);

const HINTS: Readonly<Record<number, string>> = {
  401: 'The server wants a credential: check the header that carries it.',
  502: 'On Fly: no machine answers, or the app listens on another port than fly.toml says.',
  503: 'On Fly: no machine runs yet, or none is healthy.',
  525: 'Cloudflare could not make a TLS connection to the origin: the Fly certificate for this host is not ready.',
  526: 'Cloudflare does not accept the certificate of the origin: the Fly certificate for this host is not ready.',
};
