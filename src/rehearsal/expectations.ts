// What the stand-in web answers because a step will look for it: put there by `pretend`, told apart by what the request carries.
import { createHash } from 'node:crypto';
import { z } from 'zod';

export const Expectation = z.object({
  scheme: z.enum(['http', 'https']).default('https'),
  host: z.string(),
  method: z.string().default('GET'),
  /** With its query. */
  path: z.string(),
  /** Lower-case header names the request must have, each with the SHA-256 of its value: no secret stands in the file. */
  carries: z.record(z.string(), z.string()).default({}),
  /** SHA-256 of the request's body. */
  bodyHash: z.string().optional(),
  status: z.number(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(''),
  /** First answered that often with this status: something that is worked on. */
  pending: z.object({ status: z.number(), left: z.number() }).optional(),
});
export type Expectation = z.output<typeof Expectation>;

/** `W/http.json`. */
export const HttpState = z.array(Expectation);
export type HttpState = z.output<typeof HttpState>;

export interface WebRequest {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface WebAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Puts an expectation in place of an older one for the same request. What was pending stays as far as it has come. */
export function addExpectation(state: HttpState, wanted: Expectation): void {
  const old = state.findIndex((one) => sameRequest(one, wanted));
  const before = state[old];
  if (before) state.splice(old, 1);
  const pending = before?.pending && wanted.pending ? { ...wanted.pending, left: before.pending.left } : wanted.pending;
  state.push({ ...wanted, pending });
}

/** As if it had never been asked: nothing of its count is left. */
export function renewExpectation(state: HttpState, wanted: Expectation): void {
  state.splice(0, state.length, ...state.filter((one) => !sameRequest(one, wanted)), wanted);
}

function sameRequest(a: Expectation, b: Expectation): boolean {
  return requestOf(a) === requestOf(b);
}

const requestOf = ({ scheme, host, method, path, carries, bodyHash }: Expectation): string =>
  JSON.stringify([scheme, host, method, path, Object.entries(carries).sort(), bodyHash]);

/** The expectation that fits best: every header it names must be there, equal values and an equal body count for more; then the newest. */
export function expectationFor(state: HttpState, request: WebRequest): Expectation | undefined {
  const fitting = state
    .filter((one) => one.scheme === request.scheme && one.host === request.host && one.method === request.method)
    .filter((one) => one.path === request.path && Object.keys(one.carries).every((name) => name in request.headers))
    .map((one, order) => ({ one, order, close: closeness(one, request) }))
    .sort((a, b) => b.close - a.close || b.order - a.order);
  return fitting[0]?.one;
}

function closeness(one: Expectation, request: WebRequest): number {
  const equal = Object.entries(one.carries).filter(([name, hash]) => hashOf(request.headers[name] ?? '') === hash);
  const body = one.bodyHash === undefined ? 0 : one.bodyHash === hashOf(request.body) ? 1 : -1;
  return Object.keys(one.carries).length + 2 * equal.length + body;
}

/** The answer now; counts down what is pending. Changes the state. */
export function answerExpected(state: HttpState, request: WebRequest): WebAnswer | undefined {
  const found = expectationFor(state, request);
  if (!found) return undefined;
  if (found.pending && found.pending.left > 0) {
    found.pending.left -= 1;
    return {
      status: found.pending.status,
      headers: { 'content-type': 'application/json' },
      body: '{"status":"pending"}',
    };
  }
  return { status: found.status, headers: found.headers, body: found.body };
}
