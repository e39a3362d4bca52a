import { expect, test } from 'vitest';
import { poll } from '../../../steps/http/poll.ts';
import { answer, http, noAnswer, patient, ports } from './ports.ts';

const url = 'https://api.example.com/jobs/1';
const look = async (want: object, given: ReturnType<typeof answer>) => {
  const port = http([{ asked: `GET ${url}`, answer: given }]);
  return poll.verify?.(poll.with.parse({ url, ...want }), ports({ http: port, ...patient }), {});
};

test('202 and 404 are pending', async () => {
  expect(await look({}, answer(202))).toEqual({ is: 'not-so', expected: '200', seen: '202: not ready yet' });
  expect(await look({}, answer(404))).toEqual({ is: 'not-so', expected: '200', seen: '404: not ready yet' });
});

test('the answer becomes the output', async () => {
  expect(await look({ json: { state: 'done' } }, answer(200, { state: 'done', text: 'hello' }))).toEqual({
    is: 'so',
    seen: '200: {"state":"done","text":"hello"}',
    outputs: { body: '{"state":"done","text":"hello"}' },
  });
});

test('a body that is not there yet is waited for', async () => {
  const seen = await look({ json: { state: 'done' } }, answer(200, { state: 'running' }));
  expect(seen).toEqual({ is: 'not-so', expected: 'state: "done"', seen: '200, state: "running"' });
});

test('a refusal is final, a server in trouble is not', async () => {
  expect(await look({}, answer(403, 'no'))).toMatchObject({ is: 'not-so', final: true });
  expect(await look({ pending: [202] }, answer(404, 'race'))).not.toHaveProperty('final');
  expect(await look({}, answer(500, 'oops'))).not.toHaveProperty('final');
});

test('no answer is unknown', async () => {
  expect(await look({}, noAnswer('time-out'))).toMatchObject({ is: 'unknown' });
});
