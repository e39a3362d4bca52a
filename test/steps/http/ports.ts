// Strict ports for the tests of kinds: what a test did not give fails on use, and so does an answer that nobody asked for.
import { expect } from 'vitest';
import type { ActPorts, HttpAnswer, HttpRequest } from '../../../src/system/ports.ts';

/** Ports that hold just what is given. */
export function ports(given: Partial<ActPorts>): ActPorts {
  return new Proxy(given, {
    get: (target, key) => {
      if (Reflect.has(target, key)) return Reflect.get(target, key);
      throw new Error(`the kind used ${String(key)}, which this test did not give`);
    },
    // A Proxy over a part cannot be typed as the whole; the trap above keeps the promise.
  }) as ActPorts;
}

export const answer = (
  status: number,
  body: unknown = '',
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  url: '',
});
export const noAnswer = (failed: string): HttpAnswer => ({ status: 0, headers: {}, body: '', url: '', failed });

export interface Exchange {
  /** `GET https://api.example.com/health`, or with a body after a blank. */
  readonly asked: string;
  readonly answer: HttpAnswer;
}

/** An http port that knows these exchanges, in this order, and no others. */
export function http(exchanges: readonly Exchange[]) {
  const requests: (HttpRequest & { readonly how: 'look' | 'send' })[] = [];
  const take = (how: 'look' | 'send') => async (request: HttpRequest) => {
    requests.push({ ...request, how });
    const next = exchanges[requests.length - 1];
    const asked = `${request.method ?? 'GET'} ${decodeURIComponent(request.url)}${request.body === undefined ? '' : ` ${request.body}`}`;
    expect(asked).toBe(next?.asked ?? 'nothing more');
    return next?.answer ?? noAnswer('nothing more');
  };
  return {
    look: take('look'),
    send: take('send'),
    requests,
    done: () => expect(requests).toHaveLength(exchanges.length),
  };
}

/** For kinds that ask again by themselves: a clock whose sleeps take no time, and nobody who stops. */
export const patient: Pick<ActPorts, 'clock' | 'signal'> = {
  clock: { now: () => new Date('2026-11-22T10:00:00Z'), sleep: async () => {} },
  signal: new AbortController().signal,
};
