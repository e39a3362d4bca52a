import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { hasKey, list, write } from '../../../steps/appstore/client.ts';
import { answer, noAnswer } from '../http/ports.ts';
import { asc, page, refusal, row } from './asc.ts';

const Attributes = z.object({ name: z.string() });
const apps = (world: ReturnType<typeof asc>) => list('/v1/apps', { 'filter[name]': 'x' }, Attributes, world.ports);
const one = page([row('apps', '1', { name: 'one' })]);
const why = async (...answers: readonly ReturnType<typeof answer>[]) => {
  const read = await apps(asc({ 'GET /v1/apps': answers }));
  return read.ok ? 'read' : read.problem;
};

describe('reading', () => {
  test('follows every page of the same server', async () => {
    const world = asc({
      'GET /v1/apps': [
        page([row('apps', '1', { name: 'one' })], { links: { next: 'https://asc.test/v1/apps?cursor=2' } }),
        page([row('apps', '2', { name: 'two' })]),
      ],
    });
    const read = await apps(world);
    expect(read.ok && read.value.rows.map(({ id, attributes }) => `${id} ${attributes.name}`)).toEqual([
      '1 one',
      '2 two',
    ]);
    expect(world.requests).toEqual(['GET /v1/apps?limit=200&filter[name]=x', 'GET /v1/apps?cursor=2']);
  });

  test('a next page on another host is refused, and the token not sent there', async () => {
    expect(await why(page([], { links: { next: 'https://evil.test/v1/apps' } }))).toMatchObject({
      why: expect.stringContaining('evil.test'),
    });
  });

  test('one 401 is answered with a new token', async () => {
    expect(await why(refusal(401, 'NOT_AUTHORIZED'), one)).toBe('read');
    expect(await why(refusal(401, 'NOT_AUTHORIZED'))).toMatchObject({
      why: expect.stringContaining('NOT_AUTHORIZED'),
      hint: expect.stringContaining('clock'),
    });
  });

  test('too many requests and a server in trouble are waited out, longer each time', async () => {
    const world = asc({
      'GET /v1/apps': [refusal(429, 'RATE_LIMIT_EXCEEDED'), answer(502, '<html>'), noAnswer('ECONNRESET'), one],
    });
    expect((await apps(world)).ok).toBe(true);
    expect(world.slept).toEqual([1_000, 2_000, 4_000]);
  });

  test.each([
    [refusal(403, 'FORBIDDEN.REQUIRED_AGREEMENTS_MISSING_OR_EXPIRED'), 'Account Holder must accept an agreement'],
    [refusal(403, 'FORBIDDEN_ERROR.PLA_NOT_ACCEPTED'), 'Account Holder must accept an agreement'],
    [refusal(403, 'FORBIDDEN_ERROR', 'There is no active membership'), 'membership'],
    [answer(403, '<html>no</html>'), 'lacks the right'],
  ])('a refusal says who can help', async (refused, hint) => {
    expect(await why(refused)).toMatchObject({ hint: expect.stringContaining(hint) });
  });

  test('errors that hang on the first are told too', async () => {
    const associatedErrors = { '/v1/x': [{ code: 'ENTITY_ERROR', detail: 'no screenshot' }] };
    const body = { errors: [{ code: 'STATE_ERROR', detail: 'not complete', meta: { associatedErrors } }] };
    expect(await why(answer(409, body))).toMatchObject({
      why: 'App Store Connect: not complete [409 STATE_ERROR]; no screenshot',
    });
  });

  test('a clock that is off is told with a refused token, the limit with too many requests', async () => {
    const late = { ...refusal(401, 'NOT_AUTHORIZED'), headers: { date: 'Sat, 21 Nov 2026 11:58:00 GMT' } };
    expect(await why(late)).toMatchObject({ hint: expect.stringContaining("clock is 120 s ahead of Apple's") });
    const right = { ...refusal(401, 'NOT_AUTHORIZED'), headers: { date: 'Sat, 21 Nov 2026 12:00:05 GMT' } };
    expect(await why(right)).toMatchObject({ hint: expect.not.stringContaining('ahead') });
    const limited = {
      ...refusal(429, 'RATE_LIMIT_EXCEEDED'),
      headers: { 'x-rate-limit': 'user-hour-lim:3500;user-hour-rem:0;' },
    };
    expect(await why(limited)).toMatchObject({
      hint: 'Too many requests with this key: wait some minutes. Apple allows this key 3500 requests an hour; 0 are left.',
    });
  });

  test('an answer of another shape is said, not guessed', async () => {
    expect(await why(page([row('apps', '1', { title: 'x' })]))).toMatchObject({
      why: expect.stringContaining('data.0.attributes.name'),
    });
    expect(await why(answer(200, 'hello'))).toHaveProperty('why');
  });
});

