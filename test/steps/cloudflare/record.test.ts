// cloudflare/record: what is decided about a zone, what the API refuses and why, and whole steps against the stand-in, by program and by hand.
import { afterEach, describe, expect, test } from 'vitest';
import type { World } from '../../../src/system/world.ts';
import { createScriptedFace } from '../../../src/ui/scripted.ts';
import { record } from '../../../steps/cloudflare/record.ts';
import { decide, type Stored } from '../../../steps/cloudflare/records.ts';
import { closeAll, portsOf, rehearse } from '../../rehearsal/rehearsing.ts';
import { answer, http, noAnswer, ports } from '../http/ports.ts';
import { type Waiting, waitFor, whyOf } from '../waiting.ts';

afterEach(closeAll);

const given = { name: 'api.example.com', type: 'CNAME', value: 'x1.app.fly.dev' };
const go: Waiting['script'] = [['steps.it.act', 'go']];
const row = (type: string, content: string, more: Partial<Stored> = {}): Stored => ({
  id: `${type}-${content}`,
  type,
  name: 'api.example.com',
  content,
  ttl: 1,
  proxied: false,
  ...more,
});

describe('about the records that are there', () => {
  const want = { name: 'api.example.com', type: 'A', value: '192.0.2.1', proxied: false, replace: false } as const;
  const cname = { ...want, type: 'CNAME', value: 'X1.app.fly.dev.' } as const;
  const txt = { ...want, type: 'TXT', value: 'app-abc' } as const;

  test.each([
    [want, [], 'create'],
    [want, [row('A', '192.0.2.1')], 'nothing'],
    [want, [row('A', '192.0.2.1', { proxied: true })], 'change'],
    [{ ...want, ttl: 60 }, [row('A', '192.0.2.1')], 'change'],
    [want, [row('A', '192.0.2.9')], 'stop'],
    [{ ...want, replace: true }, [row('A', '192.0.2.9')], 'change'],
    [{ ...want, replace: true }, [row('A', '192.0.2.1'), row('A', '192.0.2.9')], 'stop'],
    [{ ...want, replace: true }, [row('CNAME', 'x.fly.dev')], 'stop'],
    [want, [row('AAAA', '2001:db8::1'), row('TXT', 'x')], 'create'],
    [cname, [row('CNAME', 'x1.app.fly.dev')], 'nothing'],
    [cname, [row('A', '192.0.2.1')], 'stop'],
    [txt, [row('TXT', '"app-abc"')], 'nothing'],
    [txt, [row('TXT', '"app-" "abc"')], 'nothing'],
    [txt, [row('TXT', '"v=spf1 -all"')], 'create'],
  ])('wanting %j of %j: %s', (wanted, there, does) => {
    expect(decide(wanted, there).do).toBe(does);
  });

  test('where it stops, it says what stands there and what may be done', () => {
    expect(decide(want, [row('A', '192.0.2.9')])).toEqual({
      do: 'stop',
      why: 'api.example.com A says 192.0.2.9 now',
      hint: 'If that may be replaced, write `replace: true` in the step; the old value is kept for taking it back.',
    });
    expect(decide(want, [row('A', '192.0.2.1'), row('A', '192.0.2.9', { proxied: true })])).toMatchObject({
      why: 'api.example.com has 2 A records: A 192.0.2.9 (proxied) shares its traffic',
    });
    expect(decide(cname, [row('A', '192.0.2.1')])).toMatchObject({
      why: 'A 192.0.2.1 stands in the way of a CNAME at api.example.com',
    });
  });
});

