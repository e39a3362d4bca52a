// One HTTP exchange, on node:https since `fetch` can neither pin an address nor take an authority. Failures are answers, in words.
import { type IncomingMessage, request as plain } from 'node:http';
import { type RequestOptions, request as secure } from 'node:https';
import { isIP } from 'node:net';
import { type Aim, addressFor } from './aim.ts';
import { whyFailed } from './failures.ts';
import type { HttpAnswer, HttpRequest } from './ports.ts';
import { secureContextFor } from './trust.ts';
import type { World } from './world.ts';

const TIMEOUT = 10_000;
const LONGEST_BODY = 10 * 2 ** 20;
const TOO_LONG = 'the answer is longer than 10 MB';
const REDIRECTS = 5;
/** What may follow a redirect to another host: nothing here is a credential. */
const HARMLESS = new Set(['accept', 'accept-language', 'user-agent']);

/** `hosts` and `ca`: see Aim. Never rejects. */
export function createHttp({ hosts, ca }: Pick<Aim, 'hosts' | 'ca'>): World['http'] {
  return {
    async exchange(request, signal) {
      const limit = AbortSignal.timeout(request.timeout ?? TIMEOUT);
      const either = AbortSignal.any([signal, limit]);
      const why = (error: unknown): string =>
        signal.aborted
          ? 'stopped'
          : limit.aborted
            ? `timed out after ${(request.timeout ?? TIMEOUT) / 1000} s`
            : whyFailed(error);
      let next: HttpRequest = request;
      try {
        for (let hop = 0; hop <= REDIRECTS; hop++) {
          const answer = await once(next, { hosts, ca, signal: either, why });
          const onward = request.redirect === 'follow' ? redirected(next, answer) : undefined;
          if (onward === undefined) return answer;
          next = onward;
        }
        return noAnswer(next.url, `more than ${REDIRECTS} redirects`);
      } catch (error) {
        return noAnswer(next.url, why(error));
      }
    },
  };
}

function noAnswer(url: string, failed: string): HttpAnswer {
  return { status: 0, headers: {}, body: '', url, failed };
}

function once(
  request: HttpRequest,
  { hosts, ca, signal, why }: Pick<Aim, 'hosts' | 'ca'> & { signal: AbortSignal; why(error: unknown): string },
): Promise<HttpAnswer> {
  const url = new URL(request.url);
  const overTls = url.protocol === 'https:';
  if (!overTls && url.protocol !== 'http:') throw new Error(`only http and https can be asked, not ${url.protocol}`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const aim = addressFor(request.address ?? host, hosts) ?? addressFor(host, hosts);
  const options: RequestOptions = {
    method: request.method ?? 'GET',
    path: url.pathname + url.search,
    host: aim?.host ?? request.address ?? host,
    port: aim?.port ?? (url.port || (overTls ? 443 : 80)),
    headers: headersFor(url, request),
    agent: false, // A look must see the world as it is now, not a connection of before.
    signal,
    ...(overTls && !isIP(host) && { servername: host }),
    ...(overTls && { secureContext: secureContextFor(ca) }),
  };
  return new Promise((resolve, reject) => {
    const lost = () => reject(new Error('connection closed by the other side'));
    const sent = (overTls ? secure : plain)(options, (message) => {
      sent.off('close', lost);
      const head = { status: message.statusCode ?? 0, headers: flat(message.headers), url: request.url };
      // From here on what goes wrong is told by the stream, with what had come.
      if (request.until !== undefined) sent.off('error', reject).on('error', () => {});
      const body = request.until === undefined ? bodyOf(message) : bodyUntil(message, request.until, why);
      body.then((read) => resolve({ ...head, ...read }), reject);
    });
    sent.on('error', reject);
    // Unheard, it would end the exchange with no event but `close`, and nobody would ever be told.
    sent.on('upgrade', (_answer, socket) => {
      socket.destroy();
      reject(new Error('the server wants to speak another protocol (101)'));
    });
    sent.on('close', lost);
    sent.end(request.body);
  });
}

function headersFor(url: URL, request: HttpRequest): Record<string, string> {
  const headers: Record<string, string> = { 'user-agent': 'launchbook', accept: '*/*', 'accept-encoding': 'identity' };
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value;
  headers.host ??= url.host;
  if (request.body !== undefined) headers['content-length'] = String(Buffer.byteLength(request.body));
  if (url.username) {
    headers.authorization ??= `Basic ${Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`).toString('base64')}`;
  }
  return headers;
}

async function bodyOf(message: IncomingMessage): Promise<{ readonly body: string }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > LONGEST_BODY) throw new Error(TOO_LONG);
  }
  // As `fetch` reads a text: a mark of the byte order is no part of it, and JSON could not begin with one.
  return { body: new TextDecoder().decode(Buffer.concat(chunks)) };
}

/** A stream is read until it has said enough; what breaks off is kept as far as it came. */
async function bodyUntil(
  message: IncomingMessage,
  enough: (piece: string) => boolean,
  why: (error: unknown) => string,
): Promise<Pick<HttpAnswer, 'body' | 'cut'>> {
  const decoder = new TextDecoder();
  let body = '';
  try {
    for await (const chunk of message) {
      const piece = decoder.decode(chunk, { stream: true });
      body += piece;
      if (enough(piece)) return { body }; // Leaving the loop closes the connection.
      if (body.length > LONGEST_BODY) return { body, cut: TOO_LONG };
    }
  } catch (error) {
    return { body, cut: why(error) };
  }
  return { body, cut: 'the server ended it' };
}

function flat(headers: IncomingMessage['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

/** The request that a redirect asks for; undefined where the answer is no redirect, or one that would send a body to another host. */
function redirected(request: HttpRequest, answer: HttpAnswer): HttpRequest | undefined {
  const { location } = answer.headers;
  if (
    ![301, 302, 303, 307, 308].includes(answer.status) ||
    location === undefined ||
    !URL.canParse(location, request.url)
  )
    return undefined;
  const [from, to] = [new URL(request.url), new URL(location, request.url)];
  const method = request.method ?? 'GET';
  const keeps = answer.status === 307 || answer.status === 308 || method === 'GET' || method === 'HEAD';
  const { address, body, ...rest } = request;
  if (from.origin === to.origin) return { ...rest, url: to.href, address, ...(keeps ? { body } : { method: 'GET' }) };
  if (keeps && body !== undefined) return undefined;
  const headers = Object.fromEntries(
    Object.entries(request.headers ?? {}).filter(([name]) => HARMLESS.has(name.toLowerCase())),
  );
  return { ...rest, url: to.href, headers, method: keeps ? method : 'GET' };
}