describe('writing', () => {
  const post = (given: ReturnType<typeof answer>) =>
    write('POST', '/v1/bundleIds', { type: 'bundleIds' }, asc({ 'POST /v1/bundleIds': [given] }).ports);

  test('gives the id of what was made', async () => {
    expect(await post(answer(201, { data: { type: 'bundleIds', id: 'b1' } }))).toEqual({ ended: 'ok', id: 'b1' });
  });

  test('a refusal has failed, with the field; a lost answer or an error of Apple is unclear', async () => {
    expect(await post(refusal(409, 'ENTITY_ERROR.ATTRIBUTE.INVALID', 'bad', '/data/attributes/name'))).toMatchObject({
      ended: 'failed',
      why: 'App Store Connect: bad (/data/attributes/name) [409 ENTITY_ERROR.ATTRIBUTE.INVALID]',
    });
    expect(await post(noAnswer('ECONNRESET'))).toMatchObject({ ended: 'unclear' });
    expect(await post(refusal(500, 'UNEXPECTED_ERROR'))).toMatchObject({ ended: 'unclear' });
  });
});

describe('the key', () => {
  test('without its variables nothing is asked', async () => {
    const world = asc({}, { ASC_KEY_ID: '' });
    expect(hasKey(world.ports)).toBe(false);
    const read = await apps(world);
    expect(read.ok ? '' : read.problem.why).toBe('no App Store Connect key (ASC_KEY_ID, ASC_ISSUER_ID, ASC_KEY_FILE)');
    expect(world.requests).toEqual([]);
  });

  test("a person's own key signs as `user`, without an issuer", async () => {
    const world = asc({ 'GET /v1/apps': [one] }, { ASC_ISSUER_ID: '' });
    expect((await apps(world)).ok).toBe(true);
  });

  test('it may lie in the project; a file that is not there is named', async () => {
    expect((await apps(asc({ 'GET /v1/apps': [one] }, { ASC_KEY_FILE: 'keys/in-project.p8' }))).ok).toBe(true);
    const read = await apps(asc({}, { ASC_KEY_FILE: 'keys/none.p8' }));
    expect(read.ok ? '' : read.problem.why).toBe('there is no file keys/none.p8 (ASC_KEY_FILE)');
  });

  test.each([
    ['-----BEGIN EC PRIVATE KEY-----\nsecretsecret\n', 'PKCS#8'],
    ['secretsecret', 'not an App Store Connect key'],
  ])('a file of another form is refused without quoting it', async (text, words) => {
    const world = asc({});
    const env = { get: world.ports.env.get, file: async () => text };
    const read = await list('/v1/apps', {}, Attributes, { ...pick(world.ports), env });
    expect(read.ok ? '' : read.problem.why).toContain(words);
    expect(JSON.stringify(read)).not.toContain('secretsecret');
  });
});

const pick = ({ http, files, clock, urls, signal }: ReturnType<typeof asc>['ports']) => ({
  http,
  files,
  clock,
  urls,
  signal,
});