describe('what Cloudflare refuses', () => {
  const urls = { appStoreConnect: '', cloudflare: 'https://cf.test', twilio: '' };
  const env = { get: () => ' cf-token-1234567890\n' };
  const refused = (code: number, message: string, status = 403, chain?: object[]) =>
    answer(status, {
      success: false,
      errors: [{ code, message, ...(chain && { error_chain: chain }) }],
      messages: [],
      result: null,
    });
  const first = 'GET https://cf.test/zones?name=api.example.com';
  const look = async (given_: ReturnType<typeof answer>) => {
    const port = http([{ asked: first, answer: given_ }]);
    const seen = await record.verify?.(record.with.parse(given), ports({ http: port, urls, env }), {});
    expect(port.requests[0]?.headers).toMatchObject({ authorization: 'Bearer cf-token-1234567890' });
    return seen;
  };

  test.each([
    [
      refused(10_000, 'Authentication error'),
      'Authentication error (10000)',
      'Zone → DNS → Edit and Zone → Zone → Read',
    ],
    [refused(9109, 'Invalid access token'), '(9109)', 'other IP addresses'],
    [refused(1000, 'Invalid API Token', 401), '(1000)', 'rolled or deleted'],
    [
      refused(6003, 'Invalid request headers', 400, [
        { code: 6111, message: 'Invalid format for Authorization header' },
      ]),
      '(6003); Invalid format for Authorization header (6111)',
      'a line end',
    ],
    [answer(429, { success: false, errors: [] }, { 'retry-after': '290' }), 'too many requests', 'Wait 290 seconds'],
    [answer(502, '<html>bad gateway</html>', {}), 'answered 502 with something that is not JSON', undefined],
    [
      answer(200, { success: false, errors: [{ code: 7003, message: 'no route' }], result: null }),
      'no route (7003)',
      undefined,
    ],
    [answer(200, '{"success":tr'), 'something that is not JSON', undefined],
    [noAnswer('timed out after 10 s'), 'Cloudflare did not answer: timed out after 10 s', undefined],
  ])('is unknown, in words: %j', async (given_, why, hint) => {
    expect(await look(given_)).toEqual({
      is: 'unknown',
      why: expect.stringContaining(why),
      ...(hint !== undefined && { hint: expect.stringContaining(hint) }),
    });
  });

  const zone = (more: object) =>
    answer(200, { success: true, errors: [], result: [{ id: 'z', name: 'api.example.com', ...more }] });

  test.each([
    [
      { status: 'pending', name_servers: ['a.ns.test', 'b.ns.test'] },
      'the zone api.example.com is pending',
      'a.ns.test, b.ns.test',
    ],
    [{ type: 'partial' }, 'DNS of api.example.com is not at Cloudflare', 'where the zone really is'],
    [{ permissions: ['#dns_records:read', '#zone:read'] }, 'this token may only read the records', 'Edit'],
  ])('a zone with %j is told before anything is changed', async (more, why, hint) => {
    expect(await look(zone(more))).toEqual({
      is: 'unknown',
      why: expect.stringContaining(why),
      hint: expect.stringContaining(hint),
    });
  });

  test('all pages of a zone are read, and a filter that takes parts of names does not mislead', async () => {
    const list = 'GET https://cf.test/zones/z/dns_records?name.exact=api.example.com';
    const page = (rows: readonly Stored[]) =>
      answer(200, { success: true, errors: [], result: rows, result_info: { total_pages: 2 } });
    const port = http([
      { asked: first, answer: zone({}) },
      { asked: `${list}&page=1&per_page=100`, answer: page([row('CNAME', 'x', { name: 'new.api.example.com' })]) },
      { asked: `${list}&page=2&per_page=100`, answer: page([row('A', '192.0.2.1')]) },
    ]);
    expect(await record.verify?.(record.with.parse(given), ports({ http: port, urls, env }), {})).toMatchObject({
      is: 'not-so',
      seen: 'A 192.0.2.1 stands in the way of a CNAME at api.example.com',
    });
    port.done();
  });
});

/** As a real run sees the stand-ins: nothing is made so by itself. */
const alone = ({ pretend: _, ...world }: World): World => world;
const typed = (world: World, value: string) => world.pretend?.makeSo('dns/record', { ...given, value }, 'other');

