// The http kinds against real servers: so at once, after a while, never; slow, flapping, redirecting, cut short, stopped.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { authority, closedPort, servePlain, serveSecure, serveTcp } from '../../system/servers.ts';
import { seenBy, type Waiting, waitFor, whyOf } from '../waiting.ts';

const local = (port: number) => ({ '*': { host: '127.0.0.1', port } });
const url = 'http://api.example.com/health';

/** Answers by number of the request, the last one for all that follow. */
async function served(...answers: readonly RequestListener[]) {
  const asked: IncomingMessage[] = [];
  const port = await servePlain((request, response) => {
    asked.push(request);
    answers[Math.min(asked.length, answers.length) - 1]?.(request, response);
  });
  return { hosts: local(port), asked };
}
const says =
  (status: number, body = '', headers: Record<string, string> = {}): RequestListener =>
  (_request, response) => {
    response.writeHead(status, headers).end(body);
  };
const hangs: RequestListener = () => {};
const half = (_request: IncomingMessage, response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
  response.write('{"status":');
  response.socket?.destroySoon();
};

describe('http/response', () => {
  const wait = (given: object, options: Waiting) => waitFor('http/response', { url, ...given }, options);

  test('is done at once where the answer is right', async () => {
    const { hosts } = await served(says(200, '{"status":"ok"}'));
    const waited = await wait({ json: { status: 'ok' } }, { hosts });
    expect(waited).toMatchObject({ end: { finished: 'done' }, took: 0 });
    expect(seenBy(waited)).toEqual(['200']);
  });

  test('waits while the server flaps, and says what it saw', async () => {
    const { hosts } = await served(
      says(404, 'nothing here'),
      says(200, '{"status":"starting"}'),
      says(200, '{"status":"ok"}'),
    );
    const waited = await wait({ json: { status: 'ok' } }, { hosts });
    expect(waited).toMatchObject({ end: { finished: 'done' }, took: 10_000 });
    expect(waited.screen.filter((line) => line.includes('not yet'))).toEqual([
      'Waiting until: GET http://api.example.com/health, expecting 200: not yet (4m 55s left): seen 200, status: "starting"',
    ]);
  });

  test('one look outlasts a proxy that restarts, and respects its retry-after', async () => {
    const { hosts, asked } = await served(says(503, 'soon', { 'retry-after': '7' }), says(502), says(200));
    const waited = await wait({}, { hosts });
    expect(waited).toMatchObject({ end: { finished: 'done' }, took: 7_000 + 3_000 });
    expect(asked).toHaveLength(3);
  });

  test('a pause longer than the deadline of one look is left to the next', async () => {
    const { hosts, asked } = await served(says(503, '', { 'retry-after': '120' }), says(200));
    expect(await wait({}, { hosts })).toMatchObject({ end: { finished: 'done' }, took: 5_000 });
    expect(asked).toHaveLength(2);
  });

  test('fails at its deadline where it never comes true', async () => {
    const { hosts } = await served(says(500, 'out of order'));
    const waited = await wait({}, { hosts, within: '20s' });
    expect(waited).toMatchObject({ end: { exit: 1 }, step: { status: 'failed' }, took: 20_000 });
    expect(whyOf(waited)).toBe(
      'GET http://api.example.com/health, expecting 200: expected 200, seen 500: out of order',
    );
  });

  test('a server that is down stays unknown, and the run is kept', async () => {
    const waited = await wait({}, { hosts: local(closedPort), within: '20s' });
    expect(waited).toMatchObject({ end: { exit: 4 }, step: { status: 'waiting' } });
    expect(whyOf(waited)).toContain('no answer from api.example.com: connection refused');
  });

  test('half an answer and no answer in time are unknown too', async () => {
    const cut = await wait({}, { ...(await served(half)), within: '5s' });
    expect(whyOf(cut)).toContain('no answer from api.example.com: connection closed by the other side');
    const slow = await wait({}, { ...(await served(hangs)), within: '5s', limit: 60 });
    expect(slow.end).toMatchObject({ exit: 4 });
    expect(whyOf(slow)).toContain('no answer from api.example.com: timed out after 0.06 s');
  });

  test('is left at once when it is stopped, in the middle of an answer or between two looks', async () => {
    const stop = new AbortController();
    const { hosts } = await served(() => stop.abort());
    expect(await wait({}, { hosts, stop: stop.signal })).toMatchObject({ end: { stopped: 'interrupted', exit: 4 } });
    const { hosts: never } = await served(says(404));
    const waited = await wait({}, { hosts: never, stopAfter: 10_000 });
    expect(waited).toMatchObject({
      end: { stopped: 'interrupted', exit: 4 },
      step: { status: 'waiting' },
      took: 10_000,
    });
  });

  test('several right answers in a row count only when all are right', async () => {
    const { hosts, asked } = await served(says(200), says(200), says(500, 'the other machine'), says(200));
    const waited = await wait({ times: 3 }, { hosts });
    expect(waited.end).toEqual({ finished: 'done' });
    expect(asked).toHaveLength(6);
    expect(seenBy(waited)).toEqual(['200, 3 times']);
  });

  test('JSON that is nested without an end is an answer like any other', async () => {
    const deep = `{"status":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    const waited = await wait({ json: { status: 'ok' } }, { ...(await served(says(200, deep))), within: '1s' });
    expect(waited).toMatchObject({ end: { exit: 1 }, step: { status: 'failed' } });
    expect(whyOf(waited)).toContain('seen 200, status: a list');
  });

  test('a redirect must lead where it is meant to', async () => {
    const to = (location: string) => served(says(301, '', { location }));
    const wanted = { 'redirects-to': 'https://api.example.com/health' };
    expect((await wait(wanted, { ...(await to('https://api.example.com/health')) })).end).toEqual({ finished: 'done' });
    const wrong = await wait(wanted, { ...(await to('https://example.com/')), within: '1s' });
    expect(whyOf(wrong)).toContain(
      'expected a redirect to https://api.example.com/health, seen 301, to https://example.com/',
    );
  });

  test('a circle of redirects is told with its usual reason', async () => {
    const { hosts } = await served(says(301, '', { location: url }));
    const waited = await wait({ follow: true }, { hosts, within: '1s' });
    expect(whyOf(waited)).toContain('seen more than 5 redirects');
    expect(waited.step.hint).toContain('Full (strict)');
  });

  test('a redirect that is followed to another host takes no credential along', async () => {
    const ca = authority();
    const heads: unknown[] = [];
    const there = await serveSecure(
      (request, response) => {
        heads.push(request.headers.authorization, request.headers['x-key']);
        response.end('there');
      },
      { authority: ca, shows: 'www.example.com' },
    );
    const here = await servePlain(says(302, '', { location: 'https://www.example.com/there' }));
    const hosts = {
      'api.example.com': { host: '127.0.0.1', port: here },
      'www.example.com': { host: '127.0.0.1', port: there },
    };
    const headers = { authorization: 'Bearer s3cret-value', 'x-key': 's3cret-key' };
    const waited = await wait({ follow: true, headers, contains: 'there' }, { hosts, ca: ca.certificate });
    expect(waited.end).toEqual({ finished: 'done' });
    expect(seenBy(waited)).toEqual(['200 from https://www.example.com/there']);
    expect(heads).toEqual([undefined, undefined]);
  });

  test('an address can be tried before DNS points there', async () => {
    const { hosts, asked } = await served(says(200));
    const waited = await wait({ address: '192.0.2.44' }, { hosts: { '192.0.2.44': hosts['*'] } });
    expect(waited.end).toEqual({ finished: 'done' });
    expect(asked[0]?.headers.host).toBe('api.example.com');
  });
});

describe('http/poll', () => {
  const job = 'http://api.example.com/jobs/1';
  const wait = (given: object, options: Waiting) => waitFor('http/poll', { url: job, ...given }, options);

  test('says at each look how the work stands, until it is done', async () => {
    const { hosts } = await served(
      says(202, '{"state":"queued"}', { 'retry-after': '10' }),
      says(202, '{"state":"running"}'),
      says(202, '{"state":"running"}'),
      says(200, '{"state":"done","text":"hello"}'),
    );
    const waited = await wait({ json: { state: 'done' } }, { hosts });
    expect(waited).toMatchObject({
      end: { finished: 'done' },
      step: { outputs: { body: '{"state":"done","text":"hello"}' } },
    });
    const said = waited.screen.filter((line) => line.includes('not yet')).map((line) => line.replace(/.* seen /, ''));
    expect(said).toEqual(['202: not ready yet: {"state":"running"}', '202: not ready yet: {"state":"running"}']);
  });

  test('says when the server asks for a pause', async () => {
    const { hosts } = await served(says(202, '', { 'retry-after': '90' }));
    expect(whyOf(await wait({}, { hosts, within: '1s' }))).toContain('seen 202: not ready yet, asks for 1m 30s');
  });

  test('ends at once where the work has failed for good', async () => {
    const { hosts } = await served(says(202), says(200, '{"state":"failed","reason":"no model"}'));
    const waited = await wait({ json: { state: 'done' }, 'fails-when': { state: 'failed' } }, { hosts });
    expect(waited).toMatchObject({ end: { exit: 1 }, step: { status: 'failed' } });
    expect(whyOf(waited)).toContain('it failed: {"state":"failed","reason":"no model"}');
  });

  test('fails at its deadline where it never ends; stays unknown where nobody answers', async () => {
    const { hosts } = await served(says(202));
    const never = await wait({}, { hosts, within: '30s' });
    expect(never).toMatchObject({ step: { status: 'failed' }, took: 30_000 });
    expect(whyOf(never)).toContain('expected 200, seen 202: not ready yet');
    const down = await wait({}, { hosts: local(closedPort), within: '30s' });
    expect(down).toMatchObject({ step: { status: 'waiting' } });
    expect(whyOf(down)).toContain('no answer from api.example.com: connection refused');
  });

  test('a page of something else, half an answer and none in time say what came', async () => {
    const { hosts } = await served(says(200, '<html>Sign in</html>'));
    expect(whyOf(await wait({ json: { state: 'done' } }, { hosts, within: '5s' }))).toContain(
      'expected a JSON body, seen 200, <html>Sign in</html>',
    );
    expect(whyOf(await wait({}, { ...(await served(half)), within: '5s' }))).toContain(
      'no answer from api.example.com: connection closed by the other side',
    );
    expect(whyOf(await wait({}, { ...(await served(hangs)), within: '5s', limit: 60 }))).toContain(
      'no answer from api.example.com: timed out after 0.06 s',
    );
  });

  test('is left when it is stopped', async () => {
    const { hosts } = await served(says(202));
    expect(await wait({}, { hosts, stopAfter: 15_000 })).toMatchObject({
      end: { stopped: 'interrupted' },
      took: 15_000,
    });
  });
});

describe('http/events', () => {
  const stream = { 'content-type': 'text/event-stream; charset=utf-8' };
  const wait = (given: object, options: Waiting) =>
    waitFor('http/events', { url: 'http://api.example.com/stream', listen: '1s', ...given }, options);
  const pieces =
    (...texts: readonly string[]): RequestListener =>
    (_request, response) => {
      response.writeHead(200, stream);
      for (const text of texts) response.write(text);
    };

  test('is so with the first event that fits, however it comes', async () => {
    const { hosts, asked } = await served(
      pieces(
        ': hello\n\n',
        'event: status\r\ndata: {"state":"running"}\r\n\r\n',
        'data: {"state":\ndata: "do',
        'ne"}\n',
        '\n',
      ),
    );
    const waited = await wait({ json: { state: 'done' } }, { hosts });
    expect(waited).toMatchObject({ end: { finished: 'done' }, step: { outputs: { data: '{"state":\n"done"}' } } });
    expect(asked[0]?.headers.accept).toBe('text/event-stream');
  });

  test('listens again where the event came only later', async () => {
    const { hosts } = await served(
      (_request, response) => void response.writeHead(200, stream).end('data: one\n\n'),
      pieces('event: final\ndata: two\n\n'),
    );
    const waited = await wait({ event: 'final' }, { hosts });
    expect(waited.end).toEqual({ finished: 'done' });
    expect(seenBy(waited)).toEqual(['final: two']);
  });

  test('never: says how many came, the last one, and why it stopped listening', async () => {
    const { hosts } = await served(
      (_request, response) => void response.writeHead(200, stream).end('data: a\n\ndata: b\n\ndata: no blank line'),
    );
    const waited = await wait({ contains: 'done' }, { hosts, within: '1s' });
    expect(whyOf(waited)).toContain(
      'expected an event with "done", seen 2 events, the last: message: b (the server ended it)',
    );
  });

  test('a stream that is open and silent is told from one that breaks off', async () => {
    const silent = await wait(
      {},
      {
        ...(await served((_request, response) => void response.writeHead(200, stream).flushHeaders())),
        within: '1s',
        limit: 500,
      },
    );
    expect(whyOf(silent)).toContain('seen no event (timed out after 0.5 s)');
    expect(silent.step.hint).toContain('buffering');
    const broken = await wait(
      {},
      {
        ...(await served((_request, response) => {
          response.writeHead(200, stream);
          response.write('data: half', () => response.socket?.destroy());
        })),
        within: '1s',
      },
    );
    expect(whyOf(broken)).toContain('seen no event (connection closed by the other side)');
  });

  test('the one that fits is found among very many, each read once', async () => {
    const { hosts } = await served((_request, response) => {
      response.writeHead(200, stream);
      for (let n = 0; n < 40_000; n += 1) response.write(`data: {"state":"running","n":${n}}\n\n`);
      response.write('data: {"state":"done"}\n\n');
    });
    // Were each read again for each that follows, it would not be found in that time.
    const waited = await wait({ json: { state: 'done' }, listen: '1m' }, { hosts, within: '1s' });
    expect(waited.end).toEqual({ finished: 'done' });
  });

  test('an answer that is no stream is told with its kind', async () => {
    const { hosts } = await served(says(200, '<html>', { 'content-type': 'text/html' }));
    expect(whyOf(await wait({}, { hosts, within: '1s' }))).toContain('seen 200, text/html: <html>');
    const down = await wait({}, { hosts: local(closedPort), within: '1s' });
    expect(down.end).toMatchObject({ exit: 4 });
  });

  test('is left when it is stopped while it listens', async () => {
    const stop = new AbortController();
    const { hosts } = await served((_request, response) => {
      response.writeHead(200, stream).flushHeaders();
      response.write('data: one\n\n', () => stop.abort());
    });
    expect(await wait({ contains: 'done', listen: '1m' }, { hosts, stop: stop.signal })).toMatchObject({
      end: { stopped: 'interrupted' },
    });
  });
});

describe('http/cors', () => {
  const origin = 'https://www.example.com';
  const allows = (more: Record<string, string> = {}) =>
    says(204, '', {
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET,PUT',
      'access-control-allow-headers': 'Content-Type, X-Key',
      ...more,
    });
  const wait = (given: object, options: Waiting) =>
    waitFor('http/cors', { url: 'http://api.example.com/v1/events', origin, ...given }, { within: '1s', ...options });

  test('asks as a browser does, and is so where the origin may', async () => {
    const { hosts, asked } = await served(allows());
    expect((await wait({ headers: ['Content-Type', 'x-key'] }, { hosts })).end).toEqual({ finished: 'done' });
    expect(asked[0]).toMatchObject({
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type, x-key',
      },
    });
  });

  test('becomes so once the list of origins was mended and deployed', async () => {
    const { hosts } = await served(allows({ 'access-control-allow-origin': 'https://example.com' }), allows());
    expect(await wait({}, { hosts, within: '1m' })).toMatchObject({ end: { finished: 'done' }, took: 5_000 });
  });

  test.each<[object, RequestListener, string]>([
    [
      {},
      says(204),
      'expected access-control-allow-origin: https://www.example.com, seen access-control-allow-origin: not there',
    ],
    [{}, says(404), 'expected an answer 2xx to OPTIONS, seen 404'],
    [{}, says(401), 'expected an answer 2xx to OPTIONS, seen 401'],
    [{ method: 'DELETE' }, allows(), 'expected access-control-allow-methods with DELETE, seen get, put'],
    [
      { headers: ['authorization'] },
      allows({ 'access-control-allow-headers': '*' }),
      'expected access-control-allow-headers with authorization, seen *',
    ],
    [
      { credentials: true },
      allows({ 'access-control-allow-origin': '*' }),
      'expected access-control-allow-origin: https://www.example.com, seen access-control-allow-origin: *',
    ],
    [{ credentials: true }, allows(), 'expected access-control-allow-credentials: true, seen not there'],
    [{ allowed: false }, allows(), 'expected https://www.example.com is refused, seen 204'],
  ])('%j: never, with the header that is wrong', async (given, answer, words) => {
    const waited = await wait(given, await served(answer));
    expect(waited.step.status).toBe('failed');
    expect(whyOf(waited)).toContain(words);
  });

  test('another origin that is refused is so where it must be', async () => {
    const { hosts } = await served(allows({ 'access-control-allow-origin': 'https://example.com' }));
    expect((await wait({ allowed: false }, { hosts })).end).toEqual({ finished: 'done' });
  });

  test('a server in trouble, down, or silent tells nothing about origins', async () => {
    expect(whyOf(await wait({ allowed: false }, await served(says(500, 'oops'))))).toContain(
      'answered the preflight with 500: oops',
    );
    expect((await wait({}, { hosts: local(closedPort) })).end).toMatchObject({ exit: 4 });
    expect((await wait({}, { ...(await served(hangs)), limit: 60 })).end).toMatchObject({ exit: 4 });
    const port = await serveTcp((socket) => socket.end('HTTP/1.1 204'));
    expect((await wait({}, { hosts: local(port) })).end).toMatchObject({ exit: 4 });
  });

  test('is left when it is stopped', async () => {
    expect(await wait({}, { ...(await served(says(404))), within: '1m', stopAfter: 5_000 })).toMatchObject({
      end: { stopped: 'interrupted' },
    });
  });
});

describe('http/rate-limit', () => {
  const limited = (limit: number, already = 0): RequestListener => {
    let calls = already;
    return (_request, response) => void response.writeHead(++calls > limit ? 429 : 202).end();
  };
  const wait = (given: object, options: Waiting) =>
    waitFor(
      'http/rate-limit',
      { url: 'http://api.example.com/v1/events', method: 'POST', 'json-body': { type: 'ping' }, allowed: 20, ...given },
      { within: '1s', ...options },
    );

  test('is so where the calls pass and the next is refused; no more are made than needed', async () => {
    const { hosts, asked } = await served(limited(20));
    const waited = await wait({}, { hosts });
    expect(waited).toMatchObject({ end: { finished: 'done' }, step: { outputs: { passed: '20' } } });
    expect(asked.length).toBeLessThanOrEqual(25);
  });

  test('calls of before still count: it is tried again when the window has passed', async () => {
    let calls = 5;
    const { hosts } = await served((_request, response) => {
      const refuse = ++calls > 20;
      if (refuse) setImmediate(() => (calls = 0));
      response.writeHead(refuse ? 429 : 202).end();
    });
    const waited = await wait({}, { hosts, within: '10m' });
    expect(waited.end).toEqual({ finished: 'done' });
  });

  test('no limit at all ends it at once: waiting would not make one', async () => {
    const { hosts, asked } = await served(says(202));
    const waited = await wait({}, { hosts, within: '10m' });
    expect(waited).toMatchObject({ step: { status: 'failed' }, took: 0 });
    expect(whyOf(waited)).toContain('expected 429 after 20 calls, seen 25 calls, all answered');
    expect(asked).toHaveLength(25);
  });

  test('another error is told instead, at once', async () => {
    expect(whyOf(await wait({}, await served(says(400, 'type is missing'))))).toContain('seen 400: type is missing');
  });

  test('a server that is down, cuts its answers, or is silent leaves it unknown', async () => {
    expect((await wait({}, { hosts: local(closedPort) })).end).toMatchObject({ exit: 4 });
    expect(whyOf(await wait({}, await served(half)))).toContain('did not answer each of the calls');
    expect((await wait({}, { ...(await served(hangs)), limit: 60 })).end).toMatchObject({ exit: 4 });
  });

  test('is left when it is stopped', async () => {
    const stop = new AbortController();
    expect(await wait({}, { ...(await served(() => stop.abort())), stop: stop.signal })).toMatchObject({
      end: { stopped: 'interrupted' },
    });
  });
});

describe('http/request', () => {
  const go: Waiting['script'] = [['steps.it.act', 'go']];
  const kept: Waiting['script'] = [...go, ['steps.it.way', { stop: true }]];
  const send = (given: object, options: Waiting) =>
    waitFor(
      'http/request',
      { url: 'http://api.example.com/v1/chat', 'json-body': { message: 'hi' }, ...given },
      { script: go, ...options },
    );

  test('is done with the answer, and sent once', async () => {
    const { hosts, asked } = await served(says(202, '{"id":"m-1"}'));
    expect(await send({ save: { id: 'id' } }, { hosts })).toMatchObject({
      end: { finished: 'done' },
      step: { outputs: { status: '202', id: 'm-1' } },
    });
    expect(asked).toHaveLength(1);
  });

  test('a refusal, a page of something else, and a server that is down have failed, and say so', async () => {
    const refused = await send({}, { ...(await served(says(401, 'who?'))), script: kept });
    expect(whyOf(refused)).toContain('POST http://api.example.com/v1/chat was answered with 401: who?');
    const page = await send({ save: { id: 'id' } }, { ...(await served(says(200, '<html>Sign in'))), script: kept });
    expect(whyOf(page)).toContain('was carried out (200), but its answer has no id: <html>Sign in');
    const down = await send({}, { hosts: local(closedPort), script: kept });
    expect(whyOf(down)).toContain('did not get there: connection refused');
  });

  test('half an answer and none in time leave a doubt: nothing is sent again unasked', async () => {
    const cut = await served(half);
    const broken = await send({}, { ...cut, script: kept });
    expect(broken.step.status).toBe('in-doubt');
    expect(broken.screen.join('\n')).toContain('connection closed by the other side; it may have been carried out');
    expect(cut.asked).toHaveLength(1);
    // Out of time once the request has arrived, however long that takes here.
    const time = new AbortController();
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(time.signal);
    onTestFinished(() => timeout.mockRestore());
    const mute = await served(() => time.abort());
    const late = await send({}, { ...mute, limit: 60, script: kept });
    expect(late.step.status).toBe('in-doubt');
    expect(late.screen.join('\n')).toContain('timed out after 0.06 s; it may have been carried out');
    expect(mute.asked).toHaveLength(1);
  });

  test('stopped while it waits for the answer, it is in doubt and not sent again', async () => {
    const stop = new AbortController();
    const { hosts, asked } = await served(() => stop.abort());
    const waited = await send({}, { hosts, stop: stop.signal });
    expect(waited).toMatchObject({ end: { stopped: 'interrupted' }, step: { status: 'in-doubt' } });
    expect(asked).toHaveLength(1);
  });
});
