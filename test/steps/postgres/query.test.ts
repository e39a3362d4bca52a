// postgres/query against a server of its protocol: right, wrong, refused, silent, cut off, stopped; and never anything but reading.
import { describe, expect, test } from 'vitest';
import { createPostgres } from '../../../src/system/postgres.ts';
import { query } from '../../../steps/postgres/query.ts';
import { closeAll, lookDue, rehearse } from '../../rehearsal/rehearsing.ts';
import { type PostgresServer, type Reply, servePostgres } from '../../system/postgres-server.ts';
import { closedPort, serveTcp } from '../../system/servers.ts';
import { seenBy, type Waiting, waitFor, whyOf } from '../waiting.ts';

const short = { connect: 400, statement: 400 };
const text = 'select count(*) from leads';
const wait = (port: number, given: object, options: Waiting = {}, limits?: typeof short) =>
  waitFor(
    'postgres/query',
    { query: text, database: 'app', user: 'app', port, ...given },
    { within: '10s', ...options, world: { postgres: createPostgres(limits) } },
  );
const rows = (...values: readonly string[]): Reply => ({ rows: values.map((value) => [value]) });
const served = (reply: Reply): Promise<PostgresServer> => servePostgres(() => reply);

describe('postgres/query', () => {
  test('is done at once where the answer is right; the statement stands alone in a transaction that reads', async () => {
    const { port, asked } = await served(rows('0'));
    const waited = await wait(port, { value: 0 });
    expect(waited).toMatchObject({ end: { finished: 'done' }, took: 0, step: { outputs: { value: '0', rows: '1' } } });
    expect(seenBy(waited)).toEqual(['1 row: 0']);
    expect(asked).toEqual(['begin read only', text]);
  });

  test('waits until the rows are there, and says what was there before', async () => {
    let times = 0;
    const { port } = await servePostgres(() =>
      rows(...(++times > 2 ? ['leads', 'events', 'form_submissions'] : ['leads'])),
    );
    const waited = await wait(port, { contains: ['leads', 'events'] });
    expect(waited).toMatchObject({ end: { finished: 'done' }, took: 10_000 });
    expect(waited.screen.find((line) => line.includes('not yet'))).toMatch(
      /with leads, events: not yet \(.+ left\): seen without events: 1 row: leads/,
    );
  });

  test.each<[object, Reply, string]>([
    [{ value: 1 }, rows('0'), 'expected 1, seen 1 row: 0'],
    [{ count: 0 }, rows('spam'), 'expected 0 rows, seen 1 row: spam'],
    [{ 'at-least': 2 }, rows('one'), 'expected 2 rows or more, seen 1 row: one'],
    [{}, rows(), 'expected 1 row or more, seen no row'],
    [
      {},
      { error: { code: '42P01', message: 'relation "leads" does not exist' } },
      'seen relation "leads" does not exist',
    ],
  ])('%j of %j: never, in words', async (given, reply, words) => {
    const waited = await wait((await served(reply)).port, given);
    expect(waited).toMatchObject({ end: { exit: 1 }, step: { status: 'failed' }, took: 10_000 });
    expect(whyOf(waited)).toContain(words);
  });

  test('what would change something fails at once', async () => {
    const { port } = await served({
      error: { code: '25006', message: 'cannot execute DELETE in a read-only transaction' },
    });
    const waited = await wait(port, { query: 'delete from leads' });
    expect(waited).toMatchObject({ step: { status: 'failed' }, took: 0 });
    expect(waited.step.hint).toContain('A check never changes anything');
  });

  test('a password is sent and nowhere told; a wrong one is unknown, with the reason', async () => {
    const { port } = await servePostgres(() => rows('1'), { password: 'correct-horse' });
    expect((await wait(port, { password: 'correct-horse' })).end).toEqual({ finished: 'done' });
    const wrong = await wait(port, { password: 'battery-staple' });
    expect(wrong).toMatchObject({ end: { exit: 4 }, step: { status: 'waiting' } });
    expect(whyOf(wrong)).toContain('password authentication failed for user "app" (28P01)');
    expect(JSON.stringify(wrong.screen)).not.toContain('battery-staple');
    expect(query.secretFields).toEqual(['url', 'password']);
  });

  test('the whole address may be given as one secret, and is told in no text', async () => {
    const { port } = await servePostgres(() => rows('1'), { password: 'p@ss/word' });
    const url = `postgresql://app:${encodeURIComponent('p@ss/word')}@127.0.0.1:${port}/app?connect_timeout=5`;
    const waited = await waitFor('postgres/query', { query: text, url }, { world: { postgres: createPostgres() } });
    expect(waited.end).toEqual({ finished: 'done' });
    expect(JSON.stringify([waited.screen, query.describe(query.with.parse({ query: text, url }))])).not.toContain(
      'p%40ss',
    );
    const broken = await waitFor(
      'postgres/query',
      { query: text, url: 'mysql://x' },
      { within: '1s', world: { postgres: createPostgres() } },
    );
    expect(whyOf(broken)).toContain('`url` is not of the form');
    expect(query.with.safeParse({ query: text }).error?.message).toContain('give `url`');
  });

  test('a tunnel that is down, a server that is silent, half an answer, and none of PostgreSQL are unknown', async () => {
    const down = await wait(closedPort, {});
    expect(whyOf(down)).toContain('app at 127.0.0.1:');
    expect(whyOf(down)).toContain('connection refused');
    expect(down.step.looks.done?.checks[0]?.hint).toContain('Is the tunnel up (`fly proxy`)');
    const mute = await serveTcp(() => {});
    expect(whyOf(await wait(mute, {}, {}, short))).toContain('timed out');
    expect(whyOf(await wait((await served('silent')).port, {}, {}, short))).toContain('timed out');
    expect(whyOf(await wait((await served('half')).port, {}))).toContain('connection closed by the other side');
    const web = await serveTcp((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect((await wait(web, {}, {}, short)).end).toMatchObject({ exit: 4 });
    const plain = await wait((await served(rows('1'))).port, { tls: true });
    expect(whyOf(plain)).toMatch(/does not support SSL/i);
  });

  test('is left at once when it is stopped', async () => {
    const stop = new AbortController();
    const { port } = await servePostgres(() => {
      stop.abort();
      return 'silent';
    });
    expect(await wait(port, {}, { stop: stop.signal })).toMatchObject({ end: { stopped: 'interrupted' } });
  });

  test('in a rehearsal a query has the answer that its step asks for, and no other has one', async () => {
    const { world } = await rehearse();
    const given = { query: text, database: 'app', port: 15_432 };
    expect(await lookDue(world, query, given, { pretend: false })).toMatchObject({
      is: 'unknown',
      why: expect.stringContaining('no stand-in'),
    });
    const whole = { query: text, url: 'postgres://app:secret@localhost:15432/app', value: 3 };
    expect(await lookDue(world, query, whole)).toMatchObject({ is: 'so' });
    for (const more of [{ value: 0 }, { count: 0 }, { contains: ['a', 'b'], 'at-least': 3 }, {}])
      expect(await lookDue(world, query, { ...given, ...more })).toMatchObject({ is: 'so' });
    await closeAll();
  });
});

/** The real thing, where the machine has one: set LAUNCH_TEST_POSTGRES to `host:port/database/user/password`. */
const [host = '', port = '', database = '', user = '', password = ''] = (process.env.LAUNCH_TEST_POSTGRES ?? '').split(
  /[:/]/,
);

describe.skipIf(host === '')('a real PostgreSQL', () => {
  const given = { host, port: Number(port), database, user, password, tls: false };

  test('answers, says what is missing, and lets nothing be changed', async () => {
    const { ask } = createPostgres();
    expect(await ask({ ...given, query: 'select 1, null, true' })).toEqual({ rows: [['1', null, 't']] });
    expect(await ask({ ...given, query: 'select * from no_such_table' })).toMatchObject({ code: '42P01' });
    expect(await ask({ ...given, query: 'create table launchbook_test (a int)' })).toMatchObject({ code: '25006' });
    expect(await ask({ ...given, query: 'select 1; commit; create table launchbook_test (a int)' })).toMatchObject({
      code: '42601',
    });
    expect(await ask({ ...given, password: 'wrong', query: 'select 1' })).toMatchObject({ code: '28P01' });
  });
});
