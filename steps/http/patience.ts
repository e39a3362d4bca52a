// One look that a dropped packet or a restarting proxy does not spoil: asked again with growing pauses, within one overall deadline.
import type { HttpAnswer, HttpRequest, Use } from '../../src/system/ports.ts';

/** Milliseconds for all tries of one look together. */
const DEADLINE = 30_000;
/** Milliseconds before the second and the third try. One client alone makes no herd, so there is no jitter. */
const PAUSES = [1_000, 3_000];
const LONGEST_TRY = 10_000;

/** `good`: says that an answer needs no second try. Only what changes nothing is asked again (facts/dns-and-tls.md §14.3). */
export async function askPatiently(
  request: HttpRequest,
  good: (answer: HttpAnswer) => boolean,
  ports: Use<'http' | 'clock' | 'signal'>,
): Promise<HttpAnswer> {
  let answer = await ports.http.look(request);
  if (!REPEATABLE.has(request.method ?? 'GET') || good(answer) || !passes(answer)) return answer;
  const { http, clock, signal } = ports;
  const until = clock.now().getTime() + DEADLINE;
  for (const pause of PAUSES) {
    const wait = Math.max(pause, retryAfter(answer, clock.now()) ?? 0);
    const left = until - clock.now().getTime() - wait;
    if (left <= 0) return answer;
    await clock.sleep(wait, signal);
    if (signal.aborted) return answer;
    answer = await http.look({ ...request, timeout: Math.min(left, request.timeout ?? LONGEST_TRY) });
    if (good(answer) || !passes(answer)) return answer;
  }
  return answer;
}

/** Troubles that go away by themselves. A name that is not found, a refused connection or a bad certificate is left to the next look. */
const passes = ({ failed, status }: HttpAnswer): boolean =>
  failed === undefined ? [429, 502, 503, 504].includes(status) : /^(timed out|connection closed by)/.test(failed);

/** Milliseconds, where the server asks for a pause: in seconds, or as a date. */
export function retryAfter({ headers }: HttpAnswer, now: Date): number | undefined {
  const text = headers['retry-after'];
  if (text === undefined) return undefined;
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

const REPEATABLE = new Set(['GET', 'HEAD', 'OPTIONS']);