describe('a step', () => {
  test('makes the record, reads it back, and is done when DNS shows it; the second time nothing is made', async () => {
    const { world } = await rehearse();
    const waited = await waitFor('cloudflare/record', given, { world: alone(world), script: go });
    expect(waited.end).toEqual({ finished: 'done' });
    expect(waited.step.outputs).toEqual({ record_id: expect.stringMatching(/^[0-9a-f]{32}$/), previous: '' });
    expect(await world.dns.ask({ name: given.name, type: 'CNAME', server: '192.0.2.53' })).toMatchObject({
      answers: [{ data: 'x1.app.fly.dev' }],
    });
    const again = await waitFor('cloudflare/record', given, { world: alone(world), script: [] });
    expect(again.step).toMatchObject({ status: 'done', attempts: [] });
  });

  test('leaves another value alone unless it may be replaced, and gives it back when it is undone', async () => {
    const { world } = await rehearse();
    await typed(world, 'old.fly.dev');
    const kept = await waitFor('cloudflare/record', given, {
      world: alone(world),
      script: [...go, ['steps.it.way', { stop: true }]],
    });
    expect(whyOf(kept)).toContain('api.example.com CNAME says old.fly.dev now');
    const replaced = await waitFor(
      'cloudflare/record',
      { ...given, replace: true },
      { world: alone(world), script: go, within: '2h' },
    );
    expect(replaced).toMatchObject({
      step: { status: 'done', outputs: { previous: expect.stringContaining('old.fly.dev') } },
    });
    const want = record.with.parse(given);
    const { http: looking } = portsOf(world);
    const undone = await record.undo?.act(
      want,
      ports({ http: { ...looking, send: looking.look }, env: world.env, urls: world.urls }),
      {
        outputs: replaced.step.outputs,
      },
    );
    expect(undone).toEqual({ ended: 'ok' });
    expect(await record.undo?.verify(want, portsOf(world), { outputs: replaced.step.outputs })).toEqual({
      is: 'so',
      seen: 'CNAME old.fly.dev',
    });
  });

  test.each([
    ['cloudflare-reply-lost', 'done', 1],
    ['cloudflare-refused', 'failed', 1],
  ])('with %s the journal ends with %s and no record is doubled', async (fault, status, attempts) => {
    const { world, watch } = await rehearse({ fault: `${fault}@it` });
    // The rehearsal learns which step is at work from the face it watches.
    watch(createScriptedFace([])).card({
      id: 'it',
      title: 'It',
      phase: '',
      position: 1,
      total: 1,
      prose: '',
      commands: [],
      copy: [],
      waiting: [],
    });
    const script: Waiting['script'] = status === 'done' ? go : [...go, ['steps.it.way', { stop: true }]];
    const waited = await waitFor('cloudflare/record', given, { world: alone(world), script: script ?? [] });
    expect(waited.step).toMatchObject({ status });
    expect(waited.step.attempts).toHaveLength(attempts);
  });

  test('proxied, it is taken from the API, with what Fly needs behind the proxy', async () => {
    const { world } = await rehearse();
    const waited = await waitFor('cloudflare/record', { ...given, proxied: true }, { world: alone(world), script: go });
    expect(waited.step).toMatchObject({
      status: 'done',
      evidence: { seen: [{ warning: expect.stringContaining('Full (strict)') }] },
    });
  });

  test('without a token a person has the page and the values, and DNS is asked whether it was done', async () => {
    const { world } = await rehearse();
    const handed = { ...alone(world), env: { get: () => undefined } };
    const waited = await waitFor(
      'cloudflare/record',
      { ...given, zone: 'example.com' },
      {
        world: { ...handed, pretend: { makeSo: async () => (await typed(world, given.value)) !== undefined } },
        script: [
          ['steps.it.work', 'copy'],
          ['steps.it.work', 'done'],
        ],
      },
    );
    expect(waited.step).toMatchObject({ status: 'done', how: 'verified' });
    expect(waited.screen.join('\n')).toContain('Type: CNAME');
    const guide = record.guide?.(record.with.parse({ ...given, zone: 'example.com' }));
    expect(guide).toMatchObject({
      open: 'https://dash.cloudflare.com/?to=/:account/:zone/dns/records',
      copy: { Type: 'CNAME', Name: 'api', Target: 'x1.app.fly.dev' },
      text: expect.stringContaining('DNS only (grey cloud)'),
    });
  });

  test.each([
    [{ ...given, name: '_acme-challenge.api.example.com', proxied: true }, 'must be DNS only'],
    [{ name: 'example.com', type: 'TXT', value: 'x', proxied: true }, 'cannot be proxied'],
    [{ ...given, ttl: 5 }, 'ttl'],
  ])('%j is refused when it is read', (written, words) => {
    expect(record.with.safeParse(written).error?.message).toContain(words);
  });
});
