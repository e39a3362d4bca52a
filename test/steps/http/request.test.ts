import { expect, test } from 'vitest';
import { request } from '../../../steps/http/request.ts';
import { answer, http, noAnswer, ports } from './ports.ts';

const url = 'https://api.example.com/v1/chat';
const act = async (want: object, given: ReturnType<typeof answer>) => {
  const parsed = request.with.parse({ url, 'json-body': { message: 'hi' }, ...want });
  const port = http([{ asked: `${parsed.method} ${url} {"message":"hi"}`, answer: given }]);
  const acted = await request.act?.(parsed, ports({ http: port }), {});
  expect(port.requests.map(({ how }) => how)).toEqual(['send']);
  return acted;
};

test('what the author saves of the answer becomes outputs', async () => {
  expect(
    await act(
      { save: { id: 'data.items.0.id', ok: 'ok' } },
      answer(202, { data: { items: [{ id: 'm-1' }] }, ok: true }),
    ),
  ).toEqual({
    ended: 'ok',
    seen: '202: {"data":{"items":[{"id":"m-1"}]},"ok":true}',
    outputs: { status: '202', id: 'm-1', ok: 'true' },
  });
});

test('an answer without what is saved says that it was carried out', async () => {
  expect(await act({ save: { id: 'id' } }, answer(201, {}))).toEqual({
    ended: 'failed',
    why: `POST ${url} was carried out (201), but its answer has no id: {}`,
    hint: 'Sending it again would do it twice. Look at what it did first.',
  });
});

test('a refusal has failed', async () => {
  expect(await act({}, answer(401, 'who?'))).toMatchObject({
    ended: 'failed',
    why: `POST ${url} was answered with 401: who?`,
  });
});

test('a lost answer and a server error are unclear', async () => {
  expect(await act({}, noAnswer('connection closed by the other side'))).toMatchObject({ ended: 'unclear' });
  expect(await act({}, noAnswer('timed out after 10 s'))).toMatchObject({ ended: 'unclear' });
  expect(await act({}, answer(503, ''))).toMatchObject({ ended: 'unclear' });
});

test('what never got there has failed, and a GET may be sent again', async () => {
  for (const failed of [
    'connection refused',
    'name not found',
    'certificate has expired',
    'connection closed during the TLS handshake (no certificate for this name yet?)',
  ]) {
    expect(await act({}, noAnswer(failed))).toMatchObject({ ended: 'failed' });
  }
  expect(await act({ method: 'GET' }, noAnswer('connection closed by the other side'))).toMatchObject({
    ended: 'failed',
  });
  expect(await act({ method: 'GET' }, answer(500))).toMatchObject({ ended: 'failed' });
});

test('commands name method and address, never headers', () => {
  const want = request.with.parse({ url, headers: { authorization: 'Bearer s3cr3t' } });
  expect(JSON.stringify([request.commands?.(want), request.describe(want)])).not.toContain('s3cr3t');
});
