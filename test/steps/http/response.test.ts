import { expect, test } from 'vitest';
import { response } from '../../../steps/http/response.ts';
import { answer, http, noAnswer, patient, ports } from './ports.ts';

const look = async (want: object, given: ReturnType<typeof answer>, tries = 1) => {
  const port = http(
    Array.from({ length: tries }, () => ({ asked: 'GET https://api.example.com/health', answer: given })),
  );
  const seen = await response.verify?.(
    response.with.parse({ url: 'https://api.example.com/health', ...want }),
    ports({ http: port, ...patient }),
    {},
  );
  port.done();
  return seen;
};

test('a status that is expected is so', async () => {
  expect(await look({ status: [200, 204] }, answer(204))).toEqual({
    is: 'so',
    seen: '204',
    outputs: { status: '204' },
  });
});

test('another status is not so (a proxy in trouble after three tries), with the beginning of the body and the usual reason', async () => {
  expect(await look({}, answer(502, 'bad\n  gateway'), 3)).toEqual({
    is: 'not-so',
    expected: '200',
    seen: '502: bad gateway',
    hint: 'On Fly: no machine answers, or the app listens on another port than fly.toml says.',
  });
});

test('a redirect is an answer, and says where to', async () => {
  expect(await look({}, answer(301, '', { location: 'http://elsewhere/' }))).toMatchObject({
    is: 'not-so',
    seen: '301, to http://elsewhere/: an empty body',
  });
});

test('no answer is unknown, never not-so', async () => {
  expect(await look({}, noAnswer('ECONNREFUSED'))).toEqual({
    is: 'unknown',
    why: 'no answer from api.example.com: ECONNREFUSED',
  });
});

test('a JSON pattern is a subset for objects, exact for scalars, element by element for lists', async () => {
  const want = { json: { status: 'ok', checks: [{ name: 'db' }], count: 1 } };
  const good = { status: 'ok', version: 'x', checks: [{ name: 'db', ms: 3 }], count: 1 };
  expect(await look(want, answer(200, good))).toMatchObject({ is: 'so' });
  expect(await look(want, answer(200, { ...good, checks: [], count: '1' }))).toMatchObject({
    is: 'not-so',
    expected: 'checks: a list of 1; count: 1',
    seen: '200, checks: a list of 0; count: "1"',
  });
  expect(await look(want, answer(200, '<html>'))).toMatchObject({
    is: 'not-so',
    expected: 'a JSON body',
    seen: '200, <html>',
  });
});

test('text and headers are compared too; a charset beside the content type does not matter', async () => {
  const want = { contains: 'up', 'expect-headers': { 'Content-Type': 'application/json', 'x-release': 'v1' } };
  const headers = { 'content-type': 'application/json; charset=utf-8', 'x-release': 'v0' };
  expect(await look(want, answer(200, 'all up', headers))).toMatchObject({
    is: 'not-so',
    expected: 'x-release: v1',
    seen: '200, x-release: v0',
  });
});

test('a JSON body brings its content type, and a secret header stands in no text', async () => {
  const port = http([{ asked: 'POST https://api.example.com/v1 {"message":"hi"}', answer: answer(403, 'no') }]);
  const want = response.with.parse({
    url: 'https://api.example.com/v1',
    method: 'POST',
    headers: { authorization: 'Bearer abc123secret' },
    'json-body': { message: 'hi' },
  });
  const seen = await response.verify?.(want, ports({ http: port }), {});
  expect(port.requests[0]?.headers).toEqual({
    authorization: 'Bearer abc123secret',
    'content-type': 'application/json',
  });
  expect(JSON.stringify([seen, response.describe(want)])).not.toContain('abc123secret');
});

test.each([
  [{ url: 'ftp://x' }, 'url'],
  [{ url: 'https://x', body: 'a', 'json-body': 1 }, 'body'],
  [{ url: 'https://x', statuss: 1 }, 'statuss'],
])('%j is refused', (want, word) => {
  expect(response.with.safeParse(want).error?.message).toContain(word);
});
